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
import traceback
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import serial

from posrig.description.rig_file import serial_line
from posrig.ground.faults import ConfigurationError, TransportError
from posrig.ground.line_socket import host_and_port

TRANSCRIPT_CHUNKS = 20_000
QUIET_S = 0.03
"""A stream without frame marks has painted a whole picture when nothing more came for this long (real time)."""


_REPORT = "this is a fault of posrig: report it with the transcript of the run"


def _told(wrong: BaseException) -> str:
    """An error's kind, text and place in one line."""
    trace = traceback.extract_tb(wrong.__traceback__)
    place = f" ({Path(trace[-1].filename).name}, line {trace[-1].lineno})" if trace else ""
    return f"{type(wrong).__name__} {str(wrong)[:120]!r}{place}"


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
        try:
            path, baud = serial_line(address)
            self._port = serial.Serial(path, baud, timeout=0, exclusive=True)
        except OSError:
            raise
        except ValueError as error:  # also a speed that this PC's driver does not have
            raise ConfigurationError(f"the serial line cannot be used: {error}", where=address) from None

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
    """A reader thread over one stream. Subclasses say what the bytes mean by :meth:`_take`, called with the lock held;
    with :attr:`takes_long` only that of the bytes, and what others look at is changed under :attr:`changed`.

    A reader that ends makes the stream lost, whatever ended it: what came last must not be taken for the present.

    ``stamp`` gives the time of what arrives without asking anybody.
    """

    quiet_s = QUIET_S
    transcript_chunks = TRANSCRIPT_CHUNKS
    takes_long = False
    """Bytes are taken under a lock of their own, so that nobody who waits for the stream waits for the computing."""
    encoding = "utf-8"
    lost_todo = "check the console's cable and its serial server"
    damaged_todo = "check the console's cable, its speed and its serial server: bytes are lost or changed"

    def __init__(
        self, name: str, address: str, stamp: Callable[[], float], changed: threading.Condition | None = None
    ) -> None:
        self.name, self.address, self._stamp = name, address, stamp
        self.changed = changed or threading.Condition()
        self._taking: AbstractContextManager[object] = threading.Lock() if self.takes_long else self.changed
        """Before :attr:`changed`, where both are needed."""
        self.transcript: deque[Chunk] = deque(maxlen=self.transcript_chunks)
        self.version = 0
        self._lost = self._todo = ""
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
        with self._taking, self.changed:
            self._lost = self._todo = ""
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
                todo=self._todo or self.lost_todo,
            )

    def text(self, since: float = 0.0) -> str:
        """What came since then, as text."""
        with self.changed:
            chunks = [chunk.data for chunk in self.transcript if chunk.at >= since]
        return b"".join(chunks).decode(self.encoding, "replace")

    def _read(self) -> None:
        reason, todo = "its reader ended", _REPORT
        try:
            reason, todo = self._read_on(), ""
        except BaseException as wrong:  # noqa: BLE001  # no fault may leave the last picture standing as the present one
            reason = f"its reader ended by {_told(wrong)}"
        if not self._closing and threading.current_thread() is self._thread:
            self._give_up(reason, todo)

    def _read_on(self) -> str:
        """Until the stream ends; returns why."""
        poll = select.poll()
        poll.register(self._bytes.fileno(), select.POLLIN)
        poll.register(self._wake, select.POLLIN)
        open_picture = False
        while not self._closing:
            patience_s = self.quiet_s if open_picture else self._patience_s()
            ready = poll.poll(None if patience_s is None else patience_s * 1000)
            if any(fd == self._wake for fd, _ in ready):
                break
            if not ready:
                self._went_quiet()
                open_picture = False
                if self._lost:
                    return self._lost
                continue
            try:
                data = self._bytes.read()
            except BlockingIOError:
                continue
            except OSError as exc:
                return str(exc)
            if not data:
                return "the other side closed the connection"
            open_picture = self._came(data)
            if self._lost:
                return self._lost
        return "it was closed"

    def _came(self, data: bytes) -> bool:
        with self.changed:
            self.transcript.append(Chunk(self._stamp(), data))
        with self._taking:
            open_picture = self._take(data)
        with self.changed:
            self.changed.notify_all()
        return open_picture

    def _went_quiet(self) -> None:
        with self._taking:
            self._quiet()
        with self.changed:
            self.changed.notify_all()

    def _give_up(self, reason: str, todo: str = "") -> None:
        """Nothing useful will come any more: the stream is lost. The first reason counts."""
        with self.changed:
            if not self._lost:
                self._lost, self._todo = reason, todo
            self.changed.notify_all()

    def _take(self, data: bytes) -> bool:
        """Take new bytes; True when a picture may be half painted."""
        raise NotImplementedError

    def _quiet(self) -> None:
        """Nothing came for a while after :meth:`_take` returned True, or for as long as :meth:`_patience_s` allows."""

    def _patience_s(self) -> float | None:
        """Real seconds after which silence is looked at; None: a terminal that has nothing to say is silent."""
        return None

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
