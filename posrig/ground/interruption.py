"""Ends what the main thread is doing, from another thread: a wait of half an hour must not outlast the guard."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_NUMBER = signal.SIGURG
"""Ignored by default: one that comes too late ends nothing."""
_live: list[Interruption] = []
_before: Any = None


class Interruption:
    """One error at most, raised in the main thread wherever it is, while :attr:`allowed`."""

    def __init__(self) -> None:
        self.allowed = True
        """False: nothing is raised; who has forbidden it looks by himself."""
        self.error: BaseException | None = None
        self._installed = False

    def install(self) -> None:
        """From the main thread; elsewhere nothing can be interrupted."""
        global _before
        if threading.current_thread() is not threading.main_thread():
            return
        if not _live:
            _before = signal.signal(_NUMBER, _deliver)
        _live.append(self)
        self._installed = True

    def remove(self) -> None:
        """Nothing is raised any more. May be called twice."""
        self.error = None
        if not self._installed:
            return
        self._installed = False
        _live.remove(self)
        if not _live and threading.current_thread() is threading.main_thread():
            signal.signal(_NUMBER, signal.SIG_DFL if _before is None else _before)

    @contextmanager
    def permitted(self) -> Iterator[None]:
        """Allowed in here; what came before is raised at once."""
        self.allowed = True
        try:
            if self.error is not None and self._installed:
                _deliver(_NUMBER, None)
            yield
        finally:
            self.allowed = False

    def interrupt(self, error: BaseException) -> None:
        """Raise ``error`` in the main thread; may be called from any thread."""
        if not self._installed:
            return
        self.error = error
        with contextlib.suppress(ProcessLookupError):
            signal.pthread_kill(threading.main_thread().ident or 0, _NUMBER)


def _deliver(_number: int, _frame: FrameType | None) -> None:
    for one in list(_live):
        if one.allowed and one.error is not None:
            error, one.error = one.error, None
            raise error
