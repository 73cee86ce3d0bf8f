"""How much computing a wire's reader may do: a console that floods must not keep the computer from everything else."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType

AT_ONCE_S = 1.0
"""Seconds of computing: 1 MB of any text takes less."""
SHARE = 0.5
"""Of one processor, in the long run."""


class Budget:
    """A context manager around the work. Computing time counts, not real time: on a busy computer work takes longer,
    but it is not more. ``work`` and ``now`` are clocks."""

    def __init__(self, work: Callable[[], float] = time.thread_time, now: Callable[[], float] = time.monotonic) -> None:
        self._work, self._now = work, now
        self._owed = 0.0
        self._begun, self._last = 0.0, now()
        self.spent = ""
        """Why no more may be done; empty while there is some left."""

    def __enter__(self) -> None:
        self._begun = self._work()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        took, now = self._work() - self._begun, self._now()
        self._owed = max(self._owed - (now - self._last) * SHARE, 0.0) + took
        self._last = now
        if self._owed > AT_ONCE_S:
            self.spent = (
                f"it sends more than can be read: over {AT_ONCE_S:g} s of computing at once, "
                f"more than {SHARE:.0%} of the time"
            )
