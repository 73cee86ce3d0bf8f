"""The simulated rig's time: one heap of events, driven by the clock wire (virtual) or by the wall clock (real time).

Time is seconds since the Unix epoch, UTC. In virtual mode nothing moves unless somebody advances it; in real-time mode
:meth:`Scheduler.catch_up` runs what is due. Events of one instant run in the order in which they were put in.
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass

EVENTS_AT_ONE_INSTANT = 100_000
"""More than any real moment has: beyond it something calls itself for ever, and time would stand still."""
EPOCH_S = 1_767_945_600.0
"""Where virtual time starts: Friday 2026-01-09 08:00:00 UTC."""


class TimeStandsStill(Exception):  # noqa: N818 - says what happened
    """Events without end at one instant: a fault of the simulated firmware (or of a seeded defect)."""


@dataclass(slots=True, eq=False)
class Timer:
    """One event to come; ``cancel`` makes it never happen."""

    at: float
    call: Callable[[], None] | None

    def cancel(self) -> None:
        self.call = None

    @property
    def pending(self) -> bool:
        return self.call is not None


class Scheduler:
    """Runs callbacks in order of time. ``stop_requested`` is polled after each event by :meth:`run_until`."""

    def __init__(self, start: float = EPOCH_S, *, real_time: bool = False) -> None:
        self.real_time = real_time
        self._offset = start - time.monotonic() if real_time else 0.0
        self._now = start
        # Tuples, since these are compared without running Python code; the order number keeps timers out of it.
        self._heap: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()

    @property
    def now(self) -> float:
        """Seconds since the Unix epoch."""
        return self._now

    @property
    def elapsed(self) -> float:
        """Seconds that only grow, whatever the clock is set to."""
        return self._now - self._offset

    def at(self, when: float, call: Callable[[], None]) -> Timer:
        timer = Timer(max(when, self._now), call)
        heapq.heappush(self._heap, (timer.at, next(self._order), timer))
        return timer

    def after(self, delay_s: float, call: Callable[[], None]) -> Timer:
        return self.at(self._now + max(delay_s, 0.0), call)

    def next_at(self) -> float | None:
        """When the next event is due, or None."""
        while self._heap and self._heap[0][2].call is None:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def run_until(self, when: float, stop_requested: Callable[[], bool] | None = None) -> bool:
        """Run all events up to and including ``when``; True if that instant was reached, False if stopped before.

        Raises TimeStandsStill when events go on and on without time going on.
        """
        since, count = self._now, 0
        while (due := self.next_at()) is not None and due <= when:
            timer = heapq.heappop(self._heap)[2]
            if due > since:
                since, count = due, 0
            count += 1
            if count > EVENTS_AT_ONE_INSTANT:
                raise TimeStandsStill(f"{count} events at {since:.6f} and no end of them")
            self._now = max(self._now, due)
            call, timer.call = timer.call, None
            if call is not None:
                call()
            if stop_requested is not None and stop_requested():
                return False
        self._now = max(self._now, when)
        return True

    def advance(self, delay_s: float, stop_requested: Callable[[], bool] | None = None) -> bool:
        return self.run_until(self._now + delay_s, stop_requested)

    def wait_s(self) -> float | None:
        """How long the loop may sleep: until the next event in real time, for ever (None) on the virtual clock."""
        if not self.real_time or (due := self.next_at()) is None:
            return None
        return max(due - self._offset - time.monotonic(), 0.0)

    def jump(self, to: float) -> None:
        """Set the clock; what is pending stays as far away as it was."""
        shift, self._now = to - self._now, to
        self._offset += shift
        for _, _, timer in self._heap:
            timer.at += shift
        # The order stays: all move by the same.
        self._heap = [(timer.at, order, timer) for _, order, timer in self._heap]

    def catch_up(self) -> None:
        """Real-time mode: run what is due by the wall clock."""
        if self.real_time:
            self.run_until(self._offset + time.monotonic())
