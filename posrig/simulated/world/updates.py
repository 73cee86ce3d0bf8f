"""The update server: HTTPS with ranges on loopback, and the ways in which a false or broken one behaves."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from posrig.simulated.world.keys import ServerIdentity
from posrig.simulated.world.packages import Package

RATE = 1_000_000.0
"""Bytes per second that the simulated line carries."""
ENDLESS_BYTES = 1 << 30
"""Where an endless answer ends after all, so that no thread runs for ever."""
_BLOCK = 65_536
_RANGE = re.compile(r"bytes=(\d+)-(\d*)$")


@dataclass
class Delivery:
    """How the server behaves from now on."""

    certificate: str = "good"
    rate: float = RATE
    cut_after: int | None = None
    """Every answer stops after so many bytes."""
    endless: bool = False
    """The image never ends."""
    flip_at: int | None = None
    """One bit of the image is changed at this byte on its way."""
    redirect: str = ""
    """Answer with 302 to this address."""
    replace_after_check: bool = False
    """Once the image was read to its end, another file lies in its place."""
    mix_after: int | None = None
    """From this byte on the image is another version's."""


class Shelf:
    """The files and the behaviour; survives nothing: :meth:`reset` empties it."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.delivery = Delivery()
        self.files: dict[str, bytes] = {}
        self.other_image = b""
        self.requests: list[tuple[str, int]] = []

    def put(self, package: Package, *, other: bytes = b"") -> None:
        self.files = {"/manifest.json": package.manifest, "/image.bin": package.image}
        self.other_image = other

    def read(self, path: str) -> bytes | None:
        data = self.files.get(path)
        if data is None or path != "/image.bin":
            return data
        return self._tampered(data)

    def finished(self, path: str, last_byte: int) -> None:
        """The client has read up to there."""
        if self.delivery.replace_after_check and path == "/image.bin" and last_byte >= len(self.files[path]):
            self.files[path] = self.other_image

    def _tampered(self, data: bytes) -> bytes:
        how = self.delivery
        if how.flip_at is not None and how.flip_at < len(data):
            data = data[: how.flip_at] + bytes([data[how.flip_at] ^ 1]) + data[how.flip_at + 1 :]
        if how.mix_after is not None:
            data = data[: how.mix_after] + self.other_image[how.mix_after :]
        return data


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    shelf: ClassVar[Shelf]
    identities: ClassVar[Mapping[str, ServerIdentity]]
    timeout = None
    # no deadline for writing: the client reads at the simulation's pace, which stands still while a person thinks

    def setup(self) -> None:
        """The handshake runs in the line's own thread: a client that says nothing cannot hold up the others."""
        raw: socket.socket = self.request
        raw.settimeout(5.0)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        context = self.identities[self.shelf.delivery.certificate].context
        self.request = context.wrap_socket(raw, server_side=True)
        super().setup()

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        with suppress(OSError):
            self.request.close()

    def do_GET(self) -> None:
        how = self.shelf.delivery
        self.close_connection = True
        if how.redirect:
            self._head(302, {"Location": how.redirect, "Content-Length": "0"})
            return
        data = self.shelf.read(self.path)
        if data is None:
            self._head(404, {"Content-Length": "0"})
            return
        self._send(data, *self._range(len(data)))

    def _range(self, size: int) -> tuple[int, int]:
        match = _RANGE.match(self.headers.get("Range", ""))
        if match is None:
            return 0, size
        first, last = int(match[1]), int(match[2]) + 1 if match[2] else size
        return min(first, size), min(last, size)

    def _send(self, data: bytes, first: int, end: int) -> None:
        how = self.shelf.delivery
        self.shelf.requests.append((self.path, first))
        if how.endless and self.path == "/image.bin":
            self._head(200, {})
            self._pour()
            return
        self._head(206, {"Content-Length": str(end - first), "Content-Range": f"bytes {first}-{end - 1}/{len(data)}"})
        part = data[first:end] if how.cut_after is None else data[first : min(end, first + how.cut_after)]
        # before the bytes go out: the client's next request may be read by another thread as soon as it has them
        self.shelf.finished(self.path, first + len(part))
        self.wfile.write(part)

    def _pour(self) -> None:
        block = bytes(_BLOCK)
        for _ in range(ENDLESS_BYTES // _BLOCK):
            self.wfile.write(block)

    def _head(self, status: int, fields: Mapping[str, str]) -> None:
        self.send_response_only(status)
        for name, value in {**fields, "X-Simulated-Rate": str(self.shelf.delivery.rate)}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Standard output is the rig's own wire; nothing may be printed there or beside it."""


class UpdateServer(ThreadingHTTPServer):
    """HTTPS on a free port of loopback, in its own threads."""

    daemon_threads = True

    def __init__(self, shelf: Shelf, identities: Mapping[str, ServerIdentity]) -> None:
        handler = type("Handler", (_Handler,), {"shelf": shelf, "identities": identities})
        super().__init__(("127.0.0.1", 0), handler)
        self.port: int = self.socket.getsockname()[1]
        threading.Thread(target=self._accept, name="update server", daemon=True).start()

    def _accept(self) -> None:
        """In place of ``serve_forever``, which looks for its end only every so often and so makes ``close`` slow."""
        while True:
            try:
                line, address = self.socket.accept()
            except OSError:
                return
            self.process_request(line, address)

    def server_bind(self) -> None:
        """As in the base of the base: its own asks the name service for the host's name, which may hang."""
        socket.socket.bind(self.socket, self.server_address)
        self.server_name, self.server_port = "127.0.0.1", self.socket.getsockname()[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up (a cut cable, a refused certificate) is nothing to report."""

    def close(self) -> None:
        """No new lines; those that are open end with their clients."""
        with suppress(OSError):
            # closing alone would leave the thread in ``accept`` and the port open
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
