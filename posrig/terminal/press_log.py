"""Each press of a scenario, and what the terminal gave back for it on its service port: missed and doubled presses.

What is told apart here is only presses and answers. Whether a contact lost the press, or the terminal ignored it, is
told by the key lines (posrig/rig/wire_evidence.py).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from posrig.terminal.contracts import ServiceLine

MUST_S = 0.03
"""A press this long, after a pause this long, must be given back: debounce (20 ms) and a contact's bounces (3 ms) are
over. Shorter ones, chords, and keys held down beside another may or may not be."""
KEPT = 20_000
"""Presses and answers kept of one scenario; what comes after is not judged. A search presses a million."""
TOLD_APART_S = 0.01
"""With a shorter pause two closings are one for a monitor that leaves bounces out; a shorter press may be two."""
COMPARED = 400
"""Most presses or answers in a stretch that does not agree at once; longer ones are compared by their numbers."""
GIVEN_BACK_S = 0.15
"""A terminal's answer to a press says a time no later than this after it began."""
HIDDEN = "*"
NO_HINT = -(10**9)
_PAIR = 1 << 20
"""One pair more outweighs whatever the clock says."""
_Answer = tuple[str, int]
"""What was given back, and the number of the press that the clock gives it to."""
_START = "\n"


class Press(NamedTuple):
    """``secret``: the terminal gives a star for it. ``must``: it has to be given back. ``beside``: keys that went down
    with it, so that either may be given back first. ``at``: clock time when it began."""

    key: str
    secret: bool = False
    must: bool = True
    beside: tuple[str, ...] = ()
    at: float = 0.0

    def answered_by(self, code: str) -> bool:
        """Can this be its answer? Any key is a star while a secret is asked for."""
        return code == self.key or code == HIDDEN or code in self.beside

    def surely_answered_by(self, code: str, hint: int, place: int) -> bool:
        """Any secret press has the same answer: only the clock says whose it is."""
        if not self.must or code != (HIDDEN if self.secret else self.key):
            return False
        return not self.secret or hint in (place, NO_HINT)


@dataclass(frozen=True, slots=True)
class Answers:
    """Per key, by its true name: never shown where it could tell a digit of a secret."""

    missed: Counter[tuple[str, bool]]
    doubled: Counter[tuple[str, bool]]


class PressLog:
    """Filled by the keypad and by the reader of the service port; read when a scenario ends."""

    def __init__(self) -> None:
        self.presses: list[Press] = []
        self._answers: list[str] = []
        self._came: list[tuple[float, int]] = []
        """Of each answer: the terminal's time, and how many presses had begun when it was read."""
        self._overrun = False
        self.last_at = 0.0
        """Clock time of the last press."""
        self.unclear: set[str] = set()
        """Keys pressed faster than the monitor on the key lines can tell apart."""

    @property
    def secret_keys(self) -> frozenset[str]:
        """Keys that were part of a secret in this scenario: what is counted of them is told under a star."""
        return frozenset(press.key for press in self.presses if press.secret)

    def press(self, press: Press) -> None:
        if len(self.presses) < KEPT:
            self.presses.append(press)
        else:
            self._overrun = True

    def line(self, line: ServiceLine) -> None:
        """A line of the service port: an accepted key, or a start."""
        if line.event == "key":
            if line.fields.get("edge") == "down" and len(self._answers) < 2 * KEPT:
                self._came.append((line.at, len(self.presses)))
                self._answers.append(line.fields.get("code", ""))
        elif line.event in ("power", "boot"):
            self.started()

    def clear(self) -> None:
        """A new scenario."""
        self.presses, self._answers, self._came, self._overrun = [], [], [], False
        self.unclear = set()

    def started(self) -> None:
        """The terminal starts or goes dark: what is pressed until its first answer need not be given back."""
        self._came.append((0.0, 0))
        self._answers.append(_START)

    def answers(self, *, settled: bool = False) -> Answers | None:
        """What was missed and doubled; None when the scenario was too long to be kept.

        A press counts as missed when the terminal gave back one before it and one after it in the same start: before
        the first it may still be starting. ``settled``: all that was sent has been read, and the terminal had time
        to answer; then presses after its last answer are missed too.
        """
        answers = self._answers.copy()  # the reader thread goes on
        if self._overrun or len(answers) >= 2 * KEPT:
            return None
        return compared(self.presses, answers, settled=settled, hints=self._hints(len(answers)))

    def _hints(self, count: int) -> list[int]:
        """For each answer the press that it most likely is of: the last one begun shortly before it by the terminal's
        clock, which may be wrong; else the last one begun when it was read."""
        begun = [press.at for press in self.presses]
        hints = []
        for at, before in self._came[:count]:
            place = bisect_right(begun, at) - 1
            hints.append(place if place >= 0 and at - begun[place] <= GIVEN_BACK_S else before - 1)
        return hints


