"""Where to go next: what was never done in a situation first, then what was never done in a state, by the ways that
were seen to lead there; then at random, what was done least first.

The map is what was seen, not what is concluded: the profile says what a screen means, not where every key leads.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Sequence

from posrig.fuzzing.models.from_profile.acts import CUT, Act
from posrig.fuzzing.models.from_profile.facts import Facts

FURTHER = ("number", "secret", "way", "host", "offer", "stick", "touch", "lock-out over")
"""Kinds that lead further than a single key."""
BACK = (CUT, "way sign off", "way restart")
"""What leads back to the beginning comes last."""
ELSEWHERE = 0.1
"""Share of the acts that are drawn by chance while there is something left to do: what is never tried twice hides what
shows the third time."""


class Guide:
    """The map of one scope, and what was done on it."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._leads: dict[str, dict[str, str]] = {}
        self._open: dict[str, frozenset[str]] = {}
        """Acts with a meaning, by state."""
        self._situations: dict[str, str] = {}
        self._done: Counter[tuple[str, str]] = Counter()
        self._tried: Counter[tuple[str, str]] = Counter()
        self._blocked: set[tuple[str, str]] = set()
        self._start = ""

    # -- what was seen

    def begun(self, facts: Facts, possible: Sequence[Act]) -> None:
        """The first state."""
        self._start = facts.key()
        self.saw(facts, possible)

    def saw(self, facts: Facts, possible: Sequence[Act]) -> None:
        """A state and what can be done there."""
        state = facts.key()
        self._situations[state] = facts.situation()
        open_here = frozenset(act.name for act in possible if (facts.situation(), act.name) not in self._blocked)
        self._open[state] = open_here

    def went(self, before: Facts, act: Act, after: Facts) -> None:
        state = before.key()
        self._leads.setdefault(state, {})[act.name] = after.key()
        self._done[state, act.name] += 1
        self._tried[before.situation(), act.name] += 1

    def block(self, situation: str, act: str) -> None:
        """A finding begins there: what it hides is reached another way, or not."""
        self._blocked.add((situation, act))
        for state, open_here in self._open.items():
            if self._situations[state] == situation:
                self._open[state] = open_here - {act}

    def is_blocked(self, situation: str, act: str) -> bool:
        return (situation, act) in self._blocked

    # -- where to go

    def next(self, facts: Facts, possible: Sequence[Act]) -> Act | None:
        """One of the possible acts; None: from the first state there is more to do, or nothing is left here."""
        state = facts.key()
        here = [act for act in possible if act.name in self._open[state]]
        if not here:
            return None
        if self._rng.random() < ELSEWHERE:
            return self._least(facts, here)
        for fresh in (self._new_in_situation, self._new_in_state):
            names = fresh(state)
            if names:
                return self._rank([act for act in here if act.name in names])
            step = self._towards(state, fresh)
            if step is not None:
                return next((act for act in here if act.name == step), None) or self._least(facts, here)
            if state != self._start and self._towards(self._start, fresh, itself=True) is not None:
                return None
        return self._least(facts, here)

    def way_to(self, state: str) -> tuple[str, ...] | None:
        """The fewest acts that were seen to lead there from the first state."""
        return self._ways(self._start).get(state)

    @property
    def possible(self) -> int:
        """(state, act) pairs with a meaning, as far as states were seen."""
        return sum(len(names) for names in self._open.values())

    def uncovered(self) -> Counter[str]:
        """Acts never done, with the number of states."""
        return Counter(name for state, names in self._open.items() for name in names if not self._done[state, name])

    def _new_in_situation(self, state: str) -> set[str]:
        situation = self._situations[state]
        return {name for name in self._open[state] if not self._tried[situation, name]}

    def _new_in_state(self, state: str) -> set[str]:
        return {name for name in self._open[state] if not self._done[state, name]}

    def _rank(self, acts: Sequence[Act]) -> Act:
        """What leads further first, else by chance."""

        def rank(act: Act) -> tuple[int, float]:
            if act.name in BACK:
                return 3, self._rng.random()
            if act.kind not in FURTHER:
                return 2, self._rng.random()
            return int(act.guess), self._rng.random()

        return min(acts, key=rank)

    def _least(self, facts: Facts, acts: Sequence[Act]) -> Act:
        return min(acts, key=lambda act: (self._tried[facts.situation(), act.name], self._rng.random()))

    def _towards(self, state: str, fresh: object, *, itself: bool = False) -> str | None:
        """The first act of the shortest seen way to a state with something new."""
        assert callable(fresh)
        if itself and fresh(state):
            return ""
        ways = self._ways(state)
        goal = min((one for one, way in ways.items() if way and fresh(one)), key=lambda one: len(ways[one]), default="")
        return ways[goal][0] if goal else None

    def _ways(self, start: str) -> dict[str, tuple[str, ...]]:
        """Breadth first over what was seen; blocked acts are not walked."""
        found: dict[str, tuple[str, ...]] = {start: ()}
        queue = deque([start])
        while queue:
            here = queue.popleft()
            for name, there in self._leads.get(here, {}).items():
                if there not in found and there in self._open and name in self._open[here]:
                    found[there] = (*found[here], name)
                    queue.append(there)
        return found
