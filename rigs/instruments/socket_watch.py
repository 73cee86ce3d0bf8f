"""A look at the socket below a VISA session, where there is one, before anything blocks on it.

pyvisa-py reads a closed peer as "no data yet" and spins at full load until the time-out; its writes have none; and it
leaves Nagle's algorithm on. The socket is pyvisa-py's own business: where it cannot be had (another backend, another
bus, another version) :meth:`SocketWatch.of` returns None and the session lives on VISA's time-outs alone.
"""

from __future__ import annotations

import select
import socket
import time
from typing import Any

_GONE = select.POLLRDHUP | select.POLLHUP | select.POLLERR | select.POLLNVAL
_PEEK = socket.MSG_PEEK
_WHOLE = 1 << 20


class PeerClosed(OSError):  # noqa: N818 - an event, not a mistake
    """The instrument closed the connection."""


class SocketWatch:
    """Watches one connected socket without taking a byte from it."""

    __slots__ = ("_read", "_session", "_socket", "_write")

    def __init__(self, session: Any, connected: socket.socket) -> None:
        self._session, self._socket = session, connected
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._read, self._write = select.poll(), select.poll()
        self._read.register(connected, select.POLLIN | select.POLLRDHUP)
        self._write.register(connected, select.POLLIN | select.POLLOUT | select.POLLRDHUP)

    @classmethod
    def of(cls, resource: Any) -> SocketWatch | None:
        """The watch of a TCPIP SOCKET resource of pyvisa-py, or None."""
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

    def late_answer(self, timeout_s: float) -> bool:
        """Before a write: True if bytes are waiting that nobody has asked for.

        Raises PeerClosed, or TimeoutError when the peer takes nothing more for ``timeout_s``.
        """
        if self._session._pending_buffer:
            return True  # two answers came in one segment
        events = self._write.poll(timeout_s * 1000)
        if not events:
            raise TimeoutError
        state = events[0][1]
        if state == select.POLLOUT:
            return False
        if state & _GONE:
            raise PeerClosed
        return bool(state & select.POLLIN)

    def await_line(self, timeout_s: float) -> None:
        """After a write: wait until a whole line can be read. Raises PeerClosed or TimeoutError."""
        if not self._read.poll(timeout_s * 1000):
            raise TimeoutError
        if b"\n" in self._socket.recv(4096, _PEEK):
            return
        self._await_rest(time.monotonic() + timeout_s)

    def _await_rest(self, end: float) -> None:
        """A partial line: polling would return at once and spin, so look again every millisecond."""
        while True:
            gone = any(state & _GONE for _, state in self._read.poll(0))
            seen = self._socket.recv(_WHOLE, _PEEK)
            if b"\n" in seen:
                return
            if gone or not seen:
                raise PeerClosed
            if time.monotonic() >= end:
                raise TimeoutError
            time.sleep(0.001)
