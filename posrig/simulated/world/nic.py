"""The terminal's network interface: real TLS sockets, but every byte leaves and arrives at its virtual instant.

An exchange is done over the socket within one event of the simulation, which waits for it; what comes back is held
until the answer is due. A cable pulled or a power cut before that loses the answer, while the host has the
transaction in its books: the case that reversals are for.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from posrig.simulated.loop.scheduler import Scheduler, Timer
from posrig.simulated.world import wire
from posrig.simulated.world.download import Download
from posrig.simulated.world.tls import PortWire, SilentLineError, TlsLine, WrongCertificateError, connect

ATTACH_S = 2.0
LATENCY_S = 0.15
"""Seconds that a message travels, each way."""

Answer = Callable[[dict[str, Any]], None]
Failure = Callable[[str], None]
Data = Callable[[bytes], None]


@dataclass(frozen=True)
class Network:
    """The other end of the cable. ``outbox`` holds unasked messages of the host, ``ring`` makes it send them."""

    host_port: int
    update_port: int
    host_pin: str
    update_pin: str
    outbox: list[dict[str, Any]]
    ring: Callable[[int], None]
    host_wire: PortWire = field(default_factory=lambda: PortWire("host"))
    update_wire: PortWire = field(default_factory=lambda: PortWire("update"))


class Exchange:
    """One request under way; exactly one of its two callbacks is called, or none after a power cut."""

    def __init__(self, message: dict[str, Any], on_answer: Answer, on_failure: Failure) -> None:
        self.message, self.on_answer, self.on_failure = message, on_answer, on_failure
        self.timers: list[Timer] = []

    def cancel(self) -> None:
        for timer in self.timers:
            timer.cancel()


class SimulatedNic:
    """Fulfils :class:`posrig.simulated.hardware.board.Nic`. ``cable``, ``power_down``: for the wiring; ``mail``: for
    the host.

    ``fetch`` gives the data in chunks; an empty chunk says that the answer is complete. It reads ``length`` bytes at
    most, whatever the server sends, and a new fetch ends the one before.
    """

    def __init__(self, scheduler: Scheduler, network: Network) -> None:
        self._scheduler, self._network = scheduler, network
        self._cable_in = True
        self._powered = False
        self._attaching: Timer | None = None
        self._line: TlsLine | None = None
        self._exchanges: list[Exchange] = []
        self._download: Download | None = None
        self._mail_timer: Timer | None = None
        self.attached = False
        self.on_link: Callable[[bool], None] = _ignore
        self.on_push: Callable[[dict[str, Any]], None] = _ignore

    # the wiring's side

    def cable(self, plugged: bool) -> None:
        """Plug or pull the Ethernet line."""
        if plugged == self._cable_in:
            return
        self._cable_in = plugged
        if plugged:
            self._attach()
        else:
            self._detach()

    def power_down(self) -> None:
        """Power cut or restart: everything under way is lost, and nothing calls the old firmware any more."""
        self._powered = False
        for exchange in self._exchanges:
            exchange.cancel()
        self._exchanges.clear()
        self._drop_line()
        self._stop_download()
        self._cancel_timers()
        self.attached = False
        self.on_link, self.on_push = _ignore, _ignore

    def mail(self) -> None:
        """The host has put something in its outbox: it arrives after the latency, or after the next attach."""
        if self.attached and self._mail_timer is None:
            self._mail_timer = self._scheduler.after(LATENCY_S, self._collect_mail)

    # the firmware's side

    def power_up(self) -> None:
        self._powered = True
        self._attach()

    def request(
        self, message: dict[str, Any], on_answer: Answer, on_failure: Failure, *, timeout_s: float = 20.0
    ) -> None:
        exchange = Exchange(message, on_answer, on_failure)
        self._exchanges.append(exchange)
        if not self.attached:
            self._later(exchange, 0.0, lambda: self._fail(exchange, "link"))
            return
        self._later(exchange, timeout_s, lambda: self._fail(exchange, "timeout"))
        self._later(exchange, LATENCY_S, lambda: self._send(exchange))

    def fetch(self, path: str, first_byte: int, length: int, on_data: Data, on_failure: Failure) -> None:
        self._stop_download()
        download = Download(self._scheduler, path, first_byte, length, on_data, on_failure)
        self._download = download
        if self.attached:
            download.start(self._network.update_port, self._network.update_pin, self._network.update_wire)
        else:
            download.fail_soon("link")

    # inside

    def _attach(self) -> None:
        if self._powered and self._cable_in and self._attaching is None and not self.attached:
            self._attaching = self._scheduler.after(ATTACH_S, self._attached)

    def _attached(self) -> None:
        self._attaching = None
        self.attached = True
        self.on_link(True)
        if self._network.outbox:
            self.mail()

    def _detach(self) -> None:
        was = self.attached
        self.attached = False
        self._cancel_timers()
        self._drop_line()
        download, self._download = self._download, None
        for exchange in list(self._exchanges):
            self._fail(exchange, "link")
        if download is not None:
            download.fail("link")
        if was:
            self.on_link(False)

    def _cancel_timers(self) -> None:
        for timer in (self._attaching, self._mail_timer):
            if timer is not None:
                timer.cancel()
        self._attaching = self._mail_timer = None

    def _send(self, exchange: Exchange) -> None:
        try:
            body = self._exchange(wire.encode(exchange.message))
            answer = wire.decode(body)
        except WrongCertificateError:
            self._later(exchange, LATENCY_S, lambda: self._fail(exchange, "certificate"))
            return
        except SilentLineError as error:
            # the exchange's own time-out ends it; the terminal opens a new line for the next one
            self._network.host_wire.counts.saw(error)
            self._drop_line()
            return
        except (OSError, wire.BadFrameError) as error:
            self._count(error)
            self._drop_line()
            self._later(exchange, LATENCY_S, lambda: self._fail(exchange, "protocol"))
            return
        how = answer.pop("simulated", {})
        if how.get("silent"):
            return
        late_s = self._late_s()
        after_s = LATENCY_S + float(how.get("after_s", 0.0)) + late_s
        self._later(exchange, after_s, lambda: self._deliver(exchange, answer))

    def _late_s(self) -> float:
        """How late the wire was, and what befalls the line after its answer."""
        if self._line is None:
            return 0.0
        self._line.answered()
        return self._line.take_late_s()

    def _count(self, error: Exception) -> None:
        if isinstance(error, OSError):
            self._network.host_wire.counts.saw(error)

    def _exchange(self, frame: bytes) -> bytes:
        line = self._open_line()
        line.sendall(frame)
        body = wire.receive(line)
        if body is None:
            raise ConnectionResetError("the host closed the line")
        return body

    def _open_line(self) -> TlsLine:
        if self._line is not None and self._line.stale:
            self._drop_line()
        if self._line is None:
            self._line = connect(self._network.host_port, self._network.host_pin, self._network.host_wire)
        return self._line

    def _drop_line(self) -> None:
        if self._line is not None:
            with suppress(OSError):
                self._line.close()
        self._line = None

    def _collect_mail(self) -> None:
        self._mail_timer = None
        pushes = []
        try:
            line = self._open_line()
            count = len(self._network.outbox)
            if count:
                self._network.ring(count)
            for _ in range(count):
                pushes.append(wire.decode(wire.receive(line) or b""))
        except (OSError, wire.BadFrameError) as error:
            self._count(error)
            self._drop_line()
        for push in pushes:
            self.on_push(push)

    def _later(self, exchange: Exchange, delay_s: float, call: Callable[[], None]) -> None:
        exchange.timers.append(self._scheduler.after(delay_s, call))

    def _deliver(self, exchange: Exchange, answer: dict[str, Any]) -> None:
        self._end(exchange)
        exchange.on_answer(answer)

    def _fail(self, exchange: Exchange, reason: str) -> None:
        self._end(exchange)
        exchange.on_failure(reason)

    def _end(self, exchange: Exchange) -> None:
        exchange.cancel()
        with suppress(ValueError):
            self._exchanges.remove(exchange)

    def _stop_download(self) -> None:
        if self._download is not None:
            self._download.stop()
        self._download = None


def _ignore(_: object) -> None:
    return
