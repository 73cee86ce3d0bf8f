"""The USB stick: a real folder that is plugged in and out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path


class Stick:
    """Fulfils :class:`posrig.simulated.hardware.board.Usb`. ``plug`` and ``write`` are for the bench and the wiring."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._plugged = False
        self.on_change: Callable[[], None] = _nothing

    def folder(self) -> Path | None:
        return self._folder if self._plugged else None

    def plug(self, plugged: bool) -> None:
        if plugged == self._plugged:
            return
        self._plugged = plugged
        self._folder.mkdir(parents=True, exist_ok=True)
        self.on_change()

    def write(self, files: Mapping[str, bytes]) -> None:
        """Replace everything on the stick, also while it is plugged in: a false stick does that too."""
        self.wipe()
        self._folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (self._folder / name).write_bytes(data)

    def read(self) -> dict[str, bytes]:
        if not self._folder.exists():
            return {}
        return {path.name: path.read_bytes() for path in sorted(self._folder.iterdir()) if path.is_file()}

    def wipe(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def reset(self) -> None:
        """Unplugged and empty, heard by nobody."""
        self.on_change = _nothing
        self._plugged = False
        self.wipe()

    def power_down(self) -> None:
        self.on_change = _nothing


def _nothing() -> None:
    return
