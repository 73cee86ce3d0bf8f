"""Keypad: debounce, ghost rejection, holds and the restart chord. No auto-repeat.

A contact counts when it was still for 20 ms (R, Times). The matrix has no diodes: with three corners of a rectangle
closed the fourth reads as closed too, so nothing inside such a rectangle is believed until it is open again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posrig.simulated.terminals.r.firmware.room import Room
from posrig.simulated.terminals.r.kind import MATRIX

if TYPE_CHECKING:
    from posrig.simulated.loop.scheduler import Timer
    from posrig.simulated.terminals.r.firmware.contracts.device import Device

DEBOUNCE_S = 0.020
CHORD = frozenset({"CLEAR", "."})
CHORD_S = 2.0
CARRIED_OVER_S = 0.1

_KEY_AT = {place: key for key, place in MATRIX.items()}


class Keypad(Room):
    def __init__(self, fw: Device) -> None:
        super().__init__(fw)
        self.closed: set[str] = set()
        """Contacts that are closed now (raw)."""
        self.down: dict[str, str] = {}
        """Accepted keys -> the code under which the service port heard of them."""
        self.listening = False
        """Keys reach pages only when boot and self-test are through."""
        self.carried_over: set[str] = set()
        """Keys that were down at the start: the chord that led to this start must not lead to the next."""
        self._settling: dict[str, Timer] = {}
        self._chord: Timer | None = None

    def contact(self, key: str, closed: bool) -> None:
        """A raw edge: starts the debounce time of that key anew."""
        if closed:
            self.closed.add(key)
        else:
            self.closed.discard(key)
        timer = self._settling.pop(key, None)
        if timer is not None:
            timer.cancel()
        self._settling[key] = self.fw.board.after(self.debounce_s(), lambda: self._still(key))

    def debounce_s(self) -> float:
        return DEBOUNCE_S

    def held(self, key: str) -> bool:
        return key in self.down

    def readable(self, closed: set[str]) -> set[str]:
        """Keys that can be told apart: none of a rectangle with three or more closed corners."""
        if len(closed) < 3:
            return closed
        return closed - self.ambiguous(closed)

    def ambiguous(self, closed: set[str]) -> set[str]:
        """Closed keys that are corners of a rectangle with at least three closed corners."""
        places = {MATRIX[key] for key in closed}
        doubtful: set[str] = set()
        for row, column in places:
            for same_row in (c for r, c in places if r == row and c != column):
                for same_column in (r for r, c in places if c == column and r != row):
                    corners = {(row, column), (row, same_row), (same_column, column), (same_column, same_row)}
                    doubtful |= {_KEY_AT[place] for place in corners if place in places}
        return doubtful

    def _still(self, key: str) -> None:
        self._settling.pop(key, None)
        if key not in self.closed:
            if key in self.down:
                self.released(key)
            return
        if key not in self.down and key in self.readable(self.closed):
            self.pressed(key)

    def pressed(self, key: str) -> None:
        page = self.fw.pages.current
        self.down[key] = "*" if page.secret else key
        if self.fw.board.now <= CARRIED_OVER_S:
            self.carried_over.add(key)
        self._watch_chord()
        if self.listening:
            self.fw.key_down(key)
        else:
            self.fw.boot.key_down(key)

    def released(self, key: str) -> None:
        code = self.down.pop(key)
        self.carried_over.discard(key)
        self._watch_chord()
        if self.listening:
            self.fw.board.service.emit("key", code=code, edge="up")
        else:
            self.fw.boot.key_up(key)

    def _watch_chord(self) -> None:
        if self.is_chord(frozenset(self.down)):
            if self._chord is None:
                self._chord = self.fw.board.after(CHORD_S, self._chord_held)
        elif self._chord is not None:
            self._chord.cancel()
            self._chord = None

    def is_chord(self, down: frozenset[str]) -> bool:
        """CLEAR and '.' and nothing else, pressed since the start."""
        return down == CHORD and not self.carried_over

    def _chord_held(self) -> None:
        self._chord = None
        self.fw.restart.chord()
