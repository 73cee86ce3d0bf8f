"""``posrig audit``: a security audit report from a run, for somebody who reads the report and has no shell."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from posrig.commands import printing
from posrig.description.lab import lab_root
from posrig.ground.faults import ConfigurationError, ExitCode
from posrig.reporting.audit import Suite, audit
from posrig.reporting.audit_page import render
from posrig.reporting.audit_run import AuditedRun, finished_before, previous, read_run, read_summary
from posrig.reporting.audit_words import LANGUAGES
from posrig.reporting.run_folder import write_whole
from posrig.reporting.traceability import trace
from posrig.safety import incidents

SUMMARY = "a security audit report from a run: requirements, open findings, log review, change since the last audit"
EPILOG = """\
exit code: 0 nothing is open; 1 something is: a product failure, a requirement that failed, was not tried or undecided,
           a scenario without a verdict, a quarantine that ran out, a rig not proved safe, a secret in the evidence;
           4 there is no run, or its records cannot be read
example:   posrig audit --language zh
           posrig audit --run reports/runs/20261122T221211.151-25726 --since 2026-10-01 --json audit.json"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--run",
        type=Path,
        default=lab_root() / "reports" / "latest",
        metavar="DIR",
        help="a run's folder (default: the last run)",
    )
    parser.add_argument(
        "--since",
        metavar="DIR|DATE",
        default="",
        help="the last audit's run, or its day: the newest finished run of that day or before, at least as large "
        "(default: the newest before this one that is at least as large)",
    )
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of the page (default: en)")
    parser.add_argument(
        "--out", type=Path, metavar="FILE.html", help="the page (default: audit.html in the run's folder)"
    )
    parser.add_argument(
        "--json",
        nargs="?",
        const="-",
        default=None,
        metavar="FILE",
        help="the audit as one JSON object; alone: printed",
    )
    parser.add_argument("--features", type=Path, default=lab_root() / "features", metavar="FOLDER", help="the suite")


def run(arguments: argparse.Namespace) -> int:
    run = read_run(arguments.run)
    suite = trace(arguments.features)
    today = datetime.now(UTC).date()
    before = _before(run, arguments.since)
    found = {
        **audit(run, Suite(suite.requirements, suite.scenarios), incidents.known(), before, today),
        "made": today.isoformat(),
    }
    page = arguments.out or run.folder / ("audit.html" if arguments.language == "en" else "audit-zh.html")
    _write(page, render(found, arguments.language, page, today))
    if arguments.json == "-":
        printing.print_json(found)
    else:
        if arguments.json:
            _write(Path(arguments.json), json.dumps(found, ensure_ascii=False, indent=1) + "\n")
        _show(found, page)
    return int(ExitCode.PRODUCT_FAILURE if found["open"] else ExitCode.HELD)


def _before(run: AuditedRun, since: str) -> tuple[Path, Mapping[str, Any]] | None:
    """The run of the last audit. Raises ConfigurationError when ``since`` names none."""
    if not since:
        return previous(run)
    if Path(since).is_dir():
        folder = Path(since).resolve()
        if folder == run.folder:
            raise ConfigurationError(
                "a run cannot be compared with itself", where=f"--since {since}", allowed="an earlier run"
            )
        return folder, read_summary(folder)
    try:
        day = date.fromisoformat(since)
    except ValueError:
        raise ConfigurationError(
            f"{since!r} is neither the folder of a run nor a date",
            where="--since DIR|DATE",
            allowed="a folder of reports/runs, or YYYY-MM-DD",
        ) from None
    found = previous(run, day)
    if found is None:
        first = [summary["started"][:10] for _, summary in finished_before(run)][-1:]
        raise ConfigurationError(
            f"no finished run of {day} or before has at least {run.summary['total']} scenario rows",
            where="--since DATE",
            allowed=f"the first run that is kept began on {first[0]}" if first else "there is no earlier run",
            todo="name the folder of a run, however small: --since DIR",
        )
    return found


def _write(path: Path, text: str) -> None:
    try:
        write_whole(path, text)
    except OSError as error:
        raise ConfigurationError(
            f"the report cannot be written: {error.strerror or error}",
            where=str(path),
            allowed="a file in a folder you may write to",
            todo="name another with --out or --json",
        ) from None


def _show(found: Mapping[str, Any], page: Path) -> None:
    run = found["run"]
    printing.say(f"run {run['name']}: {run['rows']} scenario rows, exit code {run['exit_code']}")
    if run["rows_not_run"]:
        printing.say(f"a part of the suite: {run['rows_not_run']} of {run['suite_rows']} scenario rows were not run")
    printing.say(
        "requirements: " + ", ".join(f"{number} {state}" for state, number in found["states"].items() if number)
    )
    change = found["change"]
    printing.say(f"compared with: {change['since'] if change else 'no earlier run of at least this size'}")
    for reason, number in found["reasons"].items():
        printing.say(f"open: {number} {reason}")
    printing.say(f"report: {page}")
    printing.say(f"next: {_next(found['reasons'])}")


def _next(reasons: Mapping[str, int]) -> str:
    if "secrets in the evidence" in reasons:
        return "do not pass the run on: the report says which files; change the password, run again"
    if "product failures" in reasons:
        return "read the product failures in the report; each needs a mended firmware, or an owner and a date"
    if "rig not proved safe" in reasons:
        return "look at the rig before you touch the terminal, then posrig check"
    if {"requirements not tried", "run not finished"} & set(reasons):
        return "run the whole suite (pytest features), then audit that run"
    if reasons:
        return "posrig check, then run again what has no verdict"
    return "print the report and keep it with the run's folder"
