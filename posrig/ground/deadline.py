"""A deadline as an object: it composes where bare time-outs add up."""

from __future__ import annotations

import time
from collections.abc import Callable


class Deadline:
    """An instant on a clock, ``seconds`` from now; without a clock on the computer's monotonic one.

    >>> Deadline(0).expired, Deadline(60).expired
    (True, False)
    """

    __slots__ = ("_now", "at", "seconds")

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self.seconds = seconds
        self.at = now() + seconds

    @property
    def remaining(self) -> float:
        """Seconds left, never below 0."""
        return max(0.0, self.at - self._now())

    @property
    def expired(self) -> bool:
        return self._now() >= self.at

    @property
    def waited(self) -> float:
        """Seconds since the deadline was set."""
        return self._now() - (self.at - self.seconds)
