"""Where an image comes from: the update server, or a stick. Both hand over the same bytes to the same checks."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from posrig.simulated.terminals.r.firmware.update_checks import MANIFEST_LIMIT

if TYPE_CHECKING:
    from posrig.simulated.terminals.r.firmware.contracts.device import Device

STICK_FILE = "update.pkg"
MAGIC = b"POSRIGUP"
CHUNK = 65_536
STICK_RATE = 1_000_000.0
LOOK_S = 1.0
_LENGTH = struct.Struct(">I")


class Source(Protocol):
    def read(
        self, first: int, length: int, on_data: Callable[[bytes], None], on_failure: Callable[[str], None]
    ) -> None:
        """Bytes of the image in chunks, an empty one at the end; ``link`` when the source went away."""

    def when_back(self, call: Callable[[], None]) -> None:
        """Call once the source is there again."""


class NetSource:
    def __init__(self, fw: Device) -> None:
        self.fw = fw

    def read(
        self, first: int, length: int, on_data: Callable[[bytes], None], on_failure: Callable[[str], None]
    ) -> None:
        self.fw.board.nic.fetch("/image.bin", first, length, on_data, on_failure)

    def when_back(self, call: Callable[[], None]) -> None:
        self.fw.hostlink.when_linked(call)


class StickSource:
    """Reads the package file chunk by chunk; every chunk is read when it is due, so a stick can be pulled between."""

    def __init__(self, fw: Device) -> None:
        self.fw = fw

    def read(
        self, first: int, length: int, on_data: Callable[[bytes], None], on_failure: Callable[[str], None]
    ) -> None:
        self._next(first, length, on_data, on_failure)

    def when_back(self, call: Callable[[], None]) -> None:
        if stick_manifest(self.fw.board.usb.folder()) is not None:
            call()
        else:
            self.fw.board.after(LOOK_S, lambda: self.when_back(call))

    def _next(self, first: int, left: int, on_data: Callable[[bytes], None], on_failure: Callable[[str], None]) -> None:
        size = min(CHUNK, left)

        def due() -> None:
            folder = self.fw.board.usb.folder()
            data = _image_bytes(folder, first, size)
            if data is None:
                on_failure("link")
                return
            on_data(data)
            if data:
                self._next(first + len(data), left - len(data), on_data, on_failure)

        self.fw.board.after(size / STICK_RATE, due)


def stick_manifest(folder: Path | None) -> str | None:
    """The manifest file within the package on the stick; None without stick or package."""
    head = _head(folder)
    return None if head is None else head.decode("utf-8", "replace")


def _image_bytes(folder: Path | None, first: int, size: int) -> bytes | None:
    head = _head(folder)
    if head is None or folder is None:
        return None
    with (folder / STICK_FILE).open("rb") as package:
        package.seek(len(MAGIC) + _LENGTH.size + len(head) + first)
        return package.read(size)


def _head(folder: Path | None) -> bytes | None:
    if folder is None or not (folder / STICK_FILE).is_file():
        return None
    with (folder / STICK_FILE).open("rb") as package:
        start = package.read(len(MAGIC) + _LENGTH.size)
        if len(start) < len(MAGIC) + _LENGTH.size or not start.startswith(MAGIC):
            return None
        length = _LENGTH.unpack_from(start, len(MAGIC))[0]
        return package.read(length) if length <= MANIFEST_LIMIT else None
