"""Is a hypothesis about a device right? Asked with the fewest presses first.

1. Where the reference contradicts the hypothesis: the reference knows what may be hidden, and where both agree there is
   little to learn. 2. Per edge of the hypothesis, the words that identify its target (Wp without extra states), through
   the tree of histories. 3. With patience, walks that reset only when lost: tour, state check, pairs, random walks.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from fuzzing.mealy import Mealy, Separator, Word
from fuzzing.minimise import Minimiser, NotReproduced
from fuzzing.planning import Planner
from fuzzing.randomwalk import IdentifyingWords
from fuzzing.strategy import Strategy
from fuzzing.traced import TracedDevice
from fuzzing.walker import Walker


class Questions:
    """Asks a device about one hypothesis after another."""

    def __init__(
        self,
        traced: TracedDevice,
        inputs: Sequence[str],
        reference: Mealy | None,
        rng: random.Random,
        patience: int,
    ) -> None:
        self._traced, self._inputs, self._rng, self._patience = traced, tuple(inputs), rng, patience
        self._reference = reference
        self._claims = _transition_words(reference) if reference is not None else []

    def difference(self, hypothesis: Mealy) -> Word | None:
        """A word that the device answers otherwise than the hypothesis, cut at the difference; None when none of the
        questions shows one. Raises as the device does."""
        for word in (*self._contradictions(hypothesis), *_own_words(hypothesis)):
            found = self._ask(hypothesis, word)
            if found is not None:
                return found
        return self._walk(hypothesis) if self._patience else None

    def _contradictions(self, hypothesis: Mealy) -> list[Word]:
        """The reference's words, each cut where the hypothesis first says otherwise, the shortest first."""
        words = set()
        for word in self._claims:
            assert self._reference is not None
            pairs = zip(hypothesis.run(word)[1], self._reference.run(word)[1], strict=True)
            cut = next((count for count, (ours, theirs) in enumerate(pairs, 1) if ours != theirs), None)
            if cut is not None:
                words.add(word[:cut])
        return _shortest_first(words)

    def _ask(self, hypothesis: Mealy, word: Word) -> Word | None:
        self._traced.reset()
        state = hypothesis.start
        for count, key in enumerate(word, 1):
            if self._traced.press(self._inputs[key]) != hypothesis.answers[state][key]:
                return word[:count]
            state = hypothesis.next_state[state][key]
        return None

    def _walk(self, hypothesis: Mealy) -> Word | None:
        strategy = Strategy(hypothesis, self._traced.costs, self._rng)
        patience = _Patience(self._patience)
        walker = Walker(self._traced, hypothesis, (*strategy.watchers, patience))
        while patience.left > 0:
            objection = walker.follow(strategy.next_plan(walker.state))
            if objection is not None:
                return self._shortened(hypothesis, objection.keys)
        return None

    def _shortened(self, hypothesis: Mealy, keys: Word) -> Word:
        """A learner asks about the endings of what it is given: short words save it hundreds of presses."""
        try:
            return Minimiser(self._traced, hypothesis).run(keys).keys
        except NotReproduced:
            return keys


class _Patience:
    """Counts presses down."""

    def __init__(self, presses: int) -> None:
        self.left = presses

    def pressed(self, state: int, key: int, answer: str) -> None:
        self.left -= 1

    def restarted(self) -> None:
        """A reset does not count."""


def _transition_words(machine: Mealy) -> list[Word]:
    """For every edge: a way to it, the edge, and each word that identifies where it leads."""
    identify = IdentifyingWords(Planner(machine), Separator(machine))
    words = set()
    for state, way in machine.access_words().items():
        for key, target in enumerate(machine.next_state[state]):
            words.add((*way, key))
            words.update((*way, key, *word) for word in identify.of(target))
    return _shortest_first(words)


def _own_words(hypothesis: Mealy) -> list[Word]:
    if hypothesis.size > 1:
        return _transition_words(hypothesis)
    keys = range(len(hypothesis.inputs))  # one state identifies nothing: every pair of keys
    return [(first, second) for first in keys for second in keys]


def _shortest_first(words: Iterable[Word]) -> list[Word]:
    return sorted(words, key=lambda word: (len(word), word))
