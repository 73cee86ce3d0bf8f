"""Is what showed real, and what are the fewest acts that show it? Replayed from the first state, on the rig itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from posrig.fuzzing.models.from_profile.device import Device
from posrig.fuzzing.models.from_profile.facts import Seen

Word = tuple[str, ...]
Ways = Callable[[str], "Word | None"]
"""A state -> the fewest acts that were seen to lead there."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What an oracle said of the last act of a word."""

    word: Word
    oracle: str
    expected: str
    seen: Seen
    situation: str
    """Before the last act."""
    states: tuple[str, ...] = ()
    """Before each act."""

    def same(self, other: Shown | None) -> bool:
        """The same rule broken by the same act."""
        return other is not None and (self.oracle, self.word[-1]) == (other.oracle, other.word[-1])


def replay(device: Device, word: Word) -> Shown | None:
    """The acts from the first state, up to the first that an oracle speaks of; acts without a meaning there are left
    out. Raises as the device does."""
    device.reset()
    done: list[str] = []
    states: list[str] = []
    for name in word:
        act = device.scope.table.get(name)
        if act is None or not device.can(act):
            continue
        states.append(device.facts.key())
        situation = device.facts.situation()
        seen, wrong = device.press(act)
        done.append(name)
        if wrong is not None:
            return Shown(tuple(done), *wrong, seen, situation, tuple(states))
    return None


def shortest(
    device: Device, shown: Shown, ways: Ways, tries: int, within_s: float = float("inf")
) -> tuple[Shown, bool]:
    """Fewer acts that show the same, and whether none of them can be left out; at most so many replays, none begun
    after so many seconds."""
    ends_at = time.monotonic() + within_s
    left = [tries]

    def attempt(word: Word) -> Shown | None:
        if left[0] < 1 or len(word) >= len(best.word) or time.monotonic() >= ends_at:
            return None
        left[0] -= 1
        found = replay(device, word)
        return found if shown.same(found) else None

    best = shown
    for word in _endings(shown, ways):
        found = attempt(word)
        if found is not None:
            best = found
            break
    pieces = 2
    while len(best.word) >= 2 and left[0] > 0 and time.monotonic() < ends_at:
        size = max(1, len(best.word) // pieces)
        found = next(filter(None, map(attempt, _without_a_piece(best.word, size))), None)
        if found is not None:
            best, pieces = found, 2
        elif size == 1:
            return best, left[0] > 0 and time.monotonic() < ends_at
        else:
            pieces = min(len(best.word), pieces * 2)
    return best, len(best.word) < 2


def _endings(shown: Shown, ways: Ways) -> Iterator[Word]:
    """A known way to where the last 1, 2, 4 ... acts began, and those acts."""
    count = 1
    while count < len(shown.word):
        way = ways(shown.states[len(shown.word) - count]) if shown.states else None
        if way is not None:
            yield (*way, *shown.word[len(shown.word) - count :])
        count *= 2


def _without_a_piece(word: Word, size: int) -> Iterator[Word]:
    """The last act stays: it is the one that is accused."""
    for start in range(0, len(word) - 1, size):
        yield (*word[:start], *word[min(start + size, len(word) - 1) :])
