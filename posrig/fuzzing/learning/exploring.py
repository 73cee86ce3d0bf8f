"""A learning run that is told about while it goes on, and that ends with what is known whenever it is stopped."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from posrig.fuzzing.learning.learn import learn
from posrig.fuzzing.machines.device import Budget, Costs, DeviceUnderTest, Rereads
from posrig.fuzzing.machines.mealy import Mealy

Limit = Literal["presses", "resets", "minutes", "interrupted"]
_MOST_READINGS = 9
PATIENCE_ALONE = 10_000
"""Presses of walks without a difference before a model is believed. With 2,000 five in twenty readers were learned
without their deepest hidden state; with 10,000 none (docs/learning.md)."""


@dataclass(frozen=True)
class Asked:
    """What the device was asked so far."""

    presses: int
    resets: int
    states: int
    """Of the last hypothesis; 0 before the first."""
    hypotheses: int
    seconds: float


@dataclass(frozen=True)
class Explored:
    """The outcome: the model, whether all questions about it were answered, and what it cost."""

    machine: Mealy
    complete: bool
    ended_by: Limit | None
    """None when complete."""
    asked: Asked
    device_s: float
    misread: int
    """Answers of which not all readings agreed."""
    conflicts: int
    """Answers that contradicted an earlier one after the same keys and were put to the vote by replaying them."""


class _Watched:
    """The device, with every press told to whoever watches."""

    def __init__(self, device: DeviceUnderTest, watch: Callable[[Asked], None]) -> None:
        self._device, self._watch = device, watch
        self._began = time.monotonic()
        self.presses = self.resets = self.hypotheses = self.misread = 0
        self.machine: Mealy | None = None

    @property
    def inputs(self) -> Sequence[str]:
        return self._device.inputs

    @property
    def costs(self) -> Costs:
        return self._device.costs

    @property
    def asked(self) -> Asked:
        states = self.machine.size if self.machine is not None else 0
        return Asked(self.presses, self.resets, states, self.hypotheses, time.monotonic() - self._began)

    @property
    def device_s(self) -> float:
        return self.presses * self.costs.press_s + self.resets * self.costs.reset_s

    def press(self, name: str) -> str:
        self.presses += 1
        answer = self._voted(self._device.press(name))
        self._watch(self.asked)
        return answer

    def _voted(self, answer: str) -> str:
        """The answer that two readings more than any other show: reading again costs no press, replaying does."""
        if not isinstance(self._device, Rereads):
            return answer
        tally = Counter([answer])
        for _ in range(_MOST_READINGS):
            again = self._device.reread()
            if again is None:
                break
            tally[again] += 1
            ahead = [*(count for _, count in tally.most_common(2)), 0]
            if ahead[0] - ahead[1] >= 2:
                break
        self.misread += len(tally) > 1
        return tally.most_common(1)[0][0]

    def reset(self) -> None:
        self.resets += 1
        self._device.reset()
        self._watch(self.asked)

    def supposed(self, hypothesis: Mealy) -> None:
        self.hypotheses += 1
        self.machine = hypothesis
        self._watch(self.asked)


def explore(
    device: DeviceUnderTest,
    *,
    reference: Mealy | None = None,
    budget: Budget | None = None,
    seed: int = 0,
    patience: int | None = None,
    watch: Callable[[Asked], None] | None = None,
) -> Explored:
    """Learn a device until its model stands all questions, the budget ends or somebody stops it (Ctrl-C).

    Raises:
        Inconclusive: stopped before the first hypothesis, or a device that contradicts itself without end.
        ConfigurationError, RigFault: as ``posrig.fuzzing.learning.learn.learn`` does.
    """
    watched, budget = _Watched(device, watch or (lambda _: None)), budget or Budget()
    if patience is None:
        patience = PATIENCE_ALONE if reference is None else 0
    try:
        learned = learn(
            watched, reference=reference, budget=budget, seed=seed, patience=patience, on_hypothesis=watched.supposed
        )
    except KeyboardInterrupt:
        if watched.machine is None:
            raise
        return Explored(watched.machine, False, "interrupted", watched.asked, watched.device_s, watched.misread, 0)
    watched.machine = learned.machine
    ended_by = None if learned.complete else _limit(budget, watched)
    return Explored(
        learned.machine, learned.complete, ended_by, watched.asked, learned.device_s, watched.misread, learned.conflicts
    )


def _limit(budget: Budget, watched: _Watched) -> Limit:
    if budget.presses is not None and watched.presses >= budget.presses:
        return "presses"
    if budget.resets is not None and watched.resets >= budget.resets:
        return "resets"
    return "minutes"
