"""The shortest keys that still show a failure, for few presses on the device: the model guides, the past answers.

Three steps: gallop back from the failure to the shortest ending that fails behind a shortest way to where it began;
replace long stretches by the model's shortest path between their ends; drop what is left over, piece by piece (ddmin).
Every try goes through the tree of histories, so that a prefix seen before costs nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from posrig.fuzzing.machines.device import Budget, BudgetSpent, CountedDevice, DeviceUnderTest
from posrig.fuzzing.machines.mealy import Mealy, Word
from posrig.fuzzing.machines.traced import HistoryOverturned, TracedDevice
from posrig.fuzzing.search.planning import Edge

_ATTEMPTS = 3


@dataclass(frozen=True)
class Minimal:
    """The shortest failing keys found, what it cost, whether every key is needed, and where it starts to go wrong."""

    keys: Word
    expected: str
    seen: str
    presses: int
    resets: int
    minimal: bool
    """False when the budget ended the work first."""


class NotReproduced(Exception):  # noqa: N818 - an answer, not an error
    """The keys to minimise did not fail when replayed."""


class Minimiser:
    """Shortens failing words of one device against its model."""

    def __init__(
        self,
        device: DeviceUnderTest,
        machine: Mealy,
        budget: Budget | None = None,
        *,
        tolerated: Collection[Edge] = (),
    ) -> None:
        """Answers of ``tolerated`` edges are known to be wrong and no failure."""
        self._counted = CountedDevice(device, budget)
        self._traced = TracedDevice(self._counted)
        self._machine = machine
        self._tolerated = frozenset(tolerated)
        self._access = machine.access_words()
        self._from: dict[int, dict[int, Word]] = {machine.start: self._access}
        self._best: tuple[Word, str, str] | None = None

    def run(self, keys: Word, *, answers: tuple[str, ...] | None = None) -> Minimal:
        """Shorten keys that fail at their end. ``answers`` are those seen, when known: they need no replay.

        Raises:
            NotReproduced: the keys do not fail on this device.
            RigFault, Inconclusive: as the device does.
        """
        if answers is not None:
            self._traced.learn(self._machine.spell(keys), answers)
        complete = False
        for _ in range(_ATTEMPTS):
            try:
                self._shorten(keys)
                complete = True
                break
            except HistoryOverturned:
                self._best = None  # a misread answer: what seemed to fail may be none
            except BudgetSpent:
                break
        word, expected, seen = self._best or (keys, "", "")  # nothing shorter failed: what came in is given back
        return Minimal(word, expected, seen, self._counted.presses, self._counted.resets, complete)

    def _shorten(self, keys: Word) -> None:
        word = self._gallop(keys) or self._try(keys)
        if word is None:
            raise NotReproduced(f"{len(keys)} keys did not fail again")
        self._delta(self._shortcut(word))

    def locate(self, keys: Word) -> Edge:
        """The edge of the model at which a minimal failure begins: from the state before it a shortest way still
        fails, from the state after it no more. Raises as ``run`` does, and BudgetSpent, HistoryOverturned."""
        path = self._machine.path(keys)
        low, high = 0, len(keys)  # the last `high` keys fail behind an access word, the last `low` do not
        while high - low > 1:
            middle = (low + high) // 2
            start = path[len(keys) - middle]
            if self._try(self._access[start] + keys[len(keys) - middle :]) is None:
                low = middle
            else:
                high = middle
        return path[len(keys) - high], keys[len(keys) - high]

    def _try(self, word: Word) -> Word | None:
        """The word cut at its first failure, or None when it does not fail."""
        self._traced.reset()
        state = self._machine.start
        for count, key in enumerate(word, 1):
            expected = self._machine.answers[state][key]
            seen = self._traced.press(self._machine.inputs[key])
            if seen != expected and (state, key) not in self._tolerated:
                if self._best is None or count < len(self._best[0]):
                    self._best = word[:count], expected, seen
                return word[:count]
            state = self._machine.next_state[state][key]
        return None

    def _gallop(self, keys: Word) -> Word | None:
        path, length = self._machine.path(keys), len(keys)

        def ending(count: int) -> Word | None:
            return self._try(self._access[path[length - count]] + keys[length - count :])

        count, best = 1, None
        while count < length and best is None:
            best = ending(count)
            count *= 2
        if best is None:
            return None
        high = count // 2
        low = high // 2
        while high - low > 1:
            middle = (low + high) // 2
            shorter = ending(middle)
            if shorter is None:
                low = middle
            else:
                best, high = shorter, middle
        return best

    def _shortcut(self, word: Word) -> Word:
        shorter: Word | None = word
        while shorter is not None:
            word = shorter
            shorter = self._one_shortcut(word)
        return word

    def _one_shortcut(self, word: Word) -> Word | None:
        path, span = self._machine.path(word[:-1]), len(word) - 1
        while span >= 1:
            for start in range(0, len(word) - span, max(1, span // 2)):
                way = self._way(path[start], path[start + span])
                if way is None or len(way) >= span:
                    continue
                found = self._try(word[:start] + way + word[start + span :])
                if found is not None and len(found) < len(word):
                    return found
            span //= 2
        return None

    def _way(self, source: int, target: int) -> Word | None:
        if source not in self._from:
            self._from[source] = self._machine.access_words(source)
        return self._from[source].get(target)

    def _delta(self, word: Word) -> Word:
        """Zeller's ddmin by complements: until no single key can be left out."""
        pieces = 2
        while len(word) >= 2:
            size = max(1, len(word) // pieces)
            for start in range(0, len(word), size):
                found = self._try(word[:start] + word[start + size :])
                if found is not None:
                    word, pieces = found, max(pieces - 1, 2)
                    break
            else:
                if size == 1:
                    return word
                pieces = min(len(word), pieces * 2)
        return word
