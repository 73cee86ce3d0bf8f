"""The fast lane: question and answer on the very socket that pyvisa-py has opened, where there is one.

pyvisa-py reads a closed peer as "no data yet" and spins at full load until the time-out; its writes have none; it
leaves Nagle's algorithm on, and its reading costs as much as the wire. The socket is pyvisa-py's own business: where
it cannot be had (another backend, another bus, another version) :meth:`SocketLane.of` returns None and the session
goes through VISA's own read and write.
"""

from __future__ import annotations

import select
import socket
import time
from typing import Any

from posrig.ground.kernel_timeout import ReceiveTimeout

_GONE = select.POLLRDHUP | select.POLLHUP | select.POLLERR | select.POLLNVAL
_CHUNK = 4096
"""More would cost: Python allocates that much for each receive."""


class PeerClosed(OSError):  # noqa: N818 - an event, not a mistake
    """The instrument closed the connection."""


class LateAnswer(OSError):  # noqa: N818 - an event, not a mistake
    """Bytes are there that nobody has asked for."""


def closed_by_peer(resource: Any) -> bool:
    """The instrument or a gateway has closed this pyvisa-py session's connection (SOCKET, VXI-11, HiSLIP), as one does
    that was idle for long. False where it cannot be told."""
    sessions = getattr(resource.visalib, "sessions", None)
    session = sessions.get(resource.session) if isinstance(sessions, dict) else None
    interface = getattr(session, "interface", None)
    found = (interface, *(getattr(interface, name, None) for name in ("sock", "_sync", "_async")))
    watched = select.poll()
    for one in found:
        if isinstance(one, socket.socket) and one.fileno() >= 0:
            watched.register(one, select.POLLRDHUP)
    return any(events & _GONE for _, events in watched.poll(0))


class SocketLane:
    """One connected socket of a TCPIP SOCKET resource; every question gets one line."""

    __slots__ = ("_extra", "_poll", "_session", "_socket", "_timeout", "sent")

    def __init__(self, session: Any, connected: socket.socket) -> None:
        self._session, self._socket = session, connected
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._timeout = ReceiveTimeout(connected)
        self._poll = select.poll()
        self._poll.register(connected, select.POLLIN | select.POLLRDHUP)
        self._extra = False
        self.sent = False
        """The question of the last :meth:`ask` has left."""

    @classmethod
    def of(cls, resource: Any) -> SocketLane | None:
        """The lane of a TCPIP SOCKET resource of pyvisa-py, or None."""
        sessions = getattr(resource.visalib, "sessions", None)
        session = sessions.get(resource.session) if isinstance(sessions, dict) else None
        found = getattr(session, "interface", None)
        if not isinstance(found, socket.socket) or not hasattr(session, "_pending_buffer"):
            return None
        try:
            found.getpeername()
        except OSError:
            return None  # nobody listens there: the first write says so, with the reason
        return cls(session, found)

    @property
    def closed(self) -> bool:
        """The other end has closed the connection."""
        events = self._poll.poll(0)
        return bool(events and events[0][1] & _GONE)

    def ask(self, message: bytes, timeout_s: float) -> bytes:
        """Send and receive one line, its newline included.

        Raises LateAnswer or PeerClosed before anything is sent; PeerClosed, TimeoutError or OSError after.
        """
        self.sent = False
        events = self._poll.poll(0)
        if events or self._extra or self._session._pending_buffer:
            raise PeerClosed if events and events[0][1] & _GONE else LateAnswer
        try:
            # never blocks: a peer that takes nothing more must not hold the harness
            if self._socket.send(message, socket.MSG_DONTWAIT) != len(message):
                raise TimeoutError
        except BlockingIOError:
            raise TimeoutError from None
        self.sent = True
        self._timeout.set(timeout_s)
        try:
            data = self._socket.recv(_CHUNK)
        except BlockingIOError:
            raise TimeoutError from None
        if data[-1:] == b"\n" and data.find(b"\n") == len(data) - 1:
            return data
        return self._rest(data, timeout_s)

    def _rest(self, data: bytes, timeout_s: float) -> bytes:
        """An answer in pieces, or one too many."""
        end = time.monotonic() + timeout_s
        whole = bytearray(data)
        while b"\n" not in data:
            if not data:
                raise PeerClosed
            left = end - time.monotonic()
            if left <= 0 or not self._poll.poll(left * 1000):
                raise TimeoutError
            data = self._socket.recv(65_536)
            whole += data
        line, newline, extra = bytes(whole).partition(b"\n")
        self._extra = bool(extra)
        return line + newline
