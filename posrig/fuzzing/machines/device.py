"""The device under test as a search sees it: press an input, read the answer, start anew; and what each costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from posrig.fuzzing.machines.mealy import Mealy
from posrig.ground.faults import ConfigurationError


@dataclass(frozen=True)
class Costs:
    """What the acts cost on the device, in seconds. ``by_input`` names inputs that differ (a wait, a power cut)."""

    press_s: float = 0.2
    reset_s: float = 30.0
    by_input: Mapping[str, float] = field(default_factory=dict)

    def of(self, name: str) -> float:
        """Seconds one input takes."""
        return self.by_input.get(name, self.press_s)


class DeviceUnderTest(Protocol):
    """A terminal, a simulated terminal, a program or a model: whatever answers inputs.

    ``press`` raises a ``RigFault`` when the rig, not the device, failed.
    """

    @property
    def inputs(self) -> Sequence[str]:
        """The inputs it knows, by name."""

    @property
    def costs(self) -> Costs:
        """What a press and a reset take."""

    def press(self, name: str) -> str:
        """Give one input and return the answer (the canonical screen)."""

    def reset(self) -> None:
        """Bring it into its first state, whatever happened before (a hard reset)."""


@runtime_checkable
class Rereads(Protocol):
    """A device whose answer can be read again without an input: an unlucky reading then costs no reset."""

    def reread(self) -> str | None:
        """The answer as it shows now; None when it cannot be read again."""


class MealyDevice:
    """A Mealy machine as a device: for models of real devices, for benchmarks and for the search's own tests."""

    def __init__(self, machine: Mealy, costs: Costs | None = None) -> None:
        self._machine = machine
        self._costs = costs or Costs()
        self._state = machine.start
        self._number = {name: i for i, name in enumerate(machine.inputs)}

    @property
    def inputs(self) -> Sequence[str]:
        return self._machine.inputs

    @property
    def costs(self) -> Costs:
        return self._costs

    def press(self, name: str) -> str:
        """Answer one input.

        Raises:
            ConfigurationError: the machine has no such input.
        """
        if name not in self._number:
            self._machine.index(name)
        key = self._number[name]
        answer = self._machine.answers[self._state][key]
        self._state = self._machine.next_state[self._state][key]
        return answer

    def reset(self) -> None:
        """Back to the machine's start."""
        self._state = self._machine.start


@dataclass(frozen=True)
class Budget:
    """How much a search may spend; None is no limit. ``minutes`` counts the device's own time (see ``Costs``) or the
    wall's, whichever runs out first.

    Raises:
        ConfigurationError: a limit of zero or less: such a run would say "nothing found" about nothing.
    """

    presses: int | None = None
    resets: int | None = None
    minutes: float | None = None
    by_input: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        limits = {"presses": self.presses, "resets": self.resets, "minutes": self.minutes}
        for name, limit in limits.items():
            if limit is not None and not limit > 0:
                raise ConfigurationError(
                    f"a budget of {limit} {name} allows no search", allowed=f"{name} above zero, or none for no limit"
                )


class BudgetSpent(Exception):  # noqa: N818 - not an error: the search ends as it was told to
    """A limit of the budget is reached; ``str()`` says which."""


class CountedDevice:
    """A device with its presses, resets and seconds counted, which stops before the budget is passed."""

    def __init__(
        self, device: DeviceUnderTest, budget: Budget | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._device = device
        self._budget = budget or Budget()
        self._now = now
        self._began_s = now()
        self._left_by_input = dict(self._budget.by_input)
        self._cost_s = {name: device.costs.of(name) for name in device.inputs}
        self._most_presses = self._budget.presses if self._budget.presses is not None else float("inf")
        self.presses = self.resets = 0
        self.device_s = 0.0

    @property
    def inputs(self) -> Sequence[str]:
        return self._device.inputs

    @property
    def costs(self) -> Costs:
        return self._device.costs

    def press(self, name: str) -> str:
        """Press and count.

        Raises:
            BudgetSpent: the press would pass a limit; it was not made.
        """
        if self.presses >= self._most_presses:
            raise BudgetSpent(f"{self.presses} presses made")
        self._check_minutes()
        if name in self._left_by_input:
            if self._left_by_input[name] <= 0:
                raise BudgetSpent(f"the input {name!r} was given as often as allowed")
            self._left_by_input[name] -= 1
        self.presses += 1
        self.device_s += self._cost_s.get(name, self.costs.press_s)
        return self._device.press(name)

    def reset(self) -> None:
        """Reset and count. Raises as ``press`` does."""
        if self._budget.resets is not None and self.resets >= self._budget.resets:
            raise BudgetSpent(f"{self.resets} resets made")
        self._check_minutes()
        self.resets += 1
        self.device_s += self.costs.reset_s
        self._device.reset()

    def reread(self) -> str | None:
        """The answer read once more, where the device can; not a press."""
        return self._device.reread() if isinstance(self._device, Rereads) else None

    def _check_minutes(self) -> None:
        if self._budget.minutes is None:
            return
        spent_s = max(self.device_s, self._now() - self._began_s)
        if spent_s >= self._budget.minutes * 60:
            raise BudgetSpent(f"{spent_s / 60:.1f} minutes spent")
