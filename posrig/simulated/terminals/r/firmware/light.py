"""Backlight and supply current (R: boot 350-420 mA, idle 120, backlight off 60, writing flash 300)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posrig.simulated.terminals.r.firmware.room import Room

if TYPE_CHECKING:
    from posrig.simulated.loop.scheduler import Timer
    from posrig.simulated.terminals.r.firmware.contracts.device import Device

IDLE_MA, DIMMED_MA, WRITING_MA = 120.0, 60.0, 300.0
BACKLIGHT_S = 60.0


class Light(Room):
    def __init__(self, fw: Device) -> None:
        super().__init__(fw)
        self.lit = True
        self._last = 0.0
        self._timer: Timer | None = None
        self._writers: set[str] = set()
        self._drawn = -1.0

    def start(self) -> None:
        """Boot is through: the current falls to idle, the backlight's time starts."""
        self.touch()
        self._draw()

    def booting(self) -> None:
        """Somewhere between 350 and 420 mA, another value at each step of the start."""
        self._set(350.0 + self.fw.board.rng() % 71)

    def writing(self, who: str, on: bool) -> None:
        """``who`` writes flash for a while (update, erase): 300 mA as long as anybody does."""
        (self._writers.add if on else self._writers.discard)(who)
        self._draw()

    def touch(self) -> None:
        """A key: light on, 60 s from now it goes off."""
        self._last = self.fw.board.now
        if not self.lit:
            self.switch(True)
        if self._timer is None:
            self._timer = self.fw.board.after(BACKLIGHT_S, self._due)

    def switch(self, on: bool) -> None:
        self.lit = on
        self.fw.board.display.backlight(on)
        self._draw()

    def _due(self) -> None:
        self._timer = None
        left = self._last + BACKLIGHT_S - self.fw.board.now
        if left > 1e-6:
            self._timer = self.fw.board.after(left, self._due)
        else:
            self.switch(False)

    def _draw(self) -> None:
        self._set(WRITING_MA if self._writers else IDLE_MA if self.lit else DIMMED_MA)

    def _set(self, milliamps: float) -> None:
        if milliamps != self._drawn:
            self._drawn = milliamps
            self.fw.board.load(milliamps)
