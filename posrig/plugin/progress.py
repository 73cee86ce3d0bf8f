"""What a run says while it goes on, where pytest would print dots without a name: with workers, and with ``-q``.

A line now and then (after so many scenarios or seconds), and each new cause of a failure once, when it first strikes.
On a terminal there is one line besides, which is written anew. pytest's last line and its short summary stay as they
are; with ``-v`` it names each scenario itself, with ``-qq`` nothing is said.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from typing import Any

import pytest
from wcwidth import wcswidth

from posrig.ground.printable import one_line
from posrig.plugin.run_report import RUN, Run, going_on
from posrig.plugin.run_told import headline, place
from posrig.plugin.verdicts import Verdict, counts_line
from posrig.reporting.causes import alike

EVERY_SCENARIOS = 25
EVERY_S = 5.0
_SAYS = pytest.StashKey["Progress"]()


class Progress:
    """The lines of one run. ``reporter`` is pytest's; ``now`` gives seconds."""

    def __init__(self, run: Run, reporter: pytest.TerminalReporter) -> None:
        self._run, self._reporter = run, reporter
        self._began = self._last = time.monotonic()
        self._told = 0
        """Records that were looked at."""
        self._struck: set[tuple[str, ...]] = set()
        self._drawn = 0
        """Columns of the line that will be written anew."""
        self.total = 0
        reporter._show_progress_info = False  # percent at the end of a row of dots

    def line(self, text: str, **markup: bool) -> None:
        """A line that stays."""
        self.erase()
        self._reporter.write_line(one_line(text), **markup)
        self._last = time.monotonic()

    def ended(self, file: str) -> None:
        """A scenario of this file has ended."""
        for record in self._run.records[self._told :]:
            self._cause(record)
        self._told = len(self._run.records)
        quiet_s = time.monotonic() - self._last
        if self._told and (self._told % EVERY_SCENARIOS == 0 or quiet_s >= EVERY_S) and self._told != self.total:
            self.line(f"{self._so_far()}; now {file}")

    def begun(self, file: str, name: str) -> None:
        """A scenario begins: shown where the line can be written anew."""
        if self._reporter.isatty:
            self.erase()
            self._draw(f"{self._so_far()}; {file}: {name}")

    def erase(self) -> None:
        """Take away the line that is written anew."""
        if self._drawn:
            self._reporter.rewrite(" " * self._drawn)
            self._reporter.rewrite("")
            self._drawn = 0

    def _so_far(self) -> str:
        done, passed = len(self._run.records), time.monotonic() - self._began
        verdicts = f": {counts_line(self._run.verdicts)}" if done else ""
        return f"{done} of {self.total or '?'} scenarios, {passed:.0f} s{verdicts}"

    def _draw(self, text: str) -> None:
        most = self._reporter._tw.fullwidth - 1
        text = one_line(text)
        while wcswidth(text) > most:
            text = text[:-1]
        self._reporter.rewrite(text)
        self._drawn = max(wcswidth(text), 0)

    def _cause(self, record: dict[str, Any]) -> None:
        if Verdict(record["verdict"]) in (Verdict.HELD, Verdict.SKIPPED):
            return
        failure = record["failure"]
        if (key := alike(failure)) not in self._struck:
            self._struck.add(key)
            self.line(f"{record['verdict']}: {place(record)}: {headline(failure['message'])}", bold=True)


def _says(config: pytest.Config) -> Progress | None:
    """None where pytest's own words are better, or nobody asked."""
    if _SAYS in config.stash:
        return config.stash[_SAYS]
    run, reporter = config.stash.get(RUN, None), config.pluginmanager.get_plugin("terminalreporter")
    if run is None or reporter is None or hasattr(config, "workerinput"):
        return None
    verbosity = config.get_verbosity(pytest.Config.VERBOSITY_TEST_CASES)
    workers = bool(getattr(config.option, "tx", None))
    if verbosity not in (-1, 0) or config.option.verbose < -1 or (verbosity == 0 and not workers):
        return None
    config.stash[_SAYS] = Progress(run, reporter)
    return config.stash[_SAYS]


def _now() -> Progress | None:
    run = going_on()
    return None if run is None else _says(run.config)


@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_xdist_setupnodes(config: pytest.Config, specs: Sequence[object]) -> None:
    """Before the workers start, which takes some seconds each."""
    if says := _says(config):
        number, dots = len(specs), config.pluginmanager.get_plugin("terminaldistreporter")
        for name in ("ensure_show_status", "setstatus"):  # "bringing up nodes...", once for each step of each worker
            setattr(dots, name, lambda *_, **__: None)
        says.line(f"starting {number} worker{'s' * (number != 1)}; each reads the features and opens a rig of its own")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any, ids: Sequence[str]) -> None:
    """A worker has read the features; all read the same."""
    if (says := _says(node.config)) and not says.total:
        says.total = len(ids)
        files = len({one.partition("::")[0] for one in ids})
        says.line(f"{len(ids)} scenarios in {files} file{'s' * (files != 1)}")


@pytest.hookimpl
def pytest_collection_finish(session: pytest.Session) -> None:
    """The same without workers."""
    if session.items and (says := _says(session.config)):
        says.total = len(session.items)


def pytest_runtest_logstart(nodeid: str, location: tuple[str, int | None, str]) -> None:
    if (says := _now()) and location[0].endswith(".feature"):
        says.begun(location[0], nodeid.partition("::")[2])


@pytest.hookimpl(trylast=True)
def pytest_runtest_logfinish(nodeid: str, location: tuple[str, int | None, str]) -> None:
    if (says := _now()) and location[0].endswith(".feature"):
        says.ended(location[0])


@pytest.hookimpl(wrapper=True)
def pytest_report_teststatus(
    report: pytest.TestReport, config: pytest.Config
) -> Generator[None, tuple[Any, ...] | None, tuple[Any, ...] | None]:
    """No letter for a scenario that a line tells of; it is counted all the same."""
    status = yield
    if status and isinstance(report, pytest.TestReport) and report.location[0].endswith(".feature") and _says(config):
        return status[0], "", status[2]
    return status


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """What is written after the last scenario begins at the start of a line."""
    try:
        return (yield)
    finally:
        if says := _says(session.config):
            says.erase()
