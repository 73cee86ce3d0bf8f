"""The rig's camera: what reads its photos, and one look at the display beside the console."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from posrig.description.profile import Profile
from posrig.description.rig_file import Camera
from posrig.ground.faults import ConfigurationError, RigFault
from posrig.screens.camera_stream import ANSWERS_WITHIN_S, CameraStream, PhotoReader, Reading

Corners = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """One look: the photo (JPEG), and what was read on it."""

    photo: bytes
    reading: Reading


class Eye:
    """What reads photos of one terminal model's display, of so many rows and columns (the extra ``camera``)."""

    def __init__(self, font: Path, size: tuple[int, int]) -> None:
        from posrig.screens.photo_corners import drawn, find_corners
        from posrig.screens.photo_reading import DisplayReader, decoded

        self._font, self._size = font, size
        self._reader, self._decoded = DisplayReader, decoded
        self._find_corners, self._drawn = find_corners, drawn

    def reader(self, corners: Corners) -> PhotoReader:
        """A reader of photos with the display's corners there."""
        return self._reader(corners, self._font, self._size)

    def find_corners(self, photo: bytes, characters: str) -> Corners | None:
        """Where the display's corners are, in pixels; None when nothing can be read."""
        grey = self._decoded(photo)
        return None if grey is None else self._find_corners(grey, self._font, self._size, characters)

    def drawn(self, photo: bytes, corners: Corners) -> bytes:
        """The photo with the corners drawn in, as PNG."""
        return self._drawn(photo, corners)


def camera_eye(profile: Profile) -> Eye:
    """Raises ConfigurationError without the extra or without the terminal's font."""
    font = profile.data.display.font
    if font is None:
        raise ConfigurationError(
            f"the display of {profile.data.model} cannot be read from photos: its font is not known",
            where=f"{profile.source.path}, field display.font",
            allowed="a font in Unifont's hex format: code point:dots, 16 rows of 8 or 16 dots",
            todo="write the terminal's font, or read the screen from a console (docs/camera.md)",
        )
    try:
        return Eye(font, (profile.data.display.rows, profile.data.display.columns))
    except ImportError as exc:
        raise ExtraMissingError(
            f"photos cannot be read on this machine: {exc}",
            where="rig file, section camera",
            todo="pip install 'posrig[camera]'",
        ) from None


def photo_reader(camera: Camera, profile: Profile) -> PhotoReader:
    """Reads photos of this rig's camera. Raises ConfigurationError like :func:`camera_eye`."""
    return camera_eye(profile).reader(camera.corners)


class ExtraMissingError(ConfigurationError):
    """The extra ``camera`` is not installed."""


def look(
    address: str, reader: PhotoReader, wanted: Callable[[Reading], bool], within_s: float = ANSWERS_WITHIN_S
) -> Sight:
    """The first photo that shows what is wanted, or the last one after ``within_s`` (real seconds).

    Raises TransportError when the camera does not answer, RigFault when no photo came.
    """
    stream = CameraStream(address, reader, lambda: 0.0)
    try:
        stream.wait_until(lambda: stream.reading is not None and wanted(stream.reading), within_s)
        sight = Sight(stream.photo, stream.reading or Reading(None))
        missing = stream.missing
    finally:
        stream.close()
    if not sight.photo:
        raise RigFault(f"no whole photo within {within_s:g} s: {missing}", instrument="camera", todo=stream.lost_todo)
    return sight
