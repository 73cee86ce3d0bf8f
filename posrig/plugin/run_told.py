"""What a run says in the terminal at its end: each cause once with the number of its scenarios, the report's place,
and what to do next."""

from __future__ import annotations

from typing import Any

import pytest

from posrig.language.step_index import short_path
from posrig.plugin.run_report import RUN, Run
from posrig.plugin.verdicts import NEXT_ACT, ORDER, Verdict, counts_line
from posrig.reporting import run_folder
from posrig.reporting.causes import RIG_FAULT, alike, together

SHOWN_CAUSES = 10
SHOWN_ROWS = 2
_FAILED = ("error", "failed")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """pytest tells each failure whole: here the first of each cause, and the rig's faults below "verdicts" only."""
    run, reporter = session.config.stash.get(RUN, None), session.config.pluginmanager.get_plugin("terminalreporter")
    if run is not None and reporter is not None:
        _tell_once(reporter, run)


def _tell_once(reporter: pytest.TerminalReporter, run: Run) -> None:
    failures = {
        (record["id"], failure.get("phase", "")): failure for record in run.records for failure in record["failures"]
    }
    first: dict[tuple[str, ...], pytest.TestReport] = {}
    more: dict[tuple[str, ...], int] = {}
    for report in (one for outcome in _FAILED for one in reporter.stats.get(outcome, ())):
        failure = failures.get((getattr(report, "nodeid", ""), str(getattr(report, "when", ""))))
        if failure is None:
            continue
        key = alike(failure)
        if key not in first:
            first[key], more[key] = report, 0
        else:
            more[key] += 1
        if key[0] == RIG_FAULT or more[key]:
            report._pdbshown = True  # pytest's word for a report that was shown already: it is counted, and not told
    for key, report in first.items():
        if more[key] and isinstance(report.longrepr, str):
            report.longrepr += f"\n  the same:  in {_more(more[key])}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Verdicts, the report's place, and what to do next."""
    run = config.stash.get(RUN, None)
    line = terminalreporter.write_line
    if run is not None and run.refused is not None:
        if run.refused.verdict not in ("configuration error", "interrupted"):  # pytest tells those itself
            line(run.refused.text)
        line(f"report: {short_path(run.base / 'latest' / run_folder.INDEX)}")
        line(f"exit code {int(run.code)} ({run.code.name.lower().replace('_', ' ')})")
    if run is None or not (run.records or run.leaks):
        return
    terminalreporter.section("verdicts")
    line(counts_line(run.verdicts))
    _tell_causes(terminalreporter, run)
    if run.closing is not None:
        line(f"closing: {run.closing}", red=True)
    if run.unwritten and run.folder:
        line(f"the report could not be written ({run.unwritten}); the records are in {run.folder.path}")
    elif run.folder:
        line(f"report: {short_path(run.base / 'latest' / run_folder.INDEX)}")
    for row in run.told:
        line(row, yellow=True)
    if run.history:
        line(run.history, yellow=True)
    for row in run.leaks:
        line(row, red=True)
    for verdict in ORDER:
        if verdict in run.verdicts and verdict in NEXT_ACT:
            line(f"next: {NEXT_ACT[verdict]}")
            break
    line(f"exit code {int(run.code)} ({run.code.name.lower().replace('_', ' ')})")


def _tell_causes(reporter: pytest.TerminalReporter, run: Run) -> None:
    line = reporter.write_line
    bad = [record for record in run.records if Verdict(record["verdict"]) not in (Verdict.HELD, Verdict.SKIPPED)]
    bad.sort(key=lambda record: ORDER.index(Verdict(record["verdict"])))
    causes = together((record["failure"], record) for record in bad)
    for struck in causes[:SHOWN_CAUSES]:
        record = struck[0]
        line(f"{record['verdict']}: {place(record)}")
        rows = record["failure"]["message"].splitlines()
        # a rig's fault is told nowhere else
        for row in rows if record["verdict"] == RIG_FAULT else rows[:SHOWN_ROWS]:
            line(f"    {row}")
        if len(struck) > 1:
            line(f"    the same in {_more(len(struck) - 1)}: {_names(struck[1:])}")
    if len(causes) > SHOWN_CAUSES:
        others = sum(map(len, causes[SHOWN_CAUSES:]))
        line(f"... and {len(causes) - SHOWN_CAUSES} other causes in {_more(others)}: they are in the report")


def place(record: dict[str, Any]) -> str:
    """File, line and name of a scenario."""
    return f"{record['file']}:{record['line']}  {record['name']}"


def headline(message: str) -> str:
    """The first line that says something.

    >>> headline("2 parts do not answer:\\n  - supply: refused\\n  - meter: refused")
    '2 parts do not answer: supply: refused'
    """
    first, _, rest = message.partition("\n")
    return f"{first} {rest.partition(chr(10))[0].strip(' -')}" if first.endswith(":") and rest else first


def _more(number: int) -> str:
    return f"{number} more scenario{'s' * (number != 1)}"


def _names(records: list[dict[str, Any]]) -> str:
    """Of which files, with how many each."""
    files: dict[str, int] = {}
    for record in records:
        files[record["file"]] = files.get(record["file"], 0) + 1
    shown = [f"{file} ({number})" for file, number in list(files.items())[:3]]
    return ", ".join(shown) + (f" and {len(files) - 3} more files" if len(files) > 3 else "")
