"""MJPEG over HTTP as network cameras, ustreamer and mjpg-streamer serve it: ``multipart/x-mixed-replace`` (RFC 2046),
a JPEG a part. The head of the answer comes over the same stream: a camera that answers otherwise says so in it."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from email.message import Message
from urllib.parse import urlsplit

from posrig.ground.faults import ConfigurationError
from posrig.screens.console import TcpBytes

HEAD_LIMIT = 8192
PHOTO_LIMIT = 1 << 24
"""Bytes of one photo: 16 MiB is more than any camera sends as a frame of a stream."""
_START, _END = b"\xff\xd8", b"\xff\xd9"
MULTIPART = "multipart/x-mixed-replace"


class NoPhotosError(Exception):
    """The answer is no stream of photos: what it is, for people."""


@dataclass(frozen=True, slots=True)
class Photo:
    """One part. ``jpeg`` is empty when it came in damaged; ``number`` of the repaint that it shows, 0 where the camera
    does not say."""

    jpeg: bytes
    number: int = 0


class HttpBytes(TcpBytes):
    """``http://host:port/path``, asked for once; what comes back is read like any other stream."""

    def __init__(self, address: str, timeout_s: float) -> None:
        parts = urlsplit(address)
        if parts.scheme != "http" or not parts.hostname or parts.username:
            raise ConfigurationError(f"{address!r} is no address of a camera", allowed="http://host:port/stream")
        host = f"{parts.hostname}:{parts.port or 80}"
        super().__init__(f"tcp://{host}", timeout_s)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._socket.setblocking(True)
        self._socket.settimeout(timeout_s)
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: {MULTIPART}\r\n\r\n".encode())
        self._socket.setblocking(False)


class Chunks:
    """Takes the chunks of HTTP/1.1 apart (RFC 9112, section 7.1), however they come in.

    http.client reads them too, but waits for each: this stream is polled together with what ends its reading.
    """

    def __init__(self) -> None:
        self._buffer, self._left = b"", 0

    def feed(self, data: bytes) -> bytes:
        """What was in the chunks. Raises NoPhotosError for what is no chunk, and at the end of the answer."""
        self._buffer += data
        out = []
        while self._buffer:
            if self._left:
                taken, self._buffer = self._buffer[: self._left], self._buffer[self._left :]
                self._left -= len(taken)
                out.append(taken)
                continue
            line, ended, rest = self._buffer.removeprefix(b"\r\n").partition(b"\r\n")
            if not ended:
                if len(line) > HEAD_LIMIT:
                    raise NoPhotosError("its chunks have no length")
                break
            size = line.partition(b";")[0].strip()
            if not re.fullmatch(rb"[0-9a-fA-F]{1,8}", size):
                raise NoPhotosError(f"its chunks have no length: {size[:20]!r}")
            self._left, self._buffer = int(size, 16), rest
            if not self._left:
                raise NoPhotosError("it ended its answer")
        return b"".join(out)


