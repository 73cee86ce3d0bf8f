"""The session's hold on a rig: lease, ledger, guard; and what the guard of an earlier run had to do."""

from __future__ import annotations

import math
import os
import signal
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from types import FrameType
from typing import Any

import pytest

from posrig.description.credentials import give_back_environment, withdraw_environment
from posrig.ground import endings
from posrig.ground.faults import PosrigError
from posrig.ground.printable import printable
from posrig.plugin.collection import feature_arguments
from posrig.plugin.opening import opened
from posrig.plugin.rig import DESCRIPTION, PROFILE
from posrig.plugin.run_report import all_done
from posrig.plugin.safe_state import remember
from posrig.reporting.allure_wiring import MASK
from posrig.rig.session import RigSession, rig_session
from posrig.safety.guard import PATIENCE_S
from posrig.safety.incidents import take_new
from posrig.safety.safe_state import longest_s

_BEFORE = pytest.StashKey[dict[int, Any]]()
_HELD = pytest.StashKey[RigSession]()
ENDS_WITH = "POSRIG_ENDS_WITH"
"""In the environment of a run that another process has started and waits for: that one's number."""
_told: set[str] = set()
"""Scenarios whose end is being told."""
_waits = False
"""A signal came meanwhile."""
_workers: dict[str, int] = {}
"""The processes of xdist's workers."""
_over = False
"""Every scenario has been run: what comes now is closing, and no signal makes it an interrupted run."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("posrig")
    group.addoption(
        "--lease-wait",
        metavar="SECONDS",
        type=seconds,
        default=0.0,
        help="wait this long for a rig that another job has (default: refuse at once, with the holder's name)",
    )
    group.addoption("--job", metavar="NAME", default=None, help="the name by which people know this run")


def seconds(text: str) -> float:
    """A number of seconds on the command line."""
    value = float(text)
    if not 0 <= value < math.inf:
        raise ValueError("0 or more seconds")
    return value


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """SIGTERM (a cancelled CI job) and SIGHUP (a closed window) end a run of scenarios like Ctrl-C: in order, and by
    the harness itself. A reader of the output that goes away ends nothing."""
    # also in a worker: it is started with the arguments as they were typed
    scenarios = feature_arguments(config.args, config.invocation_params.dir)
    if not scenarios or threading.current_thread() is not threading.main_thread():
        return
    global _over
    _over = False
    _told.clear()
    config.stash[_BEFORE] = endings.listen(_end_in_order)
    starter = os.environ.pop(ENDS_WITH, "")
    if hasattr(config, "workerinput"):
        endings.end_with(os.getppid())
    elif _is_whole_process(config):
        _patient_output(config)
        if starter:
            endings.end_with(int(starter))


def _patient_output(config: pytest.Config) -> None:
    """Now, and again when pytest's capture has put back what it found, which may be a closed standard output."""
    endings.patient_output()
    captured = config._cleanup_stack.pop_all()
    config._cleanup_stack.callback(endings.patient_output)
    config._cleanup_stack.callback(captured.close)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Give signals and environment back, for runs inside of runs. A process that ends now keeps its exit code."""
    give_back_environment()
    if _BEFORE not in config.stash:
        return
    if _is_whole_process(config):
        endings.be_deaf()
    else:
        endings.restore(config.stash[_BEFORE])


def _is_whole_process(config: pytest.Config) -> bool:
    """This process is this run and nothing else: an xdist worker, or pytest with the words of its command line."""
    return hasattr(config, "workerinput") or list(config.invocation_params.args) == sys.argv[1:]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """After the last scenario the run is over: a signal that comes while the report is made changes nothing."""
    global _over
    try:
        return (yield)
    finally:
        _over = True


def _end_in_order(number: int, _frame: FrameType | None) -> None:
    """The first one ends the run; those after it are heard while the rig is closed and the report written.

    Raised once more in the middle of that, KeyboardInterrupt would lose the report; every step of closing is bounded.
    """
    global _waits
    endings.listen(_have_patience)
    for pid in _workers.values():  # SIGTERM may have reached this process only
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    if _over or _told:
        _waits = not _over
        return _have_patience(number, _frame)
    raise KeyboardInterrupt


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """From here until its record is complete a scenario is not interrupted any more: it has been run."""
    if report.when != "setup" or not report.passed:
        _told.add(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_runtest_logfinish(nodeid: str) -> None:
    """A signal that came meanwhile ends the run now, if anything is left to be run."""
    _told.discard(nodeid)
    _end_now()


def _end_now() -> None:
    global _waits
    if _waits and not _told:
        _waits = False
        if not all_done():
            raise KeyboardInterrupt


@pytest.hookimpl(optionalhook=True)
def pytest_testnodeready(node: Any) -> None:
    """Workers on this computer: they end with the run."""
    process = getattr(node.gateway._io, "popen", None)
    if process is not None:
        _workers[node.gateway.id] = process.pid


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """What a worker that crashed was about to tell does not come any more."""
    _workers.pop(node.gateway.id, None)
    _told.clear()
    _end_now()


def _have_patience(_number: int, _frame: FrameType | None) -> None:
    endings.say("closing: the rig is made safe and the report is written")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Say once what happened to a run that was killed. Also with ``-q``, where pytest shows no header."""
    if _BEFORE in session.config.stash:
        _show_incidents(session.config)


