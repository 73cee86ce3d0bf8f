"""The terminal's supply: on, off with the least off-time kept, current. Volts, amperes, seconds on the rig's clock."""

from __future__ import annotations

from collections.abc import Callable

from posrig.ground.clock import Clock
from posrig.ground.faults import RigFault
from posrig.instruments.supply import PowerSupply
from posrig.terminal.timeline import Note

SETTLES_WITHIN_S = 1.0
TOLERANCE_V = 0.1


class SupplyPower:
    """Fulfils :class:`posrig.terminal.contracts.Power`. ``went_dark`` is called after each "off".

    ``before_cycle`` is asked before each power-on and may refuse it (a budget, the ledger) by raising SafetyAbort.
    """

    def __init__(
        self,
        supply: PowerSupply,
        clock: Clock,
        note: Note,
        *,
        voltage_v: float,
        off_s: float,
        went_dark: Callable[[], None] = lambda: None,
        before_cycle: Callable[[], None] | None = None,
    ) -> None:
        self._supply, self._clock, self._note = supply, clock, note
        self._voltage_v, self._off_s = voltage_v, off_s
        self._went_dark = went_dark
        self.before_cycle = before_cycle
        self._cycles = 0
        self._on = supply.is_on()
        self._off_since = clock.last_now() - off_s

    @property
    def cycles(self) -> int:
        return self._cycles

    @property
    def is_on(self) -> bool:
        return self._on

    def on(self) -> None:
        """Supply on at the rig file's voltage, after the least off-time. Raises RigFault when it does not settle."""
        if self._on:
            return
        if self.before_cycle is not None:
            self.before_cycle()
        self._clock.sleep(self._off_since + self._off_s - self._clock.now())
        self._on = True  # before the command: after an interrupt the output may be on
        self._supply.on()
        self._cycles += 1
        self._note(self._clock.last_now(), "power", f"on, {self._voltage_v:g} V")
        self._settle()

    def off(self) -> None:
        self._supply.off()
        self._on = False
        self._off_since = self._clock.now()
        self._note(self._off_since, "power", "off")
        self._went_dark()

    def cut(self) -> None:
        """A power cut: the same as :meth:`off`, at this very instant."""
        self.off()

    def exchanged(self) -> None:
        """Another terminal stands on the rig, perhaps on another day: it was without power long enough."""
        self._off_since = self._clock.now() - self._off_s

    def current_a(self) -> float:
        return self._supply.current_a()

    def voltage_v(self) -> float:
        return self._supply.voltage_v()

    def _settle(self) -> None:
        """``*OPC?`` says that the command is done, not that the output is there: measure until it is."""
        deadline = self._clock.deadline(SETTLES_WITHIN_S)
        while True:
            found = self._supply.voltage_v()
            if abs(found - self._voltage_v) <= TOLERANCE_V:
                return
            if deadline.expired:
                break
            self._clock.sleep(0.02)
        tripped = self._supply.trip()
        raise RigFault(
            f"the supply gives {found:.2f} V instead of {self._voltage_v:g} V"
            + (
                f": its {tripped} protection tripped" if tripped else ", it is in current limit or its output is loaded"
            ),
            instrument="supply",
            todo="check the cable to the terminal for a short circuit, then the current limit in the rig file",
        )
