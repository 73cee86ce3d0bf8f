"""Does each edge lead where a hypothesis says, and still after keys that seem to do nothing?

Where an edge leads among the states that are known, a learner has asked itself, mostly. A state that it does not know
is often entered by a key that changes nothing to be seen (a counter, a mode without a lamp). To ask about each such key
by itself takes a visit per key and per edge. Here they are asked about together: in each state all keys that stay are
pressed in a row, then one that leaves, then words until all wrong targets would have answered otherwise. One visit per
leaving edge; what a hidden state does shows as long as the last of the keys did not undo it.
"""

from __future__ import annotations

import random
from math import inf

from posrig.fuzzing.machines.mealy import Word, bits
from posrig.fuzzing.search.planning import Phase, Plan, Planner, mask_of
from posrig.fuzzing.search.statecheck import Followers, Words

# nearest states with something to ask that are looked at for one visit
_LOOKED_AT = 6
# state, key, whether after all keys that stay there
Claim = tuple[int, int, bool]


class EdgeCheck(Phase):
    """Every edge, and every leaving edge once more after all keys that stay."""

    name = "edge check"

    def __init__(self, planner: Planner, words: Words, rng: random.Random) -> None:
        self._planner, self._words, self._rng = planner, words, rng
        machine = planner.machine
        self._followers: Followers[Claim] = Followers(machine)
        self._open: dict[Claim, int] = {}
        self._by_state = [0] * machine.size
        self._stay = [0] * machine.size
        self._pressed = 0  # the keys that stay, pressed since the state was entered
        reach = planner.reachable()
        for state in reach:
            keys, row = planner.open_keys(state), machine.next_state[state]
            self._stay[state] = mask_of(key for key in keys if row[key] == state)
            for key in keys:
                wrong = mask_of(reach) & ~(1 << row[key])
                self._ask((state, key, False), wrong)
                if row[key] != state and self._stay[state]:
                    self._ask((state, key, True), wrong)

    def _ask(self, claim: Claim, wrong: int) -> None:
        if wrong:
            self._open[claim] = wrong
            self._by_state[claim[0]] += 1

    def restarted(self) -> None:
        self._followers.forget()
        self._pressed = 0

    def pressed(self, state: int, key: int, answer: str) -> None:
        for claim, excluded in self._followers.press(state, key, answer):
            self._exclude(claim, excluded)
        stays = self._planner.machine.next_state[state][key] == state
        after_all = not stays and not self._stay[state] & ~self._pressed
        for claim in ((state, key, False), (state, key, True)) if after_all else ((state, key, False),):
            if claim in self._open:
                self._followers.follow(claim, self._open[claim])
        self._pressed = self._pressed | 1 << key if stays else 0

    def plan(self, state: int) -> Plan | None:
        nearest = self._planner.nearest(state, self._by_state.__getitem__)
        if nearest is None or nearest.reset:
            return nearest
        best, least_s = Plan(False, ()), inf
        looked_at = 0
        for place, away_s in self._planner.near(state):
            if looked_at >= _LOOKED_AT or away_s >= least_s:
                break
            if not self._by_state[place]:
                continue
            looked_at += 1
            before = self._stay[place] & ~(self._pressed if place == state else 0)
            for claim in self._claims(place):
                keys, cost_s = self._visit(claim, before)
                if away_s + cost_s < least_s:
                    best, least_s = Plan(False, (*(self._planner.walk(state, place) or ()), *keys)), away_s + cost_s
        return best

    def _claims(self, place: int) -> list[Claim]:
        some = ((place, key, after) for key in self._planner.open_keys(place) for after in (False, True))
        return [claim for claim in some if claim in self._open]

    def _visit(self, claim: Claim, before: int) -> tuple[Word, float]:
        """The keys that ask about one claim, and the seconds they and the way to the next one take."""
        state, key, after = claim
        machine = self._planner.machine
        word = self._words.all(machine.next_state[state][key], self._open[claim])
        if not word:  # equivalent states, or told apart by blocked keys only
            self._exclude(claim, self._open[claim])
            return (), inf
        keys = (*(bits(before) if after else ()), key, *word)
        ends = machine.path(keys, state)[-1]
        others = (away_s for place, away_s in self._planner.near(ends) if self._by_state[place] > (place == state))
        cost_s = sum(self._planner.cost_s[one] for one in keys)
        return keys, cost_s + min(next(others, inf), self._planner.reset_s) + self._rng.random() * 0.01

    def _exclude(self, claim: Claim, targets: int) -> None:
        if claim not in self._open:
            return
        self._open[claim] &= ~targets
        if not self._open[claim]:
            del self._open[claim]
            self._by_state[claim[0]] -= 1
