"""What happens around one scenario: steps are followed, failures classified, the record put on the report.

Runs in each worker. The record travels on the tear-down report as ``report.posrig`` (JSON text, so that xdist can carry
it) and is taken by ``posrig.plugin.run_report`` in the controller.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Generator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd.parser import Feature, Scenario, Step
from pytest_bdd.scenario import scenario_wrapper_template_registry

from posrig.evidence.timeline import spoken
from posrig.ground.faults import RigFault
from posrig.language.requirements import known_requirements, read_requirements, requirement_ids
from posrig.language.step_index import short_path
from posrig.plugin.collection import is_scenario
from posrig.plugin.evidence import EVIDENCE, Evidence
from posrig.plugin.lab import root_of
from posrig.plugin.masking import mask_error
from posrig.plugin.quarantine import quarantined
from posrig.plugin.verdicts import Failure, Verdict, classify, cut, describe, message_of, overall
from posrig.rig.soundness import Doubt, blamed
from posrig.suite import REQUIREMENTS, in_suite

NO_MONITOR = "no monitor on the key lines tells whether the terminal or a contact did it"
RECORD = pytest.StashKey["Running"]()
KNOWN_REQUIREMENTS = pytest.StashKey[dict[bool, list[str]]]()
"""Of the suite for any terminal (True), and of the lab."""
# where attachments are kept; set by posrig.plugin.run_report, absent when no report is written
ATTACHMENTS = pytest.StashKey[Path]()


@dataclass(slots=True)
class StepRun:
    """One step as it went: held, failed, or not run."""

    sentence: str
    line: int
    result: str = "not run"
    seconds: float = 0.0


@dataclass(slots=True)
class Running:
    """A scenario while it runs."""

    evidence: Evidence
    started: float = field(default_factory=time.time)
    began: float = field(default_factory=time.monotonic)
    """For durations: the PC's clock may be set back meanwhile."""
    feature: str = ""
    about: str = ""
    """The feature's description."""
    rule: str = ""
    name: str = ""
    language: str = "en"
    line: int = 0
    file: str = ""
    example: dict[str, str] = field(default_factory=dict)
    steps: list[StepRun] = field(default_factory=list)
    at: int = -1
    step_started: float = 0.0
    function: Callable[..., object] | None = None
    failures: list[Failure] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    unproved: str = ""
    own_doing: str = ""
    """The proof that what looks like a rig fault is the terminal's own doing."""
    attempts: list[dict[str, Any]] = field(default_factory=list)
    """Those before this one, which ended in rig faults."""

    @property
    def step(self) -> StepRun | None:
        return self.steps[self.at] if 0 <= self.at < len(self.steps) else None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Open the record before any fixture runs."""
    if is_scenario(item):
        item.stash[RECORD] = open_record(item)
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Put the requirement ids on the item: JUnit and the matrix read them from there."""
    if not is_scenario(item):
        return
    for requirement in requirements(item):
        item.user_properties.append(("requirement", requirement))


def requirements(item: pytest.Item) -> list[str]:
    """The requirement ids among a scenario's tags. The list is read once a run. Raises ConfigurationError."""
    known, suite = item.config.stash.setdefault(KNOWN_REQUIREMENTS, {}), in_suite(item.path)
    if suite not in known:
        found = read_requirements(REQUIREMENTS) if suite else known_requirements(root_of(item.config))
        known[suite] = list(found)
    return requirement_ids(tags(item), known[suite])


def tags(item: pytest.Item) -> list[str]:
    """The scenario's tags, with those of its feature, rule and Examples."""
    own = {mark.name for mark in item.iter_markers() if not mark.args and not mark.kwargs}
    return sorted(own - {"parametrize", "usefixtures"})


def open_record(item: pytest.Item) -> Running:
    """The record with everything the feature file says, so that a scenario that fails in setup has it too."""
    running = Running(item.stash.setdefault(EVIDENCE, Evidence()))
    assert isinstance(item, pytest.Function)
    template = scenario_wrapper_template_registry[item.function]
    callspec = getattr(item, "callspec", None)
    running.example = dict(callspec.params.get("_pytest_bdd_example", {})) if callspec else {}
    scenario, feature = template.render(running.example), template.feature
    running.feature, running.name, running.language = feature.name, scenario.name, feature.language
    running.about = " ".join((feature.description or "").split())
    running.rule = scenario.rule.name if scenario.rule else ""
    running.line, running.file = scenario.line_number, short_path(feature.filename)
    running.steps = [StepRun(spoken(step.keyword, step.name), step.line_number) for step in scenario.steps]
    return running


@pytest.hookimpl(tryfirst=True)
def pytest_bdd_before_step(
    request: pytest.FixtureRequest, feature: Feature, scenario: Scenario, step: Step, step_func: Callable[..., object]
) -> None:
    """Follow the steps."""
    if running := request.node.stash.get(RECORD, None):
        running.at += 1
        running.function, running.step_started = step_func, time.monotonic()
        running.evidence.add_event("step", running.steps[running.at].sentence)


@pytest.hookimpl
def pytest_bdd_after_step(request: pytest.FixtureRequest, feature: Feature, scenario: Scenario, step: Step) -> None:
    """A step held."""
    if running := request.node.stash.get(RECORD, None):
        _close(running, "held")


