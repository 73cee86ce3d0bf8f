"""One more pass over every (state, key), with other histories than the passes before it."""

from __future__ import annotations

import random

from posrig.fuzzing.search.coverage import EdgeCoverage
from posrig.fuzzing.search.planning import Phase, Plan, Planner

# how often the next goal is any, instead of the nearest
_STRAY = 0.3


class OnePass(Phase):
    """What is left of the pass, and the ways to it: mostly to the nearest, sometimes to any. Which key is pressed where
    several are left, its kinds say."""

    def __init__(self, planner: Planner, rng: random.Random) -> None:
        self._planner, self._rng = planner, rng
        self._left: EdgeCoverage | None = None

    def choose(self, state: int, todo: int) -> int | None:
        """The key to press here, of those left in the pass (a mask, not empty); None to go elsewhere first."""
        raise NotImplementedError

    def pressed(self, state: int, key: int, answer: str) -> None:
        if self._left is not None:
            self._left.pressed(state, key, answer)

    def restarted(self) -> None:
        """A pass goes on over a reset."""

    def plan(self, state: int) -> Plan | None:
        if self._left is None:
            self._left = EdgeCoverage(self._planner)
        if not self._left.left:
            self._left = None  # the next one begins anew
            return None
        todo = self._left.todo
        key = self.choose(state, todo[state]) if todo[state] else None
        return Plan(False, (key,)) if key is not None else self._travel(state, todo)

    def _travel(self, state: int, todo: list[int]) -> Plan | None:
        if self._rng.random() < _STRAY:
            near = [there for there in self._planner.distances(state) if todo[there]]
            if near:
                return self._planner.route(state, self._rng.choice(near))
        return self._planner.nearest(state, todo.__getitem__)
