"""Whole pictures of the terminal's display, whatever wire they come over: numbered, kept, fetched anew when damaged."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from posrig.ground.clock import Marks
from posrig.screens.came import Came
from posrig.screens.console import Console
from posrig.screens.picture import ROWS

KEPT_PICTURES = 10_000
RENEWALS = 5
"""New connections tried for a picture that came in damaged: on a line that loses 1 byte in 200 each third one is."""
RENEWED_WITHIN_S = 0.3


@dataclass(frozen=True, slots=True)
class Picture:
    """One whole repaint. ``number`` counts repaints (0 where the terminal does not count), ``at`` is clock time."""

    lines: tuple[str, ...]
    number: int
    at: float


BLANK = Picture(("",) * ROWS, 0, 0.0)


class PictureStream(Console):
    """Pictures of the display. ``on_picture`` is called by the reader thread for each whole one.

    A subclass reads its wire in :meth:`_take` and says :meth:`_publish` or :meth:`_spoil`.
    """

    def __init__(
        self,
        name: str,
        address: str,
        stamp: Callable[[], float],
        on_picture: Callable[[Picture], None] | None = None,
        changed: threading.Condition | None = None,
        *,
        rows: int = ROWS,
    ) -> None:
        self._blank = Picture(("",) * rows, 0, 0.0)
        self._seen = 0
        self._whole_to = 0
        self._missing = self._spoiled = 0
        self._on_picture = on_picture
        self.picture = self._blank
        self.came = Came()
        """Repaints as they came in; a stream that cannot count them byte for byte counts none."""
        self.pictures: deque[Picture] = deque(maxlen=KEPT_PICTURES)
        self.published = 0
        """How many pictures came in all: a place for :meth:`since`."""
        super().__init__(name, address, stamp, changed)

    def _spoil(self, number: int) -> None:
        """A repaint that came in damaged is no picture; waiters wake up and look for a whole one."""
        with self.changed:
            self._spoiled += 1
            self._seen = max(self._seen, min(number, self._seen + 1))  # a number may be what was damaged
            self.version += 1

    @property
    def damaged(self) -> int:
        """How many repaints are missing so far: lost, or with bytes lost or changed, as far as their marks tell."""
        return self._missing + self._spoiled

    @property
    def whole(self) -> bool:
        """The picture is the last one that the terminal is known to have sent."""
        return self._seen <= self._whole_to and not self._spoiled

    def accept(self) -> None:
        """What is missing until now will not come: the display is dark."""
        with self.changed:
            self._missing, self._spoiled = self.damaged, 0
            self._whole_to = self._seen

    def _publish(self, lines: tuple[str, ...], number: int) -> None:
        with self.changed:
            self.picture = Picture(lines, number, self._stamp())
            self.pictures.append(self.picture)
            self.published += 1
            if number and self._whole_to:
                self._missing += max(number - self._whole_to - 1, 0)
            self._spoiled = 0
            self._seen = max(self._seen, number)
            self._whole_to = max(self._whole_to, number)
            self.version += 1
            if self._on_picture is not None:
                self._on_picture(self.picture)

    def since(self, published: int) -> tuple[Picture, ...]:
        """The pictures that came after :attr:`published` had this value (the last 10,000 are kept)."""
        with self.changed:
            newest = tuple(islice(reversed(self.pictures), max(self.published - published, 0)))
        return newest[::-1]

    def blank(self) -> None:
        """The power went: there is no picture until the next repaint."""
        with self._taking, self.changed:
            self.picture = self._blank
            self._gone_dark()
        self.accept()

    def _gone_dark(self) -> None:
        """Forget what an update could build on."""

    def catch_up(self, marks: Marks, timeout_s: float) -> bool:
        """Wait until the picture of that number was seen; after ``timeout_s`` go on without it: it is missing."""
        if self._seen >= marks.frame and not self._lost:
            return True
        if self.wait_until(lambda: self._seen >= marks.frame, timeout_s):
            return True
        with self.changed:
            self._seen = max(self._seen, marks.frame)  # or every later look would wait again for what never comes
        return False

    def make_whole(self) -> bool:
        """When the last picture came in damaged or not at all: fetch the present one over a new connection.

        Raises TransportError when there is no new connection to be had.
        """
        for _ in range(RENEWALS):
            if self.whole or not self.renewable:
                break
            self.renew()
            self.wait_until(lambda: self.whole, RENEWED_WITHIN_S)
        return self.whole
