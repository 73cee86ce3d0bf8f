"""The process's one loop: sockets by ``selectors``, and in real time the events of the scheduler.

One thread, no asyncio: a request is one wake-up, one read, the work itself and one send.
"""

from __future__ import annotations

import heapq
import itertools
import selectors
import time
from collections.abc import Callable
from typing import Protocol

from posrig.simulated.loop.scheduler import Scheduler

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE

Ready = Callable[[int], None]
"""Called with the mask of what a file is ready for."""


class HasFileno(Protocol):
    def fileno(self) -> int: ...


class Loop:
    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._selector = selectors.DefaultSelector()
        self._stopped = False
        self._later: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self.before_wait: list[Callable[[], None]] = []
        """Called before each wait: what was gathered (stream bytes) goes out."""

    def watch(self, file: int | HasFileno, mask: int, ready: Ready) -> None:
        self._selector.register(file, mask, ready)

    def change(self, file: int | HasFileno, mask: int, ready: Ready) -> None:
        self._selector.modify(file, mask, ready)

    def forget(self, file: int | HasFileno) -> None:
        """Watch a file no more; one that is not watched is no error (closing twice)."""
        try:
            self._selector.unregister(file)
        except (KeyError, ValueError):
            return

    def stop(self) -> None:
        self._stopped = True

    def later(self, delay_s: float, call: Callable[[], None]) -> None:
        """Once, so many seconds of the wall clock from now, also while virtual time stands: wires are real."""
        self.at(time.monotonic() + delay_s, call)

    def at(self, due: float, call: Callable[[], None]) -> None:
        """The same at an instant of ``time.monotonic``; those of one instant keep their order."""
        heapq.heappush(self._later, (due, next(self._order), call))

    def _run_due(self) -> None:
        while self._later and self._later[0][0] <= time.monotonic():
            heapq.heappop(self._later)[2]()

    def _wait_s(self) -> float | None:
        wait_s = self._scheduler.wait_s()
        if not self._later:
            return wait_s
        left_s = max(self._later[0][0] - time.monotonic(), 0.0)
        return left_s if wait_s is None else min(wait_s, left_s)

    def run(self) -> None:
        """Serve until :meth:`stop`."""
        select, flush = self._selector.select, self.flush
        while not self._stopped:
            self._scheduler.catch_up()
            flush()
            for key, mask in select(self._wait_s() if self._later else self._scheduler.wait_s()):
                self._scheduler.catch_up()
                key.data(mask)
                if self._stopped:
                    break
            if self._later:
                self._run_due()
        flush()

    def flush(self) -> None:
        for call in self.before_wait:
            call()

    def close(self) -> None:
        self._selector.close()
