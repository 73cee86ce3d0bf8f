"""A simulated terminal beside a lab rig: what shows on both is shortened there, where presses are free."""

from __future__ import annotations

from dataclasses import dataclass, replace

from posrig.fuzzing.machines.device import Budget, BudgetSpent
from posrig.fuzzing.machines.mealy import Mealy
from posrig.fuzzing.machines.traced import HistoryOverturned
from posrig.fuzzing.models.terminal_r.device import TerminalDevice
from posrig.fuzzing.models.terminal_r.lock_model import LockModel
from posrig.fuzzing.search.findings import Finding
from posrig.fuzzing.search.minimise import Minimiser, NotReproduced
from posrig.fuzzing.search.verdict import replay
from posrig.ground.faults import Inconclusive, PosrigError
from posrig.rig.rig import Rig

_BUDGET = Budget(presses=5000, resets=300)


@dataclass(frozen=True)
class Twin:
    """The simulated terminal for one scope of the model."""

    rig: Rig
    model: LockModel
    machine: Mealy

    def shortest(self, finding: Finding) -> Finding | None:
        """The finding with the fewest acts that show it on the simulated terminal; None when it does not show there
        in the same way, or the simulated terminal fails."""
        device = TerminalDevice(self.rig.terminal, self.model, begin=self.rig.begin_scenario)
        word = self.machine.word(finding.keys)
        try:
            shown = replay(device, self.machine, word)
            if shown is None or (shown.expected, shown.seen) != (finding.expected, finding.seen):
                return None
            minimiser = Minimiser(device, self.machine, _BUDGET)
            small = minimiser.run(word)
            state, key = minimiser.locate(small.keys)
        except (NotReproduced, BudgetSpent, HistoryOverturned, Inconclusive, PosrigError):
            return None
        return replace(
            finding,
            keys=self.machine.spell(small.keys),
            expected=small.expected or finding.expected,
            seen=small.seen or finding.seen,
            minimal=small.minimal,
            begins_at=(self.machine.names[state], self.machine.inputs[key]),
        )
