"""Text of a console: bytes to characters in any encoding, and how many cells each takes, as tmux 3.3a has it.

Characters that take no place on a display (controls, unassigned ones) are left out, and so are bytes that are none:
a console's text is never a reason to stop reading it.
"""

from __future__ import annotations

import codecs
import unicodedata

from posrig.ground.faults import ConfigurationError

UNSHOWN = -1
_WIDE = frozenset("WF")
_NONE = frozenset(("Cc", "Cn", "Cs", "Zl", "Zp"))
_ZERO = frozenset(("Mn", "Me", "Cf"))
_VOWELS_AND_FINALS = ((0x1160, 0x11FF), (0xD7B0, 0xD7FF))
"""Hangul that joins the consonant before it."""
_WIDE_SIGNS = ((0x3248, 0x324F), (0x4DC0, 0x4DFF))
"""Circled numbers on black squares and hexagrams: not wide by Unicode 14, but by every libc."""
_SIGNS_OF_NUMBERS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Format characters that are seen."""
_PROBE = bytes(range(128)) + rb"\u0041 +AGE- ~{ab~}" + b"\x1b(B \x1b$)A \x1b(0 \x1b[?25l"
"""What must be the same bytes in the encoding as in ASCII, or controls could not be told from text."""


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


def cells_of(char: str) -> int:
    """0 (joins the character before it), 1 or 2; -1 for what is not shown.

    >>> [cells_of(char) for char in "A锁\u0301\u0085"]
    [1, 2, 0, -1]
    """
    code = ord(char)
    category = unicodedata.category(char)
    if char == "\xad" or char in _SIGNS_OF_NUMBERS:
        return 1
    if category in _NONE:
        return UNSHOWN
    if category in _ZERO or _within(code, _VOWELS_AND_FINALS):
        return 0
    return 2 if unicodedata.east_asian_width(char) in _WIDE or _within(code, _WIDE_SIGNS) else 1


class _Kinds(dict[str, int]):
    def __missing__(self, char: str) -> int:
        kind = self[char] = cells_of(char)
        return kind


WIDE = 2
KINDS = _Kinds()
"""Character -> :func:`cells_of`, remembered: at most one entry for each character there is."""


def known_encoding(name: str) -> str:
    """The encoding's name as Python has it. Raises ConfigurationError for one that does not keep ASCII."""
    try:
        kept = b"\\x41".decode(name) == "\\x41" and _PROBE.decode(name) == _PROBE.decode("ascii")
    except (LookupError, UnicodeError, ValueError):
        kept = False
    if not kept:
        raise ConfigurationError(
            f"{name!r} is no encoding of a console",
            allowed="utf-8, gbk, gb18030, big5, shift_jis, euc-kr, latin-1, cp437 and others in which ASCII is ASCII",
        )
    return codecs.lookup(name).name


class Utf8:
    """UTF-8 in pieces. After a wrong byte it goes on as tmux does: with the byte after those of the begun character."""

    def __init__(self) -> None:
        self.pending = b""
        """The begin of a character that is not complete."""

    def forget(self) -> None:
        self.pending = b""

    def decode(self, data: bytes) -> str:
        """The characters of a run of text without controls."""
        if not self.pending:
            try:
                return data.decode("utf-8")
            except UnicodeDecodeError:
                pass
        out = []
        for byte in data:
            if byte < 0x80:
                self.pending = b""
                out.append(chr(byte))
            elif not self.pending:
                self.pending = bytes((byte,)) if 0xC2 <= byte <= 0xF4 else b""
            else:
                self.pending += bytes((byte,))
                if len(self.pending) == _length(self.pending[0]):
                    out.append(self.pending.decode("utf-8", "ignore") if _whole(self.pending) else "")
                    self.pending = b""
        return "".join(out)


def _length(first: int) -> int:
    return 2 if first < 0xE0 else 3 if first < 0xF0 else 4


def _whole(char: bytes) -> bool:
    """A wrong character must not give the right one that begins within it."""
    return all(0x80 <= byte < 0xC0 for byte in char[1:])


class Coded:
    """Any other encoding in pieces; bytes that are no character are left out."""

    def __init__(self, encoding: str) -> None:
        self._decoder = codecs.getincrementaldecoder(encoding)("ignore")
        self.pending = b""

    def forget(self) -> None:
        self._decoder.reset()
        self.pending = b""

    def decode(self, data: bytes) -> str:
        text = self._decoder.decode(data)
        self.pending = self._decoder.getstate()[0]
        return text
