"""Mealy machines: what a terminal answers to each input in each state, and how two machines are told apart.

States and inputs are small integers inside (the index into ``names`` and ``inputs``); words are tuples of input
indices. A machine is complete: every state answers every input.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from posrig.ground.faults import ConfigurationError

Word = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Mealy:
    """A complete deterministic machine. ``next_state[s][i]`` and ``answers[s][i]`` for state s and input i."""

    inputs: tuple[str, ...]
    next_state: tuple[tuple[int, ...], ...]
    answers: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]
    start: int = 0
    _index: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", {name: number for number, name in enumerate(self.inputs)})

    @property
    def size(self) -> int:
        """How many states there are."""
        return len(self.next_state)

    def index(self, name: str) -> int:
        """The index of an input.

        Raises:
            ConfigurationError: the machine has no such input.
        """
        if name not in self._index:
            raise ConfigurationError(f"the model has no input {name!r}", allowed=", ".join(self.inputs))
        return self._index[name]

    def word(self, names: Iterable[str]) -> Word:
        """Input names as a word. Raises as ``index`` does."""
        return tuple(self.index(name) for name in names)

    def spell(self, word: Iterable[int]) -> tuple[str, ...]:
        """A word as input names."""
        return tuple(self.inputs[i] for i in word)

    def run(self, word: Iterable[int], state: int | None = None) -> tuple[int, tuple[str, ...]]:
        """The state after a word and the answers on the way, from ``state`` (default: the start)."""
        here = self.start if state is None else state
        seen = []
        for i in word:
            seen.append(self.answers[here][i])
            here = self.next_state[here][i]
        return here, tuple(seen)

    def path(self, word: Iterable[int], state: int | None = None) -> list[int]:
        """The states a word passes, the first included."""
        states = [self.start if state is None else state]
        for i in word:
            states.append(self.next_state[states[-1]][i])
        return states

    def access_words(self, source: int | None = None) -> dict[int, Word]:
        """A shortest word (in inputs) to every state that can be reached, nearest states first."""
        first = self.start if source is None else source
        found: dict[int, Word] = {first: ()}
        queue = deque([first])
        while queue:
            here = queue.popleft()
            for i, there in enumerate(self.next_state[here]):
                if there not in found:
                    found[there] = (*found[here], i)
                    queue.append(there)
        return found


def build(
    inputs: Sequence[str],
    targets: Sequence[Sequence[int]],
    answers: Sequence[Sequence[str]],
    names: Sequence[str] | None = None,
    start: int = 0,
) -> Mealy:
    """A machine from plain lists."""
    labels = tuple(names) if names is not None else tuple(f"s{i}" for i in range(len(targets)))
    return Mealy(
        tuple(inputs), tuple(tuple(row) for row in targets), tuple(tuple(row) for row in answers), labels, start
    )


def difference(left: Mealy, right: Mealy) -> Word | None:
    """The shortest word (in left's inputs) that two machines answer differently, or None when they are equivalent.

    Raises:
        ConfigurationError: the machines do not have the same inputs.
    """
    order = matching_inputs(left, right)
    origin = (left.start, right.start)
    came_from: dict[tuple[int, int], tuple[tuple[int, int], int] | None] = {origin: None}
    queue = deque([origin])
    while queue:
        here = queue.popleft()
        for i, j in enumerate(order):
            if left.answers[here[0]][i] != right.answers[here[1]][j]:
                return _trace_back(came_from, here, i)
            there = (left.next_state[here[0]][i], right.next_state[here[1]][j])
            if there not in came_from:
                came_from[there] = (here, i)
                queue.append(there)
    return None


def matching_inputs(left: Mealy, right: Mealy) -> list[int]:
    """For each input of left, the index of the same input in right.

    Raises:
        ConfigurationError: one has an input that the other has not.
    """
    if set(left.inputs) != set(right.inputs):
        odd = sorted(set(left.inputs) ^ set(right.inputs))
        raise ConfigurationError(
            f"the two models do not have the same inputs: {', '.join(odd)} only in one",
            todo="compare models of one and the same keypad",
        )
    return [right.index(name) for name in left.inputs]


def renamed(machine: Mealy, names: Mapping[str, str]) -> Mealy:
    """A machine whose inputs go by other names: two models of one keypad may call a key differently."""
    inputs = [names.get(name, name) for name in machine.inputs]
    if len(set(inputs)) < len(inputs):
        raise ConfigurationError(f"two inputs would have one name: {', '.join(inputs)}")
    return build(inputs, machine.next_state, machine.answers, machine.names, machine.start)


def with_inputs(machine: Mealy, inputs: Sequence[str]) -> Mealy:
    """The same machine with its inputs in another order.

    Raises:
        ConfigurationError: they are not the machine's inputs.
    """
    order = [machine.index(name) for name in inputs]
    if len(order) != len(machine.inputs):
        missing = ", ".join(sorted(set(machine.inputs) - set(inputs)))
        raise ConfigurationError(f"inputs of the model that the device does not know: {missing}")
    targets = [[row[i] for i in order] for row in machine.next_state]
    answers = [[row[i] for i in order] for row in machine.answers]
    return build(inputs, targets, answers, machine.names, machine.start)


def _trace_back(
    came_from: dict[tuple[int, int], tuple[tuple[int, int], int] | None], last: tuple[int, int], key: int
) -> Word:
    word = [key]
    step = came_from[last]
    while step is not None:
        last, before = step
        word.append(before)
        step = came_from[last]
    return tuple(reversed(word))


def minimal(machine: Mealy) -> Mealy:
    """The smallest equivalent machine, its states numbered breadth-first from the start."""
    reach = list(machine.access_words())
    block = _blocks([machine.answers[s] for s in reach], reach)
    while True:
        signs = [(block[s], *(block[t] for t in machine.next_state[s])) for s in reach]
        finer = _blocks(signs, reach)
        if len(set(finer.values())) == len(set(block.values())):
            break
        block = finer
    chosen: dict[int, int] = {}
    for state in reach:
        chosen.setdefault(block[state], state)
    number = {block_of: i for i, block_of in enumerate(chosen)}
    return build(
        machine.inputs,
        [[number[block[t]] for t in machine.next_state[s]] for s in chosen.values()],
        [machine.answers[s] for s in chosen.values()],
        [machine.names[s] for s in chosen.values()],
    )


def _blocks(signs: Sequence[tuple[object, ...]], states: Sequence[int]) -> dict[int, int]:
    numbers: dict[tuple[object, ...], int] = {}
    return {state: numbers.setdefault(sign, len(numbers)) for state, sign in zip(states, signs, strict=True)}


class Separator:
    """Shortest words that tell two states apart, spelled on demand.

    Kept are Moore's partitions: after k rounds two states share a block when no word of k inputs tells them apart. So
    thousands of states cost seconds, where a table of all pairs would cost minutes.
    """

    def __init__(self, machine: Mealy) -> None:
        self._machine = machine
        self._rounds = self._partitions()
        self._same: dict[Word, list[int]] = {}

    def _partitions(self) -> list[dict[int, int]]:
        machine, states = self._machine, range(self._machine.size)
        rounds = [_blocks([machine.answers[s] for s in states], states)]
        while True:
            last = rounds[-1]
            finer = _blocks([(last[s], *(last[t] for t in machine.next_state[s])) for s in states], states)
            if len(set(finer.values())) == len(set(last.values())):
                return rounds
            rounds.append(finer)

    def word(self, left: int, right: int) -> Word | None:
        """A shortest word that two states answer differently; None when they are equivalent."""
        length = next((k for k, block in enumerate(self._rounds) if block[left] != block[right]), None)
        if length is None:
            return None
        word = []
        rows = self._machine.next_state
        for round_before in reversed(self._rounds[:length]):
            pairs = zip(rows[left], rows[right], strict=True)
            key = next(k for k, (x, y) in enumerate(pairs) if round_before[x] != round_before[y])
            word.append(key)
            left, right = rows[left][key], rows[right][key]
        shown = zip(self._machine.answers[left], self._machine.answers[right], strict=True)
        return (*word, next(k for k, (x, y) in enumerate(shown) if x != y))

    def same(self, word: Word, state: int) -> int:
        """The states (as a bit mask) that answer a word just as ``state`` does."""
        masks = self._same.get(word)
        if masks is None:
            masks = self._same[word] = self._masks(word)
        return masks[state]

    def _masks(self, word: Word) -> list[int]:
        answers = [self._machine.run(word, s)[1] for s in range(self._machine.size)]
        groups: dict[tuple[str, ...], int] = {}
        for state, answer in enumerate(answers):
            groups[answer] = groups.get(answer, 0) | 1 << state
        return [groups[answer] for answer in answers]


def bits(mask: int) -> list[int]:
    """The numbers of the bits that are set.

    >>> bits(0b1010)
    [1, 3]
    """
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
