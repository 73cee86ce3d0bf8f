"""Before the tour: every act once in every kind of state.

A kind is what a person would call the situation: the page, whose sign-on it is for, who is signed on, why it is locked,
host lock, line. Counters, half-typed fields and spent codes multiply states, not situations; most defects show in any
state of their kind. So the first presses of a scope go where the kind is new, not where the next state is near.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from posrig.fuzzing.machines.mealy import bits
from posrig.fuzzing.models.terminal_r.state import State
from posrig.fuzzing.search.coverage import EdgeCoverage
from posrig.fuzzing.search.planning import Phase, Plan, Planner
from posrig.fuzzing.search.strategy import Strategy

Kind = tuple[str, str, str, str, bool, bool]


def kind_of(state: State) -> Kind:
    """The situation."""
    return state.page, state.purpose, state.user, state.cause, state.host, state.net


class KindsFirst(Phase):
    """The nearest state whose kind has not seen one of its open acts; the acts of a kind at random. Told of every
    press, as a watcher."""

    name = "every act in every situation"

    def __init__(self, planner: Planner, covered: EdgeCoverage, kinds: Sequence[Kind], rng: random.Random) -> None:
        self._planner, self._covered, self._rng = planner, covered, rng
        numbers = {kind: number for number, kind in enumerate(dict.fromkeys(kinds))}
        self._kind = [numbers[kind] for kind in kinds]
        self.done = [0] * len(numbers)
        """Per kind: the acts done in any of its states."""

    def pressed(self, state: int, key: int, answer: str) -> None:
        self.done[self._kind[state]] |= 1 << key

    def restarted(self) -> None:
        """Acts stay done over a reset."""

    def _new(self, state: int) -> int:
        return self._covered.todo[state] & ~self.done[self._kind[state]]

    def plan(self, state: int) -> Plan | None:
        here = self._new(state)
        if here:
            return Plan(False, (self._choose(state, here),))
        return self._planner.nearest(state, self._new)

    def _choose(self, state: int, mask: int) -> int:
        """Into a situation never seen, else what stays here: it needs no way back."""
        row = self._planner.machine.next_state[state]

        def rank(key: int) -> tuple[bool, bool, float]:
            seen = self.done[self._kind[row[key]]] != 0
            return seen, row[key] != state, self._rng.random()

        return min(bits(mask), key=rank)


class KindsStrategy(Strategy):
    """The engine's strategy with that phase before its own."""

    def __init__(self, kinds: Sequence[Kind], *arguments: Any, **options: Any) -> None:
        self._kinds = kinds
        super().__init__(*arguments, **options)
        self.watchers = (*self.watchers, self._first)

    def _in_turn(self) -> Iterator[Phase]:
        self._first = KindsFirst(self.planner, self.edges, self._kinds, random.Random(len(self._kinds)))
        yield self._first
        yield from super()._in_turn()

    def carry(self, old: Strategy) -> None:
        """Also which acts were done in which situations."""
        super().carry(old)
        if isinstance(old, KindsStrategy):
            self._first.done = [mine | theirs for mine, theirs in zip(self._first.done, old._first.done, strict=True)]
