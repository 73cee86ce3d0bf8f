"""The rig's camera: what reads its photos, and one look at the display beside the console."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rigs.description import Camera
from rigs.faults import ConfigurationError, RigFault
from rigs.terminal.camera_stream import ANSWERS_WITHIN_S, CameraStream, PhotoReader, Reading
from rigs.terminal.profile import Profile


@dataclass(frozen=True, slots=True)
class Sight:
    """One look: the photo (JPEG), and what was read on it."""

    photo: bytes
    reading: Reading


def photo_reader(camera: Camera, profile: Profile) -> PhotoReader:
    """Reads photos of the display. Raises ConfigurationError without the extra or without the terminal's font."""
    font = profile.data.display.font
    if font is None:
        raise ConfigurationError(
            f"the display of {profile.data.model} cannot be read from photos: its font is not known",
            where=f"{profile.source.path}, field display.font",
            allowed="a font in Unifont's hex format: code point:dots, 16 rows of 8 or 16 dots",
            todo="write the terminal's font, or read the screen from a console (docs/camera.md)",
        )
    try:
        from rigs.terminal.photo_reading import DisplayReader
    except ImportError as exc:
        raise ExtraMissingError(
            f"photos cannot be read on this machine: {exc}",
            where="rig file, section camera",
            todo="pip install 'posrig[camera]'",
        ) from None
    return DisplayReader(camera.corners, font)


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
    finally:
        stream.close()
    if not sight.photo:
        raise RigFault(f"no whole photo within {within_s:g} s", instrument="camera", todo=stream.lost_todo)
    return sight
