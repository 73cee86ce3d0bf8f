"""The display as a camera sees it: photos become pictures when every cell of them could be read."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from posrig.ground.clock import Marks
from posrig.ground.deadline import Deadline
from posrig.ground.faults import TransportError
from posrig.screens.console import ByteStream
from posrig.screens.mjpeg import HttpBytes, NoPhotosError, Photo, Photos
from posrig.screens.picture import ROWS
from posrig.screens.pictures import RENEWALS, RENEWED_WITHIN_S, Picture, PictureStream

OPENS_WITHIN_S = 5.0
ANSWERS_WITHIN_S = 3.0
"""Real seconds until the first photo of a connection."""
FRESH_S = 1.0
"""A photo of a real camera that is older says nothing about now: the next one is waited for before it is judged."""
SILENT_S = 5.0
"""Real seconds without a photo after which a stream is lost: cameras send many a second, whatever is before them."""
LAGS_AT_MOST_S = 30.0
"""Real seconds for the photos of one step of a virtual clock: half an hour of a countdown is 1,800 photos."""
NAMED_CELLS = 6
"""So many unread cells are named: where they begin says what covers the display."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a photo shows. ``rows`` is None when a cell could not be read; ``unread`` names it (row, column, from 1).

    ``distance`` sums how far the dots are from those of the glyphs that were read; 0 for a photo without a doubt.
    """

    rows: tuple[str, ...] | None
    unread: tuple[tuple[int, int], ...] = ()
    distance: float = 0.0
    washed_out: int = 0
    """So many of the unread cells are saturated: ink under them cannot be told from none."""

    @property
    def dark(self) -> bool:
        """Nothing is shown: no power, or an empty page."""
        return self.rows is not None and not any(self.rows)

    @property
    def unreadable(self) -> str:
        """What kept the photo from being a picture, for people; empty when it is one."""
        if self.rows is not None:
            return ""
        if not self.unread:
            return "the photo did not come whole"
        cells = ", ".join(f"row {row} column {column}" for row, column in self.unread[:NAMED_CELLS])
        told = f"{cells}{', …' * (len(self.unread) > NAMED_CELLS)}"
        if self.washed_out:
            lamp = "a lamp is reflected, or the exposure is too long"
            return f"{len(self.unread)} cells cannot be read, {self.washed_out} of them washed out ({lamp}): {told}"
        return f"{len(self.unread)} cells are no glyph of the font ({told})"


class PhotoReader(Protocol):
    """Reads a display from a photo (photo_reading.py)."""

    def read(self, jpeg: bytes) -> Reading | None:
        """None when the photo cannot be decoded."""


class CameraStream(PictureStream):
    """Pictures from photos.

    A camera that numbers what it shows (a simulated one) is believed photo by photo. Of any other a new picture counts
    when two photos in a row agree: one taken while the display changes shows a mixture.
    """

    quiet_s = 0.25
    transcript_chunks = 64
    damaged_todo = "look at its photos with posrig camera: something before the display, the light, the cable"
    lost_todo = "check the camera, its cable and the address of its stream; posrig camera shows what it sees"

    def __init__(
        self,
        address: str,
        reader: PhotoReader,
        stamp: Callable[[], float],
        on_picture: Callable[[Picture], None] | None = None,
        changed: threading.Condition | None = None,
        *,
        rows: int = ROWS,
    ) -> None:
        self._reader = reader
        self._photos = Photos()
        self._first = True
        self._last_at = time.monotonic()
        """When the last photo came, or the connection was made."""
        self._numbered = False
        self._due = 0
        self._candidate: tuple[str, ...] | None = None
        self.photo = b""
        """The last photo that came whole (JPEG), read or not."""
        self.reading: Reading | None = None
        """What is on it; None when it could not be decoded."""
        super().__init__("camera", address, stamp, on_picture, changed, rows=rows)

    def _open(self) -> ByteStream:
        try:
            return HttpBytes(self.address, OPENS_WITHIN_S)
        except OSError as exc:
            raise TransportError(
                f"the camera does not answer: {exc}",
                instrument="camera",
                resource=self.address,
                phase="open",
                todo=self.lost_todo,
            ) from exc

    @property
    def renewable(self) -> bool:
        return True

    @property
    def missing(self) -> str:
        """Why no photo has come on this connection, for people; empty when one has."""
        return self._photos.missing

    def _take(self, data: bytes) -> bool:
        try:
            for photo in self._photos.feed(data):
                self._look(photo)
        except NoPhotosError as wrong:
            self._give_up(str(wrong))
            return False
        self._look_at_silence()
        return self._photos.half

    def _quiet(self) -> None:
        if self._numbered and self._photos.half:
            self._look(self._photos.torn())
        self._look_at_silence()

    @property
    def _owes(self) -> bool:
        """A photo is due: a camera sends without being asked. A simulated one sends when something changes, and the rig
        says how many photos it sent."""
        return not self._numbered

    @property
    def _silent_s(self) -> float:
        return time.monotonic() - self._last_at

    def _patience_s(self) -> float | None:
        return max(SILENT_S - self._silent_s, 0.0) + 0.01 if self._owes else None

    def _look_at_silence(self) -> None:
        if self._owes and self._silent_s >= SILENT_S:
            why = self.missing or "the stream stands still since its last photo"
            self._give_up(f"{self.address} gave no picture within {SILENT_S:g} s: {why}")

    def _look(self, photo: Photo) -> None:
        first, self._first = self._first, False
        if photo.jpeg:
            self._last_at = time.monotonic()
        reading = self._reader.read(photo.jpeg) if photo.jpeg else None
        self._numbered = self._numbered or photo.number > 0
        if photo.jpeg:
            self.photo = photo.jpeg
            self.reading = reading
        if reading is None or reading.rows is None or (self._numbered and not photo.number):
            self._unreadable()
        elif reading.dark and (first or photo.number <= self._whole_to):
            self._dark(photo.number)
        elif photo.number:
            if photo.number > self._whole_to or self._spoiled:
                self._publish(reading.rows, photo.number)
            self._seen = photo.number  # what damaged photos seemed to count was a guess
        else:
            self._unnumbered(reading.rows)

    def _unreadable(self) -> None:
        self._candidate = None
        if self._numbered:
            self._spoil(self._seen + 1)  # perhaps: the next good one says how far it is
        elif not self._spoiled:
            self._spoiled = 1
            self.version += 1

    def _dark(self, number: int) -> None:
        """A display without power is no picture; what it showed before is gone."""
        self.picture = self._blank
        self._candidate = None
        self._missing += max(number - self._whole_to - 1, 0) if self._whole_to else 0
        self._spoiled = 0
        self._seen = self._whole_to = max(self._whole_to, number)
        self.version += 1

    def _unnumbered(self, rows: tuple[str, ...]) -> None:
        if rows == self.picture.lines:
            self._spoiled = 0
        elif rows == self._candidate:
            self._publish(rows, 0)
        self._candidate = rows

    @property
    def whole(self) -> bool:
        stale = not self._numbered and self._silent_s > FRESH_S
        return super().whole and self._whole_to >= self._due and not stale

    def accept(self) -> None:
        super().accept()
        self._due = 0

    def catch_up(self, marks: Marks, timeout_s: float) -> bool:
        """A photo takes longer to read than a virtual second: while they are read, the rest is waited for."""
        self._due = max(self._due, marks.frame)
        behind = Deadline(LAGS_AT_MOST_S)
        while self._seen < marks.frame and not behind.expired:
            before = self._seen
            if not self.wait_until(lambda: self._seen >= marks.frame, timeout_s) and self._seen == before:
                break
        return super().catch_up(marks, 0.0)

    def make_whole(self) -> bool:
        """A simulated camera shows its present photo anew; another one sends the next photo by itself."""
        for _ in range(RENEWALS):
            if self.whole:
                break
            if self._numbered:
                self.renew()
            self.wait_until(lambda: self.whole, RENEWED_WITHIN_S)
        if not self._numbered and self._silent_s > FRESH_S:  # it sends again, or is lost with the reason
            self.wait_until(lambda: self.whole, SILENT_S)
        return self.whole

    def _anew(self) -> None:
        self._photos, self._first, self._candidate = Photos(), True, None
        self._last_at = time.monotonic()
