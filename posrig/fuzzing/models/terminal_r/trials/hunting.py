"""The search of one trial, in slices, beside the searches of the scopes: draws circumstances, confirms what shows three
times on a sound rig, makes it plain, goes around it."""

from __future__ import annotations

import itertools
import random
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

from posrig.fuzzing.machines.device import BudgetSpent
from posrig.fuzzing.models.terminal_r.doing import check_shelf
from posrig.fuzzing.models.terminal_r.trials.known import scope_of
from posrig.fuzzing.models.terminal_r.trials.trial import Broken, Circumstances, PairsOfValues, Trial
from posrig.fuzzing.running.hunts import IN_DOUBT, ScopeReport, Tell, archive_of, check_rig, note_first
from posrig.fuzzing.running.plan import Allowance, Plan
from posrig.fuzzing.search.findings import Finding, RunFindings
from posrig.fuzzing.search.search import Progress, SearchResult
from posrig.ground.faults import Inconclusive, RigFault
from posrig.rig.rig import Rig
from posrig.terminal.preparing import prepare

REPLAYS, MORE_REPLAYS = 3, 7


class TrialHunt:
    """As :class:`posrig.fuzzing.models.terminal_r.hunting.ScopeHunt`, for a trial."""

    def __init__(self, rig: Rig, plan: Plan, trial: Trial, allowance: Allowance, ends_at: float | None,
                 on_progress: Tell | None) -> None:  # fmt: skip
        self._rig, self._plan, self._trial, self._allowance = rig, plan, trial, allowance
        self._spent, self._ends_at, self._tell = allowance.spent, ends_at, on_progress
        self._scope = scope_of(trial)
        self._pairs = PairsOfValues(trial)
        self._rng = random.Random(f"{plan.seed} {trial.name}")
        self._findings = RunFindings()
        self._blocked: list[Circumstances] = []
        self._path: tuple[str, ...] = ()
        self._credit = self._presses = self._done = self._misread = 0
        self._seconds = 0.0
        self._begun = False
        self._ended = ""
        self.result: SearchResult | None = None

    @property
    def weight(self) -> int:
        """Its share of a round."""
        return self._trial.weight

    @property
    def over(self) -> bool:
        """Enough was found, or nothing is left that may be tried."""
        return bool(self._ended) and not self._ended.startswith("budget")

    def go_on(self, presses: int) -> SearchResult:
        """As many trials as so many presses, with those saved from earlier slices, allow."""
        began, before = time.monotonic(), self._spent.presses
        self._credit += presses
        interrupted, fault = False, None
        try:
            self._begin()
            self._search()
        except KeyboardInterrupt:
            interrupted, self._ended = True, "interrupted"
        except (RigFault, Inconclusive) as error:
            fault, self._ended = error, f"{error.verdict}: {error.found}"
        except BudgetSpent as spent:
            self._ended = f"no more: {spent}"
        self._presses += self._spent.presses - before
        self._seconds += time.monotonic() - began
        self.result = self._result(interrupted, fault)
        return self.result

    def _search(self) -> None:
        self._ended = "budget: the slice is over"
        most_presses = self._plan.limits.presses
        while self._credit >= self._trial.presses:
            if most_presses is not None and self._spent.presses + self._trial.presses > most_presses:
                self._ended = "too few presses are left for another trial"  # over: asking again would never end
                return
            if self._ends_at is not None and time.monotonic() >= self._ends_at:
                self._ended = "budget: the minutes are over"
                return
            chosen = self._pairs.draw(self._rng, self._is_blocked)
            if chosen is None:
                self._ended = "every way is blocked by a finding"
                return
            before = self._spent.presses
            broken = self.once(chosen)
            self._credit -= max(self._spent.presses - before, 1)
            self._pairs.met(chosen)
            if broken is not None:
                self._handle(chosen, broken)
                most = 1 if self._plan.stop_at_first else self._plan.most_findings
                if len(self._findings) >= most:
                    self._ended = f"{most} findings"
                    return

    def _is_blocked(self, chosen: Circumstances) -> bool:
        return any(all(chosen[name] == value for name, value in known.items()) for known in self._blocked)

    def once(self, chosen: Circumstances) -> Broken | None:
        """One trial on a fresh terminal. Raises BudgetSpent before it begins."""
        rig, terminal = self._rig, self._rig.terminal
        check_shelf(terminal)
        for needed, check in ((self._trial.cycles, self._allowance.check_power_cycle),
                              (self._trial.guesses, self._allowance.check_guess)):  # fmt: skip
            if needed:
                check()
        cycles, presses = terminal.power.cycles, terminal.keypad.presses
        rig.begin_scenario()
        prepare(terminal, language=terminal.shown_language or None, defects=self._plan.defects)
        try:
            broken = self._trial.run(terminal, chosen)
        finally:
            self._spent.presses += terminal.keypad.presses - presses
            self._spent.power_cycles += terminal.power.cycles - cycles
            self._spent.resets += 1
            passed = [frame.screen or "?" for frame in terminal.screen.history()]
            self._spent.screens.update(screen for screen in passed if screen != "?")
            self._path = tuple(screen for screen, _ in itertools.groupby(passed))
        self._done += 1
        if self._tell is not None:
            self._tell(self._scope, self._progress(), self._spent)
        return broken if broken is not None and self._plan.judges(broken.oracle) else None

    # what showed

    def _handle(self, chosen: Circumstances, broken: Broken) -> None:
        note_first(self._spent)
        self._check_rig(None)
        finding = self._findings.keep(
            Finding(
                keys=(self._trial.act(chosen),), expected=broken.expected, seen=broken.seen, oracle=broken.oracle,
                state=self._trial.name, found_keys=1, phase="trial", seed=self._plan.seed, presses=self._spent.presses,
                when=datetime.now(UTC).isoformat(timespec="seconds"), path=self._path,
            )
        )  # fmt: skip
        finding = self._judged(finding, chosen, broken)
        self._check_rig(finding)
        if finding.verdict == "not again":
            self._misread += 1
            self._findings.drop(finding)
            return
        if finding.verdict == "always":
            chosen, finding = self._plainest(chosen, broken, replace(finding, minimal=True))
            self._findings.keep(finding)
        self._go_around(chosen)

    def _judged(self, finding: Finding, chosen: Circumstances, broken: Broken) -> Finding:
        def fires() -> bool:
            again = self.once(chosen)
            return again is not None and _same(again, broken)

        fired, tried = sum(fires() for _ in range(REPLAYS)), REPLAYS
        if 0 < fired < REPLAYS:
            fired += sum(fires() for _ in range(MORE_REPLAYS))
            tried += MORE_REPLAYS
        verdict = "always" if fired == tried else "sometimes" if fired else "not again"
        return self._findings.keep(replace(finding, verdict=verdict, fired=fired, tried=tried))

    def _plainest(self, chosen: Circumstances, broken: Broken, finding: Finding) -> tuple[Circumstances, Finding]:
        """Each circumstance that need not be special is made the plain one; what is said of it is as last seen."""
        for name, values in self._trial.circumstances.items():
            plainer = {**chosen, name: values[0]}
            if plainer == chosen or not self._trial.possible(plainer):
                continue
            again = self.once(plainer)
            if again is not None and _same(again, broken):
                chosen = plainer
                finding = replace(finding, keys=(self._trial.act(chosen),), seen=again.seen, path=self._path)
        return chosen, finding

    def _go_around(self, chosen: Circumstances) -> None:
        """What was needed for it is not tried any more; where nothing special was, nothing is left to try."""
        plain = {name: values[0] for name, values in self._trial.circumstances.items()}
        self._blocked.append({name: value for name, value in chosen.items() if value != plain[name]})

    def _check_rig(self, finding: Finding | None) -> None:
        try:
            check_rig(self._rig)
        except RigFault:
            if finding is not None:
                self._findings.keep(replace(finding, verdict=IN_DOUBT))
                self._findings.drop(finding)
            raise

    # between runs

    def _begin(self) -> None:
        """What earlier runs found is replayed first; what they covered is taken over."""
        if self._begun:
            return
        self._begun = True
        self._findings = RunFindings(archive_of(self._rig, self._plan, self._scope))
        for finding in self._findings.known():
            chosen = self._trial.read(finding.keys[0])
            again = self.once(chosen)
            if again is None or again.expected != finding.expected:
                self._findings.gone.append(finding)
                continue
            note_first(self._spent)
            self._findings.again(finding)
            self._go_around(chosen)

    # what is told

    def report(self) -> ScopeReport | None:
        """What came of it so far; None: no trial was made."""
        if self.result is None or not (self._done or self.result.rig_fault):
            return None
        left = Counter(" with ".join(f"{name}={value}" for name, value in pair) for pair in self._pairs.todo)
        return ScopeReport(self._scope, self.result, self._presses, self._seconds, self._pairs.total, left)

    def _progress(self) -> Progress:
        covered = self._pairs.total - len(self._pairs.todo)
        return Progress(
            "trial", self._spent.presses, self._done, 0.0, covered, self._pairs.total, 0, len(self._findings)
        )

    def _result(self, interrupted: bool, fault: RigFault | Inconclusive | None) -> SearchResult:
        total, left, found = self._pairs.total, len(self._pairs.todo), self._findings
        return SearchResult(
            findings=tuple(found), gone=tuple(found.gone), ended_because=self._ended, presses=self._presses,
            resets=self._done, device_s=0.0, covered=total - left, total=total, pairs_covered=0, pairs_total=0,
            unproved=0, uncovered=(), misread=self._misread, seed=self._plan.seed, interrupted=interrupted,
            rig_fault=fault,
        )  # fmt: skip


def _same(one: Broken, other: Broken) -> bool:
    return (one.oracle, one.expected) == (other.oracle, other.expected)
