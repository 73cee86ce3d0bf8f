"""One timeline per scenario on the rig's clock: keys, pictures, service lines, power, network."""

from __future__ import annotations

from collections.abc import Callable

from posrig.terminal.contracts import TimelineEvent

KEPT_EVENTS = 200_000

Note = Callable[[float, str, str], None]
"""Called with clock time, kind and text; may be called from a reader thread."""


class Timeline(list[TimelineEvent]):
    """The events since the scenario began. Secrets never get in: who writes an event has hidden them (veil.py)."""

    def add(self, at: float, kind: str, text: str) -> None:
        self.append(TimelineEvent(at, kind, text))
        if len(self) > KEPT_EVENTS:
            del self[: KEPT_EVENTS // 2]  # a long search must not fill the memory
