"""The process's one loop: sockets by ``selectors``, and in real time the events of the scheduler.

One thread, no asyncio: a request is one wake-up, one read, the work itself and one send.
"""

from __future__ import annotations

import selectors
from collections.abc import Callable
from typing import Protocol

from rigs.simulated.scheduler import Scheduler

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

    def run(self) -> None:
        """Serve until :meth:`stop`."""
        select, flush = self._selector.select, self.flush
        while not self._stopped:
            self._scheduler.catch_up()
            flush()
            for key, mask in select(self._scheduler.wait_s()):
                self._scheduler.catch_up()
                key.data(mask)
                if self._stopped:
                    break
        flush()

    def flush(self) -> None:
        for call in self.before_wait:
            call()

    def close(self) -> None:
        self._selector.close()
