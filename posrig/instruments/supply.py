"""Programmable power supplies: the contract and the driver for supplies with channel lists (Keysight E36300 family).

Volts, amperes, seconds. Every set value is read back before the output may go on, every "off" is read back too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, cast

from posrig.description.rig_file import Instrument
from posrig.ground.faults import ConfigurationError, RigFault
from posrig.instruments.dialects import SupplyDialect, dialect
from posrig.instruments.visa import Identity, VisaSession


@dataclass(frozen=True, slots=True)
class OutputSettings:
    """What one output may do. ``max_voltage_v`` is the terminal's limit and the over-voltage protection's level."""

    channel: int
    voltage_v: float
    current_limit_a: float
    max_voltage_v: float
    max_current_a: float


class PowerSupply(Protocol):
    """One output that feeds a terminal."""

    @property
    def identity(self) -> Identity | None:
        """None before :meth:`connect`."""

    def connect(self) -> Identity:
        """Open and identify. Raises TransportError or RigFault."""

    def configure(self) -> None:
        """Set voltage, current limit, OVP and OCP, and read them back. Raises RigFault."""

    def on(self) -> None:
        """Configure if need be, then switch the output on; returns when the instrument says it is on."""

    def off(self) -> None:
        """Switch the output off and prove it by read-back. Raises RigFault or TransportError."""

    def is_on(self) -> bool: ...

    def voltage_v(self) -> float:
        """Measured at the output."""

    def current_a(self) -> float:
        """Measured at the output."""

    def trip(self) -> str:
        """The protection that tripped (``over-voltage``, ``over-current``), or an empty string."""

    def close(self) -> None: ...


class ScpiSupply:
    """A supply whose commands end in a channel list ``(@2)``."""

    def __init__(self, instrument: Instrument, settings: OutputSettings) -> None:
        self._dialect = cast(SupplyDialect, dialect(instrument.dialect, "supply"))
        self.settings = settings
        check_limits(settings, self._dialect)
        self.session = VisaSession(
            "supply",
            instrument.resource,
            self._dialect,
            serial_number=instrument.serial_number,
            backend=instrument.backend,
            timeout_s=instrument.timeout_s,
        )
        at = f"(@{settings.channel})"
        self._at = at
        self._on = self.session.prepare(f"OUTP 1,{at}")
        self._off = self.session.prepare(f"OUTP 0,{at}")
        self._configured_in = -1
        self.before_on: Callable[[], None] = lambda: None
        """Called before the output is switched on."""

    @property
    def identity(self) -> Identity | None:
        return self.session.identity

    def connect(self) -> Identity:
        return self.session.open()

    def configure(self) -> None:
        want, at = self.settings, self._at
        self.session.set(
            f"VOLT:PROT {want.max_voltage_v:g},{at}",  # the protection first: it guards the very next command
            f"VOLT {want.voltage_v:g},{at}",
            f"CURR {want.current_limit_a:g},{at}",
            f"CURR:PROT:STAT 1,{at}",
        )
        if wrong := self._otherwise():
            raise self._fault("the supply did not take its settings: " + "; ".join(wrong))
        self._configured_in = self.session.generation

    def changed_settings(self) -> list[str]:
        """Settings that somebody else has changed since they were set, in words; they are set anew before the output
        goes on again. Raises RigFault or TransportError."""
        wrong = self._otherwise() if self._configured_in >= 0 else []
        if wrong:
            self._configured_in = -1
        return wrong

    def _otherwise(self) -> list[str]:
        """Settings that are not as wanted, by read-back."""
        want, at = self.settings, self._at
        found = self.session.query_floats(f"VOLT:PROT? {at};:VOLT? {at};:CURR? {at};:CURR:PROT:STAT? {at}")
        wanted = [want.max_voltage_v, want.voltage_v, want.current_limit_a, 1.0]
        names = ("over-voltage protection (V)", "voltage (V)", "current limit (A)", "over-current protection")
        if len(found) != len(wanted):
            raise self._fault(f"read back {len(found)} values, not {len(wanted)}")
        return [
            f"{name}: set {right:g}, read back {value:g}"
            for name, right, value in zip(names, wanted, found, strict=True)
            if abs(right - value) > 0.002 + 0.002 * abs(right)
        ]

    def on(self) -> None:
        self.before_on()
        # a session that was opened anew may belong to a supply that was switched off and on meanwhile
        self.session.ensure()
        if self._configured_in != self.session.generation:
            self.configure()
        self.session.run(self._on)
        if not self.is_on():
            tripped = self.trip()
            raise self._fault(
                f"output {self.settings.channel} did not go on" + (f": {tripped} protection tripped" if tripped else "")
            )

    def off(self) -> None:
        self.session.run(self._off)
        if self.is_on():
            raise self._fault(f"output {self.settings.channel} is still on after it was switched off")

    def is_on(self) -> bool:
        answer = self.session.query(f"OUTP? {self._at}").strip().upper()
        if answer not in ("0", "1", "ON", "OFF"):
            raise self._fault(f"answered {answer[:40]!r} to OUTP?")
        return answer in ("1", "ON")

    def voltage_v(self) -> float:
        return self.session.query_floats(f"MEAS:VOLT? {self._at}")[0]

    def current_a(self) -> float:
        return self.session.query_floats(f"MEAS:CURR? {self._at}")[0]

    def trip(self) -> str:
        at = self._at
        found = self.session.query_floats(f"VOLT:PROT:TRIP? {at};:CURR:PROT:TRIP? {at}")
        names = ("over-voltage", "over-current")
        return " and ".join(name for name, value in zip(names, found, strict=False) if value)

    def clear_trip(self) -> None:
        """Forget a trip; the output stays off."""
        self.session.set(f"OUTP:PROT:CLE {self._at}")

    def close(self) -> None:
        self.session.close()

    def _fault(self, found: str) -> RigFault:
        return RigFault(
            found,
            instrument="supply",
            where=self.session.resource,
            todo="look at the supply's front panel; is its output shorted, or somebody else using it?",
        )


def check_limits(settings: OutputSettings, known: SupplyDialect) -> None:
    """Before any byte is sent: the terminal's limits first, then the instrument's. Raises ConfigurationError."""
    if settings.voltage_v > settings.max_voltage_v:
        raise ConfigurationError(
            f"{settings.voltage_v:g} V is above the terminal's limit of {settings.max_voltage_v:g} V",
            where="rig file, field power.voltage_v",
            allowed=f"0 to {settings.max_voltage_v:g} V",
        )
    if settings.current_limit_a > settings.max_current_a:
        raise ConfigurationError(
            f"{settings.current_limit_a:g} A is above the terminal's limit of {settings.max_current_a:g} A",
            where="rig file, field power.current_limit_a",
            allowed=f"up to {settings.max_current_a:g} A",
        )
    if settings.channel not in known.limits:
        raise ConfigurationError(
            f"{known.name} has no output {settings.channel}",
            where="rig file, field power.channel",
            allowed=", ".join(map(str, known.limits)),
        )
    volts, amperes = known.limits[settings.channel]
    if settings.voltage_v > volts or settings.current_limit_a > amperes:
        able = [
            str(n) for n, (v, a) in known.limits.items() if settings.voltage_v <= v and settings.current_limit_a <= a
        ]
        raise ConfigurationError(
            f"output {settings.channel} of {known.name} gives at most {volts:g} V and {amperes:g} A, "
            f"not {settings.voltage_v:g} V and {settings.current_limit_a:g} A",
            where="rig file, field power.channel",
            allowed=f"output {' or '.join(able)}" if able else "a stronger supply",
        )
