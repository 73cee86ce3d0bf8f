"""Does each edge lead where the model says? Proved by what is pressed anyway, then by short words.

For every edge the wrong targets not yet excluded are kept. Every later press follows them in parallel and drops those
that would have answered otherwise; those that meet the true state are out of sight until the edge is walked again. The
same is done, later, for every edge after every other (pairs): a hidden twin of a state may lead astray where the state
itself does not.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Generic, TypeVar

from posrig.fuzzing.machines.mealy import Mealy, Separator, Word, bits
from posrig.fuzzing.search.planning import Edge, Phase, Plan, Planner, mask_of

_FOLLOWED_PRESSES = 12
# looked at for one word: with thousands of states all of them would cost more time than a press
_MOST_WRONG = 64

What = TypeVar("What")
Pair = tuple[int, int, int]


class Followers(Generic[What]):
    """Wrong targets of what was walked lately, followed through the presses since."""

    def __init__(self, machine: Mealy) -> None:
        self._machine = machine
        self._like = self._states_by_answer()
        # what is followed; its wrong targets while nothing was pressed since, then {where they would be by now: which};
        # for how many presses more
        self._followed: list[tuple[What, int, dict[int, int], int]] = []

    def _states_by_answer(self) -> list[dict[str, int]]:
        tables: list[dict[str, int]] = [{} for _ in self._machine.inputs]
        for state, row in enumerate(self._machine.answers):
            for key, answer in enumerate(row):
                tables[key][answer] = tables[key].get(answer, 0) | 1 << state
        return tables

    def forget(self) -> None:
        """A reset hides what was followed."""
        self._followed = []

    def follow(self, what: What, wrong: int) -> None:
        """From here on, these would be the wrong targets of what was just walked."""
        self._followed.append((what, wrong, {}, _FOLLOWED_PRESSES))

    def press(self, state: int, key: int, answer: str) -> Iterator[tuple[What, int]]:
        """One press in the true state: what is followed, and which of its wrong targets the answer excludes."""
        alike = self._like[key].get(answer, 0)
        true_next = self._machine.next_state[state][key]
        kept: list[tuple[What, int, dict[int, int], int]] = []
        for what, fresh, places, presses in self._followed:
            moved, excluded = self._move(fresh, places, key, alike, true_next)
            if excluded:
                yield what, excluded
            if moved and presses > 1:
                kept.append((what, 0, moved, presses - 1))
        self._followed = kept

    def _move(
        self, fresh: int, places: dict[int, int], key: int, alike: int, true_next: int
    ) -> tuple[dict[int, int], int]:
        """Where the wrong targets would be after a key, and those that would have answered otherwise."""
        moved: dict[int, int] = {}
        excluded = fresh & ~alike
        table = self._machine.next_state
        for place in bits(fresh & alike):
            there = table[place][key]
            if there != true_next:
                moved[there] = moved.get(there, 0) | 1 << place
        for place, targets in places.items():
            if not alike >> place & 1:
                excluded |= targets
                continue
            there = table[place][key]
            if there != true_next:
                moved[there] = moved.get(there, 0) | targets
        return moved, excluded


class TargetTracker:
    """Per edge, the wrong targets (a bit mask of states) that nothing pressed so far excludes."""

    def __init__(self, planner: Planner) -> None:
        machine = planner.machine
        self._followers: Followers[Edge] = Followers(machine)
        reach = mask_of(planner.reachable())
        self.open: list[list[int]] = [[0] * len(machine.inputs) for _ in range(machine.size)]
        for state in planner.reachable():
            for key in planner.open_keys(state):
                self.open[state][key] = reach & ~(1 << machine.next_state[state][key])
        self.by_state = [sum(1 for mask in row if mask) for row in self.open]

    def restarted(self) -> None:
        self._followers.forget()

    def pressed(self, state: int, key: int, answer: str) -> None:
        for edge, excluded in self._followers.press(state, key, answer):
            self.exclude(edge, excluded)
        if self.open[state][key]:
            self._followers.follow((state, key), self.open[state][key])

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


class Words:
    """Chooses the word that excludes most wrong targets per key."""

    def __init__(self, planner: Planner, separator: Separator) -> None:
        self._planner, self._separator = planner, separator

    def best(self, true: int, wrong: int) -> Word | None:
        """None when no word that may be walked excludes any."""
        some = bits(wrong)[:_MOST_WRONG]
        words = {word for t in some if (word := self._separator.word(true, t)) is not None}
        usable = sorted(word for word in words if self._may_walk(true, word))
        if not usable:
            return None
        return max(usable, key=lambda w: (wrong & ~self._separator.same(w, true)).bit_count() / len(w))

    def all(self, true: int, wrong: int) -> Word:
        """Best words one after the other, until every wrong target would have answered otherwise or is out of sight: a
        second visit would cost more. Empty when no word that may be walked excludes any."""
        whole: Word = ()
        machine = self._planner.machine
        while wrong and (word := self.best(true, wrong)) is not None and len(whole) + len(word) < _FOLLOWED_PRESSES:
            alike = bits(wrong & self._separator.same(word, true))
            true = machine.path(word, true)[-1]
            wrong = mask_of(machine.path(word, state)[-1] for state in alike) & ~(1 << true)
            whole += word
        return whole

    def _may_walk(self, state: int, word: Word) -> bool:
        blocked, path = self._planner.blocked, self._planner.machine.path(word, state)
        return not blocked or all(edge not in blocked for edge in zip(path, word, strict=False))


class StateCheck(Phase):
    """The nearest edge that is not proved: walk it, then the word that excludes most wrong targets per key."""

    name = "state check"

    def __init__(self, planner: Planner, tracker: TargetTracker, words: Words, rng: random.Random) -> None:
        self._planner, self._tracker, self._words, self._rng = planner, tracker, words, rng

    def plan(self, state: int) -> Plan | None:
        if not self._tracker.by_state[state]:
            return self._planner.nearest(state, self._tracker.by_state.__getitem__)
        row = self._tracker.open[state]
        key = self._rng.choice([k for k, mask in enumerate(row) if mask])
        word = self._words.best(self._planner.machine.next_state[state][key], row[key])
        if word is None:  # equivalent states, or told apart by blocked keys only
            self._tracker.exclude((state, key), row[key])
        return Plan(False, (key, *(word or ())))


class PairCheck(Phase):
    """The same for every edge after every other: the targets of what a hidden twin may spoil."""

    name = "pair check"

    def __init__(self, planner: Planner, words: Words, rng: random.Random) -> None:
        self._planner, self._words, self._rng = planner, words, rng
        self._followers: Followers[Pair] = Followers(planner.machine)
        self._reach = mask_of(planner.reachable())
        self._open: dict[Pair, int] | None = None
        self._by_state = [0] * planner.machine.size
        self._last: Edge | None = None

    def restarted(self) -> None:
        self._followers.forget()
        self._last = None

    def pressed(self, state: int, key: int, answer: str) -> None:
        if self._open is None:
            return
        for pair, excluded in self._followers.press(state, key, answer):
            self._exclude(pair, excluded)
        if self._last is not None and (wrong := self._open.get((*self._last, key), 0)):
            self._followers.follow((*self._last, key), wrong)
        self._last = (state, key)

    def plan(self, state: int) -> Plan | None:
        if self._open is None:
            self._open = dict(self._all_pairs())
        if not self._by_state[state]:
            return self._planner.nearest(state, self._by_state.__getitem__)
        keys = self._planner.open_keys(state)
        table = self._planner.machine.next_state
        pairs = [(a, b) for a in keys for b in self._planner.open_keys(table[state][a]) if (state, a, b) in self._open]
        first, second = self._rng.choice(pairs)
        wrong = self._open[(state, first, second)]
        word = self._words.best(table[table[state][first]][second], wrong)
        if word is None:
            self._exclude((state, first, second), wrong)
        return Plan(False, (first, second, *(word or ())))

    def _all_pairs(self) -> Iterator[tuple[Pair, int]]:
        table = self._planner.machine.next_state
        for state in self._planner.reachable():
            for first in self._planner.open_keys(state):
                middle = table[state][first]
                for second in self._planner.open_keys(middle):
                    wrong = self._reach & ~(1 << table[middle][second])
                    if wrong:
                        self._by_state[state] += 1
                        yield (state, first, second), wrong

    def _exclude(self, pair: Pair, targets: int) -> None:
        if self._open is None or pair not in self._open:
            return
        self._open[pair] &= ~targets
        if not self._open[pair]:
            del self._open[pair]
            self._by_state[pair[0]] -= 1
