"""The decorators ``given``, ``when`` and ``then``: one call takes the English and the Chinese sentence of a step.

    @when("the cashier presses {key}", "收银员按{key}键")
    def press(key: Key, terminal: Terminal) -> None:
        '''Press one key.'''
        terminal.keypad.press(key)

Sentences are Cucumber Expressions; the values come first in the function, in the order of the sentence, fixtures after.
Where the languages name the values in another order, each value still goes to its own argument: by its type, in the
order of the first sentence (so a sentence with two values of one type must keep the order).
Spaces beside Chinese characters do not count, so ``按 ENTER 键`` and ``按ENTER键`` are the same sentence; nor does it
matter whether a comma, a colon or a digit is written wide or narrow.

``needs="lock"`` names the function of the profile (``functions:``) whose keys a step presses for its first role: a
role without it would press keys that lead elsewhere, and the terminal would be blamed. Such a sentence is a
configuration error.

``uses=("way lock", "means locked")`` says what the terminal and the rig must have for the sentence
(posrig/language/needs.py): a scenario without it is skipped with the reason.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import Any, ParamSpec, TypeVar

import pytest_bdd
from cucumber_expressions.errors import CucumberExpressionError
from cucumber_expressions.expression import CucumberExpression
from pytest_bdd.parsers import StepParser

from posrig.ground.faults import ConfigurationError
from posrig.language.messages import Told
from posrig.language.parameters import REGISTRY, Role, generation, require, vocabulary
from posrig.language.step_index import CJK, QUOTED, plain

P = ParamSpec("P")
R = TypeVar("R")

_BESIDE_CJK = re.compile(r"(?<=[\u3400-\u9fff，。：；、]) +| +(?=[\u3400-\u9fff，。：；、])")
_PARAMETER = re.compile(r"\{(\w+)\}")
_OPTIONAL = re.compile(r"\\\((.*?)\\\)")
_SURE, _WORD = 4, 6
"""A sentence with fewer words of its own than that (按{key}) explains a single word only, not any that begins alike."""
_NARROW = str.maketrans("，：；", ",:;")
"""Input methods give either; in a feature file nobody sees the difference, and a sentence must not fail for it."""


@lru_cache(maxsize=4096)  # one sentence is compared with every definition
def without_spaces(sentence: str) -> str:
    """The sentence without spaces beside Chinese characters, its punctuation narrow; text in quotes is left as it is.

    >>> without_spaces("收银员 按 ENTER 键 ， 显示 “重 启，关机”")
    '收银员按ENTER键,显示“重 启，关机”'
    """
    parts = QUOTED.split(plain(sentence))
    if len(parts) == 1:
        return _BESIDE_CJK.sub("", parts[0]).translate(_NARROW)
    marked = "".join(part if number % 2 == 0 else f"\0{number}\0" for number, part in enumerate(parts))
    bare = re.sub(r"(?<=[\u3400-\u9fff]) +(?=\0)|(?<=\0) +(?=[\u3400-\u9fff])", "", _BESIDE_CJK.sub("", marked))
    bare = bare.translate(_NARROW)
    return re.sub(r"\0(\d+)\0", lambda m: parts[int(m[1])], bare)


def _head(text: str, chinese: bool) -> str:
    """What every sentence of this text begins with. Spaces beside Chinese are free: there only the first letter is."""
    head = re.split(r"[{(\\]|\S*/", text, maxsplit=1)[0]
    return head[:1] if chinese else head


_SHIPPED = "posrig."


class SentenceParser(StepParser):
    """A Cucumber Expression as a step parser of pytest-bdd; can also say why a sentence does not match."""

    def __init__(
        self,
        text: str,
        function: Callable[..., object],
        order: Sequence[str] = (),
        needs: str = "",
        *,
        replaces: bool = False,
        uses: Sequence[str] = (),
    ) -> None:
        super().__init__(text)
        self.needs, self.replaces, self.uses = needs, replaces, tuple(uses)
        self.some = False
        """Its counts and times are more than 0: with none of them it would do nothing, or check nothing."""
        self._text, self._function = text, function
        shipped = function.__module__.startswith(_SHIPPED)
        self._read: tuple[int, CucumberExpression] | None = None
        self._ready: tuple[int, re.Pattern[str]] | None = None
        # 700 expressions take a second to read: those that posrig ships, and its tests have read, are read when needed
        self.types = _PARAMETER.findall(text) if shipped else [one.name for one in self._expression.parameter_types]
        self.chinese = CJK.search(text) is not None
        self.head = _head(without_spaces(text) if self.chinese else text, self.chinese)
        compared = without_spaces(text) if self.chinese else plain(text)
        self._core = max(re.split(r"\{\w*\}|\([^)]*\)|\S*/\S*|\\", compared), key=len)
        names = _value_names(text, function, len(self.types))
        self._names = _reordered(names, self.types, order) if order else names
        own = "".join(_PARAMETER.split(without_spaces(text))[::2])
        self.fixed = sum(2 if CJK.match(letter) else 1 for letter in own if letter.isalnum())

    @property
    def _expression(self) -> CucumberExpression:
        if self._read is None or self._read[0] != generation():
            self._read = generation(), self._made()
        return self._read[1]

    def _made(self) -> CucumberExpression:
        try:
            return CucumberExpression(without_spaces(self._text), REGISTRY)  # type: ignore[no-untyped-call]
        except CucumberExpressionError as error:
            known = ", ".join(sorted(t.name for t in REGISTRY.parameter_types if t.name))
            raise ConfigurationError(
                f"the step text {self._text!r} is not a Cucumber Expression: {_first_words(error)}",
                where=_place(self._function), allowed=f"parameters: {known}", todo="see docs/steps.md",
            ) from None  # fmt: skip

    @property
    def _pattern(self) -> re.Pattern[str]:
        if self._ready is None or self._ready[0] != generation():
            self._ready = generation(), self._expression.tree_regexp.regexp
        return self._ready[1]

    @property
    def _words(self) -> list[str]:
        """What stands between the values."""
        return _PARAMETER.split(without_spaces(self._text) if self.chinese else self._text)[::2]

    @cached_property
    def _loose(self) -> re.Pattern[str] | None:
        return self._loosened(self._text)

    def is_matching(self, name: str) -> bool:
        """Match given name with the step name."""
        # a quick no for most of 700 sentences: matching all of them against every sentence would take seconds
        sentence = self._as_compared(name)
        return sentence.startswith(self.head) and self._core in sentence and self._pattern.match(sentence) is not None

    def parse_arguments(self, name: str) -> dict[str, Any] | None:
        """The step's values by argument name. Raises ConfigurationError for a value the domain does not have."""
        found = self._expression.match(self._as_compared(name))
        if found is None:
            return None
        values = {key: argument.value for key, argument in zip(self._names, found, strict=True)}
        if self.needs and (roles := [value for value in values.values() if isinstance(value, Role)]):
            require(roles[0], self.needs)
        if self.some and any(type(value) in (int, float) and value == 0 for value in values.values()):
            raise Told("none_of_it")
        return values

    def _as_compared(self, sentence: str) -> str:
        """An English sentence may hold a Chinese value: its spaces are meant. Those of a Chinese sentence are not."""
        return without_spaces(sentence) if self.chinese else plain(sentence)

    def problem(self, sentence: str, language: str = "en") -> str | None:
        """What is wrong with the values of a matching sentence (a screen the profile does not have), or None."""
        try:
            self.parse_arguments(sentence)
        except Told as error:
            return error.within(language)
        except ConfigurationError as error:
            return str(error)
        return None

    def explain(self, sentence: str, language: str = "en") -> str | None:
        """The unknown value that keeps a sentence of this shape from matching, and what is allowed; or None."""
        if self._loose is None or self.is_matching(sentence):
            return None
        compared = self._as_compared(sentence)
        found = self._loose.match(compared)
        if found is None:
            return None
        for kind, value in self._one_unknown(compared) or zip(self.types, found.groups(), strict=True):
            if not re.fullmatch(_regexp(kind), value):
                if self.fixed < _SURE and len(value) > _WORD:
                    return None
                return vocabulary(kind, value, language, chinese_words=self.chinese)
        return None

    def _one_unknown(self, sentence: str) -> list[tuple[str, str]]:
        """The one value that is not known when all the others are: of values that stand side by side, as a key and its
        count do, the shape alone does not tell where one ends."""
        words = [_OPTIONAL.sub(r"(?:\1)?", re.escape(word)) for word in self._words]
        likely: list[tuple[str, str]] = []
        for unknown, kind in enumerate(self.types):
            values = [f"(?:{_regexp(other)})" for other in self.types]
            values[unknown] = "(?P<unknown>.+?)"
            shape = "".join(part for pair in zip(words, [*values, ""], strict=True) for part in pair)
            if found := re.fullmatch(shape, sentence, re.DOTALL):
                likely.append((kind, found["unknown"]))
        return sorted(likely, key=lambda one: len(one[1]))[:1]

    def _loosened(self, text: str) -> re.Pattern[str] | None:
        """The sentence with any words in place of its parameters; None when too little is left to recognise it."""
        words = self._words
        if len(words) == 1 or self.fixed < (2 if self.chinese else 4) or re.search(r"[/\\]", text):
            return None
        fixed = (_OPTIONAL.sub(r"(?:\1)?", re.escape(word)) for word in words)
        return re.compile("^" + "(.+?)".join(fixed) + "$", re.DOTALL)


