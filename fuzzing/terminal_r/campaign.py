"""A whole run over one terminal: all scopes in rounds until the budget ends; what earlier runs found comes first."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from fuzzing.device import Budget
from fuzzing.findings import Finding, FindingArchive
from fuzzing.search import Progress, Search, SearchResult
from fuzzing.strategy import Strategy
from fuzzing.terminal_r.acts import CODE, CUT, LOCK, NOISE, RESTART, RIGHT
from fuzzing.terminal_r.canonical import IMPOSSIBLE
from fuzzing.terminal_r.device import Spent, TerminalDevice
from fuzzing.terminal_r.lock_model import LockModel, Scope
from fuzzing.terminal_r.oracles import check_names, oracles
from fuzzing.walker import Objection, Walker
from rigs.faults import ConfigurationError
from rigs.rig import Rig

MOST_ACTS = 10_000_000
"""Acts without a key (waits, cuts) are no presses; so many end any run."""


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

    seen_first: Callable[[], None] = staticmethod(lambda: None)
    """Told when something showed, before it is judged."""

    judging: Callable[[], AbstractContextManager[None]] = staticmethod(nullcontext)
    """Around the judging and shortening of what showed: a slice's end must not cut it."""
    _replayed = False

    def elsewhere(self) -> None:
        """The terminal was used by others meanwhile."""
        self._walker.lost = True

    def _handle(self, objection: Objection) -> None:
        self.seen_first()
        with self.judging():
            super()._handle(objection)

    def _replay_known(self) -> None:
        """Once, not at each slice."""
        if not self._replayed:
            self._replayed = True
            with self.judging():
                super()._replay_known()

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
    longest: int | None = None
    """Acts after which the terminal is taken anew."""


FIRST_SLICE = 60
"""Presses that a scope of weight 1 gets in the first round; twice as many in each round after it."""


def run(rig: Rig, plan: Plan, on_progress: Callable[[Scope, Progress, Spent], None] | None = None) -> Campaign:
    """Search all scopes in rounds, longer ones each time, until the budget ends: what is easy to find in any of them is
    found early. What was found is in the archive at any moment, whatever ends the run. What showed is judged and
    shortened also when the budget ends meanwhile.

    Raises:
        ConfigurationError: an unknown oracle, a model that contradicts the profile, an archive of another firmware.
        RigFault: the rig failed; what was found before is kept.
    """
    check_names(plan.oracles)
    campaign = Campaign()
    ends_at = None if plan.limits.minutes is None else time.monotonic() + plan.limits.minutes * 60
    hunts = {scope.name: ScopeHunt(rig, plan, scope, campaign.spent, ends_at, on_progress) for scope in plan.scopes}
    piece = FIRST_SLICE
    while _go_round(plan, campaign.spent, list(hunts.values()), piece, ends_at):
        piece *= 2
    campaign.reports = [hunt.report() for hunt in hunts.values() if hunt.result is not None]
    campaign.not_begun = [name for name, hunt in hunts.items() if hunt.result is None]
    return campaign


def _go_round(plan: Plan, spent: Spent, hunts: Sequence[ScopeHunt], piece: int, ends_at: float | None) -> bool:
    """One slice for every scope; whether there is reason for another round."""
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
            raise result.rig_fault
        if result.interrupted or (plan.stop_at_first and result.findings):
            return False
    return bool(waiting)


class ScopeHunt:
    """The search of one scope, in slices; its model is built when it is first needed."""

    def __init__(
        self,
        rig: Rig,
        plan: Plan,
        scope: Scope,
        spent: Spent,
        ends_at: float | None,
        on_progress: Callable[[Scope, Progress, Spent], None] | None,
    ) -> None:
        self._rig, self._plan, self._scope, self._spent = rig, plan, scope, spent
        self._ends_at, self._on_progress = ends_at, on_progress
        self._device: TerminalDevice | None = None
        self._search: ScopeSearch | None = None
        self._possible = self._presses = 0
        self._seconds = 0.0
        self.result: SearchResult | None = None

    @property
    def weight(self) -> int:
        """The scope's share of a round."""
        return self._scope.weight

    @property
    def over(self) -> bool:
        """It ended for another reason than its slice: as many findings as wanted, every way blocked."""
        return self.result is not None and not self.result.ended_because.startswith("budget")

    def go_on(self, presses: int) -> SearchResult:
        """So many presses more."""
        began, before = time.monotonic(), self._spent.presses
        if self._search is None or self._device is None:
            self._device, self._search = self._made()
        self._device.may_press_until(before + presses)
        self._search.elsewhere()
        self.result = self._search.run()
        self._presses += self._spent.presses - before
        self._seconds += time.monotonic() - began
        return self.result

    def report(self) -> ScopeReport:
        """What came of it so far."""
        assert self.result is not None
        return ScopeReport(self._scope, self.result, self._presses, self._seconds, self._possible)

    def _made(self) -> tuple[TerminalDevice, ScopeSearch]:
        rig, plan, scope, tell = self._rig, self._plan, self._scope, self._on_progress
        model = LockModel(rig.profile, scope)
        machine = model.machine()
        self._possible = sum(answer != IMPOSSIBLE for row in machine.answers for answer in row)
        device = TerminalDevice(
            rig.terminal, model, begin=rig.begin_scenario, defects=plan.defects, spent=self._spent,
            longest=plan.longest, ends_at=self._ends_at,
        )  # fmt: skip
        search = ScopeSearch(
            device,
            machine,
            seed=plan.seed,
            budget=Budget(presses=MOST_ACTS),
            oracles=oracles(plan.oracles, device, rig.terminal),
            archive=_archive(rig, plan, scope),
            on_progress=None if tell is None else lambda progress: tell(scope, progress, self._spent),
            most_findings=1 if plan.stop_at_first else plan.most_findings,
        ).only_possible(compare=not plan.oracles or "model" in plan.oracles)
        search.judging = device.without_limit
        search.seen_first = lambda: _note_first(self._spent)
        return device, search


def _note_first(spent: Spent) -> None:
    spent.first_finding = spent.first_finding or spent.presses


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
    ((NOISE,), (LOCK,)),
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
