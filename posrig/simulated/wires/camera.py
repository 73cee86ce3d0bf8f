"""The camera before the terminal, on its own port: MJPEG over HTTP as network cameras and ustreamer serve it.

``GET /stream`` is ``multipart/x-mixed-replace``, a part for each photo; ``GET /snapshot`` is one photo. Each repaint of
the display is photographed, and the display when it goes dark; in real time :data:`PER_S` photos a second besides.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable

from posrig.simulated.loop.loop import Loop
from posrig.simulated.wires.photograph import Lens
from posrig.simulated.wires.sockets import Connection, Listener
from posrig.simulated.wires.streams import ScreenStream

BOUNDARY = "posrigphoto"
PER_S = 10.0
"""Photos a second while somebody watches in real time. In virtual time nothing moves between two events."""
_HEAD_LIMIT = 8192
_BACKLOG = 1 << 28
"""Bytes that may wait for a client: half an hour of virtual time with a countdown on the display is 1,800 photos."""

_STREAM = (
    f"HTTP/1.1 200 OK\r\nConnection: close\r\nCache-Control: no-store\r\n"
    f"Content-Type: multipart/x-mixed-replace; boundary={BOUNDARY}\r\n\r\n"
).encode()


class Camera:
    """Watches one screen. ``now`` is the simulation's time, for the photos' stamps."""

    def __init__(
        self, loop: Loop, port: int, screen: ScreenStream, now: Callable[[], float], *, seed: int, real_time: bool
    ) -> None:
        self._loop, self._screen, self._now, self._seed, self._real_time = loop, screen, now, seed, real_time
        self._lens: Lens | None = None
        self._watching: list[Connection] = []
        self._due: list[bytes] = []
        self._ticking = False
        self.listener = Listener(loop, port, self._joined)
        screen.on_change.append(self._changed)
        loop.before_wait.append(self.flush)

    @property
    def port(self) -> int:
        return self.listener.port

    def close(self) -> None:
        self.listener.refuse()
        self.listener.drop()

    def flush(self) -> None:
        if not self._due:
            return
        parts, self._due = b"".join(self._due), []
        for connection in tuple(self._watching):
            connection.send(parts)

    def _changed(self) -> None:
        if self._watching:
            self._due.append(self._part())

    def _photo(self) -> bytes:
        if self._lens is None:
            self._lens = Lens(self._seed, self._screen.face)
        screen = self._screen
        return self._lens.photo(screen.rows, backlight=screen.lit, boxes=screen.boxes)

    def _part(self) -> bytes:
        """A photo with its stamp, the number of the repaint that it shows, and a sum over that number and the photo."""
        photo, number = self._photo(), str(self._screen.frame).encode()
        head = (
            f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(photo)}\r\n"
            f"X-Timestamp: {self._now():.6f}\r\nX-Repaint: {number.decode()} {zlib.crc32(number + photo):08x}\r\n\r\n"
        )
        return head.encode() + photo + b"\r\n"

    def _joined(self, connection: Connection) -> None:
        connection.backlog_limit = _BACKLOG
        head = bytearray()

        def received(data: bytes) -> None:
            head.extend(data)
            if b"\r\n\r\n" in head or len(head) > _HEAD_LIMIT:
                connection.on_data = lambda _: None
                self._answer(connection, bytes(head).split(b"\r\n", 1)[0].split(b" "))

        connection.on_data = received

    def _answer(self, connection: Connection, request: list[bytes]) -> None:
        if len(request) != 3 or not request[2].startswith(b"HTTP/1."):
            self._refuse(connection, "400 Bad Request")
        elif request[0] != b"GET":
            self._refuse(connection, "405 Method Not Allowed\r\nAllow: GET")
        elif request[1] == b"/stream":
            self._watch(connection)
        elif request[1] == b"/snapshot":
            photo = self._photo()
            head = f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: image/jpeg\r\nContent-Length: {len(photo)}"
            self._end(connection, head.encode() + b"\r\n\r\n" + photo)
        else:
            self._refuse(connection, "404 Not Found")

    def _watch(self, connection: Connection) -> None:
        self.flush()  # what is due lies before this client's time; the photo of now includes it
        closed = connection.on_close

        def gone() -> None:
            self._watching.remove(connection)
            closed()

        connection.on_close = gone
        self._watching.append(connection)
        connection.send(_STREAM)
        if connection.open:
            connection.send(self._part())
        if self._real_time and not self._ticking:
            self._ticking = True
            self._loop.later(1 / PER_S, self._tick)

    def _tick(self) -> None:
        self._ticking = bool(self._watching)
        if self._ticking:
            self._due.append(self._part())
            self._loop.later(1 / PER_S, self._tick)

    @staticmethod
    def _refuse(connection: Connection, status: str) -> None:
        Camera._end(connection, f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode())

    @staticmethod
    def _end(connection: Connection, answer: bytes) -> None:
        connection.send(answer)
        connection.close_when_sent()
