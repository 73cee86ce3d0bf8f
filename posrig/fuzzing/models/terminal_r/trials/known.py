"""The trials there are, and how a run sees them: as scopes without acts of a model."""

from __future__ import annotations

from collections.abc import Sequence

from posrig.fuzzing.models.terminal_r.lock_model import Scope
from posrig.fuzzing.models.terminal_r.rules import Bounds
from posrig.fuzzing.models.terminal_r.trials.fingers_on_keys import FINGERS
from posrig.fuzzing.models.terminal_r.trials.hardware import LOCK_OUT_TIME, SELF_TEST, TAMPER, USED_FILE
from posrig.fuzzing.models.terminal_r.trials.people import (
    ANOTHER_DAY,
    DELETIONS,
    FIRST_PASSWORDS,
    INNER_PROMPTS,
    WEAK_PASSWORDS,
)
from posrig.fuzzing.models.terminal_r.trials.records import FLOODED, LOG
from posrig.fuzzing.models.terminal_r.trials.resetting import RESET
from posrig.fuzzing.models.terminal_r.trials.selling import REFUND, SALE
from posrig.fuzzing.models.terminal_r.trials.timing import TIMING
from posrig.fuzzing.models.terminal_r.trials.trial import Trial
from posrig.fuzzing.models.terminal_r.trials.updating import UPDATE

TRIALS: Sequence[Trial] = (
    FINGERS, SALE, REFUND, UPDATE, RESET, LOG, FLOODED, WEAK_PASSWORDS, DELETIONS, FIRST_PASSWORDS,
    INNER_PROMPTS, ANOTHER_DAY, TAMPER, USED_FILE, SELF_TEST, LOCK_OUT_TIME, TIMING,
)  # fmt: skip


def scope_of(trial: Trial) -> Scope:
    """The trial as a part of a run."""
    return Scope(trial.name, (), Bounds(), trial.about, trial.weight)


def trial_of(scope: Scope) -> Trial:
    """The trial of such a scope."""
    return next(trial for trial in TRIALS if trial.name == scope.name)
