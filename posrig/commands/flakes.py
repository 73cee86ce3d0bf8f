"""``posrig flakes``: how often what failed, over many runs: by scenario, terminal, key, instrument and step."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from posrig.commands import printing
from posrig.commands._console import open_console
from posrig.commands.common import add_json_option, interval_words
from posrig.description.lab import lab_root
from posrig.ground.faults import ConfigurationError, ExitCode
from posrig.reporting.flakes import KINDS, Rate, next_acts, rates
from posrig.reporting.history import History, Reading, history_path

SUMMARY = "how often what failed over many runs, by scenario, terminal, key, instrument and step"
EPILOG = """\
Every run of scenarios adds to the history, each attempt on its own; runs with seeded defects do not. Rates come with
their 95 % interval (Wilson): 1 of 3 is no more than a hint. docs/flakes.md says how to read them.
example:   posrig flakes --last 50
           posrig flakes --by key --json"""
SHOWN = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--last", metavar="N", type=_runs, default=None, help="only the newest N runs (default: all)")
    parser.add_argument("--by", choices=KINDS, default=None, help="only this kind of rate")
    parser.add_argument("--all", action="store_true", help=f"more than {SHOWN} rows of each kind")
    parser.add_argument("--rebuild", action="store_true", help="take in the run folders that the history lacks")
    parser.add_argument("--file", type=Path, default=None, metavar="FILE", help="another history file")
    add_json_option(parser)


def _runs(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("1 or more")
    return number


def run(arguments: argparse.Namespace) -> int:
    path = arguments.file or history_path()
    notes = (
        _rebuilt(path, path.parent / "runs" if arguments.file else lab_root() / "reports" / "runs")
        if arguments.rebuild
        else []
    )
    with Reading(path, arguments.last) as history:
        if not history.runs:
            raise ConfigurationError(
                "the history holds no run",
                where=str(path),
                allowed="at least one run of scenarios without seeded defects",
                todo="run scenarios: pytest features",
            )
        attempts = list(history.attempts())
        found = rates(attempts, history.steps(), history.presses())
        runs = len(history.runs)
    acts = next_acts(found, attempts)
    wanted = [rate for rate in found if arguments.by in (None, rate.kind)]
    if arguments.json:
        rows = [_row(rate) for rate in wanted]
        report = {"ok": True, "history": str(path), "runs": runs, "attempts": len(attempts)}
        printing.print_json(report | {"rates": rows, "next": acts, "notes": notes})
    else:
        title = f"{runs} run{'s' if runs > 1 else ''}, {len(attempts)} attempts: {path}"
        _show(open_console(), wanted, arguments.all, title)
        for line in (*notes, *(f"next: {act}" for act in acts)):
            printing.say(line)
    return int(ExitCode.HELD)


def _rebuilt(path: Path, runs: Path) -> list[str]:
    with History(path, runs) as history:
        read = history.rebuild(runs)
        return [history.mended] if history.mended else [f"{read} run folders looked at in {runs}"]


def _row(rate: Rate) -> dict[str, Any]:
    return {
        "kind": rate.kind,
        "name": rate.name,
        "n": rate.n,
        "hits": rate.hits,
        "rate": rate.rate,
        "interval": list(rate.interval),
        "what": dict(rate.what),
        "mixed": rate.mixed,
    }


def _show(console: Console, found: list[Rate], everything: bool, title: str) -> None:
    console.print(title, highlight=False, soft_wrap=True)
    for kind in KINDS:
        rows = [rate for rate in found if rate.kind == kind and rate.hits]
        if not rows:
            continue
        table = Table(kind, "n", "did not hold", "rate (95 %)", "which", title_justify="left")
        shown = rows if everything else rows[:SHOWN]
        for rate in shown:
            which = ", ".join(f"{number} {what}" for what, number in rate.what.items())
            table.add_row(rate.name, f"{rate.n:,}", f"{rate.hits:,}", interval_words(rate.rate, rate.interval), which)
        console.print(table)
        if len(rows) > len(shown):
            console.print(f"... and {len(rows) - len(shown)} more: --all", highlight=False)
    if not any(rate.hits for rate in found):
        console.print("everything held", highlight=False)
