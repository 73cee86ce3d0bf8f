"""A whole run over one terminal: scope after scope until the budget ends; what is known from earlier runs comes first."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from fuzzing.device import Budget
from fuzzing.findings import Finding, FindingArchive
from fuzzing.search import Progress, Search, SearchResult
from fuzzing.strategy import Strategy
from fuzzing.terminal_r.acts import CODE, CUT, LOCK, RESTART, RIGHT
from fuzzing.terminal_r.canonical import IMPOSSIBLE
from fuzzing.terminal_r.device import Spent, TerminalDevice
from fuzzing.terminal_r.lock_model import LockModel, Scope
from fuzzing.terminal_r.oracles import check_names, oracles
from fuzzing.walker import Walker
from rigs.faults import ConfigurationError
from rigs.rig import Rig

ACTS_PER_PRESS = 3
"""Acts without a key (waits, cuts) are no presses; so many a press end a run that would only wait."""


@dataclass(frozen=True)
class Limits:
    """What a run may spend: real key presses, minutes of the wall clock, power cycles. None is no limit.

    Raises:
        ConfigurationError: none is given, or one is not above zero.
    """

    presses: int | None = None
    minutes: float | None = None

    def __post_init__(self) -> None:
        if self.presses is None and self.minutes is None:
            raise ConfigurationError("a run without a budget would never end", todo="give --presses or --minutes")
        for name, limit in (("presses", self.presses), ("minutes", self.minutes)):
            if limit is not None and not limit > 0:
                raise ConfigurationError(f"a budget of {limit:g} {name} allows no search", allowed=f"{name} above zero")


@dataclass(frozen=True)
class ScopeReport:
    """What came of one scope."""

    scope: Scope
    result: SearchResult
    presses: int
    seconds: float
    possible: int
    """(state, act) pairs that have a meaning."""

    @property
    def covered(self) -> int:
        """How many of them were done."""
        return self.possible - (self.result.total - self.result.covered)


@dataclass
class Campaign:
    """What a run found, and what it did not look at."""

    reports: list[ScopeReport] = field(default_factory=list)
    spent: Spent = field(default_factory=Spent)
    not_begun: list[str] = field(default_factory=list)

    @property
    def findings(self) -> list[tuple[Scope, Finding]]:
        """Each with its scope; those seen in several scopes once each."""
        return [(report.scope, finding) for report in self.reports for finding in report.result.findings]

    @property
    def interrupted(self) -> bool:
        return any(report.result.interrupted for report in self.reports)


class ScopeSearch(Search):
    """The engine's search over a machine in which some acts have no meaning in some states."""

    def only_possible(self, *, compare: bool) -> ScopeSearch:
        """Never do what has no meaning; without ``compare`` only the oracles without a model judge."""
        machine = self._machine
        edges = [(s, k) for s in range(machine.size) for k in range(len(machine.inputs))]
        self._blocked = {(s, k) for s, k in edges if machine.answers[s][k] == IMPOSSIBLE}
        self._tolerated = set() if compare else set(edges)
        self._strategy = Strategy(
            machine, self._device.costs, self._rng, blocked=self._blocked, separator=self._separator
        )
        self._walker = Walker(self._device, machine, (*self._strategy.watchers, self), self._oracles)
        self._walker.watch((*self._strategy.watchers, self), self._tolerated)
        return self


@dataclass(frozen=True)
class Plan:
    """How a run is done. ``findings``: the folder of the archive; None keeps nothing."""

    scopes: Sequence[Scope]
    limits: Limits
    oracles: Sequence[str] = ()
    seed: int = 0
    defects: tuple[str, ...] = ()
    findings: Path | None = None
    firmware: str = ""
    most_findings: int = 10
    stop_at_first: bool = False


def run(rig: Rig, plan: Plan, on_progress: Callable[[Scope, Progress, Spent], None] | None = None) -> Campaign:
    """Search scope after scope. What was found is in the archive at any moment, whatever ends the run.

    Raises:
        ConfigurationError: an unknown oracle, a model that contradicts the profile, an archive of another firmware.
        RigFault: the rig failed; what was found before is kept.
    """
    check_names(plan.oracles)
    campaign, began = Campaign(), time.monotonic()
    waiting = list(plan.scopes)
    while waiting:
        scope = waiting.pop(0)
        limits = _share(plan.limits, scope, campaign.spent, time.monotonic() - began, len(waiting) + 1)
        if limits is None:
            campaign.not_begun += [scope.name, *(other.name for other in waiting)]
            break
        report = _search(rig, plan, scope, limits, campaign.spent, on_progress)
        campaign.reports.append(report)
        result = report.result
        if result.rig_fault is not None:
            raise result.rig_fault
        if result.interrupted or plan.stop_at_first and result.findings:
            campaign.not_begun += [other.name for other in waiting]
            break
    return campaign


