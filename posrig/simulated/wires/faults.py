"""Faults of wires: what may go wrong, when, how often, and whom it has hit. No sockets here (docs/faults.md).

Every chance comes from the fault's own seed, so that a run repeats: the same bytes of the same messages are struck.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from posrig.simulated.hardware.kind import Kind

WIRES = ("supply", "switch", "meter", "screen", "service", "camera", "host", "update")
KINDS = ("drop", "delay", "corrupt", "half-open", "vanish", "trickle", "garbage")
PTY = " pty"
WITH_PTY = ("screen", "service")
"""These wires lead to a pty too. What strikes it has a chance of its own, or reading one would change the other."""
MOMENTS = ("open", "command", "answer", "close")
RATE = 0.005
"""Share of bytes that drop, corrupt and garbage strike when nothing else is said: 1 in 200."""
SECONDS: Mapping[str, float] = {"delay": 5.0, "trickle": 0.01, "half-open": 0.0, "vanish": 0.0}
"""Delay: how late; trickle: from byte to byte; half-open and vanish: how long, 0 until it is mended."""
LONGEST_S = 600.0
_NOISE = 8


class WrongFaultError(ValueError):
    """A fault that does not exist: ``field``, what was found, what is allowed."""

    def __init__(self, field: str, found: object, allowed: str) -> None:
        self.field, self.found, self.allowed = field, found, allowed
        super().__init__(f"{field} is {found!r}")


@dataclass(frozen=True, slots=True)
class WireFault:
    """One fault of one wire. ``rate`` is a share of bytes (0 to 1), ``seconds`` as in :data:`SECONDS`."""

    wire: str
    fault: str
    moment: str = "answer"
    rate: float = RATE
    seconds: float = 0.0
    seed: int = 1

    @classmethod
    def checked(cls, data: Mapping[str, Any], seed: int) -> WireFault:
        """From plain data; what is left out has its usual value. Raises WrongFaultError."""
        fields = tuple(cls.__dataclass_fields__)
        for name in data:
            if name not in fields:
                raise WrongFaultError(str(name), data[name], f"the fields {', '.join(fields)}")
        wire = _one_of("wire", data.get("wire"), WIRES)
        fault = _one_of("fault", data.get("fault"), KINDS)
        moment = _one_of("moment", data.get("moment") or "answer", MOMENTS)
        rate = _number("rate", data.get("rate"), RATE, 1.0)
        seconds = _number("seconds", data.get("seconds"), SECONDS.get(fault, 0.0), LONGEST_S)
        own = data.get("seed")
        if own is not None and (not isinstance(own, int) or isinstance(own, bool)):
            raise WrongFaultError("seed", own, "a whole number")
        return cls(wire, fault, moment, rate, seconds, seed if own is None else own)


def _one_of(field: str, value: object, allowed: Iterable[str]) -> str:
    names = tuple(allowed)
    if not isinstance(value, str) or value not in names:
        raise WrongFaultError(field, value, ", ".join(names))
    return value


def _number(field: str, value: object, default: float, largest: float) -> float:
    if value is None:
        return default
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= largest:
        raise WrongFaultError(field, value, f"0 to {largest:g}")
    return float(value)


class Striking:
    """A fault at work: its chance, how many messages it has struck."""

    def __init__(self, fault: WireFault) -> None:
        self.fault = fault
        self.struck = 0
        self._chance = random.Random(f"{fault.seed}:{fault.wire}:{fault.fault}:{fault.moment}")

    def hits(self, length: int) -> bool:
        """Is a message of so many bytes struck at all? For lines that lose a message and no byte (TLS over TCP)."""
        return any(self._chance.random() < self.fault.rate for _ in range(length))

    def changed(self, data: bytes) -> bytes:
        """The piece as it comes out of the wire: bytes lost, changed or put in, each with the fault's rate."""
        change = getattr(self, f"_{self.fault.fault}", None)
        if change is None:
            return data
        after = b"".join(change(byte) if self._chance.random() < self.fault.rate else bytes((byte,)) for byte in data)
        self.struck += after != data
        return after

    def _drop(self, byte: int) -> bytes:
        return b""

    def _corrupt(self, byte: int) -> bytes:
        return bytes((byte ^ (1 << self._chance.randrange(8)),))

    def _garbage(self, byte: int) -> bytes:
        return bytes(self._chance.randrange(256) for _ in range(_NOISE)) + bytes((byte,))


def wires_of(kind: Kind) -> tuple[str, ...]:
    """Which of :data:`WIRES` a rig with a terminal of this kind has."""
    return tuple(wire for wire in WIRES if wire != "service" or kind.service_port)


def missing_wire(fault: WireFault, kind: Kind) -> str:
    """Why this fault can strike nothing on a terminal of this kind; empty when it can."""
    return "" if fault.wire in wires_of(kind) else f"terminal {kind.name} has no wire {fault.wire!r}"


class WireFaults:
    """All faults of a rig's wires that are at work now. ``standing`` ones come from the options and stay."""

    def __init__(self, standing: Iterable[WireFault] = ()) -> None:
        self._standing = tuple(standing)
        self._active: list[Striking] = []
        self._over: list[Striking] = []
        self.mend()

    def set(self, fault: WireFault) -> list[Striking]:
        """One more fault, on the wire and on its pty if it has one; in the place of the same one of that moment."""
        strikings = _strikings(fault)
        same = {(s.fault.wire, s.fault.fault, s.fault.moment) for s in strikings}
        self._active = [s for s in self._active if (s.fault.wire, s.fault.fault, s.fault.moment) not in same]
        self._active += strikings
        return strikings

    def mend(self, wire: str | None = None, *, all_of_them: bool = False) -> None:
        """Take away the faults of a wire, or of every one; without a wire the standing ones begin anew, unless
        ``all_of_them``."""
        if wire is not None:
            self._active = [striking for striking in self._active if striking.fault.wire.removesuffix(PTY) != wire]
            return
        self._active = [] if all_of_them else [s for fault in self._standing for s in _strikings(fault)]
        self._over.clear()

    def end(self, striking: Striking) -> None:
        """Its time is over."""
        if striking in self._active:
            self._active.remove(striking)
            self._over.append(striking)

    @property
    def at_work(self) -> bool:
        """Any fault of any wire: asked for every message, so it has to cost nothing on a sound rig."""
        return bool(self._active)

    def of(self, wire: str, *moments: str) -> list[Striking]:
        """What is at work on this wire at these moments."""
        return [s for s in self._active if s.fault.wire == wire and s.fault.moment in moments]

    def as_list(self) -> list[dict[str, Any]]:
        """Each fault once; ``struck_pty``: messages hit on the wire's pty, whether anybody reads it or not."""
        found = (*self._active, *self._over)
        on_ptys = {replace(s.fault, wire=s.fault.wire.removesuffix(PTY)): s.struck for s in found if _is_pty(s)}
        return [
            {name: getattr(s.fault, name) for name in WireFault.__dataclass_fields__}
            | {"struck": s.struck}
            | ({"struck_pty": on_ptys[s.fault]} if s.fault in on_ptys else {})
            for s in found
            if not _is_pty(s)
        ]


def _strikings(fault: WireFault) -> list[Striking]:
    twins = [replace(fault, wire=fault.wire + PTY)] if fault.wire in WITH_PTY else []
    return [Striking(one) for one in (fault, *twins)]


def _is_pty(striking: Striking) -> bool:
    return striking.fault.wire.endswith(PTY)
