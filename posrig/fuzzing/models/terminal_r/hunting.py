"""The search of one scope, in slices: the engine's search over the model, with what a real rig asks for around it.

A finding is made only on a sound rig: before and after it is judged the rig is asked what speaks against itself. When
no wrong password or power cycle is left, the search goes on with what does not need one.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from posrig.fuzzing.machines.device import Budget
from posrig.fuzzing.machines.mealy import Mealy
from posrig.fuzzing.models.terminal_r.canonical import IMPOSSIBLE
from posrig.fuzzing.models.terminal_r.device import TerminalDevice
from posrig.fuzzing.models.terminal_r.kept import Done, KeptCoverage
from posrig.fuzzing.models.terminal_r.kinds_first import KindsStrategy, kind_of
from posrig.fuzzing.models.terminal_r.lock_model import LockModel, Scope
from posrig.fuzzing.models.terminal_r.oracles import oracles
from posrig.fuzzing.models.terminal_r.twin import Twin
from posrig.fuzzing.running.hunts import (
    IN_DOUBT,
    ScopeReport,
    Tell,
    archive_of,
    check_rig,
    folder_of,
    note_first,
)
from posrig.fuzzing.running.plan import Allowance, GuessesSpent, Plan, PowerSpent
from posrig.fuzzing.search.findings import Finding
from posrig.fuzzing.search.planning import Edge
from posrig.fuzzing.search.search import Search, SearchResult
from posrig.fuzzing.search.strategy import Strategy
from posrig.fuzzing.search.verdict import Verdict, judge
from posrig.fuzzing.search.walker import Objection, Walker
from posrig.ground.faults import RigFault, SafetyAbort
from posrig.rig.rig import Rig

MOST_ACTS = 10_000_000
"""Acts without a key (waits, cuts) are no presses; so many end any run."""


class ScopeSearch(Search):
    """The engine's search over a machine in which some acts have no meaning in some states."""

    seen_first: Callable[[], None] = staticmethod(lambda: None)
    """Told when something showed, before it is judged."""
    judging: Callable[[], AbstractContextManager[None]] = staticmethod(nullcontext)
    """Around the judging and shortening of what showed: a slice's end must not cut it."""
    check_rig: Callable[[], None] = staticmethod(lambda: None)
    """Raises RigFault when something speaks against the rig."""
    twin: Twin | None = None
    _replayed = False

    def elsewhere(self) -> None:
        """The terminal was used by others meanwhile."""
        self._walker.lost = True

    def pressed(self, state: int, key: int, answer: str) -> None:
        super().pressed(state, key, answer)
        self.done.pressed(state, key, answer)

    def restarted(self) -> None:
        super().restarted()
        self.done.restarted()

    def begin_with_the_rest(self) -> None:
        """Plan nothing again that is done."""
        self.done.take_over(self._strategy)

    def so_far(self, reason: str) -> SearchResult:
        """What there is when something else than the search ends it."""
        return self._result(reason, False, None)

    def uncovered(self) -> Counter[str]:
        """Acts with a meaning that were never done, with the number of states."""
        machine = self._machine
        return Counter(
            machine.inputs[key]
            for state, key in every_edge(machine)
            if machine.answers[state][key] != IMPOSSIBLE and not self.done.acts[state] >> key & 1
        )

    def _search(self) -> str:
        while True:
            try:
                return super()._search()
            except GuessesSpent:
                if not self._go_without(self._device_acts.guesses):
                    raise
            except PowerSpent:
                if not self._go_without(("power cut",)):
                    raise

    _device_acts: TerminalDevice
    done: Done
    """What this run and earlier ones have covered."""

    def _go_without(self, names: Sequence[str]) -> bool:
        """Acts that are not allowed any more are no inputs any more; False when they were none already."""
        machine = self._machine
        keys = [machine.index(name) for name in names if name in machine.inputs]
        edges = {(state, key) for state in range(machine.size) for key in keys} - self._blocked
        if not edges:
            return False
        self._blocked |= edges
        old, lost = self._strategy, self._walker.lost
        self._strategy = self._new_strategy()
        self._strategy.carry(old)
        self._walker.watch((*self._strategy.watchers, self), self._tolerated)
        self._walker.lost = lost
        return True

    def _new_strategy(self) -> Strategy:
        return KindsStrategy(
            self._kinds, self._machine, self._device.costs, self._rng, blocked=self._blocked, separator=self._separator
        )

    def _handle(self, objection: Objection) -> None:
        self.seen_first()
        with self.judging():
            self._check_rig(None)
            before = {finding.id for finding in self._findings}
            super()._handle(objection)
            for finding in [finding for finding in self._findings if finding.id not in before]:
                self._check_rig(finding)

    def _check_rig(self, finding: Finding | None) -> None:
        try:
            self.check_rig()
        except RigFault:
            if finding is not None:
                self._findings.keep(replace(finding, verdict=IN_DOUBT))
                self._findings.drop(finding)
            raise

    def _shorten(self, finding: Finding, verdict: Verdict) -> Finding:
        """On the simulated terminal first, where it shows there too; the rig only confirms the result."""
        small = None if self.twin is None else self.twin.shortest(finding)
        if small is None:
            return super()._shorten(finding, verdict)
        states = self._machine.path(self._machine.word(small.keys))
        objection = Objection(self._machine.word(small.keys), states[-2], small.expected, small.seen, finding.oracle)
        again = judge(self._device, self._machine, objection, self._oracles, self._tolerated)
        if again.kind != "always":
            return super()._shorten(finding, verdict)
        return self._findings.keep(
            replace(
                finding, keys=small.keys, expected=small.expected, seen=small.seen, minimal=small.minimal,
                state=self._machine.names[states[-2]], begins_at=small.begins_at, fired=again.fired, tried=again.tried,
            )
        )  # fmt: skip

    def _replay_known(self) -> None:
        """Once, not at each slice; what showed on a rig in doubt was no finding."""
        if self._replayed:
            return
        self._replayed = True
        with self.judging():
            super()._replay_known()

    def only_possible(self, device: TerminalDevice, model: LockModel, *, compare: bool) -> ScopeSearch:
        """Never do what has no meaning; without ``compare`` only the oracles without a model judge."""
        machine = self._machine
        self._device_acts = device
        self.done = Done(machine)
        self._kinds = [kind_of(state) for state in model.states_of(machine)]
        self._blocked = {(s, k) for s, k in every_edge(machine) if machine.answers[s][k] == IMPOSSIBLE}
        self._tolerated = set() if compare else every_edge(machine)
        self._strategy = self._new_strategy()
        self._walker = Walker(self._device, machine, (*self._strategy.watchers, self), self._oracles)
        self._walker.watch((*self._strategy.watchers, self), self._tolerated)
        return self


