"""Qualification: which seeded defects the scenarios find, and what they cry wolf at on the sound terminal.

Each defect is run in a pytest process of its own against a simulated rig of its own. Scenarios about a rule that the
defect breaks run first (their requirement tags say so) and the run stops at the first failure. A defect counts as found
only when a scenario about one of its rules failed as a *product failure*: a failure elsewhere, a rig fault or an error
of the simulation is shown apart and counts as not found. The suite for any terminal knows no model's rules: any of its
scenarios counts that failed and holds on the sound terminal.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from posrig.ground.child import module_command, module_environment
from posrig.ground.faults import ConfigurationError, ExitCode, RigFault
from posrig.ground.json_text import parsed_json
from posrig.ground.printable import one_line
from posrig.safety.actions import signals_held

RUN_WITHIN_S = 3600.0
"""Bounds against hanging: a run that is only slow must not be called broken."""
LISTED_WITHIN_S = 600.0
ENDS_WITHIN_S = 4.0
"""A run that is told to end: its rig is made safe and its reports are written, in one second on a quiet computer."""


@dataclass(frozen=True, slots=True)
class SeededDefect:
    """A defect as the simulated rig registers it."""

    id: str
    title: str
    group: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScenarioRecord:
    """What is needed of one scenario's record."""

    id: str
    name: str
    requirements: frozenset[str]
    verdict: str
    step: str
    presses: int
    wall_s: float

    @property
    def failed(self) -> bool:
        return self.verdict == "product failure"


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one defect. ``outcome``: found, elsewhere (an unrelated expectation failed), broken, missed."""

    defect: SeededDefect
    outcome: str
    scenario: str = ""
    step: str = ""
    presses: int = 0
    scenarios_run: int = 0
    wall_s: float = 0.0
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Qualification:
    """``false_alarms`` are scenarios that failed on the sound terminal. ``interrupted``: it is what was done until
    Ctrl-C or SIGTERM."""

    scenarios: int
    false_alarms: tuple[ScenarioRecord, ...]
    findings: tuple[Finding, ...]
    wall_s: float
    interrupted: bool = False

    @property
    def found(self) -> int:
        return sum(finding.outcome == "found" for finding in self.findings)


def seeded_defects(files: Sequence[Path] = (), terminal: str = "") -> tuple[SeededDefect, ...]:
    """Ask the simulated rig which defects this terminal of its can have (its usual one where none is named).

    Raises ConfigurationError for a file it cannot read and for a terminal that it does not have.
    """
    command = module_command("posrig.simulated", "--list-defects", *(("--terminal", terminal) if terminal else ()))
    for file in files:
        command += ["--defects-from", str(file)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=LISTED_WITHIN_S, check=False, env=module_environment()
    )
    if done.returncode:
        raise ConfigurationError(done.stderr.strip().removeprefix("error: ") or "the defects cannot be listed")
    rows = json.loads(done.stdout)
    return tuple(SeededDefect(r["id"], r["title"], r["group"], tuple(r["rules"])) for r in rows)


@dataclass(frozen=True, slots=True)
class Run:
    """One pytest process: its exit code, the records of its scenarios, what it said when it broke."""

    exit_code: int
    records: tuple[ScenarioRecord, ...]
    said: str


class Runs:
    """The pytest processes that run now. May be used by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self._stopped = False

    def run(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """To its end.

        Raises:
            subprocess.TimeoutExpired: it does not end; it was stopped.
            KeyboardInterrupt: no run begins any more.
        """
        with self._lock:
            if self._stopped:
                raise KeyboardInterrupt
            process = subprocess.Popen(
                command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            self._running.add(process)
        try:
            said, complained = process.communicate(timeout=RUN_WITHIN_S)
        except BaseException:
            _end([process])
            raise
        finally:
            with self._lock:
                self._running.discard(process)
        return subprocess.CompletedProcess(command, process.returncode, said, complained)

    def stop(self) -> None:
        """End what runs, each by the means that makes its rig safe; nothing begins after it."""
        with self._lock:
            self._stopped = True
            running = list(self._running)
        _end(running)


def _end(processes: Sequence[subprocess.Popen[str]]) -> None:
    """SIGTERM, as for any run of scenarios; after a while SIGKILL: then its guard makes the rig safe."""
    with signals_held():
        for process in processes:
            process.terminate()
        deadline = time.monotonic() + ENDS_WITHIN_S
        for process in processes:
            try:
                process.wait(max(deadline - time.monotonic(), 0.0))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@dataclass(frozen=True, slots=True)
class Qualifier:
    """Runs the scenarios of ``features`` on the rig; ``workers`` defects at a time."""

    root: Path
    features: Sequence[str] = ("features",)
    rig: str | None = None
    defects_from: Sequence[Path] = ()
    workers: int = 2
    any_rule: bool = False
    """The scenarios have rules of their own and not the terminal's (the suite for any terminal)."""
    runs: Runs = field(default_factory=Runs)

    def qualify(self, defects: Sequence[SeededDefect], progress: Callable[[Finding], None]) -> Qualification:
        """The sound terminal first, then every defect. Raises RigFault when the sound run cannot be judged."""
        began = time.monotonic()
        records: tuple[ScenarioRecord, ...] = ()
        findings: list[Finding] = []
        interrupted = False
        try:
            sound = self._run(self.features, [], whole=True)
            records = sound.records
            if not records:
                raise RigFault(f"the scenarios did not run on the sound terminal:\n{sound.said}", instrument="rig")
            if sound.exit_code == ExitCode.RIG_FAULT:  # says nothing about the scenarios
                raise RigFault(f"the rig failed on the sound terminal:\n{sound.said}", instrument="rig")
            for finding in self._each(defects, records):
                findings.append(finding)
                progress(finding)
        except KeyboardInterrupt:
            interrupted = True
        finally:
            self.runs.stop()
        alarms = tuple(record for record in records if record.verdict not in ("held", "skipped"))
        findings.sort(key=lambda finding: finding.defect.id)
        return Qualification(len(records), alarms, tuple(findings), time.monotonic() - began, interrupted)

    def _each(self, defects: Sequence[SeededDefect], known: Sequence[ScenarioRecord]) -> Iterator[Finding]:
        pool = ThreadPoolExecutor(self.workers)
        try:
            for done in as_completed([pool.submit(self._judge, defect, known) for defect in defects]):
                yield done.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _judge(self, defect: SeededDefect, known: Sequence[ScenarioRecord]) -> Finding:
        """Scenarios about its rules first, cheapest first; then, to show what else sees it, all others."""
        began = time.monotonic()
        likely = [record for record in known if record.requirements & set(defect.rules)]
        likely.sort(key=lambda record: record.wall_s)
        first = self._run([record.id for record in likely], ["--defect", defect.id]) if likely else None
        if first is not None and (hit := _first_failure(first)) is not None:
            return _finding(defect, "found", hit, first, began)
        others = sorted({record.id.partition("::")[0] for record in known})
        rest = self._run(others, ["--defect", defect.id])
        hit = _first_failure(rest)
        if hit is not None:
            sound = {record.id for record in known if record.verdict == "held"}
            related = hit.id in sound if self.any_rule else bool(hit.requirements & set(defect.rules))
            return _finding(defect, "found" if related else "elsewhere", hit, rest, began)
        broken = next((run for run in (first, rest) if run is not None and run.exit_code not in (0, 1)), None)
        if broken is not None:
            return Finding(
                defect, "broken", wall_s=time.monotonic() - began, remark=(broken.said.splitlines() or ["?"])[-1]
            )
        return Finding(defect, "missed", scenarios_run=len(rest.records), wall_s=time.monotonic() - began)

    def _run(self, what: Sequence[str], options: Sequence[str], *, whole: bool = False) -> Run:
        with tempfile.TemporaryDirectory(prefix="posrig-qualify-", ignore_cleanup_errors=True) as folder:
            command = [sys.executable, "-m", "pytest", *what, "-q", "--report-dir", folder, "-p", "no:cacheprovider"]
            command += ["-n", str(self.workers)] if whole else ["--maxfail", "1"]
            command += ["--rig", self.rig] if self.rig else []
            for file in self.defects_from:
                command += ["--defects-from", str(file)]
            environment = {**os.environ, "POSRIG_ENDS_WITH": str(os.getpid())}
            try:
                done = self.runs.run([*command, *options], self.root, environment)
            except subprocess.TimeoutExpired:
                return Run(3, (), f"not done within {RUN_WITHIN_S:g} s")
            records = tuple(_records(Path(folder)))
            return Run(done.returncode, records, (done.stdout + done.stderr)[-2000:])


def _records(folder: Path) -> Iterator[ScenarioRecord]:
    for file in sorted(folder.glob("runs/*/scenarios.jsonl")):
        for number, line in enumerate(file.read_text("utf-8", errors="replace").split("\n"), 1):
            if not line.strip():
                continue
            try:
                yield _record(parsed_json(line))
            except ValueError as error:  # a killed run, a full disk: what is no record decides nothing, and is told
                reason = str(error).partition("\n")[0]
                print(one_line(f"left out, no record: {file.name}:{number}: {reason}"), file=sys.stderr)


class _Failed(BaseModel):
    model_config = ConfigDict(strict=True)
    step: str = ""


class _Told(BaseModel):
    """What is read of a record; whatever else it holds is of no concern here."""

    model_config = ConfigDict(strict=True)
    id: str
    name: str
    requirements: list[str]
    verdict: str
    failure: _Failed | None = None
    presses: int
    wall_seconds: float


def _record(data: object) -> ScenarioRecord:
    told = _Told.model_validate(data)
    return ScenarioRecord(
        id=told.id,
        name=told.name,
        requirements=frozenset(told.requirements),
        verdict=told.verdict,
        step=told.failure.step if told.failure else "",
        presses=told.presses,
        wall_s=told.wall_seconds,
    )


def _first_failure(run: Run) -> ScenarioRecord | None:
    return next((record for record in run.records if record.failed), None)


def _finding(defect: SeededDefect, outcome: str, hit: ScenarioRecord, run: Run, began: float) -> Finding:
    return Finding(
        defect,
        outcome,
        scenario=hit.id,
        step=hit.step,
        presses=sum(record.presses for record in run.records),
        scenarios_run=len(run.records),
        wall_s=time.monotonic() - began,
    )
