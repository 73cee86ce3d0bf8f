"""What two models do differently: two firmware versions, or a learned model and the profile's."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from posrig.fuzzing.machines.mealy import Mealy, matching_inputs


@dataclass(frozen=True)
class Difference:
    """One input in one situation that two models answer differently."""

    keys: tuple[str, ...]
    """The shortest inputs that lead there and show it."""
    before: str
    """The screen before the last input, on both."""
    left: str
    right: str

    @property
    def key(self) -> str:
        """The input that shows it."""
        return self.keys[-1]


def compare(left: Mealy, right: Mealy, *, most: int = 50) -> list[Difference]:
    """The differences between two models, those with the fewest keys first; empty when they are equivalent.

    A situation is a pair of states that both reach with the same answers on the way. One difference is named once per
    state of ``left``, input and pair of answers: what follows from it is not repeated.

    Raises:
        ConfigurationError: the models do not have the same inputs.
    """
    order = matching_inputs(left, right)
    origin = (left.start, right.start)
    ways: dict[tuple[int, int], tuple[int, ...]] = {origin: ()}
    screens = {origin: ""}
    queue, found = deque([origin]), list[Difference]()
    named: set[tuple[int, int, str, str]] = set()
    while queue and len(found) < most:
        here = queue.popleft()
        for key, other in enumerate(order):
            answers = left.answers[here[0]][key], right.answers[here[1]][other]
            if answers[0] != answers[1]:
                mark = (here[0], key, *answers)
                if mark not in named:
                    named.add(mark)
                    found.append(Difference(left.spell((*ways[here], key)), screens[here], *answers))
                continue
            there = (left.next_state[here[0]][key], right.next_state[here[1]][other])
            if there not in ways:
                ways[there], screens[there] = (*ways[here], key), answers[0]
                queue.append(there)
    return found[:most]
