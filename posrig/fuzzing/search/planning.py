"""Where to walk on the model: cheapest ways by the device's own costs, with the reset as one more edge."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from heapq import heappop, heappush
from math import inf
from typing import NamedTuple, Protocol

import networkx as nx

from posrig.fuzzing.machines.device import Costs
from posrig.fuzzing.machines.mealy import Mealy, Word


class Plan(NamedTuple):
    """What to do next: a reset first or not, then these keys."""

    reset: bool
    keys: Word


class Phase(Protocol):
    """One part of a search: says what to do next from where the terminal is."""

    @property
    def name(self) -> str:
        """What a report calls it."""

    def plan(self, state: int) -> Plan | None:
        """What to do from this state of the model; None when the phase has nothing left that can be reached."""


class Watcher(Protocol):
    """Learns from every press, whichever phase made it."""

    def pressed(self, state: int, key: int, answer: str) -> None:
        """A key was pressed in a state of the model, and the right answer came."""

    def restarted(self) -> None:
        """The terminal was reset: what comes next does not follow from what came before."""


Edge = tuple[int, int]


class _Spread:
    """Dijkstra from one state, carried on only as far as somebody asks: most walks are short."""

    def __init__(self, ways: list[dict[int, tuple[float, int]]], source: int) -> None:
        self._ways = ways
        self.cost_s: dict[int, float] = {}
        self.entered: dict[int, Edge] = {}
        self._order: list[tuple[int, float]] = []
        self._count = 0  # among equal costs the first found goes first: the order is the same in every run
        self._heap: list[tuple[float, int, int, int, int]] = [(0.0, 0, source, source, -1)]

    def _settle_one(self) -> bool:
        """Find the next nearest state; False when there is none."""
        while self._heap:
            so_far, _, state, before, key = heappop(self._heap)
            if state in self.cost_s:
                continue
            self.cost_s[state] = so_far
            self.entered[state] = (before, key)
            self._order.append((state, so_far))
            for target, (cost, through) in self._ways[state].items():
                if target not in self.cost_s:
                    self._count += 1
                    heappush(self._heap, (so_far + cost, self._count, target, state, through))
            return True
        return False

    def in_order(self) -> Iterator[tuple[int, float]]:
        """States and costs, nearest first."""
        done = 0
        while done < len(self._order) or self._settle_one():
            yield self._order[done]
            done += 1

    def complete(self) -> dict[int, float]:
        """All states that can be reached, nearest first."""
        while self._settle_one():
            pass
        return self.cost_s

    def seconds(self, target: int, among: int) -> float:
        """The cost of one state, infinite when it is not among so many nearest."""
        while target not in self.cost_s and len(self._order) < among and self._settle_one():
            pass
        return self.cost_s.get(target, inf)


class Planner:
    """Cheapest walks between the states of a model. Blocked edges are never walked."""

    def __init__(self, machine: Mealy, costs: Costs | None = None, blocked: Collection[Edge] = ()) -> None:
        self.machine = machine
        self.blocked = frozenset(blocked)
        costs = costs or Costs()
        self.cost_s = [costs.of(name) for name in machine.inputs]
        self.reset_s = costs.reset_s
        self._ways = self._cheapest_ways()
        self._known: dict[int, _Spread] = {}
        self._words: dict[Edge, Word] = {}

    def _cheapest_ways(self) -> list[dict[int, tuple[float, int]]]:
        """Per state: where one key leads, for what cost, with which key."""
        ways: list[dict[int, tuple[float, int]]] = []
        for state, row in enumerate(self.machine.next_state):
            best: dict[int, tuple[float, int]] = {}
            for key, target in enumerate(row):
                if target == state or (state, key) in self.blocked:
                    continue
                if target not in best or self.cost_s[key] < best[target][0]:
                    best[target] = self.cost_s[key], key
            ways.append(best)
        return ways

    def _from(self, source: int) -> _Spread:
        if source not in self._known:
            self._known[source] = _Spread(self._ways, source)
        return self._known[source]

    def near(self, source: int) -> Iterator[tuple[int, float]]:
        """States and the seconds to them, nearest first; found as they are asked for."""
        return self._from(source).in_order()

    def distances(self, source: int) -> dict[int, float]:
        """Seconds from a state to every state that can be walked to, nearest first."""
        return self._from(source).complete()

    def seconds(self, source: int, target: int, *, among: int = 200) -> float:
        """Seconds from one state to another, infinite when it is not among so many nearest."""
        return self._from(source).seconds(target, among)

    def walk(self, source: int, target: int) -> Word | None:
        """The cheapest keys from one state to another without a reset; None when there is no way."""
        if (source, target) not in self._words:
            spread = self._from(source)
            if target not in spread.entered and target not in spread.complete():
                return None
            entered = spread.entered
            keys, here = [], target
            while here != source:
                here, key = entered[here]
                keys.append(key)
            self._words[(source, target)] = tuple(reversed(keys))
        return self._words[(source, target)]

    def route(self, source: int, target: int) -> Plan | None:
        """The cheaper of walking and of a reset and walking; None when the target cannot be reached at all."""
        here, home = self.distances(source).get(target), self.distances(self.machine.start).get(target)
        if here is None and home is None:
            return None
        reset = here is None or (home is not None and self.reset_s + home < here)
        word = self.walk(self.machine.start if reset else source, target)
        return Plan(reset, word) if word is not None else None

    def nearest(self, source: int, wanted: Callable[[int], object]) -> Plan | None:
        """The route to the cheapest state that is wanted; an empty plan when that is here; None when there is none."""
        here = self._first(source, wanted)
        start = self.machine.start
        if here is not None and here[1] <= self.reset_s:
            return Plan(False, self.walk(source, here[0]) or ())
        home = self._first(start, wanted)
        if home is not None and (here is None or self.reset_s + home[1] < here[1]):
            return Plan(True, self.walk(start, home[0]) or ())
        return Plan(False, self.walk(source, here[0]) or ()) if here is not None else None

    def _first(self, source: int, wanted: Callable[[int], object]) -> tuple[int, float] | None:
        return next(((state, cost_s) for state, cost_s in self.near(source) if wanted(state)), None)

    def reachable(self) -> list[int]:
        """Every state that can be reached from the start, nearest first."""
        return list(self.distances(self.machine.start))

    def open_keys(self, state: int) -> list[int]:
        """The keys that may be pressed in a state."""
        return [key for key in range(len(self.machine.inputs)) if (state, key) not in self.blocked]


def strongly_connected(machine: Mealy) -> bool:
    """Whether every state leads to every other, so that a search needs no reset."""
    graph = nx.DiGraph((s, t) for s, row in enumerate(machine.next_state) for t in row)
    return bool(nx.is_strongly_connected(graph))


def shortest_tour_presses(machine: Mealy) -> int | None:
    """Presses of the shortest walk over every edge from the start without a reset and back (Chinese postman), the
    yardstick for the greedy tour; None when the machine is not strongly connected."""
    if not strongly_connected(machine):
        return None
    graph = nx.DiGraph()
    surplus = [0] * machine.size
    for state, row in enumerate(machine.next_state):
        for target in row:
            surplus[target] += 1
            surplus[state] -= 1
            graph.add_edge(state, target, weight=1)
    for state, extra in enumerate(surplus):
        graph.nodes[state]["demand"] = -extra
    repeated, _ = nx.network_simplex(graph)
    return int(repeated) + machine.size * len(machine.inputs)


def mask_of(numbers: Iterable[int]) -> int:
    """The bit mask of some numbers."""
    mask = 0
    for number in numbers:
        mask |= 1 << number
    return mask