@pytest.hookimpl(tryfirst=True)
def pytest_bdd_step_error(
    request: pytest.FixtureRequest,
    feature: Feature,
    scenario: Scenario,
    step: Step,
    step_func: Callable[..., object],
    exception: BaseException,
) -> None:
    """A step failed: fetch the evidence while the terminal still shows it, and start the trace in the step."""
    running = request.node.stash.get(RECORD, None)
    if running is None:
        return
    mask_error(exception, running.evidence.mask)
    _close(running, "failed")
    if classify(exception, from_step=True) is Verdict.PRODUCT_FAILURE:
        running.doubts = running.evidence.doubts()
        running.unproved = "" if running.doubts else running.evidence.unproved()
    elif isinstance(exception, RigFault):
        running.own_doing = running.evidence.own_doing(exception)
    running.evidence.judged = message_of(exception)
    running.evidence.fetch_on_failure()
    if trace := cut(exception.__traceback__, getattr(step_func, "__code__", None)):
        exception.__traceback__ = trace


def _close(running: Running, result: str) -> None:
    if step := running.step:
        step.result, step.seconds = result, round(time.monotonic() - running.step_started, 6)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say what failed in the scenario's own words, before Allure, JUnit and the terminal take the report over."""
    running = item.stash.get(RECORD, None)
    if running is not None and call.excinfo is not None:
        mask_error(call.excinfo.value, running.evidence.mask)
    report = yield
    if running is None:
        return report
    report.sections = [(title, running.evidence.mask(text)) for title, text in report.sections]
    if call.excinfo is not None:
        failure = _masked(_failure(running, call.excinfo.value, report.when or "call"), running.evidence.mask)
        failure = quarantined(item, failure)
        running.failures.append(failure)
        running.evidence.add_event("verdict", f"{failure.verdict}: {failure.message.splitlines()[0]}")
        if failure.verdict is not Verdict.SKIPPED:
            report.longrepr = str(failure)
        if failure.verdict is Verdict.QUARANTINED:
            # pytest's word for a failure that is known: neither its exit code nor -x go by it
            report.outcome, report.wasxfail = "skipped", failure.message.splitlines()[0]
    if report.when == "teardown":
        # as text: xdist's channel refuses what JSON writes gladly, a key's enumeration for instance
        report.posrig = json.dumps(record(item, running), ensure_ascii=False, default=str)  # type: ignore[attr-defined]
    return report


def _failure(running: Running, error: BaseException, phase: str) -> Failure:
    step = running.step
    if phase != "call" or step is None:
        return describe(error, phase=phase)
    place = f"{running.file}:{step.line}"
    failure = describe(error, phase=phase, step=step.sentence, place=place, function=running.function)
    if failure.verdict is Verdict.RIG_FAULT and running.own_doing:
        told = f"{running.own_doing}\nit looked like: {failure.message}"
        return replace(failure, verdict=Verdict.PRODUCT_FAILURE, message=told, instrument="", keys="")
    if failure.verdict is not Verdict.PRODUCT_FAILURE or not (running.doubts or running.unproved):
        return failure
    if running.unproved:
        told = f"presses were not given back as they were made ({running.unproved}), and {NO_MONITOR}"
        return replace(failure, verdict=Verdict.INCONCLUSIVE, message=f"{told}\nit looked like: {failure.message}")
    # a relay that hangs or a supply that sags looks like a defect of the terminal
    fault = blamed(running.doubts, failure.message)
    return replace(
        failure,
        verdict=classify(fault, from_step=True),
        message=str(fault),
        instrument=getattr(fault, "instrument", ""),
        keys=" ".join(getattr(fault, "keys", ())),
    )


def _masked(failure: Failure, mask: Callable[[str], str]) -> Failure:
    return replace(failure, message=mask(failure.message), traceback=mask(failure.traceback))


def record(item: pytest.Item, running: Running) -> dict[str, Any]:
    """The scenario as plain data; docs/reports.md describes it."""
    evidence = running.evidence
    stem = hashlib.sha256(item.nodeid.encode()).hexdigest()[:16]
    folder = item.config.stash.get(ATTACHMENTS, None)
    attachments = evidence.keep(folder, stem) if folder else []  # first: what could not be kept is a fact
    return {
        "id": item.nodeid,
        "name": running.name or item.name,
        "feature": running.feature,
        "about": running.about,
        "rule": running.rule,
        "file": running.file or short_path(item.path),
        "line": running.line or (item.location[1] or 0) + 1,
        "language": running.language,
        "example": running.example,
        "tags": tags(item),
        "requirements": [str(value) for name, value in item.user_properties if name == "requirement"],
        **attempt(running),
        "failures": [_plain(failure) for failure in running.failures],
        "terminal_seconds": round(evidence.terminal_seconds, 3),
        "attempts": running.attempts,
        "power_cycles": evidence.power_cycles,
        "rig": evidence.facts.get("rig", ""),
        "terminal": evidence.facts.get("terminal", ""),
        "seed": evidence.facts.get("seed", ""),
        "timeline": [[round(event.time_s, 6), event.kind, event.text] for event in evidence.events],
        "attachments": attachments,
    }


def attempt(running: Running) -> dict[str, Any]:
    """What is kept of every attempt, the last one and those before it."""
    verdict, worst = judged(running)
    return {
        "verdict": str(verdict),
        "failure": _plain(worst) if worst else None,
        "started": round(running.started, 3),
        "wall_seconds": round(time.monotonic() - running.began, 3),
        "presses": running.evidence.presses,
        "keys": {key: asdict(count) for key, count in running.evidence.keys.items()},
        "facts": dict(running.evidence.facts),
        "steps": [asdict(step) for step in running.steps],
    }


def judged(running: Running) -> tuple[Verdict, Failure | None]:
    """The verdict so far, and the first failure that led to it."""
    verdict = overall(failure.verdict for failure in running.failures)
    return verdict, next((failure for failure in running.failures if failure.verdict is verdict), None)


def _plain(failure: Failure) -> dict[str, str]:
    return {name: str(value) for name, value in asdict(failure).items()}
