"""A reference model as a pure step function, and its machine by enumeration.

A reference says what a terminal must do: ``step(state, input)`` gives the next state and the canonical screen, and
nothing else. States are any hashable values. The same reference is the oracle of a search, and, enumerated, the map
that its walks, coverage and drawings need.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Sequence
from typing import Protocol, TypeVar

from posrig.fuzzing.machines.mealy import Mealy, build
from posrig.ground.faults import ConfigurationError

State = TypeVar("State", bound=Hashable)


class Reference(Protocol[State]):
    """What a terminal of one policy must do. Pure: the same state and input always give the same."""

    @property
    def inputs(self) -> Sequence[str]:
        """Acts and keys, by name."""

    @property
    def start(self) -> State:
        """The state after a hard reset."""

    def step(self, state: State, name: str) -> tuple[State, str]:
        """The next state and the screen that must show."""


def enumerate_reference(reference: Reference[State], *, most_states: int = 20_000) -> Mealy:
    """Every state that can be reached, breadth-first, as a machine; names are the states' ``str``.

    Raises:
        ConfigurationError: no inputs, one input twice, or more states than the bound (a counter or a clock that never
            ends in the model).
    """
    inputs = list(reference.inputs)
    if not inputs or len(set(inputs)) < len(inputs):
        raise ConfigurationError("a reference model needs inputs, each once", allowed="; ".join(inputs) or "none given")
    number = {reference.start: 0}
    queue = deque([reference.start])
    targets: list[list[int]] = []
    answers: list[list[str]] = []
    while queue:
        state = queue.popleft()
        row, shown = [], []
        for name in inputs:
            there, screen = reference.step(state, name)
            if there not in number:
                if len(number) >= most_states:
                    raise ConfigurationError(
                        f"the reference model has more than {most_states} states; one of the last: {there}",
                        todo="bound its counters and clocks (classes instead of values), or raise the bound",
                    )
                number[there] = len(number)
                queue.append(there)
            row.append(number[there])
            shown.append(screen)
        targets.append(row)
        answers.append(shown)
    return build(inputs, targets, answers, _distinct([str(state) for state in number]))


def _distinct(names: list[str]) -> list[str]:
    """Names that tell states apart even where their text does not."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} #{seen[name]}")
    return found
