"""What a reference model tells about a hypothesis, though the two may part early.

Two firmware versions often differ near the start, and then a word through the reference's states says nothing about
the rest. So each state of the hypothesis is matched with the states of the reference that answer most like it, and the
two are followed from there together. Wherever they part, the device is asked who is right. (The idea of matching states
approximately: Kruger, Junges, Rot, "State matching and multiple references in adaptive active automata learning",
2024; here the matching asks questions about a hypothesis instead of steering the learner.) A reference that mostly
agrees is another version of the same device: then all else that it says is asked too.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heappop, heappush

from posrig.fuzzing.machines.mealy import Mealy, Separator, Word
from posrig.fuzzing.search.planning import Planner
from posrig.fuzzing.search.randomwalk import IdentifyingWords

_DEPTH = 3
# of the reference's words: below it most of them part early and are asked in vain (a reader of another design: 0.54 of
# them agreed with the right model; the same design with one edge changed: 0.78 and more)
_ANOTHER_VERSION = 2 / 3
Pair = tuple[int, int]


class Claims:
    """What a reference says against one hypothesis after another."""

    def __init__(self, reference: Mealy) -> None:
        self._reference = reference
        self._words = transition_words(reference)

    def against(self, hypothesis: Mealy) -> list[Word]:
        """Words that end where reference and hypothesis part, the most telling first."""
        parted = {word: self._parting(hypothesis, word) for word in self._words}
        words = contradictions(hypothesis, self._reference)
        agreeing = sum(cut is None for cut in parted.values())
        if agreeing >= _ANOTHER_VERSION * len(parted):
            words += _shortest_first({word[:cut] for word, cut in parted.items() if cut is not None} - set(words))
        return words

    def _parting(self, hypothesis: Mealy, word: Word) -> int | None:
        pairs = zip(hypothesis.run(word)[1], self._reference.run(word)[1], strict=True)
        return next((count for count, (ours, theirs) in enumerate(pairs, 1) if ours != theirs), None)


def transition_words(machine: Mealy) -> list[Word]:
    """For every edge: a way to it, the edge, and each word that identifies where it leads."""
    identify = IdentifyingWords(Planner(machine), Separator(machine))
    words = set()
    for state, way in machine.access_words().items():
        for key, target in enumerate(machine.next_state[state]):
            words.add((*way, key))
            words.update((*way, key, *word) for word in identify.of(target))
    return _shortest_first(words)


def matched(hypothesis: Mealy, reference: Mealy) -> dict[int, list[int]]:
    """Per state of the hypothesis the states of the reference that agree with it on most answers to short words.

    Both must have the same inputs in the same order.
    """
    ours, theirs = list(hypothesis.access_words()), list(reference.access_words())
    keys = range(len(hypothesis.inputs))
    score: dict[Pair, float] = {(a, b): 0.0 for a in ours for b in theirs}
    for _ in range(_DEPTH):
        score = {
            (a, b): sum(
                (hypothesis.answers[a][k] == reference.answers[b][k])
                + score[hypothesis.next_state[a][k], reference.next_state[b][k]] / len(keys)
                for k in keys
            )
            for a, b in score
        }
    best: dict[int, list[int]] = {}
    for a in ours:
        most = max(score[a, b] for b in theirs)
        best[a] = [b for b in theirs if score[a, b] > most - 1e-9]
    return best


def contradictions(hypothesis: Mealy, reference: Mealy) -> list[Word]:
    """Words on which hypothesis and reference part: one per pair of states that a matched pair leads to, and key. The
    shortest first; which of the two is right, or neither, only the device knows."""
    ways: dict[Pair, Word] = {(hypothesis.start, reference.start): ()}
    access = hypothesis.access_words()
    for ours, several in matched(hypothesis, reference).items():
        for theirs in several:
            ways.setdefault((ours, theirs), access[ours])
    queue = [(len(way), number, pair) for number, (pair, way) in enumerate(ways.items())]
    heapify(queue)
    pushed = len(queue)
    done: set[Pair] = set()
    words: list[Word] = []
    while queue:
        _, _, pair = heappop(queue)
        if pair in done:
            continue
        done.add(pair)
        ours, theirs = pair
        for key in range(len(hypothesis.inputs)):
            word = (*ways[pair], key)
            if hypothesis.answers[ours][key] != reference.answers[theirs][key]:
                words.append(word)
                continue
            there = hypothesis.next_state[ours][key], reference.next_state[theirs][key]
            if there not in ways or (there not in done and len(word) < len(ways[there])):
                ways[there] = word
                pushed += 1
                heappush(queue, (len(word), pushed, there))
    return _shortest_first(words)


def _shortest_first(words: Iterable[Word]) -> list[Word]:
    return sorted(words, key=lambda word: (len(word), word))
