"""The search: replays what is known, walks the model in phases, judges and shortens what it finds, goes on, and says
at the end what it did not cover."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from posrig.fuzzing.machines.device import Budget, BudgetSpent, CountedDevice, DeviceUnderTest
from posrig.fuzzing.machines.mealy import Mealy, Separator, Word
from posrig.fuzzing.machines.traced import HistoryOverturned
from posrig.fuzzing.search.findings import Finding, FindingArchive, RunFindings
from posrig.fuzzing.search.minimise import Minimal, Minimiser, NotReproduced
from posrig.fuzzing.search.planning import Edge
from posrig.fuzzing.search.strategy import Strategy
from posrig.fuzzing.search.verdict import Verdict, judge, replay
from posrig.fuzzing.search.walker import Objection, Oracle, Walker
from posrig.ground.faults import ConfigurationError, Inconclusive, RigFault

_SHRINK = Budget(presses=1500, resets=60)


@dataclass(frozen=True)
class Progress:
    """Where a search is: for a progress bar."""

    phase: str
    presses: int
    resets: int
    device_s: float
    covered: int
    total: int
    answers: int
    findings: int


@dataclass(frozen=True)
class SearchResult:
    """What a search found and what it did not look at."""

    findings: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    """Findings of earlier runs that did not show again."""
    ended_because: str
    presses: int
    resets: int
    device_s: float
    covered: int
    total: int
    pairs_covered: int
    pairs_total: int
    unproved: int
    """Edges whose target was not proved."""
    uncovered: tuple[tuple[str, str], ...]
    """(state, input) never pressed."""
    misread: int
    """Answers that were right when read again, and objections that never came again: readings, not the terminal."""
    seed: int
    interrupted: bool = False
    rig_fault: RigFault | Inconclusive | None = None


class Search:
    """One run over one device against its model. ``archive`` keeps findings; without one they are only returned."""

    def __init__(
        self,
        device: DeviceUnderTest,
        machine: Mealy,
        *,
        seed: int = 0,
        budget: Budget | None = None,
        oracles: Sequence[Oracle] = (),
        archive: FindingArchive | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        most_findings: int = 25,
        complete_is_enough: bool = False,
    ) -> None:
        """``complete_is_enough`` ends the run when only random walks are left, instead of at the budget.

        Raises:
            ConfigurationError: the device does not know the model's inputs, or nothing would ever end the run.
        """
        unknown = sorted(set(machine.inputs) - set(device.inputs))
        if unknown:
            raise ConfigurationError(
                f"the model has inputs that the device does not know: {', '.join(unknown)}",
                allowed=", ".join(device.inputs),
            )
        budget = budget or Budget()
        if not complete_is_enough and budget.presses is None and budget.minutes is None:
            raise ConfigurationError("a search without a budget would never end", todo="give presses or minutes")
        self._device = CountedDevice(device, budget)
        self._machine, self._seed = machine, seed
        self._rng = random.Random(seed)
        self._oracles = tuple(oracles)
        self._on_progress = on_progress
        self._most, self._complete_is_enough = most_findings, complete_is_enough
        self._blocked: set[Edge] = set()
        self._tolerated: set[Edge] = set()
        self._separator = Separator(machine)
        self._findings = RunFindings(archive)
        self._misread = 0
        self._answers: set[str] = set()
        self._strategy = Strategy(machine, device.costs, self._rng, separator=self._separator)
        self._walker = Walker(self._device, machine, (*self._strategy.watchers, self), self._oracles)

    def pressed(self, state: int, key: int, answer: str) -> None:
        self._answers.add(answer)
        if self._on_progress is not None and self._device.presses % 50 == 0:
            self._on_progress(self.progress())

    def restarted(self) -> None:
        """Answers stay known over a reset."""

    def progress(self) -> Progress:
        """Where the run is now."""
        edges, device = self._strategy.edges, self._device
        return Progress(
            self._strategy.phase,
            device.presses,
            device.resets,
            device.device_s,
            edges.covered,
            edges.total,
            len(self._answers),
            len(self._findings),
        )

    def run(self) -> SearchResult:
        """Search until the budget, Ctrl-C or a rig fault ends it. What was found is in the archive at any moment.

        Raises:
            ConfigurationError: the archive cannot be written.
        """
        reason, interrupted, fault = "", False, None
        try:
            self._replay_known()
            reason = self._search()
        except BudgetSpent as spent:
            reason = f"budget: {spent}"
        except KeyboardInterrupt:
            reason, interrupted = "interrupted", True
        except (RigFault, Inconclusive) as error:
            reason, fault = f"{error.verdict}: {error.found}", error
        return self._result(reason, interrupted, fault)

    def _search(self) -> str:
        while len(self._findings) < self._most:
            if self._complete_is_enough and self._strategy.complete:
                return "everything covered"
            if not self._strategy.edges.total:
                return "every way is blocked by a finding"
            objection = self._walker.follow(self._strategy.next_plan(self._walker.state))
            if objection is not None:
                self._handle(objection)
        return f"{self._most} findings"

    def _replay_known(self) -> None:
        """Known failures first: does each still show?"""
        for finding in self._findings.known():
            if finding.same_as or not set(finding.keys) <= set(self._machine.inputs):
                continue
            word = self._machine.word(finding.keys)
            objection = replay(self._device, self._machine, word, self._oracles, self._tolerated)
            if objection is None:
                self._findings.gone.append(finding)
                continue
            self._findings.again(finding)
            self._go_around(objection.keys, objection, finding)

    def _handle(self, objection: Objection) -> None:
        """Keep, judge, shorten, place and go around one objection; each step is written before the next begins."""
        finding = self._findings.keep(self._first_record(objection))
        verdict = judge(self._device, self._machine, objection, self._oracles, self._tolerated)
        finding = self._findings.keep(
            replace(
                finding,
                keys=self._machine.spell(verdict.keys),
                verdict=verdict.kind,
                fired=verdict.fired,
                tried=verdict.tried,
            )
        )
        self._walker.lost = True
        if verdict.kind == "not again":
            self._misread += 1
            self._findings.drop(finding)
            return
        if verdict.kind == "always" and objection.oracle == "model":
            finding = self._merge(self._shorten(finding, verdict))
        self._go_around(self._machine.word(finding.keys), objection, finding)

    def _first_record(self, objection: Objection) -> Finding:
        return Finding(
            keys=self._machine.spell(objection.keys),
            expected=objection.expected,
            seen=objection.seen,
            oracle=objection.oracle,
            state=self._machine.names[objection.state],
            found_keys=len(objection.keys),
            phase=self._strategy.phase,
            seed=self._seed,
            presses=self._device.presses,
            when=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def _shorten(self, finding: Finding, verdict: Verdict) -> Finding:
        minimiser = Minimiser(self._device, self._machine, _SHRINK, tolerated=self._tolerated)
        try:
            small: Minimal = minimiser.run(verdict.keys)
            finding = self._findings.keep(
                replace(
                    finding,
                    keys=self._machine.spell(small.keys),
                    expected=small.expected or finding.expected,
                    seen=small.seen or finding.seen,
                    state=self._machine.names[self._machine.path(small.keys)[-2]],
                    minimal=small.minimal,
                )
            )
            state, key = minimiser.locate(small.keys)
        except (NotReproduced, Inconclusive):
            return self._findings.keep(replace(finding, verdict="sometimes"))
        except (BudgetSpent, HistoryOverturned):
            return finding  # when it was the run's own budget, the next press says so
        return self._findings.keep(replace(finding, begins_at=(self._machine.names[state], self._machine.inputs[key])))

    def _merge(self, finding: Finding) -> Finding:
        """A failure that begins where an earlier one begins is the same one: it is kept, but counted once."""
        for other in self._findings:
            if other.id != finding.id and finding.begins_at is not None and other.begins_at == finding.begins_at:
                finding = self._findings.keep(replace(finding, same_as=other.id))
                self._findings.drop(finding)
                break
        return finding

    def _go_around(self, keys: Word, objection: Objection, finding: Finding) -> None:
        """Go on so that the first failure does not hide the rest: where only an answer is wrong it is not compared any
        more, else the edge where the failure begins is not walked any more."""
        edge = (objection.state, objection.key)
        if finding.begins_at is not None and finding.begins_at[0] in self._machine.names:
            edge = (self._machine.names.index(finding.begins_at[0]), self._machine.index(finding.begins_at[1]))
        begins_at_its_end = edge == (self._machine.path(keys)[-2], keys[-1])
        if begins_at_its_end and finding.minimal and objection.oracle == "model" and edge not in self._tolerated:
            self._tolerated.add(edge)
        else:
            self._blocked.add(edge)
        old = self._strategy
        self._strategy = Strategy(
            self._machine, self._device.costs, self._rng, blocked=self._blocked, separator=self._separator
        )
        self._strategy.carry(old)
        self._walker.watch((*self._strategy.watchers, self), self._tolerated)

    def _result(self, reason: str, interrupted: bool, fault: RigFault | Inconclusive | None) -> SearchResult:
        strategy = self._strategy
        uncovered = strategy.edges.uncovered(self._machine)
        reach = set(strategy.planner.reachable())
        apart = [name for state, name in enumerate(self._machine.names) if state not in reach]
        uncovered += [(name, key) for name in apart for key in self._machine.inputs]
        total = self._machine.size * len(self._machine.inputs)
        return SearchResult(
            findings=tuple(self._findings),
            gone=tuple(self._findings.gone),
            ended_because=reason,
            presses=self._device.presses,
            resets=self._device.resets,
            device_s=self._device.device_s,
            covered=total - len(uncovered),
            total=total,
            pairs_covered=strategy.pairs.covered,
            pairs_total=strategy.pairs.total,
            unproved=strategy.targets.left,
            uncovered=tuple(uncovered),
            misread=self._misread + self._walker.misread,
            seed=self._seed,
            interrupted=interrupted,
            rig_fault=fault,
        )
