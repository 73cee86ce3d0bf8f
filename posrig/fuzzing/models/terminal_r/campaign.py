"""A whole run over one terminal: all scopes and trials in rounds until the budget ends; what is known comes first."""

from __future__ import annotations

from posrig.fuzzing.models.terminal_r.hunting import ScopeHunt
from posrig.fuzzing.models.terminal_r.oracles import WALKING, check_names
from posrig.fuzzing.models.terminal_r.scopes import own
from posrig.fuzzing.models.terminal_r.trials.hunting import TrialHunt
from posrig.fuzzing.models.terminal_r.trials.known import trial_of
from posrig.fuzzing.running import campaign
from posrig.fuzzing.running.campaign import Campaign, Hunting, distinct
from posrig.fuzzing.running.hunts import Tell
from posrig.fuzzing.running.plan import Allowance, Limits, Plan, Scope
from posrig.rig.rig import Rig

__all__ = ["Campaign", "Limits", "Plan", "distinct", "run"]


def run(rig: Rig, plan: Plan, on_progress: Tell | None = None) -> Campaign:
    """See :func:`posrig.fuzzing.running.campaign.run`.

    Raises:
        ConfigurationError: an unknown oracle, a model that contradicts the profile, an archive of another firmware.
    """
    check_names(plan.oracles)

    def make(scope: Scope, allowance: Allowance, ends_at: float | None) -> Hunting | None:
        if scope.acts:
            if not any(map(plan.judges, WALKING)):
                return None
            return ScopeHunt(rig, plan, own(scope), allowance, ends_at, on_progress)
        trial = trial_of(own(scope))
        if not any(map(plan.judges, trial.oracles)):
            return None
        return TrialHunt(rig, plan, trial, allowance, ends_at, on_progress)

    return campaign.run(rig.terminal, plan, make)
