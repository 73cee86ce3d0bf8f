"""A trial: one procedure on a fresh terminal, under circumstances that are drawn, judged by invariants.

Where the model covers what keys do, a trial covers what takes a procedure: an update that is cut, a reset, a sale with
something in its middle, the order of the log's records, the time of a refusal. Its act is a text that says all
("update: package=older, by=stick"), so that it is replayed like any other. Circumstances are chosen so that every two
values meet soon (pairwise): most failures need one or two.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from posrig.ground.faults import ConfigurationError, ProductFailure
from posrig.terminal.terminal import Terminal

Circumstances = Mapping[str, str]
Value = tuple[str, str]
_TRIES = 300


class Broken(Exception):  # noqa: N818 - an answer of a trial, not an error of the harness
    """An invariant does not hold: which oracle says so, what should have been and what was."""

    def __init__(self, oracle: str, expected: str, seen: str) -> None:
        super().__init__(f"{oracle}: {expected}")
        self.oracle, self.expected, self.seen = oracle, expected, seen


def holds(condition: bool, oracle: str, expected: str, seen: str) -> None:
    """Raises Broken when it does not."""
    if not condition:
        raise Broken(oracle, expected, seen)


@dataclass(frozen=True)
class Trial:
    """``circumstances``: what is drawn, name -> values, the plain one first. ``oracles``: what judges, the one for a
    broken expectation on the way first. ``presses``, ``guesses``, ``cycles``: about what one costs, walking included.

    ``do`` begins with the power off and a terminal from the shelf; it raises Broken or ProductFailure.
    """

    name: str
    about: str
    oracles: tuple[str, ...]
    circumstances: Mapping[str, tuple[str, ...]]
    do: Callable[[Terminal, Circumstances], None]
    presses: int
    guesses: int = 0
    cycles: int = 2
    weight: int = 1
    possible: Callable[[Circumstances], bool] = lambda _circumstances: True
    """Circumstances that can be together."""

    def act(self, chosen: Circumstances) -> str:
        """The act's name, which says all."""
        return f"{self.name}: " + ", ".join(f"{name}={chosen[name]}" for name in self.circumstances)

    def read(self, act: str) -> Circumstances:
        """The circumstances of an act. Raises ConfigurationError: it is none of this trial's."""
        name, _, rest = act.partition(": ")
        found = dict(part.partition("=")[::2] for part in rest.split(", "))
        if name != self.name or any(found.get(one) not in values for one, values in self.circumstances.items()):
            raise ConfigurationError(f"this is no act of the trial {self.name!r}: {act}")
        return found

    def run(self, terminal: Terminal, chosen: Circumstances) -> Broken | None:
        """What does not hold, or None."""
        try:
            self.do(terminal, chosen)
        except Broken as broken:
            return broken
        except ProductFailure as failure:
            return _as_broken(self.oracles[0], failure)
        return None


def _as_broken(oracle: str, failure: ProductFailure) -> Broken:
    """An expectation on the way: its first lines, without the picture and the keys."""
    lines = failure.found.splitlines()
    expected = lines[0].removeprefix("expected: ") if lines else "?"
    seen = next((line.removeprefix("found:").strip() for line in lines if line.startswith("found:")), "?")
    return Broken(oracle, expected, seen)


class PairsOfValues:
    """Which values of which circumstances have met."""

    def __init__(self, trial: Trial) -> None:
        self._names = tuple(trial.circumstances)
        whole = (
            dict(zip(self._names, values, strict=True)) for values in itertools.product(*trial.circumstances.values())
        )
        self._all = [chosen for chosen in whole if trial.possible(chosen)]
        self.todo = {pair for chosen in self._all for pair in self.of(chosen)}
        self.total = len(self.todo)
        self._tried: set[Value] = set()

    def of(self, chosen: Circumstances) -> Iterable[tuple[Value, ...]]:
        """The pairs in whole circumstances; of a single circumstance its values."""
        values = [(name, chosen[name]) for name in self._names]
        return itertools.combinations(values, 2) if len(values) > 1 else [(values[0],)]

    def met(self, chosen: Circumstances) -> None:
        """These were tried."""
        self._tried |= set(chosen.items())
        self.todo -= set(self.of(chosen))

    def draw(self, rng: random.Random, blocked: Callable[[Circumstances], bool]) -> Circumstances | None:
        """Of some drawn ones the circumstances with the most pairs that are new; None: all are blocked."""
        open_ones = [chosen for chosen in self._all if not blocked(chosen)]
        if not open_ones:
            return None
        drawn = rng.sample(open_ones, min(_TRIES, len(open_ones)))
        return max(drawn, key=self._news)

    def _news(self, chosen: Circumstances) -> tuple[int, int]:
        """Values never tried count before pairs never tried."""
        values = sum(value not in self._tried for value in chosen.items())
        return values, sum(pair in self.todo for pair in self.of(chosen))
