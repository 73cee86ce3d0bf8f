"""The search of one scope, in slices: guided by what was seen, judged by meaning; a finding needs a sound rig."""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from posrig.fuzzing.machines.device import BudgetSpent
from posrig.fuzzing.models.from_profile.acts import Act
from posrig.fuzzing.models.from_profile.device import Device
from posrig.fuzzing.models.from_profile.guided import Guide
from posrig.fuzzing.models.from_profile.judging import Shown, replay, shortest
from posrig.fuzzing.models.from_profile.scopes import Scope
from posrig.fuzzing.models.from_profile.scripts import scripts, varied
from posrig.fuzzing.running.archive import classed
from posrig.fuzzing.running.hunts import IN_DOUBT, ScopeReport, Tell, archive_of, check_rig, note_first
from posrig.fuzzing.running.plan import Allowance, GuessesSpent, Plan, PowerSpent
from posrig.fuzzing.search.findings import Finding, RunFindings
from posrig.fuzzing.search.search import Progress, SearchResult
from posrig.ground.clock import RealClock
from posrig.ground.faults import Inconclusive, RigFault, SafetyAbort
from posrig.rig.rig import Rig

REPLAYS, MORE_REPLAYS = 3, 7
GUIDED_ONLY = 0.5
"""Share of the walks without a script, once every script was done."""
ONWARD = 10
"""Acts after a script, as long as others have not been done at all."""
LONGEST = 60
"""Acts after which the terminal is taken anew: what shows later is tedious to replay."""
SHRINKS, SHRINKS_WITHIN_S = 80, 240.0
"""Replays for the shortening of one finding; on a rig whose time is true time they end after so long."""


