"""What a reference model tells about a hypothesis although the two part early: matched states.

Two firmware versions often differ near the start, and then a word through the reference's states says nothing about
the rest. So each state of the hypothesis is matched with the states of the reference that answer most like it, and the
two are followed from there together. Wherever they part, the device is asked who is right. (The idea of matching states
approximately: Kruger, Junges, Rot, "State matching and multiple references in adaptive active automata learning",
2024; here the matching asks questions about a hypothesis instead of steering the learner.)
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush

from fuzzing.mealy import Mealy, Word

_DEPTH = 3
Pair = tuple[int, int]


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
    return sorted(words, key=lambda word: (len(word), word))
