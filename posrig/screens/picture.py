"""What the screen stream's bytes paint: 4 rows of 16 half-width columns, a Chinese character takes two.

A full repaint in the shape of docs/wires.md is read directly; anything else goes through a terminal emulator (pyte).
Both give the same rows (tests/terminal/test_screen_stream.py holds them together).
"""

from __future__ import annotations

import re
import unicodedata

import pyte

ROWS, COLUMNS = 4, 16
TITLE = re.compile(rb"\x1b\]2;(?:(frame|painted) (\d+)|sum ([0-9a-f]{8}))(?:\x07|\x1b\\)")
_REPAINT = re.compile(
    rb"\x1b\[H\x1b\[2J" + b"".join(rb"\x1b\[%d;1H([^\x00-\x1f\x7f]*)" % row for row in range(1, ROWS + 1))
)
_WIDE = frozenset("WF")


def width(text: str) -> int:
    """Half-width columns of a text without control or combining characters."""
    return sum(2 if unicodedata.east_asian_width(char) in _WIDE else 1 for char in text)


def direct_rows(painted: bytes) -> tuple[str, ...] | None:
    """The rows of one plain full repaint, or None when it is anything else."""
    found = _REPAINT.fullmatch(painted)
    if found is None:
        return None
    try:
        rows = tuple(row.decode("utf-8").rstrip(" ") for row in found.groups())
    except UnicodeDecodeError:
        return None
    for row in rows:
        if row.isascii():
            if len(row) > COLUMNS:
                return None
        elif width(row) > COLUMNS or any(unicodedata.category(c)[0] in "MC" for c in row):
            return None
    return rows


class Emulator:
    """A VT100 of the display's size."""

    def __init__(self) -> None:
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)

    def feed(self, data: bytes) -> None:
        self._stream.feed(data)

    def rows(self) -> tuple[str, ...]:
        return tuple(row.rstrip(" ") for row in self._screen.display)
