"""What the screen stream's bytes paint: rows of half-width columns, a Chinese character takes two.

A full repaint in the shape of docs/wires.md is read directly; anything else goes through a terminal emulator that shows
what tmux shows. Both give the same rows (tests/terminal/test_screen_stream.py holds them together).
"""

from __future__ import annotations

import re
from functools import lru_cache

from posrig.ground.faults import ConfigurationError
from posrig.screens.vt_parser import Parser
from posrig.screens.vt_screen import Screen
from posrig.screens.vt_text import KINDS, Coded, Utf8, known_encoding

ROWS, COLUMNS = 4, 16
"""Of terminal R's display."""
MOST_ROWS, LEAST_COLUMNS, MOST_COLUMNS = 200, 2, 400
TITLE = re.compile(rb"\x1b\]2;(?:(frame|painted) (\d+)|sum ([0-9a-f]{8}))(?:\x07|\x1b\\)")


def width(text: str) -> int:
    """Half-width columns of a text without control characters."""
    return sum(max(KINDS[char], 0) for char in text)


@lru_cache(maxsize=8)
def _repaint(rows: int) -> re.Pattern[bytes]:
    each = b"".join(rb"\x1b\[%d;1H([^\x00-\x1f\x7f]*)" % row for row in range(1, rows + 1))
    return re.compile(rb"\x1b\[H\x1b\[2J" + each)


def direct_rows(
    painted: bytes, rows: int = ROWS, columns: int = COLUMNS, encoding: str = "utf-8"
) -> tuple[str, ...] | None:
    """The rows of one plain full repaint, or None when it is anything else."""
    found = _repaint(rows).fullmatch(painted)
    if found is None:
        return None
    try:
        shown = tuple(row.decode(encoding).rstrip(" ") for row in found.groups())
    except UnicodeDecodeError:
        return None
    return shown if all(_plain(row, columns) for row in shown) else None


def _plain(row: str, columns: int) -> bool:
    """Does it fit, without anything that the emulator would combine or leave out?"""
    if row.isascii():
        return len(row) <= columns
    cells = [KINDS[char] for char in row]
    return min(cells) > 0 and sum(cells) <= columns


class Emulator:
    """A VT100 of the display's size, up to 200 x 400. Raises ConfigurationError for another size or encoding.

    What its text and controls do is what tmux 3.3a shows for them (docs/wires.md); no bytes make it raise.
    """

    def __init__(self, rows: int = ROWS, columns: int = COLUMNS, encoding: str = "utf-8") -> None:
        if not (1 <= rows <= MOST_ROWS and LEAST_COLUMNS <= columns <= MOST_COLUMNS):
            raise ConfigurationError(
                f"no display has {rows} x {columns}",
                allowed=f"1 to {MOST_ROWS} rows, {LEAST_COLUMNS} to {MOST_COLUMNS} columns",
            )
        self._screen = Screen(rows, columns)
        name = known_encoding(encoding)
        self._parser = Parser(self._screen, Utf8() if name == "utf-8" else Coded(name))

    def feed(self, data: bytes) -> None:
        self._parser.feed(data)

    def rows(self) -> tuple[str, ...]:
        return self._screen.grid.text()
