"""Faults seeded into a machine, to measure how soon a search finds them.

Four kinds: *output*, one edge answers wrongly; *transfer*, one edge leads to a wrong state; *extra*, one edge leads to
a hidden twin of its target in which one key misbehaves; *flag*, one edge sets a hidden flag, another clears it, and
while it is set a third misbehaves.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal, get_args

from posrig.fuzzing.machines.mealy import Mealy, Word, build, difference
from posrig.ground.faults import ConfigurationError

FaultKind = Literal["output", "transfer", "extra", "flag"]
KINDS: tuple[FaultKind, ...] = get_args(FaultKind)
_TRIES = 1000


@dataclass(frozen=True)
class Mutant:
    """A machine with one fault, the edge it sits at, and a shortest word that shows it."""

    machine: Mealy
    kind: FaultKind
    state: int
    key: int
    shortest: Word


def seed_fault(sound: Mealy, kind: FaultKind, rng: random.Random) -> Mutant:
    """One fault of a kind at a random place; never one that no input could show.

    Raises:
        ConfigurationError: an unknown kind, or a machine too small to hold such a fault.
    """
    if kind not in KINDS:
        raise ConfigurationError(f"no such kind of fault: {kind!r}", allowed=", ".join(KINDS))
    reach = sorted(sound.access_words())
    answers = sorted({answer for row in sound.answers for answer in row})
    if len(reach) < 2 or len(answers) < 2:
        raise ConfigurationError("a machine with one state or one answer has no room for a fault")
    for _ in range(_TRIES):
        draft = _Draft(sound, reach, answers, rng)
        machine = draft.seeded(kind)
        word = difference(sound, machine) if machine is not None else None
        if machine is not None and word is not None:
            return Mutant(machine, kind, draft.state, draft.key, word)
    raise ConfigurationError(f"no visible {kind} fault found in {_TRIES} tries")


class _Draft:
    """One try: a random edge and a copy of the machine to spoil."""

    def __init__(self, sound: Mealy, reach: list[int], answers: list[str], rng: random.Random) -> None:
        self._sound, self._reach, self._answers, self._rng = sound, reach, answers, rng
        self._targets = [list(row) for row in sound.next_state]
        self._shown = [list(row) for row in sound.answers]
        self._names = list(sound.names)
        self.state = rng.choice(reach)
        self.key = rng.randrange(len(sound.inputs))

    def seeded(self, kind: FaultKind) -> Mealy | None:
        """The spoiled machine, or None when the draw does not make a fault of this kind."""
        if kind == "output":
            self._shown[self.state][self.key] = self._other_answer(self.state, self.key)
        elif kind == "transfer":
            self._targets[self.state][self.key] = self._other_target(self.state, self.key)
        elif kind == "extra":
            self._add_twin()
        elif not self._add_flag():
            return None
        return build(self._sound.inputs, self._targets, self._shown, self._names, self._sound.start)

    def _other_answer(self, state: int, key: int) -> str:
        return self._rng.choice([x for x in self._answers if x != self._sound.answers[state][key]])

    def _other_target(self, state: int, key: int) -> int:
        return self._rng.choice([x for x in self._reach if x != self._sound.next_state[state][key]])

    def _add_twin(self) -> None:
        target = self._sound.next_state[self.state][self.key]
        wrong = self._rng.randrange(len(self._sound.inputs))
        twin = len(self._targets)
        self._targets.append(list(self._sound.next_state[target]))
        self._shown.append(list(self._sound.answers[target]))
        self._names.append(self._names[target] + "'")
        self._targets[self.state][self.key] = twin
        if self.state == target:
            self._targets[twin][self.key] = twin
        if self._rng.random() < 0.5:
            self._shown[twin][wrong] = self._other_answer(target, wrong)
        else:
            self._targets[twin][wrong] = self._other_target(target, wrong)

    def _add_flag(self) -> bool:
        size, keys = self._sound.size, len(self._sound.inputs)
        self._targets += [[t + size for t in row] for row in self._sound.next_state]
        self._shown += [list(row) for row in self._sound.answers]
        self._names += [name + "'" for name in self._sound.names]
        spoiled, wrong = self._rng.choice(self._reach), self._rng.randrange(keys)
        clearing, clear = self._rng.choice(self._reach), self._rng.randrange(keys)
        if (spoiled, wrong) == (clearing, clear) or (self.state, self.key) == (spoiled, wrong):
            return False
        self._targets[self.state][self.key] += size
        self._targets[size + clearing][clear] -= size
        if self._rng.random() < 0.5:
            self._shown[size + spoiled][wrong] = self._other_answer(spoiled, wrong)
        else:
            self._targets[size + spoiled][wrong] = self._other_target(spoiled, wrong) + size
        return True
