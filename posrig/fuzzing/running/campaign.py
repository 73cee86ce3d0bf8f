"""A whole run over one terminal: all its hunts in rounds until the budget ends; what is known comes first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

from posrig.fuzzing.running.hunts import ScopeReport
from posrig.fuzzing.running.plan import Allowance, Plan, Scope, Spent
from posrig.fuzzing.search.findings import Finding
from posrig.fuzzing.search.search import SearchResult
from posrig.ground.faults import Inconclusive, RigFault, SafetyAbort
from posrig.terminal.terminal import Terminal


class Hunting(Protocol):
    """The search of one scope, in slices."""

    @property
    def weight(self) -> int:
        """Its share of a round."""

    @property
    def over(self) -> bool:
        """It ended for another reason than its slice."""

    def go_on(self, presses: int) -> SearchResult:
        """So many presses more."""

    def report(self) -> ScopeReport | None:
        """What came of it so far; None: it did not begin."""


Make = Callable[[Scope, Allowance, "float | None"], "Hunting | None"]
"""A scope, what may be spent, and until when (``time.monotonic``) -> its hunt; None: all its oracles are off."""


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
    def not_shown(self) -> str:
        """How much was done without a finding, in words."""
        done = sum(report.covered for report in self.reports)
        possible = sum(report.possible for report in self.reports)
        text = f"not shown by {done} of {possible} acts in states"
        not_begun = ", ".join(self.not_begun)
        return f"{text}; not begun: {not_begun}" if not_begun else f"{text}: more presses may show it"

    @property
    def interrupted(self) -> bool:
        return any(report.result.interrupted for report in self.reports)


FIRST_SLICE = 60
"""Presses that a scope of weight 1 gets in the first round; twice as many in each round after it."""


def run(terminal: Terminal, plan: Plan, make: Make) -> Campaign:
    """Search all scopes in rounds, longer ones each time, until the budget ends: what is easy to find in any of them is
    found early. What was found is in the archive at any moment, whatever ends the run. What showed is judged and
    shortened also when the budget ends meanwhile. A fault of the rig ends the run: see :attr:`Campaign.fault`.

    Raises:
        ConfigurationError: a model that contradicts the profile, an archive of another firmware.
    """
    campaign = Campaign()
    allowance = Allowance(plan.limits, campaign.spent, plan.left)
    ends_at = None if plan.limits.minutes is None else time.monotonic() + plan.limits.minutes * 60
    wanted = ((scope.name, make(scope, allowance, ends_at)) for scope in plan.scopes)
    hunts = {name: hunt for name, hunt in wanted if hunt is not None}
    piece = FIRST_SLICE
    with _guesses_counted(terminal, campaign.spent):
        try:
            while _go_round(plan, campaign, list(hunts.values()), piece, ends_at):
                piece *= 2
        except SafetyAbort as abort:
            campaign.fault = abort
    found = {name: hunt.report() for name, hunt in hunts.items()}
    campaign.reports = [report for report in found.values() if report is not None]
    campaign.not_begun = [name for name, report in found.items() if report is None]
    return campaign


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