def pytest_terminal_summary(config: pytest.Config) -> None:
    """And what happened to a worker of this run."""
    if _BEFORE in config.stash:
        _show_incidents(config)


def _show_incidents(config: pytest.Config) -> None:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(config, "workerinput"):  # nobody reads what a worker writes
        return
    for incident in take_new():
        reporter.write_line(f"INCIDENT: {incident}", yellow=incident.safe, red=not incident.safe, bold=True)


@pytest.fixture(scope="session")
def held_rig(pytestconfig: pytest.Config) -> Iterator[RigSession]:
    """The rig of this session (of this worker under xdist), leased, guarded and counted."""
    capture = pytestconfig.pluginmanager.get_plugin("capturemanager")

    def progress(text: str) -> None:
        with capture.global_and_fixture_disabled() if capture else nullcontext():
            print(printable(text), file=sys.stderr, flush=True)

    def opener(wait_s: float) -> AbstractContextManager[RigSession]:
        return rig_session(
            pytestconfig.stash[DESCRIPTION],
            profile=pytestconfig.stash[PROFILE],
            wait_s=wait_s,
            progress=progress,
            job=pytestconfig.getoption("--job"),
            incidents=False,  # the controller shows them
        )

    with ExitStack() as stack:
        wait_s, guard_s = (
            pytestconfig.getoption("--lease-wait"),
            PATIENCE_S + longest_s(pytestconfig.stash[DESCRIPTION]),
        )
        held = opened(pytestconfig, stack, opener, wait_s, progress, guard_s=guard_s)
        pytestconfig.stash[MASK] = held.rig.credentials.masks.mask
        withdraw_environment()  # what a step starts needs none of them; the controller keeps them for its workers
        pytestconfig.stash[_HELD] = held
        if held.rig.guarded is not None:
            held.rig.guarded.interruption.allowed = (
                False  # only while a scenario runs: pytest itself would not stand it
            )
        stack.callback(lambda: remember(pytestconfig, held.rig))
        stack.callback(held.rig.close)
        yield held


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    with _while_guarded(item):
        return (yield)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    with _while_guarded(item):
        return (yield)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    with _while_guarded(item):
        return (yield)


@contextmanager
def _while_guarded(item: pytest.Item) -> Iterator[None]:
    """A lost guard ends the phase as a rig fault, whatever it waits for, and the run with it."""
    held = item.config.stash.get(_HELD, None)
    guarded = None if held is None else held.rig.guarded
    try:
        with nullcontext() if guarded is None else guarded.interruption.permitted():
            yield
    except KeyboardInterrupt:
        if held is not None:
            held.rig.make_safe()  # before pytest tells where it was: that takes its time
        raise
    finally:
        stop_when_lost(item)


def stop_when_lost(item: pytest.Item) -> None:
    """No scenario is begun on a rig without a guard, and none is tried again."""
    held = item.config.stash.get(_HELD, None)
    if held is not None and held.rig.lost is not None:
        item.session.shouldstop = f"the rig's guard was lost: {held.rig.lost.found}"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell the controller of a worker why the run stops: it was not interrupted."""
    report = yield
    held = item.config.stash.get(_HELD, None)
    if held is not None and held.rig.lost is not None:
        held.rig.loss_told = held.rig.loss_told or (
            call.excinfo is not None and isinstance(call.excinfo.value, PosrigError)
        )
        report.posrig_stopped = held.rig.lost.found  # type: ignore[attr-defined]
    return report
