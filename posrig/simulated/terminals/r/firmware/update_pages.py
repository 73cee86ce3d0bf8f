"""Pages of the update: progress, pause, and the wait for power."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from posrig.simulated.terminals.r.firmware.pages import Page

if TYPE_CHECKING:
    from posrig.simulated.terminals.r.firmware.contracts.device import Device

LOOK_S = 1.0
_MB = 1_000_000


class ProgressPage(Page):
    """Nothing to press. The percentage stays below 100 while the page is shown: 100 would not fit into its row."""

    busy = True

    def __init__(
        self, fw: Device, screen: str, done: int, size: int, fields: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(fw)
        self.screen, self.done, self.size, self._fields = screen, done, size, dict(fields or {})

    @property
    def percent(self) -> int:
        return min(99, self.done * 100 // max(self.size, 1))

    def fields(self) -> Mapping[str, object]:
        return {
            "bar": "[" + "#" * (self.percent // 10) + "." * (10 - self.percent // 10) + "]",
            "percent": self.percent,
            "done": f"{min(self.done, self.size) / _MB:.1f}",
            "size": f"{self.size / _MB:.1f}",
            **self._fields,
        }


class PausePage(Page):
    """The source is gone: it goes on by itself, or CANCEL ends it. The idle lock may come: what is loaded is kept."""

    screen = "upd_pause"

    def __init__(self, fw: Device, percent: int, stop: Callable[[], None]) -> None:
        super().__init__(fw)
        self._percent, self._stop = percent, stop

    def fields(self) -> Mapping[str, object]:
        return {"percent": self._percent}

    def key(self, key: str) -> None:
        if key == "CANCEL":
            self._stop()


class PowerPage(Page):
    """Too little charge: looks every second, goes on when the power is there; CANCEL puts the update off."""

    screen = "upd_power"

    def __init__(
        self, fw: Device, enough: Callable[[], bool], go_on: Callable[[], None], later: Callable[[], None]
    ) -> None:
        super().__init__(fw)
        self._enough, self._go_on, self._later = enough, go_on, later

    def fields(self) -> Mapping[str, object]:
        return {"percent": round(self.fw.board.battery.percent)}

    def enter(self) -> None:
        self.fw.board.beep("short")
        self.fw.board.after(LOOK_S, self._look)

    def key(self, key: str) -> None:
        if key == "CANCEL":
            self._later()

    def _look(self) -> None:
        if self.fw.pages.beneath is not self:
            return
        if self._enough():
            self._go_on()
            return
        self.fw.board.after(LOOK_S, self._look)
        self.fw.pages.repaint()
