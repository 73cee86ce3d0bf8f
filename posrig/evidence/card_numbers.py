"""Card numbers (PAN) in text: ISO/IEC 7812 shape, issuer ranges, check digit; no time stamps or decimals."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SHAPES = r"\d{13,19}|\d{4}(?:(?P<s>[ -])\d{4}(?P=s)\d{4}(?P=s)\d{1,7})|\d{4}(?P<t>[ -])\d{6}(?P=t)\d{4,5}"
# not inside hex digits, decimals or dashed numbers; but = and D end the number in a card's track data
_PAN = re.compile(rf"(?<![0-9A-Fa-f])(?<!\d[.\-])(?:{_SHAPES})(?:(?=[D=]\d{{4}})|(?![0-9A-Fa-f]|[.\-]\d))")
_TRACK_1 = re.compile(r"%B(\d{13,19})\^")

_ISSUERS: tuple[tuple[str, range], ...] = (
    ("4", range(13, 20)),  # Visa
    (r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", range(16, 17)),  # Mastercard
    (r"3[47]", range(15, 16)),  # American Express
    (r"6011|64[4-9]|65", range(16, 20)),  # Discover
    (r"352[89]|35[3-8]", range(16, 20)),  # JCB
    (r"30[0-5]|3095|3[689]", range(14, 20)),  # Diners
    (r"62|81", range(16, 20)),  # UnionPay
    (r"50|5[6-8]|63|67|69", range(13, 20)),  # Maestro and domestic
)
CARD_LENGTHS = range(13, 20)
_LENGTHS = tuple((re.compile(prefix), lengths) for prefix, lengths in _ISSUERS)


def card_numbers(text: str) -> Iterator[tuple[int, str]]:
    """(offset, digits) of each card number in ``text``, also in groups of four. Test ranges count too."""
    for found in (*_PAN.finditer(text), *_TRACK_1.finditer(text)):
        digits = re.sub(r"\D", "", found[0])
        if is_card_number(digits):
            yield found.start(), digits


def is_card_number(digits: str) -> bool:
    """True for a number of an issuer's range and length with a right check digit.

    >>> is_card_number("4111111111111111"), is_card_number("4111111111111112"), is_card_number("1767945600000")
    (True, False, False)
    """
    known = any(prefix.match(digits) and len(digits) in lengths for prefix, lengths in _LENGTHS)
    return known and len(set(digits)) > 1 and luhn(digits)


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B: the check digit is right."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
