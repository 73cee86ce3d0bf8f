"""Dialects: what differs between instruments that do the same, as data.

Sources: Keysight E36300 series Programming Guide; 34980A and DAQ970A Programmer's Reference; 34460A/61A Operating and
Service Guide. A dialect is chosen by name in the rig file.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field

from posrig.ground.faults import ConfigurationError


@dataclass(frozen=True, slots=True)
class Dialect:
    """What every instrument has.

    ``join`` stands between the commands of one transaction. The default is a newline: two messages in one segment, so
    that the closing ``*ESR?`` gets its answer even after a command that the parser refused (after an unknown header
    some parsers drop the rest of the message).
    """

    name: str
    kind: str
    identity: str
    """Regular expression of the whole ``*IDN?`` answer."""
    join: str = "\n"


@dataclass(frozen=True, slots=True)
class SupplyDialect(Dialect):
    """A supply whose commands take a channel list. Volts and amperes; ``limits`` per output: (V, A)."""

    limits: Mapping[int, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SwitchDialect(Dialect):
    """How channels are written: slot and number, ``sccc`` or ``scc``."""

    channel_digits: int = 4

    def valid(self, channel: int) -> bool:
        return len(str(channel)) == self.channel_digits and channel % 10 ** (self.channel_digits - 1) > 0


@dataclass(frozen=True, slots=True)
class MeterDialect(Dialect):
    """``overload``: readings beyond this mean that the range was exceeded, not a value."""

    overload: float = 9.0e36


DIALECTS: Mapping[str, Dialect] = {
    dialect.name: dialect
    for dialect in (
        SupplyDialect(
            "keysight-e36300",
            "supply",
            r"(Keysight|Agilent) Technologies,E36312A,{serial},.+",
            limits={1: (6.18, 5.15), 2: (25.75, 1.03), 3: (25.75, 1.03)},
        ),
        SupplyDialect(
            "keysight-e36313a",
            "supply",
            r"(Keysight|Agilent) Technologies,E36313A,{serial},.+",
            limits={1: (6.18, 10.3), 2: (25.75, 2.06), 3: (25.75, 2.06)},
        ),
        SwitchDialect("keysight-34980a", "switch", r"(Keysight|Agilent) Technologies,34980A,{serial},.+"),
        SwitchDialect("keysight-daq970a", "switch", r"Keysight Technologies,DAQ97[03]A,{serial},.+", channel_digits=3),
        MeterDialect("keysight-34461a", "meter", r"(Keysight|Agilent) Technologies,344(60|61|65|70)A,{serial},.+"),
    )
}


def dialect(name: str, kind: str) -> Dialect:
    """The dialect of that name for a supply, switch or meter. Raises ConfigurationError with the names there are."""
    known = sorted(d.name for d in DIALECTS.values() if d.kind == kind)
    found = DIALECTS.get(name)
    if found is None or found.kind != kind:
        near = difflib.get_close_matches(name, known, 1, 0.5)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ConfigurationError(
            f"there is no dialect {name!r} for a {kind}{hint}",
            where=f"rig file, field instruments.{kind}.dialect",
            allowed=", ".join(known),
        )
    return found
