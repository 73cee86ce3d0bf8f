"""The terminal's two outputs, the screen's pictures and the service port's lines, as one thing to wait for."""

from __future__ import annotations

import threading
from collections.abc import Callable

from posrig.ground.clock import Marks
from posrig.screens.camera_stream import CameraStream, PhotoReader
from posrig.screens.picture import COLUMNS, ROWS
from posrig.screens.pictures import Picture, PictureStream
from posrig.screens.screen_stream import ScreenStream
from posrig.terminal.contracts import ServiceLine
from posrig.terminal.service_stream import ServiceStream

PRESENT_PICTURE_S = 0.05
"""Real seconds in which a lit display sends its present picture to a new client; a dark one never does."""


class Streams:
    """Both outputs as one thing to wait for: they share one condition. With a ``reader`` of photos, ``screen`` is the
    address of a camera. ``size``: the display's rows and columns."""

    def __init__(
        self,
        screen: str,
        service: str | None,
        stamp: Callable[[], float],
        on_picture: Callable[[Picture], None] | None = None,
        on_line: Callable[[ServiceLine], None] | None = None,
        reader: PhotoReader | None = None,
        *,
        size: tuple[int, int] = (ROWS, COLUMNS),
        encoding: str = "utf-8",
    ) -> None:
        self.changed = changed = threading.Condition()
        self.screen: PictureStream
        rows, columns = size
        if reader is None:
            self.screen = ScreenStream(
                screen, stamp, on_picture, changed, rows=rows, columns=columns, encoding=encoding
            )
        else:
            self.screen = CameraStream(screen, reader, stamp, on_picture, changed, rows=rows)
        self.service: ServiceStream | None = None
        if service is not None:
            try:
                self.service = ServiceStream(service, stamp, on_line, changed)
            except BaseException:
                self.screen.close()
                raise

    @property
    def version(self) -> int:
        return self.screen.version + (self.service.version if self.service else 0)

    def wait_beyond(self, version: int, timeout_s: float) -> bool:
        self.check()
        return self.screen.wait_until(lambda: self.version > version, timeout_s)

    def catch_up(self, marks: Marks, timeout_s: float) -> bool:
        seen = self.screen.catch_up(marks, timeout_s)
        return (self.service is None or self.service.catch_up(marks, timeout_s)) and seen

    def begin_at(self, marks: Marks) -> None:
        """What was sent before these clients connected never comes, save the present picture."""
        if self.service is not None:
            self.service.begin_at(marks)
        if not self.screen.catch_up(marks, PRESENT_PICTURE_S) and not self.screen.damaged:
            self.screen.accept()

    @property
    def damaged(self) -> int:
        """Repaints and lines that are missing so far."""
        return self.screen.damaged + (self.service.damaged if self.service else 0)

    def revive(self) -> None:
        """Between scenarios: a stream that was lost is opened anew. Raises TransportError."""
        for stream in (self.screen, self.service):
            if stream is not None and stream.lost:
                stream.renew()
        if self.service is not None:
            self.service.revived()

    def check(self) -> None:
        """Raises TransportError when one of them was lost."""
        self.screen.check()
        if self.service is not None:
            self.service.check()

    def close(self) -> None:
        self.screen.close()
        if self.service is not None:
            self.service.close()
