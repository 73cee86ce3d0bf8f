"""What ``posrig fuzz`` shows: live progress, the findings with the line that replays each, what was not covered."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from posrig.fuzzing.running.campaign import Campaign
from posrig.fuzzing.running.plan import Scope, Spent
from posrig.fuzzing.search.findings import Finding
from posrig.fuzzing.search.search import Progress

MOST_UNCOVERED = 4


@dataclass(frozen=True)
class Told:
    """One finding as it is reported."""

    scope: Scope
    finding: Finding
    scenario: str
    """The file, or why there is none."""
    picture: Path | None
    again: str
    """The command that replays it."""
    known: bool
    """An earlier run had found it."""


def live(scope: Scope, at: Progress, spent: Spent) -> Table:
    """The progress of a run."""
    table = Table.grid(padding=(0, 2))
    table.add_row("searching", f"{scope.name} ({at.phase})")
    table.add_row("coverage", f"{at.covered} of {at.total} {'acts in states' if scope.acts else 'pairs'}")
    table.add_row(
        "presses",
        f"{spent.presses}, {spent.power_cycles} power cycles, {spent.resets} resets, "
        f"{spent.wrong_passwords} wrong passwords",
    )
    table.add_row("screens seen", str(len(spent.screens)))
    table.add_row("findings", str(at.findings))
    return table


def again_line(finding: Finding, options: Sequence[str]) -> str:
    """The command that replays exactly this finding, with the options that name rig, defects and archive."""
    return " ".join(["posrig", "fuzz", "--replay", finding.id, *map(shlex.quote, options)])


def report(campaign: Campaign, told: Sequence[Told], seed: int) -> dict[str, Any]:
    """For ``--json``."""
    spent = campaign.spent
    return {
        "ok": not told and campaign.fault is None,
        "seed": seed,
        "presses": spent.presses,
        "resets": spent.resets,
        "power_cycles": spent.power_cycles,
        "wrong_passwords": spent.wrong_passwords,
        "walked_back": spent.walked_back,
        "screens": sorted(spent.screens),
        "misread": sum(report.result.misread for report in campaign.reports),
        "gone": [finding.id for report in campaign.reports for finding in report.result.gone],
        "fault": str(campaign.fault) if campaign.fault is not None else None,
        "scopes": [
            {"name": r.scope.name, "covered": r.covered, "possible": r.possible, "presses": r.presses,
             "seconds": round(r.seconds, 1), "ended": r.result.ended_because, "uncovered": dict(r.uncovered)}
            for r in campaign.reports
        ],
        "not_begun": campaign.not_begun,
        "findings": [
            {"id": t.finding.id, "scope": t.scope.name, "acts": list(t.finding.keys), "expected": t.finding.expected,
             "seen": t.finding.seen, "oracle": t.finding.oracle, "verdict": t.finding.verdict,
             "fired": t.finding.fired, "tried": t.finding.tried, "presses": t.finding.presses, "known": t.known,
             "scenario": t.scenario, "picture": str(t.picture) if t.picture else None, "again": t.again}
            for t in told
        ],
    }  # fmt: skip


def show(console: Console, campaign: Campaign, told: Sequence[Told], seed: int) -> None:
    """The end of a run, for people."""
    for one in told:
        finding = one.finding
        console.print(
            f"[red]{finding.verdict}[/] ({finding.fired} of {finding.tried}){', known before' if one.known else ''}  "
            f"{' | '.join(finding.keys)}",
            highlight=False,
        )
        rows = [("expected", finding.expected), ("seen", finding.seen), ("oracle", finding.oracle),
                ("scenario", one.scenario), ("picture", one.picture or "none"), ("again", one.again)]  # fmt: skip
        for name, text in rows:
            console.print(f"    {name + ':':10}{text}", highlight=False, markup=False, soft_wrap=True)
    for finding in [finding for report in campaign.reports for finding in report.result.gone]:
        console.print(f"[yellow]gone:[/] {finding.id} does not show any more: {' | '.join(finding.keys)}",
                      highlight=False)  # fmt: skip
    _show_scopes(console, campaign)
    spent = campaign.spent
    console.print(
        f"{len(told)} findings, {spent.presses} presses, {spent.resets} resets, {spent.power_cycles} power cycles, "
        f"{spent.wrong_passwords} wrong passwords, {len(spent.screens)} screens, seed {seed}",
        highlight=False,
    )


def _show_scopes(console: Console, campaign: Campaign) -> None:
    table = Table("scope", "covered", "presses", "s", "not covered (states)", "ended")
    for report in campaign.reports:
        left = [f"{name} ({count})" for name, count in report.uncovered.most_common(MOST_UNCOVERED)]
        more = len(report.uncovered) - len(left)
        table.add_row(
            report.scope.name, f"{report.covered} of {report.possible}", str(report.presses), f"{report.seconds:.1f}",
            ", ".join(left) + (f", {more} more" if more > 0 else ""), report.result.ended_because,
        )  # fmt: skip
    console.print(table)
    if campaign.not_begun:
        console.print(f"[yellow]not begun:[/] {', '.join(campaign.not_begun)}", highlight=False)
