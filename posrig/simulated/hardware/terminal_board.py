"""The terminal's hardware: fulfils :class:`posrig.simulated.hardware.board.Board` and owns the power.

The firmware object lives from power-on to power cut. All its timers die with it, and what calls it later (a network
answer, a stick) finds nobody.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from posrig.simulated.hardware.board import (
    Battery,
    Board,
    Display,
    Finger,
    FirmwareProtocol,
    Nic,
    Panel,
    Rtc,
    ServicePort,
    TouchedFirmware,
    Trust,
    Usb,
)
from posrig.simulated.hardware.kind import Kind
from posrig.simulated.loop.scheduler import Scheduler, Timer

START_MA = 380.0
"""Drawn from power-on until the firmware says otherwise."""
SCAN_START_S = 0.001
"""After a start the keypad is scanned from here on. Without it a key held down that restarts would stop time."""
TIMERS_KEPT = 256
CHIP_START = datetime(2000, 1, 1, tzinfo=UTC)


class ClockChip:
    """Fulfils :class:`posrig.simulated.hardware.board.Rtc`: runs on while the power is off, unless its battery is
    dead."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._ahead = timedelta()
        self._counts_from = scheduler.now
        self.battery_dead = False

    def read(self) -> datetime:
        return datetime.fromtimestamp(self._scheduler.now, UTC) + self._ahead

    def set(self, when: datetime) -> None:
        self._ahead = when - datetime.fromtimestamp(self._scheduler.now, UTC)

    def counter(self) -> float:
        return self._scheduler.now - self._counts_from

    def power_on(self) -> None:
        if self.battery_dead:
            self.set(CHIP_START)
            self._counts_from = self._scheduler.now


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is plugged into a board and lives longer than its power."""

    scheduler: Scheduler
    screen: Panel
    service: ServicePort
    nic: Nic
    usb: Usb
    finger: Finger
    power_down: Callable[[], None]
    """Network, stick and finger forget the firmware that they called."""
    load_changed: Callable[[], None]
    """May be called from inside the firmware: must not cut its power before it has returned."""


class TerminalBoard:
    """One terminal. ``power`` and ``contact`` are for the wiring; the rest is the firmware's."""

    display: Display
    service: ServicePort

    def __init__(
        self,
        around: Surroundings,
        *,
        kind: Kind,
        serial_number: str,
        flash: Path,
        trust: Trust,
        make_firmware: Callable[[Board], FirmwareProtocol],
        seed: int,
    ) -> None:
        self._around = around
        self.kind, self.model = kind, kind.model
        self._make_firmware = make_firmware
        self._random = random.Random(f"{seed}:board")
        self._firmware: FirmwareProtocol | None = None
        self._timers: list[Timer] = []
        self._contacts: dict[str, bool] = {}
        self._powered_at = 0.0
        self._scanning = False
        self.demand_ma = 0.0
        self.serial_number = serial_number
        self.flash = flash
        self.trust = trust
        self.display = around.screen
        self.service = around.service
        self.clock_chip = ClockChip(around.scheduler)
        self.rtc: Rtc = self.clock_chip
        self.nic = around.nic
        self.usb = around.usb
        self.finger = around.finger
        self.battery = Battery()
        self.hardware_faults: Mapping[str, str] = {}
        self.tampered = False
        self.on_tamper: Callable[[], None] = _nobody

    # the firmware's side

    @property
    def now(self) -> float:
        return self._around.scheduler.now - self._powered_at

    def after(self, delay_s: float, call: Callable[[], None]) -> Timer:
        timer = self._around.scheduler.after(delay_s, call)
        self._timers.append(timer)
        if len(self._timers) > TIMERS_KEPT:
            self._timers = [kept for kept in self._timers if kept.pending]
        return timer

    def beep(self, kind: str, count: int = 1) -> None:
        self.service.emit("beep", kind=kind, n=count)

    def load(self, milliamps: float) -> None:
        self.demand_ma = milliamps
        self._around.load_changed()

    def restart(self) -> None:
        # By a timer: the firmware that asks is still running, and would go on as a ghost beside the new one.
        self.after(0.0, self._restart)

    def rng(self) -> int:
        return self._random.getrandbits(32)

    # the wiring's side

    @property
    def powered(self) -> bool:
        return self._firmware is not None

    @property
    def firmware(self) -> FirmwareProtocol | None:
        return self._firmware

    def power(self, on: bool) -> None:
        if on == self.powered:
            return
        if on:
            self.clock_chip.power_on()
            self._around.service.emit("power", state="on")
            self.demand_ma = START_MA
            self._start()
            self._around.load_changed()
        else:
            self._stop()
            self._around.screen.dark()
            self.demand_ma = 0.0
            self._around.service.emit("power", state="off")
            self._around.load_changed()

    def contact(self, key: str, closed: bool) -> None:
        """A contact moved. One of a pad is a finger on the glass."""
        self._contacts[key] = closed
        self._pass_on(key, closed)

    def touch(self, x: int, y: int, seconds: float) -> None:
        """A finger (a person's or a machine's) on the glass for so long, at a point in dots."""
        self._touched(x, y, True)
        self._around.scheduler.after(seconds, lambda: self._touched(x, y, False))

    def _pass_on(self, key: str, closed: bool) -> None:
        if key in self.kind.pads:
            self._touched(*self.kind.pads[key], closed)
        elif self._firmware is not None and self._scanning:
            self._firmware.contact(key, closed)

    def _touched(self, x: int, y: int, down: bool) -> None:
        if self._firmware is not None and self._scanning:
            cast("TouchedFirmware", self._firmware).touch(x, y, down)

    def tamper(self) -> None:
        """Open the case: the sensor's own cell remembers it, power or not."""
        self.tampered = True
        if self._firmware is not None:
            self.on_tamper()

    def _start(self) -> None:
        self._powered_at = self._around.scheduler.now
        self._firmware = self._make_firmware(self)
        self.after(SCAN_START_S, self._scan)
        self._firmware.power_on()

    def _scan(self) -> None:
        self._scanning = True
        for key, closed in self._contacts.items():
            if closed:
                self._pass_on(key, True)

    def _stop(self) -> None:
        self._scanning = False
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self._around.power_down()
        self.on_tamper = _nobody
        firmware, self._firmware = self._firmware, None
        if firmware is not None:
            firmware.discard()

    def _restart(self) -> None:
        self._stop()
        self._start()


def _nobody() -> None:
    return
