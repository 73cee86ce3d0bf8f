"""Terminal R's detailed model as a run asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from posrig.description.profile import Profile
from posrig.fuzzing.models.terminal_r import campaign, path_picture, replaying, simplifying
from posrig.fuzzing.models.terminal_r.gherkin import scenario as walk_scenario
from posrig.fuzzing.models.terminal_r.lock_model import LockModel
from posrig.fuzzing.models.terminal_r.oracles import NAMES
from posrig.fuzzing.models.terminal_r.reach import why_missed
from posrig.fuzzing.models.terminal_r.scopes import chosen, own
from posrig.fuzzing.models.terminal_r.trials.gherkin import scenario as trial_scenario
from posrig.fuzzing.models.terminal_r.trials.known import trial_of
from posrig.fuzzing.running.campaign import Campaign
from posrig.fuzzing.running.feature_file import Language, Origin
from posrig.fuzzing.running.hunts import Tell
from posrig.fuzzing.running.plan import Allowance, Plan, Scope
from posrig.fuzzing.search.findings import Finding
from posrig.fuzzing.search.verdict import Verdict
from posrig.rig.rig import Rig
from posrig.terminal.models.terminal_r.starting import signed_off
from posrig.terminal.preparing import prepare


class OwnModel:
    """Fulfils :class:`posrig.fuzzing.running.contract.FuzzModel`."""

    oracles = NAMES

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def scopes(self, names: Sequence[str] = ()) -> tuple[Scope, ...]:
        return chosen(self._profile, names)

    def firmware(self, rig: Rig) -> str:
        prepare(rig.terminal)
        rig.begin_scenario()
        signed_off(rig.terminal)
        shown = (frame.fields["version"] for frame in rig.terminal.screen.history() if frame.screen == "boot")
        return next(shown, "unknown")

    def run(self, rig: Rig, plan: Plan, on_progress: Tell | None = None) -> Campaign:
        return campaign.run(rig, plan, on_progress)

    def again(self, rig: Rig, plan: Plan, wanted: str) -> tuple[Scope, Finding, Verdict]:
        return replaying.again(rig, plan, wanted)

    def simpler(self, rig: Rig, scope: Scope, finding: Finding, allowance: Allowance) -> Finding:
        return simplifying.simpler(rig, own(scope), finding, allowance)

    def scenario(self, scope: Scope, finding: Finding, origin: Origin, language: Language) -> str:
        if scope.acts:
            return walk_scenario(LockModel(self._profile, own(scope)), finding, origin, language)
        return trial_scenario(trial_of(own(scope)), finding, origin, language)

    def why_missed(self, defect: str, campaign: Campaign) -> str:
        return why_missed(defect, campaign)

    def picture(self, plan: Plan, scope: Scope, finding: Finding, language: Language) -> Path | None:
        return path_picture.write_picture(self._profile, plan, own(scope), finding, language)
