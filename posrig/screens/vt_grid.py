"""The cells of a display and how rows and cells move, as tmux 3.3a moves them (held together in tests/terminal).

A cell is a character with what was combined onto it; the right half of a wide character is an empty string, so that a
row's text is its cells joined. Halves may be orphaned by what cuts a wide character in two: tmux leaves them too.
"""

from __future__ import annotations

from posrig.screens.vt_text import KINDS, WIDE

BLANK = " "
HALF = ""
COMBINED_BYTES = 21
"""More than this in one cell is not combined any more."""


class Grid:
    """Rows of cells. ``wrapped`` says of each row that its text goes on in the next one."""

    def __init__(self, rows: int, columns: int) -> None:
        self.height, self.width = rows, columns
        self._empty = [BLANK] * columns
        self.rows = [self._empty[:] for _ in range(rows)]
        self.wrapped = [False] * rows

    def text(self) -> tuple[str, ...]:
        return tuple("".join(row).rstrip(BLANK) for row in self.rows)

    def copy(self) -> tuple[list[list[str]], list[bool]]:
        return [row[:] for row in self.rows], self.wrapped[:]

    def restore(self, saved: tuple[list[list[str]], list[bool]]) -> None:
        self.rows, self.wrapped = saved

    def fill(self, char: str) -> None:
        self.rows = [[char] * self.width for _ in range(self.height)]

    def clear_rows(self, top: int, count: int) -> None:
        if count <= 0:
            return
        for row in range(top, top + count):
            self.rows[row] = self._empty[:]
            self.wrapped[row] = False
        self._unwrap(top)

    def _unwrap(self, row: int) -> None:
        """The row above does not go on in this one any more."""
        if row > 0:
            self.wrapped[row - 1] = False

    def clear(self, row: int, column: int, count: int) -> None:
        """Cells of one row; a half of a wide character outside them stays."""
        if column == 0 and count == self.width:
            self.clear_rows(row, 1)
            return
        end = min(column + count, self.width)
        self.rows[row][column:end] = self._empty[column:end]

    def scroll_up(self, top: int, bottom: int, count: int = 1) -> None:
        rows, wrapped = self.rows, self.wrapped
        if count == 1:
            del rows[top], wrapped[top]
            rows.insert(bottom, self._empty[:])
            wrapped.insert(bottom, False)
            return
        rows[top : bottom + 1] = [*rows[top + count : bottom + 1], *(self._empty[:] for _ in range(count))]
        wrapped[top : bottom + 1] = wrapped[top + count : bottom + 1] + [False] * count

    def scroll_down(self, top: int, bottom: int, count: int = 1) -> None:
        for _ in range(count):
            self.insert_rows(top, bottom, 1)

    def insert_rows(self, row: int, bottom: int, count: int) -> None:
        """Push the rows from ``row`` on down; what leaves at ``bottom`` is gone."""
        self.wrapped[row + count - 1] = False
        self.rows[row : bottom + 1] = [*(self._empty[:] for _ in range(count)), *self.rows[row : bottom + 1 - count]]
        self.wrapped[row : bottom + 1] = [False] * count + self.wrapped[row : bottom + 1 - count]
        self._unwrap(row)

    def delete_rows(self, row: int, bottom: int, count: int) -> None:
        self.scroll_up(row, bottom, count)
        self._unwrap(row)

    def insert_rows_outside(self, row: int, count: int) -> None:
        """The same below a scroll region; there rows that would all leave stay, as they do on tmux."""
        kept = self.height - row - count
        if kept <= 0:
            return
        moved = self.rows[row : row + kept]
        self.rows[row + count :] = moved
        flags = self.wrapped[row : row + kept]
        self.wrapped[row + count :] = flags
        for gone in range(row, min(row + count, row + kept)):
            self.rows[gone], self.wrapped[gone] = self._empty[:], False
        self._unwrap(row)

    def insert_cells(self, row: int, column: int, count: int) -> None:
        """Push cells to the right. Like tmux: cells that would all leave stay, the last one is cleared."""
        if column >= self.width - 1:
            self.clear(row, column, 1)
            return
        kept = self.width - column - count
        if kept <= 0:
            return
        cells = self.rows[row]
        cells[column + count :] = cells[column : column + kept]
        blank = min(count, kept)
        cells[column : column + blank] = self._empty[:blank]

    def delete_cells(self, row: int, column: int, count: int) -> None:
        if column == 0 and count == self.width:
            self.clear_rows(row, 1)
            return
        cells = self.rows[row]
        del cells[column : column + count]
        cells += self._empty[:count]

    def put_text(self, row: int, column: int, text: str) -> None:
        """Narrow characters that fit; halves of wide characters that they cut are cleared."""
        cells = self.rows[row]
        if column and cells[column] == HALF:
            self._clear_left(cells, column)
        end = column + len(text)
        cells[column:end] = text
        self._clear_right(cells, end)

    def _clear_left(self, cells: list[str], column: int) -> None:
        """From a half back to its character. The one in the first column stays, as it does on tmux."""
        while column > 0 and cells[column] == HALF:
            cells[column] = BLANK
            column -= 1
        if column > 0 and _wide(cells[column]):
            cells[column] = BLANK

    def _clear_right(self, cells: list[str], column: int) -> None:
        while column < self.width and cells[column] == HALF:
            cells[column] = BLANK
            column += 1

    def put(self, row: int, column: int, char: str, width: int) -> None:
        """One character that fits; a wide one covers the next cell too."""
        cells = self.rows[row]
        old = cells[column]
        if old == HALF:
            self._cut(cells, column)
        if width > 1 or old == HALF or _wide(old):
            self._clear_right(cells, column + width)
        cells[column] = char
        if width > 1:
            cells[column + 1] = HALF

    def put_wide(self, row: int, column: int, text: str) -> None:
        """Wide characters that fit, one after the other."""
        cells = self.rows[row]
        if cells[column] == HALF:
            self._cut(cells, column)
        end = column + 2 * len(text)
        cells[column:end] = [half for char in text for half in (char, HALF)]
        self._clear_right(cells, end)

    def _cut(self, cells: list[str], column: int) -> None:
        """From a half back to its character, whatever stands there."""
        while column > 0 and cells[column] == HALF:
            cells[column] = BLANK
            column -= 1
        cells[column] = BLANK

    def before(self, row: int, column: int) -> int:
        """Where the character left of the column stands; -1 when there is none."""
        cells, at = self.rows[row], column - 1
        while at >= 0 and cells[at] == HALF:
            at -= 1
        return at

    def combine(self, row: int, column: int, mark: str) -> None:
        """Onto the character left of the column."""
        cells, at = self.rows[row], self.before(row, column)
        if at >= 0 and (len(cells[at]) < 5 or len((cells[at] + mark).encode("utf-8", "replace")) <= COMBINED_BYTES):
            cells[at] += mark


def _wide(cell: str) -> bool:
    return bool(cell) and KINDS[cell[0]] == WIDE
