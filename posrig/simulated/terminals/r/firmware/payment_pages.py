"""Pages of the payment rooms: amount entry, and pages that wait for the host."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from posrig.simulated.terminals.r.firmware.pages import DIGITS, ENTRY_TIMEOUT_S, Page

if TYPE_CHECKING:
    from posrig.simulated.terminals.r.firmware.contracts.device import Device

MOST_DIGITS = 5


def money(cents: int) -> str:
    """As on the screen and the receipt.

    >>> money(1200), money(5)
    ('12.00', '0.05')
    """
    return f"{cents // 100}.{cents % 100:02d}"


class WaitPage(Page):
    """Nothing to press: the host's answer ends it."""

    busy = True

    def __init__(self, fw: Device, screen: str, fields: Mapping[str, object]) -> None:
        super().__init__(fw)
        self.screen, self._fields = screen, dict(fields)

    def fields(self) -> Mapping[str, object]:
        return self._fields


class AmountPage(Page):
    """Digits push in from the right, in cents. ENTER needs more than nothing; CLEAR empties; CANCEL leaves."""

    timeout_s: float | None = ENTRY_TIMEOUT_S

    def __init__(self, fw: Device, screen: str, done: Callable[[int], None], back: Callable[[], None]) -> None:
        super().__init__(fw)
        self.screen, self._done, self._back = screen, done, back
        self.typed = ""

    def fields(self) -> Mapping[str, object]:
        return {"amount": money(self.amount())}

    def amount(self) -> int:
        return int(self.typed or "0")

    def leave(self) -> None:
        self.typed = ""

    def key(self, key: str) -> None:
        if key in DIGITS and len(self.typed) < MOST_DIGITS:
            self.typed += key
        elif key == "CLEAR":
            self.typed = ""
        elif key == "CANCEL":
            self._back()
            return
        elif key == "ENTER" and self.amount() > 0:
            self._done(self.amount())
            return
        self.fw.pages.repaint()

    def on_timeout(self) -> None:
        self._back()
