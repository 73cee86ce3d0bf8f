"""The terminal's service port for use cases: a mark now, the lines since then later."""

from __future__ import annotations

from posrig.ground.clock import Clock
from posrig.ground.faults import ConfigurationError, RigFault
from posrig.terminal.contracts import ServiceLine
from posrig.terminal.streams import Streams


class ServiceLines:
    """Fulfils :class:`posrig.terminal.contracts.ServicePort`."""

    def __init__(self, streams: Streams, clock: Clock) -> None:
        if streams.service is None:
            raise ConfigurationError("there is no service stream", where="rig file, field streams.service")
        self._streams, self._service, self._clock = streams, streams.service, clock

    def mark(self) -> int:
        self._clock.sync(self._streams)
        return self._service.lines[-1].seq if self._service.lines else 0

    def since(self, mark: int, event: str | None = None) -> tuple[ServiceLine, ...]:
        """The lines after ``mark``; only those of one event if named. Raises TransportError when the port was lost."""
        self._clock.sync(self._streams)
        self._streams.check()
        if self._service.gap_since(mark):
            raise RigFault(
                "lines of the service port were lost on the way",
                instrument="service port",
                todo="check the service port's cable, its speed and its serial server",
            )
        return self._service.after(mark, event)


class NoServiceLines:
    """A rig whose file names no service stream."""

    def mark(self) -> int:
        return 0

    def since(self, mark: int, event: str | None = None) -> tuple[ServiceLine, ...]:
        raise ConfigurationError(
            "this rig does not read the terminal's service port",
            where="rig file, field streams.service",
            allowed="tcp://host:port or serial:/dev/ttyUSB0?baud=115200",
        )
