"""The glass: what is painted on it, and what lies where somebody touches it. Buttons move from page to page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from posrig.simulated.hardware.board import Board, Box
from posrig.simulated.terminals.esign.kind import CELL, FACE, KEYBOARD_TOP, ORDER
from posrig.simulated.terminals.pages import Entry, Page

WIDE = 10
"""Columns of a button; it is two rows high."""
KEYBOARD_ROW = KEYBOARD_TOP // 16


@dataclass(frozen=True, slots=True)
class Button:
    """``key`` is what the page gets when it is touched: a key of the case, or a name that only pages know."""

    label: str
    column: int
    row: int
    key: str

    @property
    def box(self) -> Box:
        return self.column * 8, self.row * 16, WIDE * 8, CELL[1]

    def holds(self, x: int, y: int) -> bool:
        left, top, width, height = self.box
        return left <= x < left + width and top <= y < top + height


BUTTONS: Mapping[str, tuple[Button, ...]] = {
    "welcome": (Button("签到", 10, 9, "OK"), Button("版本", 20, 17, "version")),
    "ready": (Button("菜单", 0, 9, "menu"), Button("锁定", 20, 9, "lock")),
    "menu": (
        Button("锁定", 0, 12, "lock"),
        Button("签退", 10, 12, "sign_off"),
        Button("查询", 20, 14, "query"),
        Button("下一页", 10, 18, "next"),
    ),
    "menu2": (
        Button("更新", 20, 12, "update"),
        Button("改密", 0, 14, "password"),
        Button("版本", 10, 16, "version"),
        Button("上一页", 10, 18, "next"),
    ),
    "lock": (Button("主管解锁", 20, 8, "FUNC"),),
    "update_ask": (Button("取消", 0, 8, "CANCEL"), Button("安装", 20, 8, "OK")),
    "reset_ask": (Button("确定", 0, 8, "OK"), Button("取消", 20, 8, "CANCEL")),
    "sign": (Button("重签", 0, 1, "CLEAR"), Button("完成", 20, 1, "OK")),
}


class Glass:
    def __init__(self, board: Board) -> None:
        self.board = board
        self.page = Page("", lambda: ())

    def paint(self, page: Page) -> None:
        self.page = page
        buttons = BUTTONS.get(page.screen, ())
        rows = [*page.rows()]
        rows += [""] * (FACE.rows - len(rows))
        if isinstance(page, Entry):
            for number in range(0, len(ORDER), 3):
                line = "".join(digit.center(WIDE) for digit in ORDER[number : number + 3])
                rows[KEYBOARD_ROW + number // 3 * 2] = line.rstrip()
        for button in sorted(buttons, key=lambda one: one.column):
            rows[button.row] = written(rows[button.row], button)
        self.board.display.show(rows, [button.box for button in buttons])

    def hit(self, x: int, y: int) -> str | None:
        """The key that lies there on the page that is shown."""
        for button in BUTTONS.get(self.page.screen, ()):
            if button.holds(x, y):
                return button.key
        return self.digit_at(x, y) if isinstance(self.page, Entry) else None

    def digit_at(self, x: int, y: int) -> str | None:
        """Of the keyboard, whose place is the same on every page that has one."""
        if y < KEYBOARD_TOP:
            return None
        return ORDER[(y - KEYBOARD_TOP) // CELL[1] * 3 + x // CELL[0]] or None


def written(row: str, button: Button) -> str:
    """A row of the console with a button's label in its place.

    >>> written("", Button("锁定", 20, 9, "lock"))
    '                       锁定'
    """
    wide = 2 * len(button.label)
    used = sum(2 if ord(char) >= 0x2E80 else 1 for char in row)
    return row + " " * max(button.column + (WIDE - wide) // 2 - used, 0) + button.label
