"""Causes before effects: the order of a scenario's timeline.

Times alone do not give it. A press is known to have been made when its relay has answered, the picture that it made may
have been read before that; a picture is stamped when it was read, a line of the service port by the terminal's own
clock. So events stand in the order in which the harness learned of them, and a press where it was ordered: whatever
came after the order was sent may be its effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

KEY, POWER = "key", "power"
_STEP, _ORDERED, _LEARNED = range(3)


class Happened(Protocol):
    """An event of the rig's timeline."""

    @property
    def at(self) -> float: ...
    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Placed:
    """An event, and where it stands: how many of the rig's events were known before it."""

    time_s: float
    kind: str
    text: str
    place: tuple[int, int] = (0, _STEP)


@dataclass(slots=True)
class Orders:
    """What was ordered in a scenario: kind, clock time, and how many of the rig's events were known then."""

    _given: list[tuple[str, float, int]] = field(default_factory=list)

    def give(self, kind: str, at: float, known: int) -> None:
        """Called before the relay or the supply is told."""
        self._given.append((kind, at, known))

    def placed(self, events: Sequence[Happened]) -> list[Placed]:
        """The rig's events, in the order in which they came in; presses and power moved to where they were ordered."""
        found, began = [], {KEY: 0, POWER: 0}
        for number, event in enumerate(events):
            order = self._order_of(event, began.get(event.kind, 0), number) if event.kind in began else None
            if event.kind in began:
                began[event.kind] = number + 1
            if order is None:
                found.append(Placed(event.at, event.kind, event.text, (number, _LEARNED)))
            else:
                at = min(order[1], event.at) if event.kind == KEY else event.at
                found.append(Placed(at, event.kind, event.text, (order[2], _ORDERED)))
        return found

    def _order_of(self, event: Happened, first: int, number: int) -> tuple[str, float, int] | None:
        """The order that this event fulfils: the last of its kind, of a chord its first; an order that was refused or
        failed was given before it."""
        since = [one for one in self._given if one[0] == event.kind and first <= one[2] <= number]
        if not since or event.text.endswith((" up", "off")):
            return None
        keys = len([key for key in event.text.split(" ")[0].split("+") if key]) if event.kind == KEY else 1
        return since[-max(keys, 1) :][0]


def in_order(placed: Sequence[Placed]) -> list[Placed]:
    """Sorted by place: a step before what it orders, an order before what came after it."""
    return sorted(placed, key=lambda one: one.place)
