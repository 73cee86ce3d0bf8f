"""The order of the phases, chosen by measurement (benchmarks/search.py).

Tour first: most faults show where they are. Then, when every state leads to every other, pairs (they check most targets
on the way, and all that follows needs no reset), then what the state check still has to prove. When some states cannot
be left without a reset, pairs are dear and the state check comes first. Then, in turn: random tours, random walks and
the check of what each pair leads to.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator

from posrig.fuzzing.machines.device import Costs
from posrig.fuzzing.machines.mealy import Mealy, Separator
from posrig.fuzzing.search.coverage import EdgeCoverage, PairCoverage
from posrig.fuzzing.search.pairs import AllPairs, PairPass
from posrig.fuzzing.search.planning import Edge, Phase, Plan, Planner, Watcher, strongly_connected
from posrig.fuzzing.search.randomwalk import IdentifyingWords, RandomTour, RandomWalk
from posrig.fuzzing.search.statecheck import PairCheck, StateCheck, TargetTracker, Words
from posrig.fuzzing.search.tour import Tour


class Strategy:
    """Says, plan by plan, what to press next on a model. Never ends by itself: a budget does."""

    def __init__(
        self,
        machine: Mealy,
        costs: Costs,
        rng: random.Random,
        *,
        blocked: Collection[Edge] = (),
        separator: Separator | None = None,
    ) -> None:
        self.planner = Planner(machine, costs, blocked)
        self.edges = EdgeCoverage(self.planner)
        self.pairs = PairCoverage(self.planner)
        self.targets = TargetTracker(self.planner)
        separator = separator or Separator(machine)
        self._tour = Tour(self.planner, self.edges, rng)
        words = Words(self.planner, separator)
        self._check = StateCheck(self.planner, self.targets, words, rng)
        self._pair_check = PairCheck(self.planner, words, rng)
        self._pass = PairPass(self.planner, self.pairs, rng)
        self._all_pairs = AllPairs(self.planner, self.pairs, rng)
        self._random_tour = RandomTour(self.planner, rng)
        self._random_walk = RandomWalk(self.planner, IdentifyingWords(self.planner, separator), rng)
        self.watchers: tuple[Watcher, ...] = (
            self.edges,
            self.pairs,
            self.targets,
            self._pass,
            self._pair_check,
            self._random_tour,
        )
        self._phases = self._in_turn()
        self._phase: Phase = next(self._phases)

    def _in_turn(self) -> Iterator[Phase]:
        yield self._tour
        if strongly_connected(self.planner.machine):
            yield from (self._pass, self._all_pairs, self._check)
        else:
            yield from (self._check, self._pass, self._all_pairs)
        while True:
            yield self._random_tour
            yield Portion(self._random_walk, self.edges.total // 8)
            yield Portion(self._pair_check, self.edges.total)

    @property
    def phase(self) -> str:
        """The name of the phase that made the last plan."""
        return self._phase.name

    def next_plan(self, state: int) -> Plan:
        """What to do from a state of the model."""
        plan = self._phase.plan(state)
        while plan is None:
            self._phase = next(self._phases)
            plan = self._phase.plan(state)
        return plan

    def carry(self, old: Strategy) -> None:
        """Take over what another strategy for a model of the same states has covered."""
        self.edges.carry(old.edges)
        self.pairs.carry(old.pairs)
        self.targets.carry(old.targets)

    @property
    def complete(self) -> bool:
        """Whether every edge was walked and proved and every pair taken: only random walks are left."""
        return not (self.edges.left or self.pairs.left or self.targets.left)


class Portion(Phase):
    """A number of plans of an endless phase."""

    def __init__(self, phase: Phase, plans: int) -> None:
        self._phase, self._left = phase, max(1, plans)

    @property
    def name(self) -> str:
        return self._phase.name

    def plan(self, state: int) -> Plan | None:
        if self._left <= 0:
            return None
        self._left -= 1
        return self._phase.plan(state)
