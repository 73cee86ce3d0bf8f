"""The run as a whole, in the process that the person started: records in, reports and exit code out.

With xdist the workers send records on their reports; only the controller writes. Nothing here runs when no feature
file is named, so the harness's own tests keep pytest's exit codes.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from posrig.ground.faults import ConfigurationError, ExitCode, PosrigError, worst
from posrig.language.requirements import known_requirements
from posrig.plugin import not_started
from posrig.plugin.abandoned import finish_abandoned
from posrig.plugin.artefacts import known_secrets, look_through, rows
from posrig.plugin.bare_records import bare, other_test
from posrig.plugin.collection import feature_arguments
from posrig.plugin.lab import root_of
from posrig.plugin.not_started import PUBLISHED, reason
from posrig.plugin.publishing import published, write_pages
from posrig.plugin.safe_state import left
from posrig.plugin.scenario_run import ATTACHMENTS
from posrig.plugin.verdicts import Verdict, exit_code
from posrig.reporting import allure_wiring, run_folder
from posrig.reporting.history import remember
from posrig.reporting.run_folder import RunFolder
from posrig.reporting.summary import NotStarted, RunFacts

RUN = pytest.StashKey["Run"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of a run."""
    group = parser.getgroup("posrig", "posrig: scenarios")
    group.addoption("--report-dir", metavar="DIR", default=None, help="where reports go (default: reports/ of the lab)")
    group.addoption("--no-report", action="store_true", default=False, help="run scenarios without writing a report")


@dataclass(slots=True)
class Run:
    """A run of scenarios while it goes on, in the controller."""

    config: pytest.Config
    base: Path
    folder: RunFolder | None
    started: float = field(default_factory=time.time)
    began: float = field(default_factory=time.monotonic)
    """For the duration: the PC's clock may be set back meanwhile."""
    open: dict[str, tuple[str, int | None, str]] = field(default_factory=dict)
    records: list[dict[str, Any]] = field(default_factory=list)
    finished: int = 0
    interrupted: bool = False
    stopped: str = ""
    """Why the run was stopped by a fault of its rig."""
    uncollected: list[str] = field(default_factory=list)
    """What pytest said of each file that could not be collected."""
    broken: list[str] = field(default_factory=list)
    """What pytest said of a fault in itself."""
    also: str | None = None
    """Another place for junit.xml, as the person named it."""
    tests: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Those of the session that are no scenarios, for junit.xml."""
    code: ExitCode = ExitCode.HELD
    unwritten: str = ""
    refused: NotStarted | None = None
    """Why no scenario ran."""
    closing: PosrigError | None = None
    """What went wrong while the rig of the session was closed, after the last scenario."""
    session: pytest.Session | None = None
    leaks: list[str] = field(default_factory=list)
    history: str = ""
    told: list[str] = field(default_factory=list)
    """What an earlier, abandoned run left that could not be read."""

    @property
    def verdicts(self) -> list[Verdict]:
        return [Verdict(record["verdict"]) for record in self.records]

    @property
    def over(self) -> bool:
        """Everything that was collected has been run: what comes now interrupts nothing."""
        return self.session is not None and 0 < self.session.testscollected <= self.finished

    def take(self, line: str) -> None:
        """A scenario's record, as its worker wrote it."""
        record = json.loads(line)
        self.open.pop(record["id"], None)
        self.records.append(record)
        if self.folder and not self.unwritten:
            try:
                self.folder.add(line)
            except OSError as error:
                self.cannot_write(error)

    def cannot_write(self, error: OSError) -> None:
        """The first reason is kept, and ends the run: what cannot be recorded is not done."""
        place = error.filename or (self.folder.path if self.folder else self.base)
        self.unwritten = self.unwritten or f"{error.strerror or error}: {place}"


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Open the run's folder before Allure and JUnit ask where to write."""
    worker = getattr(config, "workerinput", None)
    if worker is not None:
        if "posrig_attachments" in worker:
            config.stash[ATTACHMENTS] = Path(worker["posrig_attachments"])
            config.option.allure_report_dir = worker["posrig_allure"]
        return
    if config.option.collectonly or not feature_arguments(config.args, config.invocation_params.dir):
        return
    # in a pipeline (CI is set) pytest's summary would repeat every failure whole, steps and screen and all
    config.option.force_short_summary = True
    base = Path(config.option.report_dir).absolute() if config.option.report_dir else root_of(config) / "reports"
    # pytest's own writes what junit-10.xsd refuses, and after what has ended before the first scenario an empty one
    also, config.option.xmlpath = config.option.xmlpath, None
    if config.option.no_report:
        config.stash[RUN] = Run(config, base, None, also=also)
        return
    try:
        folder = RunFolder.create(base)
    except ConfigurationError as error:
        raise pytest.UsageError(str(error)) from None
    run = config.stash[RUN] = Run(config, base, folder, also=also)
    for path in run_folder.abandoned(base):
        told, leaks = finish_abandoned(config, base, path)
        run.told += told
        run.leaks += leaks
    config.add_cleanup(lambda: _forgotten(run))
    config.stash[ATTACHMENTS] = folder.path / run_folder.ATTACHMENTS
    config.option.allure_report_dir = config.option.allure_report_dir or str(folder.path / run_folder.ALLURE)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell an xdist worker where attachments and Allure's results go."""
    if ATTACHMENTS in node.config.stash:
        node.workerinput["posrig_allure"] = node.config.option.allure_report_dir
        node.workerinput["posrig_attachments"] = str(node.config.stash[ATTACHMENTS])