def _share(limits: Limits, scope: Scope, spent: Spent, seconds: float, scopes_left: int) -> Limits | None:
    """What this scope may spend of what is left: an equal part; None when nothing is left."""
    presses = None if limits.presses is None else (limits.presses - spent.presses) // scopes_left
    minutes = None if limits.minutes is None else (limits.minutes - seconds / 60) / scopes_left
    if presses is not None and presses < 1 or minutes is not None and minutes <= 0:
        return None
    return Limits(presses, minutes)


def _search(
    rig: Rig,
    plan: Plan,
    scope: Scope,
    limits: Limits,
    spent: Spent,
    on_progress: Callable[[Scope, Progress, Spent], None] | None,
) -> ScopeReport:
    model = LockModel(rig.profile, scope)
    machine = model.machine()
    before, began = spent.presses, time.monotonic()
    most = None if limits.presses is None else before + limits.presses
    device = TerminalDevice(
        rig.terminal, model, begin=rig.begin_scenario, defects=plan.defects, spent=spent, most_presses=most,
        ends_at=None if limits.minutes is None else began + limits.minutes * 60,
    )  # fmt: skip
    search = ScopeSearch(
        device,
        machine,
        seed=plan.seed,
        budget=Budget(presses=10_000_000 if limits.presses is None else limits.presses * ACTS_PER_PRESS + 100),
        oracles=oracles(plan.oracles, device, rig.terminal),
        archive=_archive(rig, plan, scope),
        on_progress=None if on_progress is None else lambda progress: on_progress(scope, progress, spent),
        most_findings=1 if plan.stop_at_first else plan.most_findings,
    ).only_possible(compare=not plan.oracles or "model" in plan.oracles)
    result = search.run()
    possible = sum(answer != IMPOSSIBLE for row in machine.answers for answer in row)
    return ScopeReport(scope, result, spent.presses - before, time.monotonic() - began, possible)


def _archive(rig: Rig, plan: Plan, scope: Scope) -> FindingArchive | None:
    if plan.findings is None:
        return None
    folder = plan.findings / scope.name.replace(" ", "-")
    return FindingArchive.in_folder(folder, terminal=rig.profile.data.model, firmware=plan.firmware)


def distinct(findings: Sequence[tuple[Scope, Finding]]) -> list[tuple[Scope, Finding]]:
    """One for each way of going wrong: the same last screens after the same last act count once, fewest acts first."""
    kept: dict[tuple[str, str, str], tuple[Scope, Finding]] = {}
    for scope, finding in sorted(findings, key=lambda pair: len(pair[1].keys)):
        kept.setdefault((finding.keys[-1], finding.expected, finding.seen), (scope, replace(finding)))
    return list(kept.values())


SIMPLER: Sequence[tuple[tuple[str, ...], tuple[str, ...]]] = (
    (("operator 00", RIGHT, CODE), ("operator 01", RIGHT)),
    (("operator 02",), ("operator 01",)),
    (("quiet for 305 s",), (LOCK,)),
    ((RESTART,), (CUT,)),
    (("quiet for 295 s", "quiet for 305 s"), ("quiet for 305 s",)),
)
"""What a person would rather read, where it shows the same."""


def simpler(rig: Rig, scope: Scope, finding: Finding, defects: tuple[str, ...] = ()) -> Finding:
    """The finding by acts that say more to people, where those show it too; else the finding as it is.

    Raises:
        RigFault: as the rig does.
    """
    if finding.verdict != "always" or finding.oracle != "model":
        return finding
    model = LockModel(rig.profile, scope)
    device = TerminalDevice(rig.terminal, model, begin=rig.begin_scenario, defects=defects)
    for old, new in SIMPLER:
        keys = _replaced(finding.keys, old, new)
        if keys == finding.keys or not set(keys) <= set(model.acts):
            continue
        shown = _shows(device, model, keys)
        if shown is not None:
            finding = replace(finding, keys=keys, expected=shown[0], seen=shown[1])
    return finding


def _replaced(keys: tuple[str, ...], old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    found = list(keys)
    at = 0
    while at <= len(found) - len(old):
        if tuple(found[at : at + len(old)]) == old:
            found[at : at + len(old)] = new
            at += len(new)
        else:
            at += 1
    return tuple(found)


def _shows(device: TerminalDevice, model: LockModel, keys: tuple[str, ...]) -> tuple[str, str] | None:
    """What the last act should and does show, when it and only it goes wrong."""
    device.reset()
    state = model.start
    for number, name in enumerate(keys, 1):
        if not model.possible(state, name):
            return None
        seen = device.press(name)
        state, expected = model.step(state, name)
        if seen != expected:
            return (expected, seen) if number == len(keys) else None
    return None
