"""The terminal's console: a byte stream over TCP or a serial line, read by a thread of its own.

Not through VISA: VISA drops a partial line on a time-out, and opening a serial line through it throws the boot banner
away. Every byte is kept with its time in the transcript.
"""

from __future__ import annotations

import os
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import parse_qsl

import serial

from posrig.ground.faults import ConfigurationError, TransportError
from posrig.ground.line_socket import host_and_port

TRANSCRIPT_CHUNKS = 20_000
QUIET_S = 0.03
"""A stream without frame marks has painted a whole picture when nothing more came for this long (real time)."""


class ByteStream(Protocol):
    """A connected source of bytes that can be polled."""

    def fileno(self) -> int: ...

    def read(self) -> bytes:
        """What is there; empty when the other side is gone. Raises OSError."""

    def close(self) -> None: ...


class TcpBytes:
    def __init__(self, address: str, timeout_s: float) -> None:
        self._socket = socket.create_connection(host_and_port(address), timeout_s)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setblocking(False)

    def fileno(self) -> int:
        return self._socket.fileno()

    def read(self) -> bytes:
        return self._socket.recv(65_536)

    def close(self) -> None:
        self._socket.close()


class SerialBytes:
    """``serial:/dev/ttyUSB0?baud=115200``; 8 data bits, no parity, one stop bit, no flow control."""

    def __init__(self, address: str) -> None:
        path, _, options = address.removeprefix("serial:").partition("?")
        settings = dict(parse_qsl(options))
        baud = settings.pop("baud", "115200")
        if settings or not baud.isdecimal():
            raise ConfigurationError(
                f"{address!r}: the serial line's options are wrong", allowed="serial:/dev/ttyUSB0?baud=115200"
            )
        self._port = serial.Serial(path, int(baud), timeout=0, exclusive=True)

    def fileno(self) -> int:
        return int(self._port.fileno())

    def read(self) -> bytes:
        return os.read(self._port.fileno(), 65_536)

    def close(self) -> None:
        self._port.close()


def open_bytes(name: str, address: str, timeout_s: float = 5.0) -> ByteStream:
    """Open ``tcp://host:port`` or ``serial:/dev/...``. Raises TransportError or ConfigurationError."""
    try:
        if address.startswith("tcp://"):
            return TcpBytes(address, timeout_s)
        if address.startswith("serial:"):
            return SerialBytes(address)
    except OSError as exc:
        raise TransportError(
            f"the {name} does not answer: {exc}", instrument=name, resource=address, phase="open"
        ) from exc
    raise ConfigurationError(f"{address!r} is no address of a stream", allowed="tcp://host:port or serial:/dev/...")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes as they came, with the clock's time."""

    at: float
    data: bytes


class Console:
    """A reader thread over one stream. Subclasses say what the bytes mean by :meth:`_take` (called with the lock held).

    ``stamp`` gives the time of what arrives without asking anybody.
    """

    quiet_s = QUIET_S
    transcript_chunks = TRANSCRIPT_CHUNKS
    lost_todo = "check the console's cable and its serial server"
    damaged_todo = "check the console's cable, its speed and its serial server: bytes are lost or changed"

    def __init__(
        self, name: str, address: str, stamp: Callable[[], float], changed: threading.Condition | None = None
    ) -> None:
        self.name, self.address, self._stamp = name, address, stamp
        self.changed = changed or threading.Condition()
        self.transcript: deque[Chunk] = deque(maxlen=self.transcript_chunks)
        self.version = 0
        self._lost = ""
        self._closing = False
        self._start(self._open())

    def _open(self) -> ByteStream:
        return open_bytes(self.name, self.address)

    def _start(self, opened: ByteStream) -> None:
        self._bytes = opened
        self._closing = False
        self._wake, self._waker = os.pipe()
        self._thread = threading.Thread(target=self._read, name=f"reads {self.name}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop reading. May be called twice."""
        if self._closing:
            return
        self._closing = True
        os.write(self._waker, b"x")
        self._thread.join(2.0)
        os.close(self._waker)
        if not self._thread.is_alive():
            os.close(self._wake)
        self._bytes.close()

    @property
    def renewable(self) -> bool:
        """A new connection shows what the line shows now: a serial line has no such thing."""
        return self.address.startswith("tcp://")

    def renew(self) -> None:
        """Leave this connection and come anew. Raises TransportError when nobody answers: then the stream is lost."""
        self.close()
        try:
            opened = self._open()
        except TransportError as fault:
            with self.changed:
                self._lost = fault.found
                self.changed.notify_all()
            raise
        with self.changed:
            self._lost = ""
            self._anew()
        self._start(opened)

    def _anew(self) -> None:
        """Forget the half of a message that the connection before may have left."""

    @property
    def lost(self) -> str:
        """Why the stream ended, or an empty string while it lives."""
        return self._lost

    def check(self) -> None:
        """Raises TransportError when the stream was lost: what the screen showed last says nothing any more."""
        if self._lost:
            raise TransportError(
                f"the {self.name} was lost: {self._lost}",
                instrument=self.name,
                resource=self.address,
                phase="reading",
                todo=self.lost_todo,
            )

    def text(self, since: float = 0.0) -> str:
        """What came since then, as text."""
        with self.changed:
            chunks = [chunk.data for chunk in self.transcript if chunk.at >= since]
        return b"".join(chunks).decode("utf-8", "replace")

    def _read(self) -> None:
        poll = select.poll()
        poll.register(self._bytes.fileno(), select.POLLIN)
        poll.register(self._wake, select.POLLIN)
        open_picture = False
        while not self._closing:
            ready = poll.poll(self.quiet_s * 1000 if open_picture else None)
            if not ready:
                with self.changed:
                    self._quiet()
                    self.changed.notify_all()
                open_picture = False
                continue
            if any(fd == self._wake for fd, _ in ready):
                return
            try:
                data = self._bytes.read()
            except BlockingIOError:
                continue
            except OSError as exc:
                data, reason = b"", str(exc)
            else:
                reason = "the other side closed the connection"
            with self.changed:
                if not data:
                    self._lost = reason
                else:
                    self.transcript.append(Chunk(self._stamp(), data))
                    open_picture = self._take(data)
                self.changed.notify_all()
            if not data or self._lost:
                return

    def _give_up(self, reason: str) -> None:
        """What came says that nothing useful will (called with the lock held): the stream is lost."""
        self._lost = reason

    def _take(self, data: bytes) -> bool:
        """Take new bytes; True when a picture may be half painted."""
        raise NotImplementedError

    def _quiet(self) -> None:
        """Nothing came for a while after :meth:`_take` returned True."""

    def wait_until(self, reached: Callable[[], bool], timeout_s: float) -> bool:
        """Wait (real time) for a condition on this stream. Raises TransportError when the stream is lost meanwhile."""
        end = time.monotonic() + timeout_s
        with self.changed:
            while not reached():
                left = end - time.monotonic()
                if self._lost:
                    break
                if left <= 0:
                    return False
                self.changed.wait(left)
            else:
                return True
        self.check()
        return False

    def wait_beyond(self, version: int, timeout_s: float) -> bool:
        return self.wait_until(lambda: self.version > version, timeout_s)
