"""The forms in which a secret may stand in a text: as it is, one by one, in hex, turned round, shifted by a constant.

Four digits may be a counter, and six may too where they need only be like a secret: how much of the text around has to
speak for a secret depends on how many texts could hold such digits by chance (:class:`Form`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from posrig.ground.secret import Secret, compiled, is_short, letters

LONG = 8
"""Digits that stand nowhere by chance, not even reversed or shifted."""
PLAIN, HEX, REVERSED, SHIFTED, NUMBER = "plain", "hex", "reversed", "shifted", "as a number"
BETWEEN = r"(?:(?:[^\w<>]|\\[nrt]){1,14}|(?:\s{0,8}</?[A-Za-z][^<>0-9]{0,40}>\s{0,8}){1,4})"
"""What may stand between digits that were written one by one: punctuation, line ends, tags."""
_TABLE = re.compile(r"</?t[dhr]\b", re.IGNORECASE)
_NEARBY = 60
_WORDS_BEFORE_KEYS = 200


def _latin(*words: str) -> str:
    return "|".join(word.encode().decode("latin-1") for word in words)


_SECRET_WORD = re.compile(r"passw|pwd|\bpin\b|secret|" + _latin("密码", "口令"), re.IGNORECASE)
_TYPED_WORD = re.compile(rf"{_SECRET_WORD.pattern}|\btyped\b|\bentered\b|{_latin('输入')}", re.IGNORECASE)

_CHANCE = re.compile(
    r"(?<![0-9a-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z])"  # UUID
    r"|(?<![0-9a-z])(?=(?:[0-9]*[a-f]){2})[0-9a-f]{16}(?:[0-9a-f]{16}|[0-9a-f]{24}|[0-9a-f]{48})?(?![0-9a-z])"  # hash
    r"|(?<![\d.])[1-3]\d{9}(?:\d{3}){0,3}(?:\.\d+)?(?!\d)"  # time stamp: s, ms, us or ns since 1970
    r"|(?<![\d.])\d+\.(?!0+(?!\d))\d+(?!\d)",  # measured value; 2856.0 is a number that somebody made of digits
    re.IGNORECASE,
)
_CHANCE_REACH = 64


def by_chance(text: str, start: int, end: int) -> bool:
    """Inside of an id, a hash, a time stamp or a decimal: a run has 20,000, some show the digits of a password."""
    found = _CHANCE.finditer(text, max(start - _CHANCE_REACH, 0), end + _CHANCE_REACH)
    return any(
        match.start() <= start and end <= match.end() and match.end() - match.start() > end - start for match in found
    )


@dataclass(frozen=True, slots=True)
class Text:
    """What is searched. ``telling``: only what was written with care stands in it (digits in percent signs, full-width
    digits), so that a number needs no word beside it. ``keys``: key presses joined; the words before them are asked
    for at a place."""

    text: str
    how: str
    telling: bool = False
    keys: bool = False
    original: str = ""
    places: tuple[int, ...] = field(default=())
    only_plain: bool = False
    """So many numbers stand there that some of them are like a secret, shifted or turned round."""

    def before(self, at: int) -> str:
        """The words before a place."""
        if self.keys:
            place = self.places[min(at, len(self.places) - 1)]
            return self.original[max(place - _WORDS_BEFORE_KEYS, 0) : place]
        return self.text[max(at - _NEARBY, 0) : at]


class Form:
    """One secret in one form."""

    def __init__(self, value: str, label: str, form: str) -> None:
        self.label, self.form = label, form
        self.digits = value.isdigit()
        self.short = is_short(value)
        self.value = value
        self.letters = letters(value)
        self._long = len(value) >= LONG

    @cached_property
    def _written(self) -> re.Pattern[str]:
        if self.form == NUMBER:
            return re.compile(rf"(?<![0-9a-z]){self.value}(?![0-9a-z])", re.IGNORECASE)
        return compiled(self.value)

    @cached_property
    def _one_by_one(self) -> re.Pattern[str]:
        first, *rest = map(re.escape, self.value)
        joined = "(?P=S)".join(rest)
        return re.compile(rf"(?<!\d)(?<!\d\.){first}(?P<S>{BETWEEN}){joined}(?!\.?\d)", re.ASCII | re.IGNORECASE)

    @cached_property
    def _hex(self) -> re.Pattern[str]:
        first, *rest = (f"{byte:02x}" for byte in self.value.encode())
        joined = "(?P=S)".join(rest)
        return re.compile(rf"{first}(?P<S>[\s,:;_\-]{{0,3}}(?:0x|\\x)?){joined}", re.IGNORECASE)

    def places(self, text: Text, *, apart: bool = True) -> Iterator[int]:
        """Where it stands. A number that may be one by chance counts only where the words before speak of secrets.

        ``apart``: it may also stand in groups or one by one.
        """
        if text.only_plain and self.form != PLAIN:
            return
        if self.form == HEX:
            yield from (match.start() for match in self._hex.finditer(text.text))
            return
        if text.keys:
            yield from self._in_keys(text)
            return
        for start, end in self._spans(text.text, apart=apart):
            if self.digits and by_chance(text.text, start, end):
                continue
            if text.telling or self._counts(text, start, apart=end - start > len(self.value)):
                yield start
        for match in self._one_by_one.finditer(text.text) if self.digits and apart else ():
            table = bool(_TABLE.search(match["S"]))
            if text.telling or self._counts(text, match.start(), apart=not table):
                yield match.start()

    def _spans(self, text: str, *, apart: bool) -> Iterator[tuple[int, int]]:
        if apart or not self.digits:
            yield from (match.span() for match in self._written.finditer(text))
            return
        at = text.find(self.value)
        while at >= 0:  # the pattern of all spellings is fifty times as slow
            end = at + len(self.value)
            if not self.short or self._written.match(text, at):
                yield at, end
            at = text.find(self.value, end)

    def _in_keys(self, text: Text) -> Iterator[int]:
        """Four digits count where they were typed alone, between other keys: any amount has some in it."""
        at = text.text.find(self.value) if self.digits else -1
        while at >= 0:
            end = at + len(self.value)
            alone = not (text.text[max(at - 1, 0) : at].isdigit() or text.text[end : end + 1].isdigit())
            plain = self.form == PLAIN or self._long or bool(_SECRET_WORD.search(text.before(at)))
            if plain and (alone or not self.short):
                yield at
            at = text.text.find(self.value, at + 1)

    def _counts(self, text: Text, at: int, *, apart: bool) -> bool:
        if self.form == NUMBER:
            return bool(_TYPED_WORD.search(text.before(at)))
        if not self.digits or self._long:
            return True
        if self.form != PLAIN:
            return bool(_SECRET_WORD.search(text.before(at)))
        return not self.short or apart or bool(_TYPED_WORD.search(text.before(at)))


def forms(secret: Secret) -> Iterator[Form]:
    """A secret in all forms that are looked for."""
    value, label = secret.reveal(), secret.label
    seen = {value}
    yield Form(value, label, PLAIN)
    yield Form(value, label, HEX)
    wanted = [(value[::-1], REVERSED)]
    if value.isdigit():
        # each digit and a constant, or what is missing to nine or to ten
        for sign, by in [*((1, by) for by in range(1, 10)), (-1, 9), (-1, 10)]:
            shifted = "".join(str((sign * int(digit) + by) % 10) for digit in value)
            wanted += [(shifted, SHIFTED), (shifted[::-1], SHIFTED)]
        wanted += [(hex(int(value)), NUMBER), (bin(int(value)), NUMBER)] if len(value.lstrip("0")) > 3 else []
    for other, form in wanted:
        if other not in seen:
            seen.add(other)
            yield Form(other, label, form)