@pytest.hookimpl
def pytest_sessionstart(session: pytest.Session) -> None:
    """Have Allure write what people wrote: after allure-pytest has configured itself."""
    config = session.config
    if RUN in config.stash or ATTACHMENTS in config.stash:
        allure_wiring.install(config, _allure_parameters)


def _allure_parameters(item: pytest.Item) -> dict[str, str]:
    """What tells the same scenario on two terminals apart; without it Allure takes the second for a retry."""
    rig = item.config.getoption("rig", default=None)
    return {"rig": Path(str(rig)).stem} if rig else {}


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Count what could not be collected."""
    if report.failed and (run := _run_of_reports):
        run[-1].uncollected.append(report.longreprtext)


# pytest's report hooks do not hand over the config; the stack holds the run of the innermost session (pytester nests)
_run_of_reports: list[Run] = []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Know the run while pytest tells what it could not collect."""
    return (yield from _known(session))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Know the run while reports come in."""
    return (yield from _known(session))


def _known(session: pytest.Session) -> Generator[None, object, object]:
    run = session.config.stash.get(RUN, None)
    if run is None:
        return (yield)
    _run_of_reports.append(run)
    run.session = session
    try:
        return (yield)
    finally:
        _run_of_reports.pop()


def pytest_internalerror(excrepr: object, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
    """For the report, when nothing else can be told."""
    if _run_of_reports:
        _run_of_reports[-1].broken.append(excinfo.exconly())


def going_on() -> Run | None:
    """The run whose scenarios are run in this process just now."""
    return _run_of_reports[-1] if _run_of_reports else None


def all_done() -> bool:
    """Every scenario of the run that goes on in this process has been run; False in a worker, which cannot know."""
    return bool(_run_of_reports) and _run_of_reports[-1].over


def pytest_runtest_logstart(nodeid: str, location: tuple[str, int | None, str]) -> None:
    """A scenario has begun: if the run stops now, it was interrupted."""
    if _run_of_reports:
        _run_of_reports[-1].open[nodeid] = location


def pytest_runtest_logfinish() -> None:
    """No scenario is begun whose record would be lost."""
    if _run_of_reports:
        _run_of_reports[-1].finished += 1
    if _run_of_reports and _run_of_reports[-1].unwritten and (session := _run_of_reports[-1].session) is not None:
        session.shouldstop = f"the report could not be written ({_run_of_reports[-1].unwritten})"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Take a scenario's record; make one for a worker that died with its scenario."""
    if not _run_of_reports:
        return
    run = _run_of_reports[-1]
    run.stopped = run.stopped or getattr(report, "posrig_stopped", "")
    record = getattr(report, "posrig", None)
    if record is not None:
        run.take(record)
    elif str(report.when) == "???":  # xdist: the worker crashed
        run.take(bare(run.config, report.nodeid, report.location, Verdict.HARNESS_ERROR, str(report.longrepr)))
    elif not report.location[0].endswith(".feature"):
        run.tests[report.nodeid] = other_test(report, run.tests.get(report.nodeid))