class Photos:
    """Cuts the answer into photos."""

    def __init__(self) -> None:
        self._buffer = b""
        self._boundary = b""
        self._told = b""
        """The boundary as the head names it; until the first part it may be sent otherwise."""
        self._torn = False
        self._chunks: Chunks | None = None
        self._found = False
        self._wrong = ""

    def feed(self, data: bytes) -> list[Photo]:
        """The photos that are complete now. Raises NoPhotosError."""
        self._buffer += data if self._chunks is None else self._chunks.feed(data)
        if not self._told and not self._begin():
            return []
        if not self._boundary and not self._begin_parts():
            return []
        found = []
        while (photo := self._next()) is not None:
            found.append(photo)
            self._found = self._found or bool(photo.jpeg)
        if len(self._buffer) > PHOTO_LIMIT:
            found.append(self.torn())
        return found

    @property
    def half(self) -> bool:
        """Has a photo begun that is not complete?"""
        return len(self._buffer) > len(self._boundary) + 4 if self._boundary else bool(self._buffer)

    @property
    def missing(self) -> str:
        """Why no photo has come, for people; empty when one has."""
        if self._found:
            return ""
        if not self._told:
            return "it sent no head of an answer" if self._buffer else "it sent nothing"
        if not self._boundary:
            return f"no line --{self._told.decode('latin-1')} came, with which a part begins"
        return self._wrong or "no part came whole"

    def torn(self) -> Photo:
        """What has begun will not be completed. Head and first line are waited for as long as it takes."""
        if self._boundary:
            self._buffer, self._torn = b"", True
        return Photo(b"")

    def _begin(self) -> bool:
        """The head of the answer."""
        head, blank, rest = self._buffer.partition(b"\r\n\r\n")
        if not blank:
            if len(self._buffer) > HEAD_LIMIT:
                raise NoPhotosError("it answers no HTTP")
            return False
        status, _, fields = head.partition(b"\r\n")
        words = status.decode("latin-1").split(" ", 2)
        if len(words) < 2 or not words[0].startswith("HTTP/1."):
            raise NoPhotosError("it answers no HTTP")
        if words[1] != "200":
            raise NoPhotosError(f"it answers {' '.join(words[1:])}")
        told = _fields(fields)
        kind = Message()
        kind["Content-Type"] = told.get("content-type", "")
        boundary = kind.get_boundary()
        if kind.get_content_type() != MULTIPART or not boundary:
            kinds = f"it sends {told.get('content-type') or 'nothing that has a type'!r}"
            right = kind.get_content_type() in (MULTIPART, "multipart/mixed")
            raise NoPhotosError(f"{kinds}, without a boundary" if right else f"{kinds}, no {MULTIPART}")
        coding = told.get("transfer-encoding", "identity").lower()
        if coding == "chunked":
            self._chunks = Chunks()
            rest = self._chunks.feed(rest)
        elif coding != "identity":
            raise NoPhotosError(f"it sends in the coding {coding!r}, which is not read")
        self._told, self._buffer = boundary.encode("latin-1", "replace"), rest
        return True

    def _begin_parts(self) -> bool:
        """The first line with the boundary. By RFC 2046 it is ``--`` and the boundary; cameras that tell ``--frame``
        send ``--frame`` or ``----frame``."""
        found = re.search(
            rb"(?:^|\n)(--" + re.escape(self._told) + rb"|" + re.escape(self._bare) + rb")[ \t]*\r?\n", self._buffer
        )
        if found is None:
            if len(self._buffer) > PHOTO_LIMIT:
                raise NoPhotosError(self.missing)
            return False
        self._boundary, self._buffer = found[1], self._buffer[found.start(1) :]
        return True

    @property
    def _bare(self) -> bytes:
        """The boundary that was told with its hyphens, sent as it was told."""
        return self._told if self._told.startswith(b"--") else b"--" + self._told

    def _next(self) -> Photo | None:
        start = self._buffer.find(self._boundary)
        if start < 0:
            return None
        if self._buffer[:start].strip(b"\r\n") and not self._torn:
            self._buffer = self._buffer[start:]
            return Photo(b"")  # bytes that belong to no part: the one before them was cut short
        head, blank, rest = self._buffer[start + len(self._boundary) :].partition(b"\r\n\r\n")
        if not blank and len(head) <= HEAD_LIMIT:
            self._buffer, self._torn = self._buffer[start:], False
            return None
        told = _fields(head.lstrip(b"\r\n"))
        length = told.get("content-length", "")
        end = int(length) if re.fullmatch(r"[0-9]{1,8}", length) else rest.find(b"\r\n" + self._boundary)
        if end < 0 or (len(rest) < end and self._boundary not in rest):
            return None
        jpeg, self._torn = rest[:end], False
        if jpeg[:2] != _START or jpeg.rstrip(b"\r\n")[-2:] != _END:
            kind = told.get("content-type", "")
            self._wrong = f"its parts are no JPEG{f' ({kind})' if kind else ''}"
            self._buffer, self._torn = rest, True  # the next part may have begun within what was to be this one
            return Photo(b"")
        self._buffer = rest[end:].lstrip(b"\r\n")
        return _numbered(jpeg, told.get("x-repaint", ""))


def _fields(head: bytes) -> dict[str, str]:
    """Fields by their names in small letters; a damaged one is kept as it came."""
    pairs = (line.partition(":") for line in head.decode("latin-1").splitlines())
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


def _numbered(jpeg: bytes, told: str) -> Photo:
    """``X-Repaint: N S`` of a simulated camera (docs/wires.md); S is the CRC-32 over N's digits and the photo."""
    if not told:
        return Photo(jpeg)
    number, _, check = told.partition(" ")
    if not number.isdecimal() or check != f"{zlib.crc32(number.encode() + jpeg):08x}":
        return Photo(b"")
    return Photo(jpeg, int(number))
