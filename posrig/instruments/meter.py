"""Multimeters: the contract and the driver (Keysight Truevolt, 34461A). Volts and amperes, direct current."""

from __future__ import annotations

from typing import Protocol, cast

from posrig.description.rig_file import Instrument
from posrig.ground.faults import RigFault
from posrig.instruments.dialects import MeterDialect, dialect
from posrig.instruments.visa import Identity, VisaSession


class Multimeter(Protocol):
    @property
    def identity(self) -> Identity | None:
        """None before :meth:`connect`."""

    def connect(self) -> Identity: ...

    def voltage_v(self) -> float:
        """Direct voltage across the terminal's supply line. Raises RigFault when the reading is an overload."""

    def current_a(self) -> float:
        """Direct current in the terminal's supply line."""

    def close(self) -> None: ...


class ScpiMeter:
    def __init__(self, instrument: Instrument) -> None:
        self._dialect = cast(MeterDialect, dialect(instrument.dialect, "meter"))
        self.session = VisaSession(
            "meter",
            instrument.resource,
            self._dialect,
            serial_number=instrument.serial_number,
            backend=instrument.backend,
            timeout_s=instrument.timeout_s,
        )

    @property
    def identity(self) -> Identity | None:
        return self.session.identity

    def connect(self) -> Identity:
        return self.session.open()

    def voltage_v(self) -> float:
        return self._measure("MEAS:VOLT:DC?", "V")

    def current_a(self) -> float:
        return self._measure("MEAS:CURR:DC?", "A")

    def close(self) -> None:
        self.session.close()

    def _measure(self, command: str, unit: str) -> float:
        value = self.session.query_floats(command)[0]
        # an overload reads 9.9E37: taken as a value it would pass every "at least" check
        if abs(value) > self._dialect.overload:
            raise RigFault(
                f"meter reads an overload ({unit})",
                instrument="meter",
                where=f"{self.session.resource}, {command}",
                todo="check the meter's range, its leads and its fuse",
            )
        return value
