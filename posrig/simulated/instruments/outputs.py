"""One output of the power supply as physics: set voltage, current limit, over-voltage and over-current protection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from posrig.simulated.loop.scheduler import Scheduler, Timer
from posrig.simulated.scpi.values import Limits

OCP_DELAY_S = 0.05
"""Current limiting may last this long before over-current protection trips (rides out the inrush)."""


class Mode(Enum):
    """What regulates the output. The value is its bits in the questionable summary register (bit 0 CC, bit 1 CV)."""

    OFF = 0
    CC = 1
    CV = 2


class Trip(Enum):
    """Which protection has switched the output off; bits 9 and 10 of the questionable summary register."""

    NONE = 0
    OVER_VOLTAGE = 512
    OVER_CURRENT = 1024


@dataclass(frozen=True, slots=True)
class Ratings:
    voltage: Limits
    current: Limits
    protection: Limits


def no_load(_: float) -> float:
    return 0.0


class Output:
    """Live state of one output. ``load``: voltage -> current (A) that is drawn; ``changed`` hears each change."""

    def __init__(self, ratings: Ratings, scheduler: Scheduler) -> None:
        self.ratings = ratings
        self._scheduler = scheduler
        self.load: Callable[[float], float] = no_load
        self.changed: Callable[[], None] = lambda: None
        self.on_mode: Callable[[], None] = lambda: None
        self._ocp_timer: Timer | None = None
        self._restore()

    def _restore(self) -> None:
        self.set_v = self.ratings.voltage.default
        self.limit_a = self.ratings.current.default
        self.ovp_v = self.ratings.protection.default
        self.ocp = False
        self.ocp_delay_s = OCP_DELAY_S
        self.on = False
        self.trip = Trip.NONE
        self.volts, self.amps, self.mode = 0.0, 0.0, Mode.OFF

    def reset(self) -> None:
        self._restore()
        self.settle()

    @property
    def bits(self) -> int:
        return self.mode.value | self.trip.value

    def clear_trip(self) -> None:
        """The protection is ready again; the output goes back to the state it was switched to."""
        self.trip = Trip.NONE
        self.settle()

    def settle(self) -> None:
        """Work out voltage, current and mode anew after a change of setting or load, and tell who lives on it."""
        self._regulate()
        if self.volts > self.ovp_v:
            self._trip(Trip.OVER_VOLTAGE)
        if self.mode is Mode.CC and self.ocp:
            self._watch_current()
        elif self._ocp_timer is not None:
            self._ocp_timer.cancel()
            self._ocp_timer = None
        self.on_mode()
        self.changed()

    def _regulate(self) -> None:
        if not self.on or self.trip is not Trip.NONE:
            self.volts, self.amps, self.mode = 0.0, 0.0, Mode.OFF
            return
        wanted = self.load(self.set_v)
        if wanted > self.limit_a:
            # The load is taken as a resistance: limiting the current pulls the voltage down in proportion.
            self.volts, self.amps, self.mode = self.set_v * self.limit_a / wanted, self.limit_a, Mode.CC
        else:
            self.volts, self.amps, self.mode = self.set_v, wanted, Mode.CV

    def _watch_current(self) -> None:
        if self._ocp_timer is None:
            self._ocp_timer = self._scheduler.after(self.ocp_delay_s, self._over_current)

    def _over_current(self) -> None:
        self._ocp_timer = None
        if self.mode is Mode.CC and self.ocp:
            self._trip(Trip.OVER_CURRENT)
            self.on_mode()
            self.changed()

    def _trip(self, trip: Trip) -> None:
        self.trip = trip
        self._regulate()
