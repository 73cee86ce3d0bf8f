"""The second phase: does each edge lead where the model says? Proved by what is pressed anyway, then by short words.

For every edge the wrong targets not yet excluded are kept. Every later press follows them in parallel and drops those
that would have answered otherwise; those that meet the true state are out of sight until the edge is walked again.
"""

from __future__ import annotations

import random

from fuzzing.mealy import Separator, bits
from fuzzing.planning import Edge, Phase, Plan, Planner, mask_of

_FOLLOWED_PRESSES = 12

# edge; its wrong targets while nothing was pressed since, then {where they would be by now: which}; presses left
_Followed = tuple[Edge, int, dict[int, int], int]


class TargetTracker:
    """Per edge, the wrong targets (a bit mask of states) that nothing pressed so far excludes."""

    def __init__(self, planner: Planner) -> None:
        machine = planner.machine
        self._machine = machine
        reach = mask_of(planner.reachable())
        self.open: list[list[int]] = [[0] * len(machine.inputs) for _ in range(machine.size)]
        for state in planner.reachable():
            for key in planner.open_keys(state):
                self.open[state][key] = reach & ~(1 << machine.next_state[state][key])
        self.by_state = [sum(1 for mask in row if mask) for row in self.open]
        self._like = self._states_by_answer()
        self._followed: list[_Followed] = []

    def _states_by_answer(self) -> list[dict[str, int]]:
        tables: list[dict[str, int]] = [{} for _ in self._machine.inputs]
        for state, row in enumerate(self._machine.answers):
            for key, answer in enumerate(row):
                tables[key][answer] = tables[key].get(answer, 0) | 1 << state
        return tables

    def restarted(self) -> None:
        """What was followed is lost: the reset hides it."""
        self._followed.clear()

    def pressed(self, state: int, key: int, answer: str) -> None:
        alike = self._like[key].get(answer, 0)
        true_next = self._machine.next_state[state][key]
        kept = []
        for edge, fresh, places, presses in self._followed:
            moved = self._move(edge, fresh, places, key, alike, true_next)
            if moved and presses > 1:
                kept.append((edge, 0, moved, presses - 1))
        mask = self.open[state][key]
        if mask:
            kept.append(((state, key), mask, {}, _FOLLOWED_PRESSES))
        self._followed = kept

    def _move(
        self, edge: Edge, fresh: int, places: dict[int, int], key: int, alike: int, true_next: int
    ) -> dict[int, int]:
        """Where the wrong targets would be after a key; those that would have answered otherwise are excluded."""
        moved: dict[int, int] = {}
        excluded = fresh & ~alike
        column = self._machine.next_state
        for place in bits(fresh & alike):
            there = column[place][key]
            if there != true_next:
                moved[there] = moved.get(there, 0) | 1 << place
        for place, targets in places.items():
            if not alike >> place & 1:
                excluded |= targets
                continue
            there = column[place][key]
            if there != true_next:
                moved[there] = moved.get(there, 0) | targets
        if excluded:
            self.exclude(edge, excluded)
        return moved

    def exclude(self, edge: Edge, targets: int) -> None:
        """These targets of an edge are disproved (or cannot be)."""
        state, key = edge
        before = self.open[state][key]
        self.open[state][key] = before & ~targets
        if before and not self.open[state][key]:
            self.by_state[state] -= 1

    def carry(self, old: TargetTracker) -> None:
        """Take over what another tracker of the same states has excluded."""
        rows = zip(self.open, old.open, strict=True)
        self.open = [[mine & theirs for mine, theirs in zip(row, other, strict=True)] for row, other in rows]
        self.by_state = [sum(1 for mask in row if mask) for row in self.open]

    @property
    def left(self) -> int:
        """How many edges are not proved."""
        return sum(self.by_state)


class StateCheck(Phase):
    """The nearest edge that is not proved: walk it, then the word that excludes most wrong targets per key."""

    name = "state check"

    def __init__(self, planner: Planner, tracker: TargetTracker, separator: Separator, rng: random.Random) -> None:
        self._planner, self._tracker, self._separator, self._rng = planner, tracker, separator, rng

    def plan(self, state: int) -> Plan | None:
        if not self._tracker.by_state[state]:
            return self._planner.nearest(state, self._tracker.by_state.__getitem__)
        row = self._tracker.open[state]
        key = self._rng.choice([k for k, mask in enumerate(row) if mask])
        return Plan(False, (key, *self._best_word((state, key))))

    def _best_word(self, edge: Edge) -> tuple[int, ...]:
        true = self._planner.machine.next_state[edge[0]][edge[1]]
        wrong = self._tracker.open[edge[0]][edge[1]]
        words = {word for t in bits(wrong) if (word := self._separator.word(true, t)) is not None}
        words = {word for word in words if self._may_walk(true, word)}
        if not words:
            self._tracker.exclude(edge, wrong)  # equivalent, or told apart by blocked keys only
            return ()
        return max(sorted(words), key=lambda w: (wrong & ~self._separator.same(w, true)).bit_count() / len(w))

    def _may_walk(self, state: int, word: tuple[int, ...]) -> bool:
        blocked, path = self._planner.blocked, self._planner.machine.path(word, state)
        return not blocked or all(edge not in blocked for edge in zip(path, word, strict=False))
