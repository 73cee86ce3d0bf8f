"""Switch units whose relays close key contacts: the contract and the driver (34980A, DAQ970A with actuator cards).

``ROUT:CLOS?`` is the unit's own book-keeping: it proves the command, not the contact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, cast

from posrig.description.rig_file import Instrument
from posrig.ground.faults import ConfigurationError, RigFault
from posrig.instruments.dialects import SwitchDialect, dialect
from posrig.instruments.visa import Identity, Prepared, VisaSession


class SwitchUnit(Protocol):
    """Relays by channel number."""

    @property
    def identity(self) -> Identity | None:
        """None before :meth:`connect`."""

    @property
    def generation(self) -> int:
        """Rises when the session was opened anew: what was known about the relays is void. Raises as a command does."""

    def connect(self) -> Identity: ...

    def close_channels(self, channels: Sequence[int]) -> None:
        """Close all of them with one message. Raises RigFault or TransportError."""

    def open_channels(self, channels: Sequence[int]) -> None: ...

    def closed(self, channels: Sequence[int]) -> frozenset[int]:
        """Which of these are closed, by the unit's own account."""

    def cycles(self, channels: Sequence[int]) -> dict[int, int]:
        """How often each relay has closed in its life."""

    def close(self) -> None: ...


class ScpiSwitch:
    """``ROUT:CLOS (@1001)`` and its family. Only the channels named in ``wired`` may ever be used."""

    def __init__(self, instrument: Instrument, wired: Iterable[int]) -> None:
        self._dialect = cast(SwitchDialect, dialect(instrument.dialect, "switch"))
        self.wired = tuple(sorted(wired))
        wrong = [channel for channel in self.wired if not self._dialect.valid(channel)]
        if wrong:
            raise ConfigurationError(
                f"{', '.join(map(str, wrong))}: not a channel of a {self._dialect.name}",
                where="rig file, field keypad.channels, network.channel or usb.channel",
                allowed="slot and two or three digits: "
                + ("1001 to 8099" if self._dialect.channel_digits == 4 else "101 to 399"),
            )
        self.session = VisaSession(
            "switch",
            instrument.resource,
            self._dialect,
            serial_number=instrument.serial_number,
            backend=instrument.backend,
            timeout_s=instrument.timeout_s,
        )
        self.closings: Counter[int] = Counter()
        """How often each channel was told to close, to hold against the unit's own count
        (posrig/rig/wire_evidence.py)."""
        self.before_move: Callable[[Sequence[int]], None] = lambda _channels: None
        """Called before relays are closed or opened."""
        self._ready: dict[tuple[str, tuple[int, ...]], Prepared] = {}

    @property
    def identity(self) -> Identity | None:
        return self.session.identity

    @property
    def generation(self) -> int:
        self.session.ensure()  # closed while it was idle: what is asked now must not be known from before
        return self.session.generation

    def connect(self) -> Identity:
        return self.session.open()

    def close_channels(self, channels: Sequence[int]) -> None:
        self.before_move(channels)
        self.closings.update(channels)
        self.session.run(self._prepared("ROUT:CLOS", tuple(channels)))

    def open_channels(self, channels: Sequence[int]) -> None:
        self.before_move(channels)
        self.session.run(self._prepared("ROUT:OPEN", tuple(channels)))

    def closed(self, channels: Sequence[int]) -> frozenset[int]:
        states = self._numbers("ROUT:CLOS?", channels)
        return frozenset(channel for channel, state in zip(channels, states, strict=True) if state)

    def cycles(self, channels: Sequence[int]) -> dict[int, int]:
        return dict(zip(channels, map(int, self._numbers("DIAG:REL:CYCL?", channels)), strict=True))

    def close(self) -> None:
        self.session.close()

    def _prepared(self, header: str, channels: tuple[int, ...]) -> Prepared:
        ready = self._ready.get((header, channels))
        if ready is None:
            unknown = [channel for channel in channels if channel not in self.wired]
            if unknown or not channels:
                raise ConfigurationError(
                    f"channel {', '.join(map(str, unknown)) or 'list empty'}: not wired in the rig file",
                    allowed=", ".join(map(str, self.wired)),
                )
            ready = self.session.prepare(f"{header} {channel_list(channels)}")
            self._ready[(header, channels)] = ready
        return ready

    def _numbers(self, header: str, channels: Sequence[int]) -> list[float]:
        found = self.session.query_floats(f"{header} {channel_list(channels)}")
        if len(found) != len(channels):
            raise RigFault(
                f"switch answered {len(found)} values to {header} for {len(channels)} channels",
                instrument="switch",
                where=self.session.resource,
            )
        return found


def channel_list(channels: Iterable[int]) -> str:
    """A SCPI channel list; neighbours as a range, in the given order.

    >>> channel_list([1001, 1002, 1003, 1011, 2001])
    '(@1001:1003,1011,2001)'
    """
    runs: list[list[int]] = []
    for channel in channels:
        if runs and runs[-1][-1] + 1 == channel:
            runs[-1].append(channel)
        else:
            runs.append([channel])
    return "(@" + ",".join(str(r[0]) if len(r) == 1 else f"{r[0]}:{r[-1]}" for r in runs) + ")"
