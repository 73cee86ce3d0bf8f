"""The rig's wires: supply output to terminal, relay contacts to keys, cable, stick and battery."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from posrig.simulated.hardware.terminal_board import TerminalBoard
from posrig.simulated.instruments.outputs import Output
from posrig.simulated.instruments.relays import Relay
from posrig.simulated.loop.scheduler import Scheduler

BROWN_OUT_V = 4.5
"""Below it the terminal's own regulator gives up: a power cut."""
RECOVERY_S = 0.2
"""The regulator starts again no earlier than this after it gave up (else an overload would oscillate without end)."""

BREAK_BEFORE_S = 0.005
"""The key-line monitor counts a closing when the line was open for longer than this before: bounces are no closings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """Which channel and output is wired to what; ``keys``: key, key switch or pad -> channel."""

    supply_output: int = 2
    keys: Mapping[str, int]
    ethernet_cut: int = 2001
    usb_plug: int = 2002
    battery_cut: int = 2003


class Wires:
    """The wires of one rig. ``terminal`` is whichever board is plugged in now."""

    def __init__(
        self, wiring: Wiring, scheduler: Scheduler, output: Output, channels: tuple[int, ...], rng: random.Random
    ) -> None:
        self._scheduler, self._output = scheduler, output
        self._wiring = wiring
        self.terminal: TerminalBoard | None = None
        self.cable: Callable[[bool], None] = _unplugged
        self.plug_stick: Callable[[bool], None] = _unplugged
        self.battery_fitted = False
        self.mains_plugged = True
        self._off_since = float("-inf")
        self._waiting = False
        self._settling = False
        self.felt: Counter[str] = Counter()
        """What the key-line monitor has counted: closings of each key's line, on the terminal's side of the contact."""
        self._opened_at: dict[str, float] = {}
        key_at = {channel: key for key, channel in wiring.keys.items()}
        self.relays = {c: Relay(scheduler, rng, self._edge_of(c, key_at.get(c))) for c in channels}
        output.load = self._load_a
        output.changed = self.supply_changed

    @property
    def supplied(self) -> bool:
        """Does the supply's output carry enough for a terminal?"""
        return self._output.volts >= BROWN_OUT_V

    @property
    def keys(self) -> Mapping[str, int]:
        """Key -> the channel that is wired to it."""
        return self._wiring.keys

    def plug_in(self, terminal: TerminalBoard) -> None:
        """Another terminal is put into the rig; its keys meet the contacts as they are."""
        self.terminal = terminal
        self._off_since = float("-inf")
        for key, channel in self._wiring.keys.items():
            terminal.contact(key, self.relays[channel].closed)
        self.cable(not self.relays[self._wiring.ethernet_cut].closed)
        if self.relays[self._wiring.usb_plug].closed:
            self.plug_stick(True)
        self.supply_changed()

    def supply_changed(self) -> None:
        """Supply, battery or plug changed: does the terminal live?"""
        terminal = self.terminal
        if terminal is None:
            return
        mains = self.supplied and self.mains_plugged
        terminal.battery.mains = mains
        if terminal.powered:
            if not mains and not self._on_battery(terminal):
                self._off_since = self._scheduler.now
                terminal.power(False)
        elif mains:
            self._start(terminal)

    def load_changed(self) -> None:
        """Felt by the supply a moment later: an overload must not cut the power under a firmware that still runs."""
        if not self._settling:
            self._settling = True
            self._scheduler.after(0.0, self._settle)

    def _settle(self) -> None:
        self._settling = False
        self._output.settle()

    def _start(self, terminal: TerminalBoard) -> None:
        """The battery alone does not start a terminal; the mains do, once the regulator has recovered."""
        wait_s = self._off_since + RECOVERY_S - self._scheduler.now
        if wait_s <= 0:
            terminal.power(True)
        elif not self._waiting:
            self._waiting = True
            self._scheduler.after(wait_s, self._recovered)

    def _recovered(self) -> None:
        self._waiting = False
        self.supply_changed()

    def _on_battery(self, terminal: TerminalBoard) -> bool:
        connected = self.battery_fitted and not self.relays[self._wiring.battery_cut].closed
        return connected and terminal.battery.percent > 0

    def _load_a(self, volts: float) -> float:
        """The terminal draws from the supply only while it lives on it."""
        if self.terminal is None or not self.mains_plugged or not self.terminal.powered:
            return 0.0
        return self.terminal.demand_ma / 1000 if volts >= BROWN_OUT_V else 0.0

    def _edge_of(self, channel: int, key: str | None) -> Callable[[bool], None]:
        if key is not None:
            return lambda closed: self._key_line(key, closed)
        return {
            self._wiring.ethernet_cut: lambda closed: self.cable(not closed),
            self._wiring.usb_plug: lambda closed: self.plug_stick(closed),
            self._wiring.battery_cut: lambda _: self.supply_changed(),
        }.get(channel, _unplugged)

    def _key_line(self, key: str, closed: bool) -> None:
        now = self._scheduler.elapsed  # another terminal may come with its own time
        if not closed:
            self._opened_at[key] = now
        elif now - self._opened_at.get(key, float("-inf")) > BREAK_BEFORE_S:
            self.felt[key] += 1
        if self.terminal is not None:
            self.terminal.contact(key, closed)

    def mend_relays(self) -> None:
        """All contacts are as good as new."""
        for relay in self.relays.values():
            if relay.fault is not None:
                relay.set_fault(None)


def _unplugged(_: bool) -> None:
    return