class ScopeHunt:
    """The search of one scope, in slices; its model is built when it is first needed."""

    def __init__(self, rig: Rig, plan: Plan, scope: Scope, allowance: Allowance, ends_at: float | None,
                 on_progress: Tell | None) -> None:  # fmt: skip
        self._rig, self._plan, self._scope, self._allowance = rig, plan, scope, allowance
        self._spent = allowance.spent
        self._ends_at, self._on_progress = ends_at, on_progress
        self._device: TerminalDevice | None = None
        self._search: ScopeSearch | None = None
        self._kept: KeptCoverage | None = None
        self._possible = self._presses = 0
        self._seconds = 0.0
        self.result: SearchResult | None = None

    @property
    def weight(self) -> int:
        """The scope's share of a round."""
        return self._scope.weight

    @property
    def over(self) -> bool:
        """It ended for another reason than its slice: as many findings as wanted, every way blocked, no power cycle
        left to take the terminal anew."""
        if self.result is None:
            return False
        reason = self.result.ended_because
        return not reason.startswith("budget") or "power cycle" in reason or "wrong password" in reason

    def go_on(self, presses: int) -> SearchResult:
        """So many presses more."""
        began, before = time.monotonic(), self._spent.presses
        if self._search is None or self._device is None:
            self._device, self._search = self._made()
        self._device.may_press_until(before + presses)
        self._search.elsewhere()
        try:
            self.result = self._search.run()
        except SafetyAbort as abort:  # a limit of the rig file: what this slice found must be told
            self.result = self._search.so_far(f"safety abort: {abort.found}")
            raise
        finally:
            if self._kept is not None:
                self._kept.write(self._search.done)
        self._presses += self._spent.presses - before
        self._seconds += time.monotonic() - began
        return self.result

    def report(self) -> ScopeReport | None:
        """What came of it so far; None: it did not begin."""
        if self.result is None or self._search is None:
            return None
        return ScopeReport(
            self._scope, self.result, self._presses, self._seconds, self._possible, self._search.uncovered()
        )

    def _made(self) -> tuple[TerminalDevice, ScopeSearch]:
        rig, plan, scope, tell = self._rig, self._plan, self._scope, self._on_progress
        model = LockModel(rig.profile, scope)
        machine = model.machine()
        self._possible = sum(answer != IMPOSSIBLE for row in machine.answers for answer in row)
        device = TerminalDevice(
            rig.terminal, model, begin=rig.begin_scenario, defects=plan.defects, allowance=self._allowance,
            longest=plan.longest, ends_at=self._ends_at,
        )  # fmt: skip
        search = ScopeSearch(
            device,
            machine,
            seed=plan.seed,
            budget=Budget(presses=MOST_ACTS),
            oracles=oracles(plan.oracles, device, rig.terminal),
            archive=archive_of(rig, plan, scope),
            on_progress=None if tell is None else lambda progress: tell(scope, progress, self._spent),
            most_findings=1 if plan.stop_at_first else plan.most_findings,
        ).only_possible(device, model, compare=plan.judges("model"))
        search.judging = device.without_limit
        search.seen_first = lambda: note_first(self._spent)
        search.check_rig = lambda: check_rig(rig)
        search.twin = None if plan.twin is None else Twin(plan.twin, model, machine)
        if plan.findings is not None:
            self._kept = KeptCoverage.in_folder(
                folder_of(plan, scope), terminal=rig.profile.data.model, firmware=plan.firmware, machine=machine
            )
            if not plan.afresh:
                self._kept.restore(search.done)
                search.begin_with_the_rest()
        return device, search


def every_edge(machine: Mealy) -> set[Edge]:
    """What is not compared where only oracles without a model judge."""
    return {(state, key) for state in range(machine.size) for key in range(len(machine.inputs))}
