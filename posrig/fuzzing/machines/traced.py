"""Everything a device ever answered, kept as a tree of histories: what is known is not pressed again.

A history is the inputs since a hard reset. An unknown answer is fetched by going on from where the device is when it
can, else by a reset and a replay; every replayed answer is compared with the tree, which detects flaky readings free of
charge. A contradiction is settled by votes, never by giving up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from posrig.fuzzing.machines.device import Costs, DeviceUnderTest
from posrig.ground.faults import Inconclusive


class HistoryOverturned(Exception):  # noqa: N818 - tells a learner to ask again, nothing is wrong with the harness
    """A known answer lost the vote: conclusions drawn from it are void. The tree is right again."""


class _Node:
    """One input after a history: its answer and what followed."""

    __slots__ = ("answer", "children")

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.children: dict[str, _Node] = {}


class TracedDevice:
    """A device that answers from its past where it can. Sound only when ``reset`` brings back the first state."""

    def __init__(self, device: DeviceUnderTest, *, votes: int = 5) -> None:
        self._device = device
        self._votes = votes
        self._root = _Node("")
        self._pressed: list[str] | None = None
        self._wanted: list[str] = []
        self._node = self._root
        self.conflicts = 0
        """How often an answer contradicted the same history's earlier answer."""

    @property
    def inputs(self) -> Sequence[str]:
        return self._device.inputs

    @property
    def costs(self) -> Costs:
        return self._device.costs

    def reset(self) -> None:
        """Ask for a new history. The device is reset only when an unknown answer needs it."""
        self._wanted, self._node = [], self._root

    def press(self, name: str) -> str:
        """The answer to one more input.

        Raises:
            HistoryOverturned: a replay showed that an earlier answer was misread.
            Inconclusive: no answer to a history wins a majority of the votes.
            BudgetSpent, RigFault: as the device does.
        """
        child = self._node.children.get(name)
        if child is None:
            self._bring()
            child = self._node.children[name] = _Node(self._press(name))
        self._wanted.append(name)
        self._node = child
        return child.answer

    def run(self, names: Iterable[str]) -> tuple[str, ...]:
        """The answers to a history from a reset. Raises as ``press`` does."""
        self.reset()
        return tuple(self.press(name) for name in names)

    def histories(self) -> Iterator[tuple[str, ...]]:
        """Everything known, as the longest words of input names; each begins at a reset."""
        path: list[str] = []
        ahead = [(name, child, 0) for name, child in self._root.children.items()]
        while ahead:
            name, node, depth = ahead.pop()
            path[depth:] = [name]
            if not node.children:
                yield tuple(path)
            ahead += [(key, child, depth + 1) for key, child in node.children.items()]

    def learn(self, names: Sequence[str], answers: Sequence[str]) -> None:
        """Take in what was seen elsewhere after a hard reset; what is already known wins."""
        node = self._root
        for name, answer in zip(names, answers, strict=True):
            node = node.children.setdefault(name, _Node(answer))
            if node.answer != answer:
                return

    def _press(self, name: str) -> str:
        pressed, self._pressed = self._pressed, None  # unknown if the press fails half way
        answer = self._device.press(name)
        assert pressed is not None
        pressed.append(name)
        self._pressed = pressed
        return answer

    def _restart(self) -> None:
        self._pressed = None
        self._device.reset()
        self._pressed = []

    def _bring(self) -> None:
        """Bring the device to the wanted history."""
        if self._pressed is None or self._wanted[: len(self._pressed)] != self._pressed:
            self._restart()
        assert self._pressed is not None
        node = self._root
        for name in self._pressed:
            node = node.children[name]
        for name in self._wanted[len(self._pressed) :]:
            node = node.children[name]
            if self._press(name) != node.answer:
                self.conflicts += 1
                self._settle(self._wanted[: len(self._pressed)])
                return self._bring()
        return None

    def _settle(self, history: list[str]) -> None:
        """Replay a history until one answer to its last input has the majority of the votes."""
        known = self._root
        for name in history:
            known = known.children[name]
        tally = Counter({known.answer: 1})
        for _ in range(self._votes):
            self._restart()
            answer = ""
            for name in history:
                answer = self._press(name)
            tally[answer] += 1
            if tally[answer] > (self._votes + 1) // 2:
                self._take(known, answer)
                return
        raise Inconclusive(
            f"{len(tally)} different answers to one and the same {len(history)} inputs, none by a majority",
            where=" ".join(history[-12:]),
            todo="look at the reading of the screen, or at what the terminal keeps over a reset",
        )

    def _take(self, node: _Node, answer: str) -> None:
        if node.answer == answer:
            return
        node.answer, node.children = answer, {}
        self._pressed = None
        self.reset()
        raise HistoryOverturned
