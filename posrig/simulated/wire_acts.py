"""Bench acts on the rig's wires: put a fault on one, mend it, read what its port has counted (docs/faults.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Protocol

from posrig.simulated.bench_acts import Act, Arguments, BenchError
from posrig.simulated.wires.faults import WIRES, WireFault, WireFaults, WrongFaultError
from posrig.simulated.wires.streams import Stream
from posrig.simulated.world.probe import probe
from posrig.simulated.world.world import World


class FaultyRig(Protocol):
    """A rig whose wires can be made to fail, as :class:`posrig.simulated.process.SimulatedRig` is one."""

    @property
    def seed(self) -> int: ...
    @property
    def faults(self) -> WireFaults: ...
    @property
    def world(self) -> World: ...
    @property
    def streams(self) -> Mapping[str, Stream]: ...
    def set_fault(self, fault: WireFault) -> None: ...
    def mend(self, wire: str | None = None, *, all_of_them: bool = False) -> None: ...


def acts(rig: FaultyRig) -> dict[str, Act]:
    return {
        "wire.fault": lambda args: _fault(rig, args),
        "wire.mend": lambda args: _mend(rig, Arguments(args)),
        "wire.faults": lambda args: _faults(rig, Arguments(args)),
        "wire.counts": lambda args: _counts(rig, Arguments(args)),
        "wire.probe": lambda args: _probe(rig, Arguments(args)),
        "streams.sent": lambda args: _sent(rig, Arguments(args)),
    }


def _fault(rig: FaultyRig, args: dict[str, Any]) -> None:
    try:
        fault = WireFault.checked(args, rig.seed)
    except WrongFaultError as error:
        raise BenchError(str(error), allowed=error.allowed) from None
    rig.set_fault(fault)


def _mend(rig: FaultyRig, args: Arguments) -> None:
    """Without a wire: all faults that acts have put in; with ``all`` those of the options too."""
    wire = args.choice("wire", WIRES) if args.optional("wire", str) is not None else None
    all_of_them = args.optional("all", bool, False)
    args.done()
    try:
        rig.mend(wire, all_of_them=all_of_them)
    except OSError as error:
        raise BenchError(f"its port is taken: {error.strerror}", todo="end the program that listens there") from None


def _faults(rig: FaultyRig, args: Arguments) -> list[dict[str, Any]]:
    args.done()
    return rig.faults.as_list()


def _counts(rig: FaultyRig, args: Arguments) -> dict[str, dict[str, Any]]:
    """What the terminal's network port has seen: lines opened, broken, gone silent, and how late the slowest was."""
    args.done()
    return {name: asdict(wire.counts) for name, wire in rig.world.wires.items()}


def _probe(rig: FaultyRig, args: Arguments) -> dict[str, Any]:
    """A tester in the terminal's place, on the same wire: what it found."""
    name = args.choice("wire", rig.world.wires)
    args.done()
    return asdict(probe(rig.world, name))


def _sent(rig: FaultyRig, args: Arguments) -> dict[str, Any]:
    """What has left the terminal's connectors since the process began, before any wire could lose or change it."""
    args.done()
    return {name: asdict(stream.sent) for name, stream in rig.streams.items()}