def compared(
    presses: Sequence[Press], answers: Sequence[str], *, settled: bool = False, hints: Sequence[int] = ()
) -> Answers:
    """Presses against answers, in order. ``hints``: for each answer the number of its press, by the clock: which of
    several presses was missed where each may have the answer (any key is a star while a secret is asked for).

    >>> compared([Press("1"), Press("5"), Press("5"), Press("ENTER")], ["1", "5", "ENTER"]).missed
    Counter({('5', False): 1})
    """
    codes = [(number, code) for number, code in enumerate(answers) if code != _START]
    if len(codes) == len(presses) and all(
        press.answered_by(code) for press, (_, code) in zip(presses, codes, strict=True)
    ):
        return Answers(Counter(), Counter())
    pairs = _paired(presses, [(code, hints[number] if hints else NO_HINT) for number, code in codes])
    missed: Counter[tuple[str, bool]] = Counter()
    for place, press in enumerate(presses):
        if pairs[place] is None and press.must and _in_one_start(pairs, place, codes, answers, settled):
            missed[press.key, press.secret] += 1
    taken = {pair: place for place, pair in enumerate(pairs) if pair is not None}
    doubled: Counter[tuple[str, bool]] = Counter()
    last = Press("")
    for number, (_, code) in enumerate(codes):
        if number in taken:
            last = presses[taken[number]]
        elif last.key:
            doubled[(last.key, last.secret) if code in (last.key, HIDDEN) else (code, False)] += 1
    return Answers(missed, doubled)


def _in_one_start(
    pairs: Sequence[int | None], place: int, codes: Sequence[tuple[int, str]], answers: Sequence[str], settled: bool
) -> bool:
    before = next((pair for pair in reversed(pairs[:place]) if pair is not None), None)
    after = next((pair for pair in pairs[place + 1 :] if pair is not None), None)
    if before is None or (after is None and not settled):
        return False
    return _START not in answers[codes[before][0] : None if after is None else codes[after][0]]


def _paired(presses: Sequence[Press], codes: Sequence[_Answer]) -> list[int | None]:
    """For each press the number of its answer: as many pairs in order as there can be."""
    shorter = min(len(presses), len(codes))
    head = tail = 0
    while head < shorter and presses[head].surely_answered_by(*codes[head], head):
        head += 1
    last = len(presses) - 1
    while tail < shorter - head and presses[last - tail].surely_answered_by(*codes[-1 - tail], last - tail):
        tail += 1
    rows, columns = len(presses) - head - tail, len(codes) - head - tail
    middle: list[int | None] = [None] * rows
    if 0 < rows <= COMPARED and 0 < columns <= COMPARED:
        between = [(code, hint - head) for code, hint in codes[head : head + columns]]
        middle = _most_pairs(presses[head : head + rows], between)
    ends = range(len(codes) - tail, len(codes))
    return [*range(head), *(None if pair is None else pair + head for pair in middle), *ends]


def _most_pairs(presses: Sequence[Press], codes: Sequence[_Answer]) -> list[int | None]:
    """The longest common subsequence; presses that must be given back come before those that need not, and among as
    many pairs those that the clock speaks for."""

    def worth(row: int, column: int) -> int:
        return (1 + presses[row].must) * _PAIR + (codes[column][1] == row)

    best = [[0] * (len(codes) + 1) for _ in range(len(presses) + 1)]
    for row in range(len(presses) - 1, -1, -1):
        here, below, press = best[row], best[row + 1], presses[row]
        for column in range(len(codes) - 1, -1, -1):
            here[column] = max(below[column], here[column + 1])
            if press.answered_by(codes[column][0]):
                here[column] = max(here[column], below[column + 1] + worth(row, column))
    pairs: list[int | None] = [None] * len(presses)
    row = column = 0
    while row < len(presses) and column < len(codes):
        press, value = presses[row], best[row][column]
        if press.answered_by(codes[column][0]) and value == best[row + 1][column + 1] + worth(row, column):
            pairs[row] = column
            row, column = row + 1, column + 1
        elif best[row + 1][column] >= best[row][column + 1]:
            row += 1
        else:
            column += 1
    return pairs
