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
from typing import Protocol, runtime_checkable

from pytest_bdd.parsers import StepParser
from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

CJK = re.compile(r"[\u3400-\u9fff]")
_PLACEHOLDER = re.compile(r"\{[^}]*\}")


@runtime_checkable
class Explains(Protocol):
    """A parser that can say more than yes or no. ``posrig.language.decorators`` gives one; pytest-bdd's own cannot."""

    def explain(self, sentence: str) -> str | None:
        """Why a sentence of this shape does not match (the unknown value and what is allowed), or None."""

    def problem(self, sentence: str) -> str | None:
        """What is wrong with the values of a sentence that matches, or None."""


@runtime_checkable
class Broken(Protocol):
    """A parser that stands for a declaration that could not be read, so that the mistake is told with all others."""

    fault: str


@dataclass(frozen=True, slots=True)
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


def short_path(path: str | os.PathLike[str]) -> str:
    """A path as people type it: relative when it lies below the working directory."""
    full = os.path.abspath(path)
    below = os.path.relpath(full)
    return full if below.startswith("..") else below


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
    """Sentences declared twice by accident, or to replace what is not there: (definition, what is wrong, to do)."""
    groups: dict[tuple[str | None, str], dict[Callable[..., object], StepDefinition]] = {}
    for one in definitions:
        if one.own:
            groups.setdefault((one.kind, one.text), {}).setdefault(one.function, one)
    found = []
    for group in groups.values():
        replacing = [one for one in group.values() if one.replaces]
        plain = [one for one in group.values() if not one.replaces]
        if replacing and not plain:
            wrong = "replaces nothing: there is no other sentence of these words"
            found.append((replacing[0], wrong, "take replaces=True away, or mend the words (posrig steps)"))
        for more in (plain[1:], replacing[1:]):
            first = (plain if more and more[0] in plain else replacing)[:1]
            todo = "word one of them differently; replaces=True takes the place of a shipped sentence on purpose"
            found += [(one, f"is declared twice, first at {first[0].place}", todo) for one in more]
    return found


class StepIndex:
    """Answers are remembered per sentence: the same Background sentence is matched once, not once per scenario."""

    def __init__(self, definitions: Iterable[StepDefinition]) -> None:
        self.declared = tuple(definitions)
        self.definitions = tuple(in_force(self.declared))
        self._known: dict[str, tuple[StepDefinition, ...]] = {}

    def matching(self, sentence: str) -> tuple[StepDefinition, ...]:
        """All definitions of any kind whose text matches."""
        if sentence not in self._known:
            self._known[sentence] = tuple(d for d in self.definitions if d.parser.is_matching(sentence))
        return self._known[sentence]

    def fitting(self, kind: str, sentence: str) -> list[StepDefinition]:
        """The definitions that this kind of step would run, one per function."""
        first: dict[Callable[..., object], StepDefinition] = {}
        for definition in self.matching(sentence):
            if definition.kind in (None, kind):
                first.setdefault(definition.function, definition)
        return list(first.values())

    def explain(self, kind: str, sentence: str) -> str | None:
        """The first reason a definition of that kind gives for not matching (an unknown value), or None."""
        for definition in self._of_kind(kind):
            if isinstance(definition.parser, Explains) and (reason := definition.parser.explain(sentence)):
                return reason
        return None

    def suggestions(self, kind: str, sentence: str, limit: int = 3) -> list[str]:
        """The nearest texts of that kind in the same language."""
        chinese = bool(CJK.search(sentence))
        texts = {d.text for d in self._of_kind(kind) if bool(CJK.search(d.text)) == chinese}
        plain = {_PLACEHOLDER.sub("…", text): text for text in sorted(texts)}
        return [plain[near] for near in difflib.get_close_matches(sentence, plain, limit, 0.45)]

    def _of_kind(self, kind: str) -> Iterator[StepDefinition]:
        return (d for d in self.definitions if d.kind in (None, kind) and d.own)


def faulty_functions(definitions: Iterable[StepDefinition]) -> list[tuple[StepDefinition, str, str]]:
    """Definitions that would pass whatever the terminal does: (definition, what is wrong, what to do)."""
    found: dict[tuple[Callable[..., object], str], tuple[StepDefinition, str, str]] = {}
    for definition in definitions:
        if not definition.own:
            continue
        function = inspect.unwrap(definition.function)
        todo = ""
        if isinstance(definition.parser, Broken):
            wrong = f"cannot be declared: {definition.parser.fault}"
        elif inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
            wrong, todo = "is async: pytest-bdd never awaits it, so it would pass unrun", "write it as a plain function"
        elif definition.kind == "then" and returns_a_value(function):
            wrong = "returns a value: a Then step that returns False would pass"
            todo = "raise ProductFailure or use assert, and return nothing"
        else:
            continue
        found.setdefault((definition.function, wrong), (definition, wrong, todo))
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
