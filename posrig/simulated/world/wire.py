"""The host link's framing, spoken by both ends: 4-byte big-endian length, then one JSON object in UTF-8."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, Protocol

LIMIT = 65_536
_LENGTH = struct.Struct(">I")


class Receives(Protocol):
    """A socket, or a TLS line."""

    def recv(self, count: int, /) -> bytes: ...


class BadFrameError(ValueError):
    """The bytes are no message: too long, not JSON, or not an object."""


def pack(body: bytes) -> bytes:
    return _LENGTH.pack(len(body)) + body


def encode(message: Mapping[str, Any]) -> bytes:
    return pack(json.dumps(message, ensure_ascii=False).encode())


def decode(body: bytes) -> dict[str, Any]:
    """Raises BadFrameError when the body is not one JSON object."""
    try:
        message = json.loads(body)
    except ValueError:
        raise BadFrameError("not JSON") from None
    if not isinstance(message, dict):
        raise BadFrameError("not an object")
    return message


def receive(line: Receives) -> bytes | None:
    """The body of the next frame; None when the other side closed between frames.

    Raises BadFrameError for a length over :data:`LIMIT`, OSError when the line breaks or its time runs out.
    """
    head = _exactly(line, _LENGTH.size)
    if head is None:
        return None
    length = _LENGTH.unpack(head)[0]
    if length > LIMIT:
        raise BadFrameError(f"{length} bytes, at most {LIMIT}")
    body = _exactly(line, length)
    if body is None:
        raise ConnectionResetError("closed within a frame")
    return body


def _exactly(line: Receives, count: int) -> bytes | None:
    data = b""
    while len(data) < count:
        more = line.recv(count - len(data))
        if not more and data:
            raise ConnectionResetError("closed within a frame")
        if not more:
            return None
        data += more
    return data
