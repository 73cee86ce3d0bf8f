"""What was pressed where: (state, key), the search's measure of progress, and (state, key, key)."""

from __future__ import annotations

from posrig.fuzzing.machines.mealy import Mealy, bits
from posrig.fuzzing.search.planning import Planner, mask_of


class EdgeCoverage:
    """Which keys were pressed in which states of the model."""

    def __init__(self, planner: Planner) -> None:
        self.todo = [0] * planner.machine.size
        for state in planner.reachable():
            self.todo[state] = mask_of(planner.open_keys(state))
        self.total = self.left = sum(mask.bit_count() for mask in self.todo)

    def pressed(self, state: int, key: int, answer: str) -> None:
        bit = 1 << key
        if self.todo[state] & bit:
            self.todo[state] ^= bit
            self.left -= 1

    def restarted(self) -> None:
        """Edges stay covered over a reset."""

    def carry(self, old: EdgeCoverage) -> None:
        """Take over what another coverage of the same states has seen."""
        self.todo = [mine & theirs for mine, theirs in zip(self.todo, old.todo, strict=True)]
        self.left = sum(mask.bit_count() for mask in self.todo)

    @property
    def covered(self) -> int:
        """How many (state, key) were pressed."""
        return self.total - self.left

    def uncovered(self, machine: Mealy) -> list[tuple[str, str]]:
        """State and key, by name, of what was not pressed."""
        return [
            (machine.names[state], name)
            for state, mask in enumerate(self.todo)
            for key, name in enumerate(machine.inputs)
            if mask >> key & 1
        ]


class PairCoverage:
    """Which keys were pressed right after which (state, key): needed to meet a hidden state one step away."""

    def __init__(self, planner: Planner) -> None:
        machine = planner.machine
        keys = range(len(machine.inputs))
        allowed = [mask_of(planner.open_keys(state)) for state in range(machine.size)]
        self.todo = [[0 for _ in keys] for _ in range(machine.size)]
        for state in planner.reachable():
            for key in planner.open_keys(state):
                self.todo[state][key] = allowed[machine.next_state[state][key]]
        self._machine = machine
        self._count()
        self.total = self.left
        self.last: tuple[int, int] | None = None

    @property
    def covered(self) -> int:
        """How many pairs were taken."""
        return self.total - self.left

    def _count(self) -> None:
        self.by_state = [sum(mask.bit_count() for mask in row) for row in self.todo]
        self.entering = self._count_entering(self._machine)
        self.left = sum(self.by_state)

    def carry(self, old: PairCoverage) -> None:
        """Take over what another coverage of the same states has seen."""
        rows = zip(self.todo, old.todo, strict=True)
        self.todo = [[mine & theirs for mine, theirs in zip(row, other, strict=True)] for row, other in rows]
        self._count()

    def _count_entering(self, machine: Mealy) -> list[list[int]]:
        """For each (state, key) how many pairs end with it and are open."""
        entering = [[0 for _ in machine.inputs] for _ in range(machine.size)]
        for state, row in enumerate(self.todo):
            for first, mask in enumerate(row):
                for key in bits(mask):
                    entering[machine.next_state[state][first]][key] += 1
        return entering

    def pressed(self, state: int, key: int, answer: str) -> None:
        if self.last is not None:
            before, first = self.last
            bit = 1 << key
            if self.todo[before][first] & bit:
                self.todo[before][first] ^= bit
                self.by_state[before] -= 1
                self.entering[state][key] -= 1
                self.left -= 1
        self.last = (state, key)

    def restarted(self) -> None:
        """After a reset no key follows the last one."""
        self.last = None

    def open_here(self) -> int:
        """The keys (a mask) never pressed after what was pressed last."""
        return self.todo[self.last[0]][self.last[1]] if self.last is not None else 0
