"""The options of the simulated rig's process: read from JSON, checked before anything listens."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from posrig.simulated.hardware.kind import Kind
from posrig.simulated.hardware.wiring import Wiring
from posrig.simulated.instruments.switch import CHANNELS
from posrig.simulated.terminals import catalogue
from posrig.simulated.wires.faults import WireFault, WrongFaultError, missing_wire, wires_of

PORTS = ("supply", "switch", "meter", "screen", "service", "camera", "clock", "bench")


class OptionsError(Exception):
    """An option that cannot be used: what was found, where, what is allowed."""

    def __init__(self, found: str, *, where: str = "", allowed: str = "") -> None:
        rows = [found]
        if where:
            rows.append(f"  where:   {where}")
        if allowed:
            rows.append(f"  allowed: {allowed}")
        super().__init__("\n".join(rows))


@dataclass(frozen=True, slots=True)
class Options:
    terminal: str = catalogue.USUAL
    seed: int = 1
    real_time: bool = False
    ports: Mapping[str, int] = field(default_factory=dict)
    defects: tuple[str, ...] = ()
    defects_from: tuple[Path, ...] = ()
    wiring: Wiring = field(default_factory=lambda: usual_wiring(catalogue.USUAL))
    battery: bool = False
    directory: Path | None = None
    ttys: bool = True
    faults: tuple[WireFault, ...] = ()


def usual_wiring(terminal: str) -> Wiring:
    """The keys of that model in the order of the channels. Raises KeyError."""
    return Wiring(keys=catalogue.kind_of(terminal).usual_channels())


def read(text: str, where: str) -> Options:
    """Options from JSON text. Raises OptionsError that names the option and what is allowed."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise OptionsError(
            f"not JSON: {error.msg}", where=f"{where}, line {error.lineno}", allowed="one JSON object"
        ) from None
    if not isinstance(data, dict):
        raise OptionsError(f"{type(data).__name__} instead of an object", where=where, allowed="one JSON object")
    return _Reader(data, where).options()


class _Reader:
    def __init__(self, data: dict[str, Any], where: str) -> None:
        self._data, self._where = data, where

    def options(self) -> Options:
        allowed = tuple(Options.__dataclass_fields__)
        for name in self._data:
            if name not in allowed:
                raise self._wrong(name, "unknown option", ", ".join(allowed))
        directory = self._typed("directory", str, None)
        self._kind = self._chosen()
        return Options(
            terminal=self._kind.name,
            seed=self._typed("seed", int, 1),
            real_time=self._typed("real_time", bool, False),
            ports=self._ports(),
            defects=self._names("defects"),
            defects_from=tuple(map(Path, self._names("defects_from"))),
            wiring=self._wiring(),
            battery=self._typed("battery", bool, False),
            directory=Path(directory) if directory else None,
            ttys=self._typed("ttys", bool, True),
            faults=self._faults(),
        )

    def _chosen(self) -> Kind:
        name = self._typed("terminal", str, catalogue.USUAL)
        if name not in catalogue.names():
            raise self._wrong("terminal", f"no model {name!r}", ", ".join(catalogue.names()))
        return catalogue.kind_of(name)

    def _faults(self) -> tuple[WireFault, ...]:
        seed, found = self._typed("seed", int, 1), []
        for number, data in enumerate(self._typed("faults", list, [])):
            if not isinstance(data, dict):
                raise self._wrong(f"faults[{number}]", "no object", '{"wire": "screen", "fault": "drop"}')
            try:
                found.append(WireFault.checked(data, seed))
            except WrongFaultError as error:
                raise self._wrong(f"faults[{number}]", str(error), error.allowed) from None
            if missing := missing_wire(found[-1], self._kind):
                raise self._wrong(f"faults[{number}]", missing, ", ".join(wires_of(self._kind)))
        return tuple(found)

    def _wrong(self, name: str, found: str, allowed: str) -> OptionsError:
        return OptionsError(f"option {name!r}: {found}", where=self._where, allowed=allowed)

    def _typed(self, name: str, kind: type, default: Any) -> Any:
        value = self._data.get(name)
        if value is None:
            return default
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self._wrong(name, f"{json.dumps(value)} is no {kind.__name__}", kind.__name__)
        return value

    def _names(self, name: str) -> tuple[str, ...]:
        values = self._typed(name, list, [])
        if not all(isinstance(value, str) for value in values):
            raise self._wrong(name, "not all are strings", "a list of strings")
        return tuple(values)

    def _ports(self) -> dict[str, int]:
        ports = self._typed("ports", dict, {})
        for name, port in ports.items():
            allowed = [one for one in PORTS if one != "service" or self._kind.service_port]
            if name not in allowed:
                raise self._wrong("ports", f"unknown port {name!r}", ", ".join(allowed))
            if not isinstance(port, int) or isinstance(port, bool) or not 0 <= port <= 65535:
                raise self._wrong(f"ports.{name}", f"{json.dumps(port)} is no port", "0 (any free one) to 65535")
        return dict(ports)

    def _wiring(self) -> Wiring:
        given = self._typed("wiring", dict, {})
        allowed = tuple(Wiring.__dataclass_fields__)
        if unknown := [name for name in given if name not in allowed]:
            raise self._wrong(f"wiring.{unknown[0]}", "unknown", ", ".join(allowed))
        try:
            wiring = Wiring(**{"keys": self._kind.usual_channels(), **given})
            keys = dict(wiring.keys)
        except (TypeError, ValueError):
            raise self._wrong("wiring.keys", "not an object", "key -> channel") from None
        lines = self._kind.keys
        if bad := [key for key in keys if key not in lines]:
            raise self._wrong(f"wiring.keys.{bad[0]}", "no key of the terminal", " ".join(lines))
        if missing := [key for key in lines if key not in keys]:
            raise self._wrong(
                "wiring.keys", f"{missing[0]} has no channel", f"a channel for each of the {len(lines)} keys"
            )
        if wiring.supply_output not in (1, 2, 3):
            raise self._wrong("wiring.supply_output", f"{wiring.supply_output!r} is no output", "1, 2, 3")
        self._check_channels(wiring)
        return wiring

    def _check_channels(self, wiring: Wiring) -> None:
        uses = {f"keys.{key}": channel for key, channel in wiring.keys.items()}
        uses |= {name: getattr(wiring, name) for name in ("ethernet_cut", "usb_plug", "battery_cut")}
        taken: dict[int, str] = {}
        for use, channel in uses.items():
            if channel not in CHANNELS:
                raise self._wrong(f"wiring.{use}", f"no channel {channel!r}", "1001 to 1020, 2001 to 2020")
            if channel in taken:
                raise self._wrong(f"wiring.{use}", f"channel {channel} is also {taken[channel]}", "one use per channel")
            taken[channel] = use
