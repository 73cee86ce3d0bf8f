"""The last phases, without end: random walks that identify states on the way, and random tours."""

from __future__ import annotations

import random

from posrig.fuzzing.machines.mealy import Separator, Word, bits
from posrig.fuzzing.search.onepass import OnePass
from posrig.fuzzing.search.planning import Phase, Plan, Planner

_LEAVES = 0.1


class IdentifyingWords:
    """For each state a few words that together tell it from all others, found when first asked for."""

    def __init__(self, planner: Planner, separator: Separator) -> None:
        self._reach = planner.reachable()
        self._separator = separator
        self._known: dict[int, list[Word]] = {}

    def of(self, state: int) -> list[Word]:
        """The words of one state; empty when it is alone."""
        if state not in self._known:
            self._known[state] = self._cover(state)
        return self._known[state]

    def _cover(self, state: int) -> list[Word]:
        words = {w for t in self._reach if t != state and (w := self._separator.word(state, t)) is not None}
        left = 0
        for other in self._reach:
            if other != state and self._separator.word(state, other) is not None:
                left |= 1 << other
        ordered = sorted(words, key=lambda w: (len(w), w))
        chosen = []
        while left:
            best = max(ordered, key=lambda w: (left & ~self._separator.same(w, state)).bit_count() / len(w))
            left &= self._separator.same(best, state)
            chosen.append(best)
        return chosen


class RandomWalk(Phase):
    """Walk to a random state, press some random keys, identify the state; for a number of plans, or for ever."""

    name = "random walk"

    def __init__(
        self, planner: Planner, words: IdentifyingWords, rng: random.Random, *, expected_keys: int = 5
    ) -> None:
        self._planner, self._words, self._rng, self._expected = planner, words, rng, expected_keys
        self._reach = planner.reachable()

    def plan(self, state: int) -> Plan | None:
        target = self._rng.choice(self._reach)
        route = self._planner.route(state, target)
        if route is None:
            return Plan(True, ())
        keys = list(route.keys)
        while True:
            choices = self._planner.open_keys(target)
            if not choices:
                return Plan(route.reset, tuple(keys)) if keys else Plan(True, ())
            key = self._rng.choice(choices)
            keys.append(key)
            target = self._planner.machine.next_state[target][key]
            if self._rng.random() < 1 / self._expected:
                break
        words = self._words.of(target)
        return Plan(route.reset, (*keys, *(self._rng.choice(words) if words else ())))


class RandomTour(OnePass):
    """Any key that is left; here and there the walk leaves before a state is done."""

    name = "random tour"

    def choose(self, state: int, todo: int) -> int | None:
        return self._rng.choice(bits(todo)) if self._rng.random() > _LEAVES else None
