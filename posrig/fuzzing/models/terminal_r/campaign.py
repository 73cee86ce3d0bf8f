"""A whole run over one terminal: all scopes and trials in rounds until the budget ends; what is known comes first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from posrig.fuzzing.models.terminal_r.hunting import ScopeHunt
from posrig.fuzzing.models.terminal_r.hunts import ScopeReport, Tell
from posrig.fuzzing.models.terminal_r.lock_model import Scope
from posrig.fuzzing.models.terminal_r.oracles import WALKING, check_names
from posrig.fuzzing.models.terminal_r.plan import Allowance, Limits, Plan, Spent
from posrig.fuzzing.models.terminal_r.trials.hunting import TrialHunt
from posrig.fuzzing.models.terminal_r.trials.known import trial_of
from posrig.fuzzing.search.findings import Finding
from posrig.ground.faults import Inconclusive, RigFault, SafetyAbort
from posrig.rig.rig import Rig
from posrig.terminal.terminal import Terminal

__all__ = ["Campaign", "Limits", "Plan", "distinct", "run"]

Hunting = ScopeHunt | TrialHunt


@dataclass
class Campaign:
    """What a run found, and what it did not look at. ``fault``: the rig failed, or a limit of the rig file stopped the
    run; what was found before holds."""

    reports: list[ScopeReport] = field(default_factory=list)
    spent: Spent = field(default_factory=Spent)
    not_begun: list[str] = field(default_factory=list)
    fault: RigFault | Inconclusive | SafetyAbort | None = None

    @property
    def findings(self) -> list[tuple[Scope, Finding]]:
        """Each with its scope; those seen in several scopes once each."""
        return [(report.scope, finding) for report in self.reports for finding in report.result.findings]

    @property
    def interrupted(self) -> bool:
        return any(report.result.interrupted for report in self.reports)


FIRST_SLICE = 60
"""Presses that a scope of weight 1 gets in the first round; twice as many in each round after it."""


def run(rig: Rig, plan: Plan, on_progress: Tell | None = None) -> Campaign:
    """Search all scopes in rounds, longer ones each time, until the budget ends: what is easy to find in any of them is
    found early. What was found is in the archive at any moment, whatever ends the run. What showed is judged and
    shortened also when the budget ends meanwhile. A fault of the rig ends the run: see :attr:`Campaign.fault`.

    Raises:
        ConfigurationError: an unknown oracle, a model that contradicts the profile, an archive of another firmware.
    """
    check_names(plan.oracles)
    campaign = Campaign()
    allowance = Allowance(plan.limits, campaign.spent, plan.left)
    ends_at = None if plan.limits.minutes is None else time.monotonic() + plan.limits.minutes * 60
    wanted = ((scope.name, _hunt(rig, plan, scope, allowance, ends_at, on_progress)) for scope in plan.scopes)
    hunts = {name: hunt for name, hunt in wanted if hunt is not None}
    piece = FIRST_SLICE
    with _guesses_counted(rig.terminal, campaign.spent):
        try:
            while _go_round(plan, campaign, list(hunts.values()), piece, ends_at):
                piece *= 2
        except SafetyAbort as abort:
            campaign.fault = abort
    found = {name: hunt.report() for name, hunt in hunts.items()}
    campaign.reports = [report for report in found.values() if report is not None]
    campaign.not_begun = [name for name, report in found.items() if report is None]
    return campaign


def _hunt(
    rig: Rig, plan: Plan, scope: Scope, allowance: Allowance, ends_at: float | None, on_progress: Tell | None
) -> Hunting | None:
    """None: its oracles are all switched off."""
    if scope.acts:
        if not any(map(plan.judges, WALKING)):
            return None
        return ScopeHunt(rig, plan, scope, allowance, ends_at, on_progress)
    trial = trial_of(scope)
    if not any(map(plan.judges, trial.oracles)):
        return None
    return TrialHunt(rig, plan, trial, allowance, ends_at, on_progress)


@contextmanager
def _guesses_counted(terminal: Terminal, spent: Spent) -> Iterator[None]:
    """Wrong passwords and codes are counted for the run, after the ledger has let them pass."""
    passwords, codes = terminal.before_guess, terminal.before_code

    def counting(ask: Callable[[str], None] | None) -> Callable[[str], None]:
        def count(whose: str) -> None:
            if ask is not None:
                ask(whose)
            spent.wrong_passwords += 1

        return count

    terminal.before_guess, terminal.before_code = counting(passwords), counting(codes)
    try:
        yield
    finally:
        terminal.before_guess, terminal.before_code = passwords, codes


def _go_round(plan: Plan, campaign: Campaign, hunts: Sequence[Hunting], piece: int, ends_at: float | None) -> bool:
    """One slice for every scope; whether there is reason for another round."""
    spent = campaign.spent
    waiting = [hunt for hunt in hunts if not hunt.over]
    for number, hunt in enumerate(waiting):
        if ends_at is not None and time.monotonic() >= ends_at:
            return False
        presses = piece * hunt.weight
        if plan.limits.presses is not None:
            left = plan.limits.presses - spent.presses
            if left < 1:
                return False
            if left < 2 * piece * sum(other.weight for other in waiting[number:]):
                # too little for another round: all of it is shared now
                presses = left * hunt.weight // sum(other.weight for other in waiting[number:])
            presses = max(min(presses, left), 1)
        result = hunt.go_on(presses)
        if result.rig_fault is not None:
            campaign.fault = result.rig_fault
            return False
        if result.interrupted or (plan.stop_at_first and result.findings):
            return False
    return bool(waiting)


def distinct(findings: Sequence[tuple[Scope, Finding]]) -> list[tuple[Scope, Finding]]:
    """One for each way of going wrong: the same last screens after the same last act count once, fewest acts first."""
    kept: dict[tuple[str, str, str], tuple[Scope, Finding]] = {}
    for scope, finding in sorted(findings, key=lambda pair: len(pair[1].keys)):
        kept.setdefault((finding.keys[-1], finding.expected, finding.seen), (scope, replace(finding)))
    return list(kept.values())
