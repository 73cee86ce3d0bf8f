"""The session's hold on a rig: lease, ledger, guard; and what the guard of an earlier run had to do."""

from __future__ import annotations

import math
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from types import FrameType
from typing import Any

import pytest

from posrig.plugin.collection import feature_arguments
from posrig.plugin.opening import opened
from posrig.plugin.rig import DESCRIPTION, PROFILE
from posrig.plugin.safe_state import remember
from posrig.reporting.allure_wiring import MASK
from posrig.rig.session import RigSession, rig_session
from posrig.safety.incidents import take_new

_ENDINGS = (signal.SIGINT, signal.SIGTERM)
_BEFORE = pytest.StashKey[dict[int, Any]]()


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
    """SIGTERM (a CI job that is cancelled) ends a run of scenarios like Ctrl-C: in order, by the harness itself."""
    # also in a worker: it is started with the arguments as they were typed
    scenarios = feature_arguments(config.args, config.invocation_params.dir)
    if scenarios and threading.current_thread() is threading.main_thread():
        before: dict[int, Any] = {number: signal.signal(number, _end_in_order) for number in _ENDINGS}
        config.stash[_BEFORE] = before


def pytest_unconfigure(config: pytest.Config) -> None:
    """Give the signals back, for runs inside of runs."""
    for number, handler in config.stash.get(_BEFORE, {}).items():
        signal.signal(number, handler)


def _end_in_order(_number: int, _frame: FrameType | None) -> None:
    """The first one ends the run; those after it are heard while the rig is closed and the report written.

    Raised once more in the middle of that, KeyboardInterrupt would lose the report; every step of closing is bounded.
    """
    for number in _ENDINGS:
        signal.signal(number, _have_patience)
    raise KeyboardInterrupt


def _have_patience(_number: int, _frame: FrameType | None) -> None:
    os.write(2, b"closing: the rig is made safe and the report is written\n")


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
            print(text, file=sys.stderr, flush=True)

    def opener(wait_s: float) -> AbstractContextManager[RigSession]:
        return rig_session(
            pytestconfig.stash[DESCRIPTION],
            profile=pytestconfig.stash[PROFILE],
            wait_s=wait_s,
            progress=progress,
            job=pytestconfig.getoption("--job"),
        )

    with ExitStack() as stack:
        held = opened(pytestconfig, stack, opener, pytestconfig.getoption("--lease-wait"), progress)
        pytestconfig.stash[MASK] = held.rig.credentials.masks.mask
        yield held
    remember(pytestconfig, held.rig)
