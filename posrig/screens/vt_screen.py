"""A display with its cursor, margins and modes: what each control does, as tmux 3.3a does it.

``column`` equals the width after the last cell was written: the next character wraps, and until then most controls
see the cursor there.
"""

from __future__ import annotations

import re

from posrig.screens.vt_grid import Grid
from posrig.screens.vt_text import KINDS, UNSHOWN, WIDE

_ASCII_OR_NOT = re.compile("[ -~]+|[^ -~]+")
_ALL_WIDE = {WIDE}
_JOINER = "\u200d"
_LINES = dict(zip(map(ord, "`abcdefghijklmnopqrstuvwxyz{|}~"), "◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·", strict=True))
"""DEC's special graphics (VT100 user guide, table 3-9)."""


class Screen:
    """Coordinates count from 0."""

    def __init__(self, rows: int, columns: int) -> None:
        self.height, self.width = rows, columns
        self.grid = Grid(rows, columns)
        self.row = self.column = 0
        self._alternate: tuple[list[list[str]], list[bool]] | None = None
        self._left_at: tuple[int, int] | None = None
        self._joined = False
        self.last = ""
        """What may be repeated: the character that was written just now."""
        self._begin()
        self.forget_charsets()

    def _begin(self) -> None:
        self.top, self.bottom = 0, self.height - 1
        self.wraps, self.inserts, self.origin = True, False, False
        self._tabs = set(range(8, self.width, 8))

    def forget_charsets(self) -> None:
        """ASCII in both character sets; what was saved is forgotten too."""
        self._graphics = [False, False]
        self._shift = 0
        self._saved = (0, 0, False, [False, False], 0)

    # text

    def write(self, text: str) -> None:
        """Characters without controls; those that are not shown are left out."""
        for part in _ASCII_OR_NOT.findall(text):
            if part.isascii():
                self.write_ascii(part)
                continue
            self.last = ""
            kinds = set(map(KINDS.__getitem__, part))
            if kinds == _ALL_WIDE and self.wraps and not self.inserts and not self._joined:
                self._write_wide(part)
                continue
            for char in part:
                self._put(char, KINDS[char])

    def write_ascii(self, text: str) -> None:
        if not text:
            return
        self.last = text[-1]
        drawn = self._graphics[self._shift]
        if not drawn and self.wraps and not self.inserts:
            self._write_run(text)
            return
        for char in text:
            self._put(self._drawn(char) if drawn else char, 1)

    def _drawn(self, char: str) -> str:
        """A letter as its line; joined onto a character that is none it stays a letter, as it does on tmux."""
        if self._joined:
            at = self.grid.before(self.row, self.column)
            if at >= 0 and self.grid.rows[self.row][at][0] not in _LINES.values():
                return char
        return char.translate(_LINES)

    def _write_run(self, text: str) -> None:
        start, end, width = 0, len(text), self.width
        while start < end:
            if self.column >= width:
                self._wrap()
            part = text[start : start + width - self.column]
            self.grid.put_text(self.row, self.column, part)
            self.column += len(part)
            start += len(part)

    def _write_wide(self, text: str) -> None:
        while text:
            if self.column > self.width - 2:
                self._wrap()
            part, text = text[: (self.width - self.column) // 2], text[(self.width - self.column) // 2 :]
            self.grid.put_wide(self.row, self.column, part)
            self.column += 2 * len(part)

    def _wrap(self) -> None:
        self.grid.wrapped[self.row] = True
        self.linefeed()
        self.column = 0

    def _put(self, char: str, width: int) -> None:
        if width == UNSHOWN:
            return
        if char == _JOINER:
            self._joined = True
            return
        if self._joined:
            self.grid.combine(self.row, self.column, _JOINER)
        if not width or self._joined:
            self._joined = False
            self.grid.combine(self.row, self.column, char)
            return
        room = self.width - width
        if not self.wraps and width > 1 and (room < 0 or room < self.column < self.width):
            return
        if self.inserts and self.column < self.width:
            self.grid.insert_cells(self.row, self.column, width)
        if self.wraps and self.column > room:
            self._wrap()
        if self.column > room:
            return
        self.grid.put(self.row, self.column, char, width)
        last = self.width if self.wraps else self.width - 1
        self.column = min(self.column + width, last)

    def repeat(self, count: int) -> None:
        """The character before, when nothing stood between."""
        if self.last:
            self.write_ascii(self.last * min(count, self.width - self.column))
        self.last = ""

    def nothing(self) -> None:
        """For controls that change no picture."""

    def shift(self, charset: int) -> None:
        self._shift = charset

    def designate(self, charset: int, graphics: bool) -> None:
        self._graphics[charset] = graphics

    # the cursor

    def linefeed(self) -> None:
        if self.row == self.bottom:
            self.grid.scroll_up(self.top, self.bottom)
        elif self.row < self.height - 1:
            self.row += 1

    def linefeeds(self, count: int) -> None:
        """After twice the height nothing is left that could change."""
        for _ in range(min(count, 2 * self.height)):
            self.linefeed()

    def next_line(self) -> None:
        self.column = 0
        self.linefeed()

    def reverse_linefeed(self) -> None:
        if self.row == self.top:
            self.grid.scroll_down(self.top, self.bottom)
        elif self.row > 0:
            self.row -= 1

    def carriage_return(self) -> None:
        self.column = 0

    def backspace(self) -> None:
        if self.column > 0:
            self.column -= 1
        elif self.row > 0 and self.grid.wrapped[self.row - 1]:
            self.row, self.column = self.row - 1, self.width - 1

    def tab(self) -> None:
        while self.column < self.width - 1:
            self.column += 1
            if self.column in self._tabs:
                break

    def tabs_back(self, count: int) -> None:
        self.column = min(self.column, self.width - 1)
        for _ in range(min(count, self.column)):
            self.column = max((stop for stop in self._tabs if stop < self.column), default=0)

    def set_tab(self) -> None:
        if self.column < self.width:
            self._tabs.add(self.column)

    def clear_tabs(self, which: int) -> None:
        if which == 3:
            self._tabs.clear()
        elif which == 0:
            self._tabs.discard(self.column)

    def up(self, count: int) -> None:
        limit = self.row if self.row < self.top else self.row - self.top
        self.column = min(self.column, self.width - 1)
        self.row -= min(count, limit)

    def down(self, count: int) -> None:
        limit = (self.height - 1 if self.row > self.bottom else self.bottom) - self.row
        self.column = min(self.column, self.width - 1)
        self.row += min(count, limit)

    def right(self, count: int) -> None:
        self.column = min(self.column + count, self.width - 1)

    def left(self, count: int) -> None:
        self.column -= min(count, self.column)

    def down_to_start(self, count: int) -> None:
        self.column = 0
        self.down(count)

    def up_to_start(self, count: int) -> None:
        self.column = 0
        self.up(count)

    def to_row(self, number: int) -> None:
        """Counts from 1, like :meth:`to_column`."""
        self.move(number - 1, None)

    def to_column(self, number: int) -> None:
        self.move(None, number - 1)

    def move(self, row: int | None, column: int | None, *, origin: bool = True) -> None:
        """To a place; None keeps the one of the two as it is."""
        if row is not None:
            if origin and self.origin:
                row = self.bottom if row > self.bottom - self.top else row + self.top
            self.row = min(row, self.height - 1)
        if column is not None:
            self.column = min(column, self.width - 1)

    def margins(self, top: int, bottom: int) -> None:
        top, bottom = min(top, self.height - 1), min(bottom, self.height - 1)
        if top < bottom:
            self.row = self.column = 0
            self.top, self.bottom = top, bottom

    def save(self) -> None:
        self._saved = (self.row, self.column, self.origin, self._graphics[:], self._shift)

    def restore(self) -> None:
        row, column, self.origin, graphics, self._shift = self._saved
        self._graphics = graphics[:]
        self.move(row, column, origin=False)

    # edits

    def erase_line(self, which: int) -> None:
        if which == 2 or (which == 0 and self.column == 0) or (which == 1 and self.column >= self.width - 1):
            self.grid.clear_rows(self.row, 1)
        elif which == 0 and self.column < self.width:
            self.grid.clear(self.row, self.column, self.width - self.column)
        elif which == 1:
            self.grid.clear(self.row, 0, self.column + 1)

    def erase_display(self, which: int) -> None:
        if which == 2:
            self.grid.clear_rows(0, self.height)
        elif which == 0:
            if self.column < self.width:
                self.grid.clear(self.row, self.column, self.width - self.column)
            self.grid.clear_rows(self.row + 1, self.height - self.row - 1)
        elif which == 1:
            self.grid.clear_rows(0, self.row)
            self.grid.clear(self.row, 0, min(self.column + 1, self.width))

    def erase_cells(self, count: int) -> None:
        if self.column < self.width:
            self.grid.clear(self.row, self.column, min(count, self.width - self.column))

    def insert_cells(self, count: int) -> None:
        if self.column < self.width:
            self.grid.insert_cells(self.row, self.column, min(count, self.width - self.column))

    def delete_cells(self, count: int) -> None:
        if self.column < self.width:
            self.grid.delete_cells(self.row, self.column, min(count, self.width - self.column))

    def insert_rows(self, count: int) -> None:
        if self.top <= self.row <= self.bottom:
            self.grid.insert_rows(self.row, self.bottom, min(count, self.bottom + 1 - self.row))
        else:
            self.grid.insert_rows_outside(self.row, min(count, self.height - self.row))

    def delete_rows(self, count: int) -> None:
        bottom = self.bottom if self.top <= self.row <= self.bottom else self.height - 1
        self.grid.delete_rows(self.row, bottom, min(count, bottom + 1 - self.row))

    def scroll_up(self, count: int) -> None:
        self.grid.scroll_up(self.top, self.bottom, min(count, self.bottom - self.top + 1))

    def scroll_down(self, count: int) -> None:
        self.grid.scroll_down(self.top, self.bottom, min(count, self.bottom - self.top + 1))

    def fill(self) -> None:
        """DECALN: the letter E everywhere."""
        self.grid.fill("E")
        self.row = self.column = 0
        self.top, self.bottom = 0, self.height - 1

    # the whole

    def set_inserts(self, on: bool) -> None:
        self.inserts = on

    def set_origin(self, on: bool) -> None:
        self.origin = on
        self.move(0, 0)

    def erase_for_columns(self) -> None:
        """DECCOLM: the width stays, the display is erased."""
        self.move(0, 0)
        self.erase_display(2)

    def alternate(self, on: bool, *, cursor: bool) -> None:
        if on and self._alternate is None:
            self._alternate = self.grid.copy()
            if cursor:
                self._left_at = (self.row, self.column)
            self.erase_display(2)
        elif not on:
            if cursor and self._left_at is not None:
                self.row, self.column = self._left_at
            if self._alternate is not None:
                self.grid.restore(self._alternate)
                self._alternate = None
            self.column = min(self.column, self.width - 1)

    def reset(self) -> None:
        """RIS; the alternate screen is not left by it."""
        self.forget_charsets()
        self._begin()
        self.erase_display(2)
        self.row = self.column = 0