def pytest_keyboard_interrupt(excinfo: pytest.ExceptionInfo[BaseException]) -> None:
    """Ctrl-C or pytest.exit; pytest's own stop after a failure is none."""
    if _run_of_reports and not isinstance(excinfo.value, pytest.Session.Interrupted):
        _run_of_reports[-1].interrupted = not _run_of_reports[-1].over


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> Generator[None, None, None]:
    """Judge the run and write its reports, before the terminal prints its summary."""
    run = session.config.stash.get(RUN, None)
    if run is None:
        yield
        if told := not_started.nothing_there(session.config, exitstatus):
            session.config.get_terminal_writer().line(told.text)
        return
    try:
        # pytest does this too, but not when JUnit's file cannot be written: the rig is closed whatever the disk says
        session._setupstate.teardown_exact(None)
    except PosrigError as fault:
        run.closing = fault
    try:
        yield
    except OSError as error:  # JUnit's file, on a full disk
        run.cannot_write(error)
    for nodeid, location in list(run.open.items()):
        if location[0].endswith(".feature"):
            said = "the run was stopped during this scenario"
            run.take(bare(session.config, nodeid, location, Verdict.INTERRUPTED, said))
            run.interrupted = True
    run.code = _code(run, session, exitstatus)
    if run.leaks:
        run.code = worst([run.code, ExitCode.SAFETY_ABORT])
    if run.closing is not None:
        run.code = worst([run.code, run.closing.exit_code])
    session.exitstatus = int(run.code)
    try:
        if run.folder is not None:
            _write(session.config, run)
    except OSError as error:  # a full disk at the very end: the verdicts stand, and say where they are
        run.cannot_write(error)
    run.history = remember(run.base, _name(run), run.records, complete=not run.interrupted)
    if run.folder is None:
        return
    lost = session.config.stash.get(allure_wiring.UNWRITTEN, [])
    run.unwritten = run.unwritten or (lost[0] if lost else "")
    if run.unwritten:
        run.code = worst([run.code, ExitCode.CONFIGURATION])
    session.exitstatus = int(run.code)


def _name(run: Run) -> str:
    """What the history knows this run by: its folder's name, or when and where it ran."""
    return run.folder.path.name if run.folder else f"{run.started:.3f}-{os.getpid()}"


def _code(run: Run, session: pytest.Session, exitstatus: int) -> ExitCode:
    if exitstatus == pytest.ExitCode.USAGE_ERROR or run.uncollected:
        return ExitCode.CONFIGURATION
    if exitstatus == pytest.ExitCode.INTERRUPTED and not (session.shouldstop or session.shouldfail or run.over):
        run.interrupted = True
    code = exit_code(run.verdicts, interrupted=run.interrupted and not run.stopped)
    if run.stopped:
        return worst([code, ExitCode.RIG_FAULT])
    if code in (ExitCode.HELD, ExitCode.NOTHING_RAN) and exitstatus == pytest.ExitCode.INTERNAL_ERROR:
        return ExitCode.RIG_FAULT
    # plain tests in the same session may have failed while all scenarios held
    return ExitCode.PRODUCT_FAILURE if code is ExitCode.HELD and exitstatus == 1 else code


def _write(config: pytest.Config, run: Run) -> None:
    assert run.folder is not None
    path = run.folder.path
    if not run.records:
        why = reason(config, sys.exception(), run.code, [*run.uncollected, *run.broken])
        run.leaks += not_started.publish(config, run.base, run.folder, why, run.code, run.started, run.also)
        run.refused = why
        return
    secrets = known_secrets(config)
    found = look_through(published(config, path), secrets, run.base, path.name)
    if not found.clean:
        run.records = run_folder.read_records(path).records
    try:
        known = tuple(known_requirements(root_of(config)))
    except ConfigurationError:
        known = ()
    facts = RunFacts(
        run.started,
        run.started + time.monotonic() - run.began,
        int(run.code),
        not run.interrupted,
        tuple(sys.argv[1:]),
        known,
    )
    facts = replace(facts, safe_state=tuple(left(config)))
    allure_wiring.write_beside(Path(config.option.allure_report_dir), run.records)
    also, tests = Path(run.also) if run.also else None, tuple(run.tests.values())
    found = write_pages(run.base, path, run.records, facts, secrets, found, tests, also)
    run.leaks += rows(found)
    if not found.clean:
        run.code = worst([run.code, ExitCode.SAFETY_ABORT])
    run_folder.publish(run.base, path)
    config.stash[PUBLISHED] = True
    run.folder.close()  # last: a run that still looks for secrets is not abandoned


def _forgotten(run: Run) -> None:
    """A run that was refused before its session began (a lab without a rig) leaves no folder behind."""
    if run.folder is not None and run.session is None and not run.records and run.folder.path.exists():
        run.folder.close()
        shutil.rmtree(run.folder.path, ignore_errors=True)
