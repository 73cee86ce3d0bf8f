"""Listeners and connections on loopback: never blocking, with bounded buffers."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from posrig.simulated.loop.loop import READ, WRITE, Loop

BACKLOG_LIMIT = 1 << 20
"""Bytes a client may leave unread before it is disconnected (losing lines in silence would be a lie)."""
LINE_LIMIT = 1 << 16
"""Length of an instrument's input buffer."""
BENCH_LINE_LIMIT = 1 << 26
"""The bench carries firmware packages."""


_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER with no time left: closing sends a reset."""


class HasFaults(Protocol):
    """What stands between a connection and its server (faulty_wire.py)."""

    def incoming(self, data: bytes) -> None: ...

    def outgoing(self, data: bytes) -> None: ...


class Line(Protocol):
    """What faults are put on: a client's connection, or a pty."""

    tap: HasFaults | None

    def take(self, data: bytes) -> None:
        """From the client, after the tap."""

    def transmit(self, data: bytes) -> None:
        """To the client, after the tap."""

    def reset(self) -> None:
        """The wire is gone."""


class Port(Protocol):
    """Where lines come from. ``on_accept`` gets each new one."""

    on_accept: Callable[[Line], None]

    def listen(self) -> None: ...

    def refuse(self) -> None: ...

    def mended(self) -> None:
        """No fault is on the wire any more."""


class Connection:
    """One client. ``on_data`` gets what it sends; ``on_close`` is called once; ``tap`` sees all bytes before."""

    def __init__(self, loop: Loop, sock: socket.socket) -> None:
        self._loop, self._socket = loop, sock
        self._backlog = bytearray()
        self.backlog_limit = BACKLOG_LIMIT
        self.open = True
        self._last = False
        self.tap: HasFaults | None = None
        self.on_data: Callable[[bytes], None] = lambda _: None
        self.on_close: Callable[[], None] = lambda: None
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        loop.watch(sock, READ, self._ready)

    def send(self, data: bytes) -> None:
        """To the client, through the tap if there is one."""
        if self.tap is None:
            self.transmit(data)
        else:
            self.tap.outgoing(data)

    def take(self, data: bytes) -> None:
        """From the client, after the tap."""
        if self.open:
            self.on_data(data)

    def transmit(self, data: bytes) -> None:
        """Send now what the socket takes, the rest when it can; a client that reads nothing is disconnected."""
        if not self.open:
            return
        if not self._backlog:
            data = data[self._sent(data) :]
            if not data or not self.open:
                return
            self._loop.change(self._socket, READ | WRITE, self._ready)
        self._backlog += data
        if len(self._backlog) > self.backlog_limit:
            self.close()

    def close_when_sent(self) -> None:
        """Close as soon as the client has taken what waits for it; nothing more is sent."""
        self._last = True
        if not self._backlog:
            self.close()

    def reset(self) -> None:
        """As if the cable's other end had vanished: the client gets a reset and no good-bye."""
        with suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.close()

    def close(self) -> None:
        if not self.open:
            return
        self.open = False
        self._loop.forget(self._socket)
        self._socket.close()
        self.on_close()

    def _sent(self, data: bytes | bytearray) -> int:
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            self.close()
            return 0

    def _ready(self, mask: int) -> None:
        if mask & WRITE:
            del self._backlog[: self._sent(self._backlog)]
            if self.open and not self._backlog:
                self._loop.change(self._socket, READ, self._ready)
                if self._last:
                    self.close()
        if mask & READ and self.open:
            self._receive()

    def _receive(self) -> None:
        try:
            data = self._socket.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.close()
        elif self.tap is None:
            self.on_data(data)
        else:
            self.tap.incoming(data)


class Listener:
    """A port on 127.0.0.1. ``lose`` makes it vanish from the network, ``listen`` brings it back on the same port."""

    def __init__(self, loop: Loop, port: int, accepted: Callable[[Connection], None]) -> None:
        self._loop, self._accepted = loop, accepted
        self.port = port
        self.on_accept: Callable[[Line], None] = lambda _: None
        self._socket: socket.socket | None = None
        self.connections: list[Connection] = []
        self.listen()

    def listen(self) -> None:
        """Raises OSError when the port is taken."""
        if self._socket is not None:
            return
        sock = socket.create_server(("127.0.0.1", self.port), backlog=16)
        sock.setblocking(False)
        self.port = sock.getsockname()[1]
        self._socket = sock
        self._loop.watch(sock, READ, self._ready)

    def refuse(self) -> None:
        """No new connections; those that are open go on."""
        if self._socket is not None:
            self._loop.forget(self._socket)
            self._socket.close()
            self._socket = None

    def mended(self) -> None:
        """A connection that went half open stays so: a client has to come anew."""

    def drop(self) -> None:
        for connection in list(self.connections):
            connection.close()

    def _ready(self, mask: int) -> None:
        if self._socket is None:
            return
        try:
            sock, _ = self._socket.accept()
        except OSError:
            # The client gave up before it was accepted.
            return
        connection = Connection(self._loop, sock)
        self.connections.append(connection)
        connection.on_close = lambda: self.connections.remove(connection)
        self.on_accept(connection)
        self._accepted(connection)


class Lines:
    """Cuts a connection's bytes into lines; ``\\r`` before ``\\n`` is ignored."""

    def __init__(
        self,
        connection: Connection,
        on_line: Callable[[Connection, str], None],
        on_overrun: Callable[[Connection], None],
        limit: int = LINE_LIMIT,
    ) -> None:
        self._connection, self._on_line, self._on_overrun, self._limit = connection, on_line, on_overrun, limit
        self._rest = bytearray()
        self._skipping = False
        connection.on_data = self._data

    def _data(self, data: bytes) -> None:
        if b"\n" not in data:
            self._keep(data)
            return
        if self._rest:
            # Joined only now: joining at each piece of a long message would cost the square of its length.
            data = bytes(self._rest) + data
            self._rest.clear()
        if data.endswith(b"\n") and data.count(b"\n") == 1 and not self._skipping and len(data) <= self._limit:
            self._on_line(self._connection, data[:-1].rstrip(b"\r").decode("utf-8", "replace"))
            return
        *lines, rest = data.split(b"\n")
        for line in lines:
            if self._skipping:
                self._skipping = False
            elif len(line) > self._limit:
                self._on_overrun(self._connection)
            elif self._connection.open:
                self._on_line(self._connection, line.rstrip(b"\r").decode("utf-8", "replace"))
        self._keep(rest)

    def _keep(self, rest: bytes) -> None:
        """The beginning of a line; when it is longer than the buffer, all of that line is skipped."""
        if self._skipping:
            return
        self._rest += rest
        if len(self._rest) > self._limit:
            self._rest.clear()
            self._skipping = True
            self._on_overrun(self._connection)
