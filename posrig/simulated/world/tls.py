"""TLS from the terminal's side: a line to a server of the simulated world whose certificate is the pinned one.

The TLS engine works on buffers, so that the wire's faults strike the real, encrypted bytes between it and the socket.
Real time never passes for a fault here: what would be late is counted in :attr:`TlsLine.late_s`, and a line that went
silent raises :class:`SilentLineError` at once; the network interface lets the simulation's time pass for both.
"""

from __future__ import annotations

import hashlib
import io
import select
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from posrig.simulated.wires.faults import Striking, WireFaults

REAL_TIMEOUT_S = 5.0
"""Wall-clock seconds for one exchange on loopback; only a broken simulation needs them."""
LATE_S = 1.0
_NOISE = b"\x00\x15 no TLS record \x04"


class WrongCertificateError(OSError):
    """The server's certificate is not the pinned one."""


class SilentLineError(OSError):
    """The line is half open: nothing arrives any more, and nothing says so."""


class _EndWithoutGoodByeError(ConnectionResetError):
    """The server closed the socket and no TLS alert came before: an end of the data, as for any socket."""


@dataclass(slots=True)
class LineCounts:
    """What the network port has seen of the lines to one server, as a managed switch counts it."""

    opened: int = 0
    broken: int = 0
    silent: int = 0
    late: int = 0
    """Answers that were more than :data:`LATE_S` on the wire."""
    disturbed: int = 0
    """Messages that the wire lost, changed or held up, and lines that it cut or refused: the port's error counters.
    A line that broke while this stood still was ended by one of the two at its ends."""
    slowest_s: float = 0.0

    def saw(self, error: OSError) -> None:
        if isinstance(error, WrongCertificateError):
            return  # the terminal's own refusal
        if isinstance(error, SilentLineError):
            self.silent += 1
        else:
            self.broken += 1


class PortWire:
    """The wire from the terminal to one server: its faults, and what the port has counted."""

    def __init__(self, name: str, faults: WireFaults | None = None) -> None:
        self.name, self.faults, self.counts = name, faults or WireFaults(), LineCounts()

    def struck(self, moment: str) -> list[Striking]:
        return self.faults.of(self.name, moment)

    def disturbed_by(self, striking: Striking) -> None:
        striking.struck += 1
        self.counts.disturbed += 1

    @property
    def refusing(self) -> bool:
        """The other end has vanished: it answers no new line."""
        return any(s.fault.fault == "vanish" and (s.struck or s.fault.moment == "open") for s in self._all())

    def _all(self) -> list[Striking]:
        return self.faults.of(self.name, "open", "command", "answer", "close")


