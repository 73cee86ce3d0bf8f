"""Is a failure real? Replayed after a hard reset, short histories first, and classed: always, sometimes, not again."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

from posrig.fuzzing.machines.device import DeviceUnderTest
from posrig.fuzzing.machines.mealy import Mealy, Word
from posrig.fuzzing.search.planning import Edge
from posrig.fuzzing.search.walker import Objection, Oracle

Class = Literal["always", "sometimes", "not again"]
_REPLAYS = 3
_MORE_REPLAYS = 7
_SUFFIXES = (1, 4, 16, 64)


@dataclass(frozen=True)
class Verdict:
    """How often a failure came again: ``fired`` of ``tried`` replays of ``keys``."""

    kind: Class
    fired: int
    tried: int
    keys: Word

    @property
    def interval(self) -> tuple[float, float]:
        """The rate at which it comes, as a 95 % Wilson interval."""
        return wilson(self.fired, self.tried)

    def __str__(self) -> str:
        if self.kind != "sometimes":
            return f"{self.kind} ({self.fired} of {self.tried})"
        low, high = self.interval
        return f"sometimes: {self.fired} of {self.tried} ({low:.0%} to {high:.0%})"


def wilson(hits: int, tries: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's score interval of a rate.

    >>> [round(x, 2) for x in wilson(3, 3)]
    [0.44, 1.0]
    """
    if tries == 0:
        return 0.0, 1.0
    rate, square = hits / tries, z * z
    middle = (rate + square / (2 * tries)) / (1 + square / tries)
    half = z * math.sqrt(rate * (1 - rate) / tries + square / (4 * tries * tries)) / (1 + square / tries)
    # the interval holds the rate; of 0 in 11 rounding would make it begin at 1e-17
    return min(max(0.0, middle - half), rate), max(min(1.0, middle + half), rate)


def replay(
    device: DeviceUnderTest,
    machine: Mealy,
    keys: Word,
    oracles: tuple[Oracle, ...] = (),
    tolerated: Collection[Edge] = (),
) -> Objection | None:
    """Press a word after a reset; the first objection, or None. The answers of tolerated edges are not compared.
    Raises as the device does."""
    device.reset()
    for oracle in oracles:
        oracle.restarted()
    state = machine.start
    for count, key in enumerate(keys, 1):
        name = machine.inputs[key]
        seen = device.press(name)
        expected = machine.answers[state][key]
        if seen != expected and (state, key) not in tolerated:
            return Objection(keys[:count], state, expected, seen)
        state = machine.next_state[state][key]
        for oracle in oracles:
            wrong = oracle.judge(name, seen)
            if wrong is not None:
                return Objection(keys[:count], state, wrong, seen, oracle.name)
    return None


def candidates(machine: Mealy, keys: Word) -> list[Word]:
    """Shorter histories that may show the same: a shortest way to where the last 1, 4, 16, 64 keys began, then all."""
    path = machine.path(keys)
    access = machine.access_words()
    words = [access[path[len(keys) - n]] + keys[len(keys) - n :] for n in _SUFFIXES if n < len(keys)]
    return [*dict.fromkeys(word for word in words if len(word) < len(keys)), keys]


def judge(
    device: DeviceUnderTest,
    machine: Mealy,
    objection: Objection,
    oracles: tuple[Oracle, ...] = (),
    tolerated: Collection[Edge] = (),
) -> Verdict:
    """Replay an objection on the device itself and class it.

    The first candidate that fails in the same way is replayed until three replays agree; when they do not, seven more
    give the rate. When no candidate fails, the whole history is tried twice more: then it is "not again".

    Raises:
        BudgetSpent, RigFault: as the device does.
    """

    def fires(word: Word) -> bool:
        again = replay(device, machine, word, oracles, tolerated)
        return again is not None and (again.expected, again.seen) == (objection.expected, objection.seen)

    words = candidates(machine, objection.keys)
    for word in [*words, words[-1], words[-1]]:
        if fires(word):
            return _rate(fires, word)
    return Verdict("not again", 0, _REPLAYS, objection.keys)


def _rate(fires: Callable[[Word], bool], word: Word) -> Verdict:
    fired, tried = 1, 1
    while tried < _REPLAYS:
        fired, tried = fired + fires(word), tried + 1
    if fired == tried:
        return Verdict("always", fired, tried, word)
    while tried < _REPLAYS + _MORE_REPLAYS:
        fired, tried = fired + fires(word), tried + 1
    return Verdict("sometimes", fired, tried, word)
