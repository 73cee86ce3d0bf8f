"""Seeded defects of keypad and display."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from posrig.simulated.terminals.r.defects.registry import defect
from posrig.simulated.terminals.r.firmware.keypad import Keypad
from posrig.simulated.terminals.r.firmware.pages import Entry, Pages
from posrig.simulated.terminals.r.firmware.parts import Parts
from posrig.simulated.terminals.r.firmware.records import Attempt
from posrig.simulated.terminals.r.firmware.sign_on import SignOn
from posrig.simulated.terminals.r.kind import MATRIX

if TYPE_CHECKING:
    from posrig.simulated.terminals.r.firmware.contracts.device import Device
    from posrig.simulated.terminals.r.firmware.contracts.showing import PageContract


class _SlowKeypad(Keypad):
    def __init__(self, fw: Device) -> None:
        super().__init__(fw)
        self._last: tuple[str, float] = ("", -1.0)

    def pressed(self, key: str) -> None:
        before, when = self._last
        self._last = (key, self.fw.board.now)
        if before == key and self.fw.board.now - when < 0.15:
            self.down[key] = key  # swallowed: the release finds it, nobody else does
        else:
            super().pressed(key)


@defect("key_double", "Two quick presses of a key count as one", group="Keypad and display", rules=("R-KEY-1",))
def key_double(parts: Parts) -> Parts:
    return replace(parts, keypad=_SlowKeypad)


class _GhostKeypad(Keypad):
    def pressed(self, key: str) -> None:
        super().pressed(key)
        if len(self.down) != 2 or not self.listening:
            return
        (row, _), (_, column) = (MATRIX[down] for down in self.down)
        ghost = next((name for name, place in MATRIX.items() if place == (row, column)), None)
        if ghost is not None and ghost not in self.down:
            self.fw.key_down(ghost)


@defect("key_ghost", "Two keys together give a third one", group="Keypad and display", rules=("R-KEY-2",))
def key_ghost(parts: Parts) -> Parts:
    return replace(parts, keypad=_GhostKeypad)


class _RepeatingKeypad(Keypad):
    def pressed(self, key: str) -> None:
        super().pressed(key)
        if key == "ENTER":
            self.fw.board.after(1.0, self._again)

    def _again(self) -> None:
        if "ENTER" in self.down and self.listening:
            self.fw.key_down("ENTER")
            self.fw.board.after(0.5, self._again)


@defect("key_repeat_confirms", "A held ENTER confirms two dialogs", group="Keypad and display", rules=("R-KEY-3",))
def key_repeat_confirms(parts: Parts) -> Parts:
    return replace(parts, keypad=_RepeatingKeypad)


class _EchoEntry(Entry):
    clear_last = False

    def shown(self) -> str:
        if not self.clear_last or not self.typed:
            return super().shown()
        return ("*" * (len(self.typed) - 1) + self.typed[-1]).ljust(self.width, "_")

    def take(self, digit: str) -> None:
        self.clear_last = True
        super().take(digit)
        self.fw.board.after(0.3, self._mask)

    def _mask(self) -> None:
        self.clear_last = False
        self.fw.pages.repaint()


class _EchoSignOn(SignOn):
    def ask_password(self, attempt: Attempt) -> None:
        self.fw.pages.show(self.password_page(attempt, _EchoEntry))


@defect(
    "key_echo",
    "The last typed digit of a password shows for a moment",
    group="Keypad and display",
    rules=("R-DISPLAY-1",),
)
def key_echo(parts: Parts) -> Parts:
    return replace(parts, sign_on=_EchoSignOn)


class _ZeroSignOn(SignOn):
    def least_id_digits(self) -> int:
        return 1

    def id_typed(self, attempt: Attempt, operator: str) -> None:
        super().id_typed(attempt, operator.zfill(2))


@defect("key_leading_zero", "Ids 01 and 1 are confused", group="Keypad and display", rules=("R-KEY-4",))
def key_leading_zero(parts: Parts) -> Parts:
    return replace(parts, sign_on=_ZeroSignOn)


class _StalePages(Pages):
    """A row is written from its left edge; what stood to the right of the new text stays."""

    _glass: list[str] = ["", "", "", ""]  # noqa: RUF012 - replaced, never changed in place

    def compose(self, page: PageContract) -> list[str]:
        rows = super().compose(page)
        self._glass = [row or old for row, old in zip(rows, self._glass, strict=True)]
        return self._glass


@defect("disp_stale", "Old text stays under a new message", group="Keypad and display", rules=("R-DISPLAY-2",))
def disp_stale(parts: Parts) -> Parts:
    return replace(parts, pages=_StalePages)
