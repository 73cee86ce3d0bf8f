"""What a run asks of a model of terminals: the detailed one of a terminal model, or the one that a profile makes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from posrig.fuzzing.running.campaign import Campaign
from posrig.fuzzing.running.feature_file import Language, Origin
from posrig.fuzzing.running.hunts import Tell
from posrig.fuzzing.running.plan import Allowance, Plan, Scope
from posrig.fuzzing.search.findings import Finding
from posrig.fuzzing.search.verdict import Verdict
from posrig.rig.rig import Rig


class FuzzModel(Protocol):
    """A model of one profile's terminal, searched on a rig. All of its methods raise ConfigurationError for what the
    profile does not have."""

    @property
    def oracles(self) -> Sequence[str]:
        """The names that ``--oracle`` takes."""

    def scopes(self, names: Sequence[str] = ()) -> tuple[Scope, ...]:
        """Those of these names; all that a run without names searches."""

    def firmware(self, rig: Rig) -> str:
        """The version that the terminal shows at its start; it is brought to its first state."""

    def run(self, rig: Rig, plan: Plan, on_progress: Tell | None = None) -> Campaign:
        """Search until the budget ends."""

    def again(self, rig: Rig, plan: Plan, wanted: str) -> tuple[Scope, Finding, Verdict]:
        """Replay the kept finding whose id begins so."""

    def simpler(self, rig: Rig, scope: Scope, finding: Finding, allowance: Allowance) -> Finding:
        """The finding by acts that say more to people, where those show it too."""

    def scenario(self, scope: Scope, finding: Finding, origin: Origin, language: Language) -> str:
        """The finding as a feature file. Raises ConfigurationError where no sentences say it."""

    def why_missed(self, defect: str, campaign: Campaign) -> str:
        """One sentence for the table of a qualification."""

    def picture(self, plan: Plan, scope: Scope, finding: Finding, language: Language) -> Path | None:
        """The finding as a picture beside the archive; None where there is none."""