class ScopeHunt:
    """Fulfils :class:`posrig.fuzzing.running.campaign.Hunting`."""

    def __init__(self, rig: Rig, plan: Plan, scope: Scope, allowance: Allowance, ends_at: float | None,
                 on_progress: Tell | None) -> None:  # fmt: skip
        self._rig, self._plan, self._scope, self._tell = rig, plan, scope, on_progress
        self._spent = allowance.spent
        self._rng = random.Random(f"{plan.seed} {scope.name}")
        self.guide = Guide(self._rng)
        self.device = Device(
            rig.terminal, scope, allowance, begin=rig.begin_scenario, look=rig.screen.begin, wired=rig.keypad.keys,
            ends_at=ends_at, oracles=tuple(plan.oracles),
        )  # fmt: skip
        self._scripts = scripts(rig.profile, scope)
        self._fresh_scripts = deque(self._scripts)
        self._script: deque[str] = deque()
        self._findings = RunFindings()
        self._longest = plan.longest or LONGEST
        self._begun = self._lost = False
        self._walked = 0
        """Acts since the script of this walk was over."""
        self._states: list[str] = []
        self._ended = ""
        self._acts = self._presses = self._misread = self._resets = 0
        self._seconds = 0.0
        self.result: SearchResult | None = None

    @property
    def weight(self) -> int:
        return self._scope.weight

    @property
    def over(self) -> bool:
        return bool(self._ended) and not self._ended.startswith("budget")

    def go_on(self, presses: int) -> SearchResult:
        """So many presses more. Another scope has used the terminal meanwhile."""
        began, before = time.monotonic(), self._spent.presses
        self.device.may_press_until(before + presses)
        self._lost, interrupted, fault = True, False, None
        try:
            self._begin()
            self._search()
        except BudgetSpent as spent:
            self._ended = f"{'no more' if isinstance(spent, PowerSpent) else 'budget'}: {spent}"
        except KeyboardInterrupt:
            interrupted, self._ended = True, "interrupted"
        except (RigFault, Inconclusive) as error:
            fault, self._ended = error, f"{error.verdict}: {error.found}"
        except SafetyAbort as abort:  # a limit of the rig file: what this slice found must be told
            self._ended = f"safety abort: {abort.found}"
            raise
        finally:
            self._presses += self._spent.presses - before
            self._seconds += time.monotonic() - began
            self.result = self._result(interrupted, fault)
        return self.result

    def report(self) -> ScopeReport | None:
        if self.result is None:
            return None
        return ScopeReport(self._scope, self.result, self._presses, self._seconds, self.guide.possible,
                           self.guide.uncovered())  # fmt: skip

    # -- walking

    def _search(self) -> None:
        most = 1 if self._plan.stop_at_first else self._plan.most_findings
        while len(self._findings) < most:
            self._step()
        self._ended = f"{most} findings"

    def _step(self) -> None:
        device, guide = self.device, self.guide
        if self._lost or len(device.word) >= self._longest or (self._walked >= ONWARD and self._fresh_scripts):
            self._reset()
        before, possible = device.facts, device.possible()
        guide.saw(before, possible)
        act = self._scripted(possible)
        self._walked += act is None
        act = act or guide.next(before, possible)
        if act is None:
            if not device.word:
                raise Inconclusive(
                    "nothing is left to do in the first state: every act there has a finding, or none has a meaning"
                )
            self._lost = True
            return
        try:
            seen, wrong = device.press(act)
        except GuessesSpent:
            if not device.go_without("guesses"):
                raise
            return
        except PowerSpent:
            if not device.go_without("power"):
                raise
            return
        self._acts += 1
        self._states.append(before.key())
        if self._tell is not None:
            self._tell(self._scope, self._progress(), self._spent)
        if wrong is not None:
            self._handle(Shown(device.word, *wrong, seen, before.situation(), tuple(self._states)))
            return
        guide.went(before, act, device.facts)
        guide.saw(device.facts, device.possible())

    def _scripted(self, possible: Sequence[Act]) -> Act | None:
        """The next act of the script that has a meaning here."""
        named = {act.name: act for act in possible}
        while self._script:
            name = self._script.popleft()
            if name in named and not self.guide.is_blocked(self.device.facts.situation(), name):
                return named[name]
        return None

    def _next_script(self) -> Sequence[str]:
        """Each once as it is; then, in every second walk, one with acts put in by chance."""
        if self._fresh_scripts:
            return self._fresh_scripts.popleft()
        if not self._scripts or self._rng.random() < GUIDED_ONLY:
            return ()
        return varied(self._rng.choice(self._scripts), self._scope, self._rng)

    def _reset(self) -> None:
        self._script, self._walked = deque(self._next_script()), 0
        facts = self.device.reset()
        self._resets += 1
        self._lost, self._states = False, []
        self.guide.begun(facts, self.device.possible())

    # -- what showed

    def _handle(self, shown: Shown) -> None:
        note_first(self._spent)
        self._lost = True
        with self.device.without_limit():
            check_rig(self._rig)
            finding = self._findings.keep(self._first_record(shown))
            finding, shown = self._judged(finding, shown)
            if finding.verdict == "not again":
                self._misread += 1
                self._findings.drop(finding)
                return
            self._check_rig(finding)
            if finding.verdict == "always":
                finding, shown = self._shortened(finding, shown)
        self._merge(finding)
        self.guide.block(shown.situation, shown.word[-1])

    def _first_record(self, shown: Shown) -> Finding:
        return Finding(
            keys=shown.word, expected=shown.expected, seen=shown.seen.path, oracle=shown.oracle, state=shown.situation,
            begins_at=(shown.situation, shown.word[-1]), found_keys=len(shown.word), phase="guided",
            seed=self._plan.seed, presses=self._spent.presses, when=datetime.now(UTC).isoformat(timespec="seconds"),
        )  # fmt: skip

    def _judged(self, finding: Finding, shown: Shown) -> tuple[Finding, Shown]:
        fired = tried = 0
        kept = shown
        while tried < REPLAYS or (0 < fired < tried and tried < REPLAYS + MORE_REPLAYS):
            found = self._replayed(shown.word)
            tried += 1
            if shown.same(found):
                fired, kept = fired + 1, found or kept
        verdict = classed(fired, tried)
        return self._findings.keep(replace(finding, keys=kept.word, verdict=verdict, fired=fired, tried=tried)), kept

    def _replayed(self, word: tuple[str, ...]) -> Shown | None:
        try:
            return replay(self.device, word)
        except BudgetSpent:  # no wrong password or power cycle is left: it was not seen again
            return None

    def _shortened(self, finding: Finding, shown: Shown) -> tuple[Finding, Shown]:
        within_s = SHRINKS_WITHIN_S if isinstance(self._rig.clock, RealClock) else float("inf")
        try:
            small, minimal = shortest(self.device, shown, self.guide.way_to, SHRINKS, within_s)
        except BudgetSpent:
            return finding, shown
        return self._findings.keep(
            replace(finding, keys=small.word, expected=small.expected, seen=small.seen.path, minimal=minimal,
                    state=small.situation, begins_at=(small.situation, small.word[-1]))
        ), small  # fmt: skip

    def _merge(self, finding: Finding) -> None:
        """The same rule broken by the same act in the same situation is one finding."""
        for other in self._findings:
            if other.id != finding.id and (other.oracle, other.begins_at) == (finding.oracle, finding.begins_at):
                self._findings.drop(self._findings.keep(replace(finding, same_as=other.id)))
                return

    def _check_rig(self, finding: Finding) -> None:
        try:
            check_rig(self._rig)
        except RigFault:
            self._findings.drop(self._findings.keep(replace(finding, verdict=IN_DOUBT)))
            raise

    def _begin(self) -> None:
        """What earlier runs found is replayed first."""
        if self._begun:
            return
        self._begun = True
        self._findings = RunFindings(archive_of(self._rig, self._plan, self._scope))
        with self.device.without_limit():
            for finding in self._findings.known():
                if finding.same_as or finding.verdict in ("not again", IN_DOUBT):
                    continue
                shown = self._replayed(finding.keys)
                if shown is None or shown.oracle != finding.oracle:
                    self._findings.gone.append(finding)
                    continue
                note_first(self._spent)
                self._findings.again(finding)
                self.guide.block(shown.situation, shown.word[-1])

    # -- what is told

    def _progress(self) -> Progress:
        possible = self.guide.possible
        left = self.guide.uncovered().total()
        return Progress("guided", self._spent.presses, self._resets, 0.0, possible - left, possible,
                        len(self._spent.screens), len(self._findings))  # fmt: skip

    def _result(self, interrupted: bool, fault: RigFault | Inconclusive | None) -> SearchResult:
        possible, left = self.guide.possible, self.guide.uncovered().total()
        return SearchResult(
            findings=tuple(self._findings), gone=tuple(self._findings.gone), ended_because=self._ended,
            presses=self._presses, resets=self._resets, device_s=0.0, covered=possible - left, total=possible,
            pairs_covered=0, pairs_total=0, unproved=0, uncovered=(), misread=self._misread, seed=self._plan.seed,
            interrupted=interrupted, rig_fault=fault,
        )  # fmt: skip