class TlsLine:
    """A TLS client on a TCP socket. ``moment`` is what the bytes now on the wire belong to: open, command, answer."""

    def __init__(self, raw: socket.socket, wire: PortWire, context: ssl.SSLContext | None = None) -> None:
        self._raw, self._wire = raw, wire
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = (context or _client_context()).wrap_bio(self._in, self._out)
        self._moment = "open"
        self._silent = self._closing = False
        self._readers = 0
        self.late_s = 0.0

    def shake_hands(self) -> None:
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                self._send()
                self._receive()
                continue
            self._send()
            self._moment = "answer"
            return

    def getpeercert(self) -> bytes:
        return self._tls.getpeercert(binary_form=True) or b""

    def sendall(self, data: bytes) -> None:
        self._moment = "command"
        self._tls.write(data)
        self._send()
        self._moment = "answer"

    def recv(self, count: int) -> bytes:
        """Up to so many bytes; empty when the other side said good-bye."""
        while True:
            try:
                return self._tls.read(count)
            except ssl.SSLWantReadError:
                try:
                    self._receive()
                except _EndWithoutGoodByeError:
                    return b""
            except ssl.SSLZeroReturnError:
                return b""

    def answered(self) -> None:
        """An answer is complete: what befalls a line at its end."""
        for striking in self._wire.struck("close"):
            self._wire.disturbed_by(striking)
            match striking.fault.fault:
                case "half-open":
                    self._silent = True
                case "delay" | "trickle":
                    self.late_s += striking.fault.seconds
                case "corrupt" | "garbage":
                    self._in.write(_NOISE)
                case _:
                    self.close()

    def take_late_s(self) -> float:
        late_s, self.late_s = self.late_s, 0.0
        counts = self._wire.counts
        counts.slowest_s = max(counts.slowest_s, late_s)
        counts.late += late_s > LATE_S
        return late_s

    def fileno(self) -> int:
        return self._raw.fileno()

    @property
    def stale(self) -> bool:
        """An idle line that has something to read: only the other side's good-bye can be there, or noise."""
        if self._raw.fileno() < 0 or self._in.pending:
            return True
        return not self._silent and bool(select.select([self._raw], [], [], 0)[0])

    def makefile(self, mode: str = "rb", *_: object) -> io.BufferedReader:
        """For ``http.client``, which closes its line as soon as an answer has no length, and reads on: the socket
        lives until the reader is closed too."""
        self._readers += 1
        return io.BufferedReader(_Reader(self))

    def reader_closed(self) -> None:
        self._readers -= 1
        if self._closing:
            self.close()

    def close(self) -> None:
        self._closing = True
        if self._readers:
            return
        if self._raw.fileno() >= 0 and not self._silent:
            with suppress(OSError):
                self._tls.unwrap()
            with suppress(OSError):
                self._raw.sendall(self._out.read())
        self._raw.close()

    def _send(self) -> None:
        data = self._out.read()
        if data:
            self._check_silent()
            data = self._strike(data)
            self._raw.sendall(data)

    def _receive(self) -> None:
        self._check_silent()
        data = self._raw.recv(65_536)
        if not data:
            raise _EndWithoutGoodByeError("the other side closed the line")
        self._in.write(self._strike(data))

    def _check_silent(self) -> None:
        if self._silent:
            raise SilentLineError("nothing arrives any more")

    def _strike(self, data: bytes) -> bytes:
        """TCP loses no byte: a byte lost or changed below it is sent again, so ``drop`` breaks the line."""
        for striking in self._wire.struck(self._moment):
            kind, seconds = striking.fault.fault, striking.fault.seconds
            if kind in ("drop", "corrupt", "garbage") and not striking.hits(len(data)):
                continue
            self._wire.disturbed_by(striking)
            match kind:
                case "half-open":
                    self._silent = True
                    raise SilentLineError("nothing arrives any more")
                case "drop" | "vanish":
                    self._raw.close()
                    raise ConnectionResetError("the line broke")
                case "delay":
                    self.late_s += seconds
                case "trickle":
                    self.late_s += seconds * len(data)
                case "corrupt":
                    # the last byte, never a length: a record that claims to go on would be waited for in real time
                    data = data[:-1] + bytes((data[-1] ^ 1,))
                case "garbage":
                    data = _NOISE + data
        return data


class _Reader(io.RawIOBase):
    def __init__(self, line: TlsLine) -> None:
        self._line = line

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._line.reader_closed()

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._line.recv(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def connect(port: int, pin: str, wire: PortWire, context: ssl.SSLContext | None = None) -> TlsLine:
    """A TLS line to loopback whose certificate is the pinned one; ``context``: another client's than the terminal's.
    Raises WrongCertificateError, OSError."""
    if wire.refusing:
        for striking in wire.struck("open"):
            striking.struck += 1
        wire.counts.disturbed += 1
        raise ConnectionRefusedError("nobody listens")
    wire.counts.opened += 1
    raw = socket.create_connection(("127.0.0.1", port), timeout=REAL_TIMEOUT_S)
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line = TlsLine(raw, wire, context)
    try:
        line.shake_hands()
    except OSError:
        raw.close()
        raise
    if hashlib.sha256(line.getpeercert()).hexdigest() != pin:
        line.close()
        raise WrongCertificateError("the certificate is not the pinned one")
    return line


@cache
def _client_context() -> ssl.SSLContext:
    """Names and chains are not looked at: the pin is stricter than both."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
