"""A simulated terminal beside a lab rig: what shows on both is shortened there, where presses are free."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fuzzing.device import Budget, BudgetSpent
from fuzzing.findings import Finding
from fuzzing.mealy import Mealy
from fuzzing.minimise import Minimiser, NotReproduced
from fuzzing.terminal_r.device import TerminalDevice
from fuzzing.terminal_r.lock_model import LockModel
from fuzzing.traced import HistoryOverturned
from fuzzing.verdict import replay
from rigs.faults import Inconclusive, PosrigError
from rigs.rig import Rig

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
