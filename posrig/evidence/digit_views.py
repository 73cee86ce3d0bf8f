"""Digits that are not written as digits: other scripts, words, codes of characters, the relays that press them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping

Decoded = Callable[[re.Match[bytes]], bytes]
Spelling = tuple[str, re.Pattern[bytes], Decoded]

CODES, WORDS, RELAYS, CLOSED = "codes of characters", "words", "relays of keys", "relays that close"
_WORDS = (b"zero", b"one", b"two", b"three", b"four", b"five", b"six", b"seven", b"eight", b"nine")
_CHINESE = ("零〇○", "一壹", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")


def _other_scripts() -> dict[str, str]:
    """Each character that is a digit to Unicode (superscript, circled, Arabic, bold), save ASCII; Chinese numbers."""
    found = {}
    for code in range(0x80, 0x20000):
        value = unicodedata.digit(chr(code), None)
        if value is not None and not 0xFF10 <= code <= 0xFF19:  # full-width ones are spelled out in secret_views.py
            found[chr(code)] = str(value)
    return found | {char: str(value) for value, chars in enumerate(_CHINESE) for char in chars}


_SCRIPTS = _other_scripts()
_IN_SCRIPT = re.compile("[" + "".join(_SCRIPTS) + "]")

SPELLINGS: tuple[Spelling, ...] = (
    ("octal escapes", re.compile(rb"\\0?(0?6[0-7]|0?7[01])(?![0-9])"), lambda found: bytes([int(found[1], 8)])),
    (
        CODES,
        re.compile(rb"(?<![0-9A-Za-z.])(?:0x(3[0-9])|(4[89]|5[0-7]))(?![0-9A-Za-z.])"),
        lambda found: bytes([int(found[1], 16) if found[1] else int(found[2])]),
    ),
    (
        WORDS,
        re.compile(rb"\b(" + b"|".join(_WORDS) + rb")\b", re.IGNORECASE),
        lambda found: str(_WORDS.index(found[1].lower())).encode(),
    ),
)
"""How, what one digit looks like, and which it is. Only rows of them count (secret_views.py)."""

_COLOUR = re.compile(rb"(?:\x1b|\\x1b|\\u001b|#x1[bB])\[[0-9;]{0,16}m")


def without_colours(data: bytes) -> bytes | None:
    """The text without what colours it, which parts its digits; None where nothing does."""
    plain = _COLOUR.sub(b"", data)
    return None if len(plain) == len(data) else plain


def in_other_scripts(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Place, digit and end of each digit of another script; of UTF-8 text."""
    text = data.decode("utf-8", "surrogateescape")
    at = seen = 0
    for found in _IN_SCRIPT.finditer(text):
        at += len(text[seen : found.start()].encode("utf-8", "surrogateescape"))
        seen = found.end()
        end = at + len(found[0].encode())
        yield at, _SCRIPTS[found[0]].encode(), end
        at = end


_CLOSE = rb"clos\w*[^0-9\n]{1,8}"


def channel_spellings(channels: Mapping[str, int]) -> tuple[Spelling, ...]:
    """The relays of the digits: ``1003, 1009``, and what closes one after another, whatever opens in between."""
    digits = {
        str(channel).encode(): key.encode() for key, channel in channels.items() if len(key) == 1 and key.isdigit()
    }
    if not digits:
        return ()
    one = b"|".join(sorted(digits))
    return tuple(
        (how, re.compile(before + rb"(" + one + rb")(?![0-9.])", re.IGNORECASE), lambda found: digits[found[1]])
        for how, before in ((RELAYS, rb"(?<![0-9.])"), (CLOSED, _CLOSE))
    )
