"""Is a hypothesis about a device right? Asked with the fewest presses first.

1. Where the reference contradicts the hypothesis, also from states that are only much alike
(``posrig.fuzzing.search.matching``): the
reference knows what may be hidden, and where both agree there is little to learn. 2. Whether what seems to do nothing
changes anything (``posrig.fuzzing.search.edgecheck``): a walk that resets only when it must. Where each edge leads
among the states
that are known, the learner has asked itself. 3. With patience, more walks: tour, state check, pairs, random.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from posrig.fuzzing.machines.mealy import Mealy, Separator, Word
from posrig.fuzzing.machines.traced import TracedDevice
from posrig.fuzzing.search.edgecheck import EdgeCheck
from posrig.fuzzing.search.matching import Claims
from posrig.fuzzing.search.minimise import Minimiser, NotReproduced
from posrig.fuzzing.search.planning import Planner, Watcher
from posrig.fuzzing.search.statecheck import Words
from posrig.fuzzing.search.strategy import Strategy
from posrig.fuzzing.search.walker import Walker


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
        self._claims = Claims(reference) if reference is not None else None

    def difference(self, hypothesis: Mealy) -> Word | None:
        """A word that the device answers otherwise than the hypothesis, cut at the difference; None when none of the
        questions shows one. Raises as the device does."""
        first = self._claims.against(hypothesis) if self._claims is not None else []
        for word in (*first, *(_pairs_of_keys(hypothesis) if hypothesis.size == 1 else ())):
            found = self._ask(hypothesis, word)
            if found is not None:
                return found
        if self._claims is None and not self._patience:
            return None  # a first look: what the learner asks itself
        found = self._check_edges(hypothesis)
        return self._walk(hypothesis) if found is None and self._patience else found

    def _ask(self, hypothesis: Mealy, word: Word) -> Word | None:
        self._traced.reset()
        state = hypothesis.start
        for count, key in enumerate(word, 1):
            if self._traced.press(self._inputs[key]) != hypothesis.answers[state][key]:
                return word[:count]
            state = hypothesis.next_state[state][key]
        return None

    def _check_edges(self, hypothesis: Mealy) -> Word | None:
        planner = Planner(hypothesis, self._traced.costs)
        check = EdgeCheck(planner, Words(planner, Separator(hypothesis)), self._rng)
        self._tell_history(hypothesis, check)
        walker = Walker(self._traced, hypothesis, (check,))
        while (plan := check.plan(walker.state)) is not None:
            objection = walker.follow(plan)
            if objection is not None:
                return self._shortened(hypothesis, objection.keys)
        return None

    def _tell_history(self, hypothesis: Mealy, watcher: Watcher) -> None:
        """What the learner and earlier walks pressed counts too: every hypothesis agrees with all of it."""
        for history in self._traced.histories():
            watcher.restarted()
            state = hypothesis.start
            for key in hypothesis.word(history):
                watcher.pressed(state, key, hypothesis.answers[state][key])
                state = hypothesis.next_state[state][key]
        watcher.restarted()

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


def _pairs_of_keys(hypothesis: Mealy) -> list[Word]:
    """One state tells nothing apart: every key after every other."""
    keys = range(len(hypothesis.inputs))
    return [(first, second) for first in keys for second in keys]