class BrokenSentence(StepParser):
    """Stands for a sentence that cannot be read: matches nothing; the check before a run tells its fault."""

    def __init__(self, text: str, fault: str) -> None:
        super().__init__(text)
        self.fault = fault

    def is_matching(self, name: str) -> bool:
        return False

    def parse_arguments(self, name: str) -> dict[str, Any] | None:
        return None


def _parser(
    text: str,
    function: Callable[..., object],
    order: Sequence[str],
    needs: str,
    replaces: bool,
    uses: Sequence[str],
) -> StepParser:
    try:
        return SentenceParser(text, function, order, needs, replaces=replaces, uses=uses)
    except ConfigurationError as error:
        return BrokenSentence(text, str(error))


def _regexp(kind: str) -> str:
    parameter_type = REGISTRY.lookup_by_type_name(kind)
    return "|".join(f"(?:{r})" for r in parameter_type.regexps) if parameter_type else ".+"


def _value_names(text: str, function: Callable[..., object], count: int) -> list[str]:
    names = list(inspect.signature(function).parameters)
    if len(names) < count:
        raise ConfigurationError(
            f"the step {text!r} has {count} values, its function takes {len(names)} arguments",
            where=_place(function), allowed="one argument per value, first, in the order of the sentence",
        )  # fmt: skip
    return names[:count]


