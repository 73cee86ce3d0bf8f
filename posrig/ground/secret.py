"""Secrets: passwords, codes and seeds that work, and never show.

A :class:`Secret` is masked wherever it is turned into text; :class:`Masks` takes known secrets out of text that came
from elsewhere. Where they come from (file, environment, command, made for the run) is in
``posrig/description/credentials.py``.
"""

from __future__ import annotations

import hmac
import random
import re
from collections.abc import Iterable
from typing import NoReturn

MASK = "***"


class Secret:
    """A value that only :meth:`reveal` gives out. ``label`` says what it is (``password of 01``) and may be shown."""

    __slots__ = ("_value", "label")

    def __init__(self, value: str, label: str = "secret") -> None:
        self._value = value
        self.label = label

    def reveal(self) -> str:
        """The value itself: only at the moment it is typed or sent, never for a text that is kept."""
        return self._value

    def matches(self, text: str) -> bool:
        """Compare in constant time."""
        return hmac.compare_digest(self._value.encode(), text.encode())

    def __eq__(self, other: object) -> bool:
        return self.matches(other._value) if isinstance(other, Secret) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return f"<{self.label}: {MASK}>"

    def __str__(self) -> str:
        return MASK

    def __format__(self, _spec: str) -> str:
        return MASK  # a width would give the length away

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{self.label} does not travel: a secret is not pickled")

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, _memo: object) -> Secret:
        return self


_CHANCE = random.SystemRandom()


def wrong_digits(digits: int, *never: Secret, beginning: Iterable[str] = ()) -> str:
    """Digits to be typed where they must be wrong. Drawn by chance for each use: from a wrong password that is made
    of the right one (each digit plus three, the last one changed) anybody can compute the right one.

    ``never`` are those that would be right, also as a part; ``beginning``: what it may not begin with.
    """
    right, begins = [secret.reveal() for secret in never if secret.reveal()], tuple(beginning)
    while True:
        value = f"{_CHANCE.randrange(10**digits):0{digits}d}"
        if not any(one in value for one in right) and not (begins and value.startswith(begins)):
            return value


def masked(value: object) -> str:
    """For ``json.dumps(..., default=masked)``: a Secret becomes the mask, anything else is refused as usual."""
    if isinstance(value, Secret):
        return MASK
    raise TypeError(f"{type(value).__name__} is not JSON")


_SEPARATOR = r"[ \t\-_.,;:/+|\"']{1,5}"


def pattern(value: str) -> str:
    """A regular expression for a secret as text: as it is, or split by one separator all through (``4-8-2-1``).

    A short number counts only as a number of its own: ``4821`` is not seen inside ``1482100`` or ``0.4821``.
    """
    body = value.rstrip("=")  # a seed is often shown without its padding
    plain = re.escape(body)
    if len(body) < 2:
        return plain
    first, *rest = (re.escape(letter) for letter in body)
    one_by_one = f"{first}(?P<SEP>{_SEPARATOR})" + "(?P=SEP)".join(rest)
    both = f"(?:{plain}|{one_by_one}{_groups(body)})"
    return rf"(?<!\d)(?<!\d\.){both}(?!\d|\.(?!0+(?!\d))\d)" if is_short(value) else both


def is_short(value: str) -> bool:
    """Too few digits to tell it from a counter or a price by itself."""
    return value.isdigit() and len(value) < 6


def _groups(body: str) -> str:
    """Also in groups of three or four, as phones and seeds are written; not for four digits, where 143-1 is an id."""
    found = ""
    if is_short(body):
        return found
    for size in (2, 3, 4):
        parts = [re.escape(body[i : i + size]) for i in range(0, len(body), size)]
        if len(parts) > 1:
            found += "|" + r"[ \-]".join(parts)
    return found


def compiled(value: str) -> re.Pattern[str]:
    """:func:`pattern`, ready to search with; letters (base32 seeds) in either case."""
    return re.compile(pattern(value), re.IGNORECASE)


SEPARATORS = b" \t-_.,;:/+|\"'"
"""What may stand between the letters of a secret (:func:`pattern`)."""


def squeezed(text: bytes) -> bytes:
    """``text`` in small letters and without separators: every spelling of a secret is in it as :func:`letters`."""
    return text.translate(None, SEPARATORS).lower()


def letters(value: str) -> bytes:
    """A secret as it stands in a :func:`squeezed` text."""
    return squeezed(value.rstrip("=").encode())


class Masks:
    """The secrets known in this run; :meth:`mask` takes them out of any text before it is kept or shown."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        self._known: dict[str, tuple[Secret, bytes, re.Pattern[str]]] = {}
        for secret in secrets:
            self.add(secret)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        return tuple(secret for secret, _, _ in self._known.values())

    def add(self, secret: Secret) -> Secret:
        """Mask this one too from now on (a code from the help desk, a time code). An empty value is not added."""
        value = secret.reveal()
        if value and value not in self._known:
            longest_first = [*self._known.items(), (value, (secret, letters(value), compiled(value)))]
            # else a short secret inside a longer one would be cut out of it, and its rest would show
            self._known = dict(sorted(longest_first, key=lambda item: -len(item[0])))
        return secret

    def mask(self, text: str) -> str:
        """``text`` with every known secret replaced, in whatever usual spelling."""
        plain = squeezed(text.encode("utf-8", "surrogatepass"))
        for _, wanted, found in self._known.values():
            if wanted in plain:  # some twenty secrets, hundreds of texts a scenario: the patterns alone cost 13 us each
                text = found.sub(MASK, text)
        return text
