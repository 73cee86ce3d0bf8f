"""The step definitions of a session, asked by sentence: which match, which nearly match, which must not exist at all.

Pure: no pytest session needed. ``posrig.plugin.collection`` builds it from what pytest sees; a command may build it
from imported step modules (:func:`declared_steps`).
"""

from __future__ import annotations

import difflib
import dis
import inspect
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, runtime_checkable

from pytest_bdd.parsers import StepParser
from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

CJK = re.compile(r"[\u3400-\u9fff]")
_NOBODY_SAYS = "~ nobody says this ~"
QUOTED = re.compile(r'("[^"]*"|“[^”]*”|「[^」]*」)')
_BLANKS = re.compile(r"\s+")
_NARROW = {0x3000: " "} | {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum()}
_PLACEHOLDER = re.compile(r"\{[^}]*\}")


@runtime_checkable
class Explains(Protocol):
    """A parser that can say more than yes or no. ``posrig.language.decorators`` gives one; pytest-bdd's own cannot."""

    fixed: int
    """How many words of the sentence are its own, not values: of two explanations the one with more is the likelier."""

    def explain(self, sentence: str, language: str = "en") -> str | None:
        """Why a sentence of this shape does not match (the unknown value and what is allowed), or None."""

    def problem(self, sentence: str, language: str = "en") -> str | None:
        """What is wrong with the values of a sentence that matches, or None."""


@runtime_checkable
class Broken(Protocol):
    """A parser that stands for a declaration that could not be read, so that the mistake is told with all others."""

    fault: str


@dataclass(frozen=True, slots=True, eq=False)
class StepDefinition:
    """One sentence of one step function. ``kind`` is given, when, then, or None for any."""

    kind: str | None
    text: str
    parser: StepParser
    function: Callable[..., object]

    @property
    def place(self) -> str:
        """``file:line`` of the function, relative to the working directory where that is shorter."""
        code = inspect.unwrap(self.function).__code__
        return f"{short_path(code.co_filename)}:{code.co_firstlineno}"

    @property
    def replaces(self) -> bool:
        """Whether it was declared to take the place of a sentence of the same words (``replaces=True``)."""
        return bool(getattr(self.parser, "replaces", False))

    @property
    def own(self) -> bool:
        """False for the one step that pytest-bdd itself brings ("trace")."""
        return not self.function.__module__.startswith("pytest_bdd")

    def needs(self, argument: str) -> bool | None:
        """Whether the function takes ``datatable`` or ``docstring``: True without a default, False with; else None."""
        return _takes(self.function).get(argument)


@lru_cache(maxsize=4096)  # asked for every step of every scenario
def _takes(function: Callable[..., object]) -> dict[str, bool]:
    """The arguments of a step function, and whether each must be given."""
    found = inspect.signature(function).parameters
    return {name: one.default is inspect.Parameter.empty for name, one in found.items()}


def short_path(path: str | os.PathLike[str]) -> str:
    """A path as people type it: relative when it lies below the working directory."""
    full = os.path.abspath(path)
    below = os.path.relpath(full)
    return full if below.startswith("..") else below


@lru_cache(maxsize=4096)  # one sentence is compared with every definition
def plain(sentence: str) -> str:
    """The sentence as it is compared: input methods give wide digits and blanks; text in quotes is left as it is.

    >>> plain("the  terminal waits\u3000３ s, “３”")
    'the terminal waits 3 s, “３”'
    """
    if sentence.isascii() and "  " not in sentence and "\t" not in sentence:
        return sentence
    parts = QUOTED.split(sentence)
    parts[::2] = (_BLANKS.sub(" ", part.translate(_NARROW)) for part in parts[::2])
    return "".join(parts).strip()


def from_contexts(contexts: Iterable[StepFunctionContext]) -> list[StepDefinition]:
    """Step definitions out of pytest-bdd's records."""
    return [StepDefinition(c.type, c.parser.name, c.parser, c.step_func) for c in contexts]


def declared_steps() -> list[StepDefinition]:
    """Every step declared in the modules imported so far."""
    return from_contexts(list(step_function_context_registry.values()))


def in_force(definitions: Iterable[StepDefinition]) -> list[StepDefinition]:
    """The definitions without those whose place another one takes, by the same words and the same kind of step."""
    known = list(definitions)
    taken = {(one.kind, one.text) for one in known if one.replaces}
    return [one for one in known if one.replaces or (one.kind, one.text) not in taken]


def misdeclared(definitions: Iterable[StepDefinition]) -> list[tuple[StepDefinition, str, str]]:
    """Sentences declared twice by accident, or to replace what is not there: (definition, rule, where the first is)."""
    groups: dict[tuple[str | None, str], dict[Callable[..., object], StepDefinition]] = {}
    for one in definitions:
        if one.own:
            groups.setdefault((one.kind, one.text), {}).setdefault(one.function, one)
    found = []
    for group in groups.values():
        replacing = [one for one in group.values() if one.replaces]
        plain = [one for one in group.values() if not one.replaces]
        if replacing and not plain:
            found.append((replacing[0], "step_replaces_nothing", ""))
        for alike in (plain, replacing):
            found += [(one, "step_twice", alike[0].place) for one in alike[1:]]
    return found


