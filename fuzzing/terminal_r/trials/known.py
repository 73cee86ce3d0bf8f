"""The trials there are, and how a run sees them: as scopes without acts of a model."""

from __future__ import annotations

from collections.abc import Sequence

from fuzzing.terminal_r.lock_model import Scope
from fuzzing.terminal_r.rules import Bounds
from fuzzing.terminal_r.trials.timing import TIMING
from fuzzing.terminal_r.trials.trial import Trial

TRIALS: Sequence[Trial] = (TIMING,)


def scope_of(trial: Trial) -> Scope:
    """The trial as a part of a run."""
    return Scope(trial.name, (), Bounds(), trial.about, trial.weight)


def trial_of(scope: Scope) -> Trial:
    """The trial of such a scope."""
    return next(trial for trial in TRIALS if trial.name == scope.name)
