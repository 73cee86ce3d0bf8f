"""One relay: a coil that is commanded, a contact that follows late, bounces, wears and may stick."""

from __future__ import annotations

import random
from collections.abc import Callable

from posrig.simulated.loop.scheduler import Scheduler, Timer

OPERATE_S = 0.004
BOUNCE_S = 0.003
"""A contact settles within this time after it first moved."""
SKEW_S = 0.0005
"""Relays of one command do not move at quite the same instant."""

FAULTS = ("stuck_open", "stuck_closed", "loses", "doubles")
"""The last two are a worn contact: some closings make no contact, or contact breaks in the middle of a press."""
BREAKS_AFTER_S, BREAK_S = 0.035, 0.025
"""When and for how long a contact that doubles breaks: long enough for a terminal to take it for a second press."""


class Relay:
    """``commanded`` is what a read-back of the instrument says; ``closed`` is what the contact does."""

    def __init__(self, scheduler: Scheduler, rng: random.Random, on_edge: Callable[[bool], None]) -> None:
        self._scheduler, self._rng, self._on_edge = scheduler, rng, on_edge
        self.commanded = False
        self.closed = False
        self.cycles = 0
        self.fault: str | None = None
        self._every = 1
        self._worn = 0
        self._lost = False
        self._edges: list[Timer] = []

    def command(self, closed: bool) -> bool:
        """Energise or release the coil; True if that changed anything. The contact moves after OPERATE_S."""
        if closed == self.commanded:
            return False
        self.commanded = closed
        self.cycles += closed
        for edge in self._edges:
            edge.cancel()
        self._edges = []
        if self.fault is None:
            self._schedule(closed)
        elif self.fault in ("loses", "doubles"):
            self._schedule_worn(closed)
        return True

    def set_fault(self, fault: str | None, every: int = 1) -> None:
        """Weld the contact, leave it open for good, wear it (each ``every``-th closing is struck), or mend it."""
        self.fault, self._every, self._worn, self._lost = fault, every, 0, False
        for edge in self._edges:
            edge.cancel()
        self._edges = []
        self._move({"stuck_open": False, "stuck_closed": True}.get(fault or "", self.commanded))

    def _schedule(self, closed: bool) -> None:
        """1, 3 or 5 edges, the last one final."""
        first = OPERATE_S - self._rng.random() * SKEW_S
        bounces = sorted(self._rng.random() * BOUNCE_S for _ in range(self._rng.choice((0, 2, 2, 4))))
        after, state = self._scheduler.after, closed
        for delay_s in (0.0, *bounces):
            self._edges.append(after(first + delay_s, self._moving(state)))
            state = not state

    def _schedule_worn(self, closed: bool) -> None:
        if not closed:
            if not self._lost:
                self._schedule(closed)
            return
        self._worn += 1
        struck = self._worn % self._every == 0
        self._lost = struck and self.fault == "loses"
        if self._lost:
            return
        self._schedule(closed)
        if struck:
            for delay_s, state in ((BREAKS_AFTER_S, False), (BREAKS_AFTER_S + BREAK_S, True)):
                self._edges.append(self._scheduler.after(OPERATE_S + delay_s, self._moving(state)))

    def _moving(self, closed: bool) -> Callable[[], None]:
        return lambda: self._move(closed)

    def _move(self, closed: bool) -> None:
        if closed != self.closed:
            self.closed = closed
            self._on_edge(closed)