class StepIndex:
    """Answers are remembered per sentence: the same Background sentence is matched once, not once per scenario."""

    def __init__(self, definitions: Iterable[StepDefinition]) -> None:
        self.declared = tuple(definitions)
        self.definitions = tuple(in_force(self.declared))
        self._known: dict[str, tuple[StepDefinition, ...]] = {}
        # most of 700 texts begin with words of their own: only those that begin like the sentence are asked
        self._by_head: dict[tuple[str, bool], list[int]] = {}
        for number, definition in enumerate(self.definitions):
            key = (getattr(definition.parser, "head", "")[:1], getattr(definition.parser, "chinese", False))
            self._by_head.setdefault(key, []).append(number)

    def matching(self, sentence: str) -> tuple[StepDefinition, ...]:
        """All definitions of any kind whose text matches."""
        if sentence not in self._known:
            heads = {"", plain(sentence)[:1]}
            languages = (True, False) if CJK.search(sentence) else (False,)
            keys = [(head, chinese) for head in heads for chinese in languages]
            asked = sorted(number for key in keys for number in self._by_head.get(key, ()))
            chosen = (self.definitions[number] for number in asked)
            self._known[sentence] = tuple(d for d in chosen if d.parser.is_matching(sentence))
        return self._known[sentence]

    def fitting(self, kind: str, sentence: str) -> list[StepDefinition]:
        """The definitions that this kind of step would run, one per function."""
        first: dict[Callable[..., object], StepDefinition] = {}
        for definition in self.matching(sentence):
            if definition.kind in (None, kind):
                first.setdefault(definition.function, definition)
        return list(first.values())

    def knows(self, sentence: str) -> bool:
        """Whether a definition says this sentence, and not just any: a step that takes everything takes prose, too."""
        return bool(set(self.matching(sentence)) - set(self.matching(_NOBODY_SAYS)))

    def explain(self, kind: str, sentence: str, language: str = "en") -> str | None:
        """The likeliest reason a definition of that kind gives for not matching (an unknown value), or None."""
        parsers = [d.parser for d in self._of_kind(kind) if isinstance(d.parser, Explains)]
        for parser in sorted(parsers, key=lambda one: -one.fixed):
            if reason := parser.explain(sentence, language):
                return reason
        return None

    def takers(self, argument: str) -> list[str]:
        """The texts whose functions take ``datatable`` or ``docstring``."""
        return sorted({d.text for d in self.definitions if d.own and d.needs(argument) is not None})

    def suggestions(self, kind: str, sentence: str, limit: int = 3, cutoff: float = 0.45) -> list[str]:
        """The nearest texts of that kind in the same language."""
        chinese = bool(CJK.search(sentence))
        texts = {d.text for d in self._of_kind(kind) if bool(CJK.search(d.text)) == chinese}
        shown = {_PLACEHOLDER.sub("…", text): text for text in sorted(texts)}
        return [shown[near] for near in difflib.get_close_matches(sentence, shown, limit, cutoff)]

    def _of_kind(self, kind: str) -> Iterator[StepDefinition]:
        return (d for d in self.definitions if d.kind in (None, kind) and d.own)


def faulty_functions(definitions: Iterable[StepDefinition]) -> list[tuple[StepDefinition, str, str]]:
    """Definitions that would pass whatever the terminal does: (definition, rule of the catalogue, what is wrong)."""
    found: dict[tuple[Callable[..., object], str], tuple[StepDefinition, str, str]] = {}
    for definition in definitions:
        if not definition.own:
            continue
        function = inspect.unwrap(definition.function)
        wrong = ""
        if isinstance(definition.parser, Broken):
            rule, wrong = "step_broken", definition.parser.fault
        elif inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
            rule = "step_async"
        elif definition.kind == "then" and returns_a_value(function):
            rule = "step_returns"
        else:
            continue
        found.setdefault((definition.function, wrong), (definition, rule, wrong))
    return list(found.values())


def returns_a_value(function: Callable[..., object]) -> bool:
    """Whether some ``return`` or ``yield`` of the function gives something else than None.

    >>> returns_a_value(lambda: False)
    True
    """
    code = function.__code__
    if inspect.isgeneratorfunction(function):
        return True
    before: dis.Instruction | None = None
    for instruction in dis.get_instructions(code):
        if instruction.opname == "RETURN_VALUE" and not _loads_none(before):
            return True
        if instruction.opname == "RETURN_CONST" and instruction.argval is not None:
            return True
        before = instruction
    return False


def _loads_none(instruction: dis.Instruction | None) -> bool:
    return instruction is not None and instruction.opname == "LOAD_CONST" and instruction.argval is None
