"""Debounced contacts: a key counts when it was still for 20 ms. No matrix: each key has a line of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from posrig.simulated.loop.scheduler import Timer

DEBOUNCE_S = 0.02


class HasTimers(Protocol):
    def after(self, delay_s: float, call: Callable[[], None]) -> Timer: ...


class Contacts:
    """``changed(name, down)`` is called once for each change that lasts."""

    def __init__(self, board: HasTimers, changed: Callable[[str, bool], None]) -> None:
        self._board, self._changed = board, changed
        self.down: set[str] = set()
        self._settling: dict[str, Timer] = {}

    def edge(self, name: str, closed: bool) -> None:
        """A raw edge, bounces included."""
        if name in self._settling:
            self._settling.pop(name).cancel()
        self._settling[name] = self._board.after(DEBOUNCE_S, lambda: self._still(name, closed))

    def _still(self, name: str, closed: bool) -> None:
        self._settling.pop(name, None)
        if closed == (name in self.down):
            return
        (self.down.add if closed else self.down.discard)(name)
        self._changed(name, closed)
