"""The console: eight rows, painted by the display hardware where they changed."""

from __future__ import annotations

from collections.abc import Sequence

from posrig.simulated.hardware.board import Board
from posrig.simulated.terminals.pages import Page

ROWS = 8


class Console:
    def __init__(self, board: Board) -> None:
        self.board = board
        self.shown: tuple[str, ...] = ("",) * ROWS

    def paint(self, page: Page) -> None:
        rows = self.composed(tuple(page.rows()))
        if rows != self.shown:
            self.shown = rows
            self.board.display.show(rows)

    def composed(self, rows: Sequence[str]) -> tuple[str, ...]:
        """The whole picture: a row that a page does not have is empty."""
        return (*rows, *[""] * (ROWS - len(rows)))
