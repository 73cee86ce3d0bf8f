"""One terminal walked along its model: each answer is compared, each press told to all that learn from it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from posrig.fuzzing.machines.device import DeviceUnderTest, Rereads
from posrig.fuzzing.machines.mealy import Mealy, Word
from posrig.fuzzing.search.planning import Edge, Plan, Watcher


@dataclass(frozen=True)
class Objection:
    """The terminal did not do what it must: the keys since the last reset, what was expected and what was seen."""

    keys: Word
    state: int
    expected: str
    seen: str
    oracle: str = "model"

    @property
    def key(self) -> int:
        """The last key."""
        return self.keys[-1]


class Oracle(Protocol):
    """Judges answers without the model (an invariant). Told of every reset and every answer."""

    @property
    def name(self) -> str:
        """Short, for reports and switches."""

    def restarted(self) -> None:
        """The terminal was reset."""

    def judge(self, name: str, answer: str) -> str | None:
        """After an input and its answer: what is wrong, or None."""


class Walker:
    """Where the terminal is on the model, and the keys since its last reset."""

    def __init__(
        self, device: DeviceUnderTest, machine: Mealy, watchers: Sequence[Watcher], oracles: Sequence[Oracle] = ()
    ) -> None:
        self._device, self.machine = device, machine
        self._watchers, self._oracles = tuple(watchers), tuple(oracles)
        self._tolerated: frozenset[Edge] = frozenset()
        self.misread = 0
        """Answers that were right when read again."""
        self.state = machine.start
        self.keys: list[int] = []
        self.lost = True
        """Whether the terminal's state is unknown (before the first reset, after an objection)."""

    def watch(self, watchers: Sequence[Watcher], tolerated: Collection[Edge]) -> None:
        """Go on with other watchers; the answers of tolerated edges are known to be wrong and not compared any more.
        The terminal counts as lost."""
        self._watchers, self._tolerated, self.lost = tuple(watchers), frozenset(tolerated), True

    def follow(self, plan: Plan) -> Objection | None:
        """Do a plan, with a reset before it when the terminal is lost; stop at the first objection.

        Raises:
            BudgetSpent, RigFault: as the device does.
        """
        if plan.reset or self.lost:
            self.reset()
        for key in plan.keys:
            objection = self.press(key)
            if objection is not None:
                return objection
        return None

    def reset(self) -> None:
        """Start anew."""
        self.lost = True
        self._device.reset()
        self.lost = False
        self.state = self.machine.start
        self.keys = []
        for watcher in self._watchers:
            watcher.restarted()
        for oracle in self._oracles:
            oracle.restarted()

    def _reread(self) -> str | None:
        return self._device.reread() if isinstance(self._device, Rereads) else None

    def press(self, key: int) -> Objection | None:
        """Press one key and compare; an answer that differs is read once more before it counts."""
        machine, state = self.machine, self.state
        name = machine.inputs[key]
        seen = self._device.press(name)
        self.keys.append(key)
        expected = machine.answers[state][key]
        if seen != expected and (state, key) not in self._tolerated:
            if self._reread() != expected:
                self.lost = True
                return Objection(tuple(self.keys), state, expected, seen)
            self.misread += 1
            seen = expected
        self.state = machine.next_state[state][key]
        for watcher in self._watchers:
            watcher.pressed(state, key, expected)
        for oracle in self._oracles:
            wrong = oracle.judge(name, seen)
            if wrong is not None:
                self.lost = True
                return Objection(tuple(self.keys), state, wrong, seen, oracle.name)
        return None