def _reordered(names: Sequence[str], types: Sequence[str], order: Sequence[str]) -> list[str]:
    """The argument of each value of a sentence, when ``names`` belong to values of the types of ``order``."""
    if sorted(types) != sorted(order) or len(set(types)) != len(types):
        return list(names)
    return [names[order.index(kind)] for kind in types]


def _place(function: Callable[..., object]) -> str:
    code = inspect.unwrap(function).__code__
    return f"{code.co_filename}:{code.co_firstlineno}"


def _first_words(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _decorator(kind: str) -> Callable[..., Callable[[Callable[P, R]], Callable[P, R]]]:
    register = getattr(pytest_bdd, kind)

    def texts(
        first: str,
        *more: str,
        target_fixture: str | None = None,
        needs: str = "",
        replaces: bool = False,
        uses: Sequence[str] = (),
        some: bool = False,
    ) -> Callable[[Callable[P, R]], Callable[P, R]]:
        def declare(function: Callable[P, R]) -> Callable[P, R]:
            order: Sequence[str] = ()
            for sentence in (first, *more):
                parser = _parser(sentence, function, order, needs, replaces, uses)
                register(parser, target_fixture=target_fixture, stacklevel=2)(function)
                if isinstance(parser, SentenceParser):
                    parser.some, order = some, order or parser.types
            return function

        return declare

    texts.__name__ = kind
    texts.__doc__ = (
        f"Declare a {kind.capitalize()} step by its sentences, all of one meaning, in any language. ``replaces``: it "
        "takes the place of sentences of the same words that posrig ships. ``some``: its "
        "counts and times are more than 0."
    )
    return texts


given = _decorator("given")
when = _decorator("when")
then = _decorator("then")
