"""``posrig fuzz``: search the rig's terminal for defects by its keys, and write what is found as scenarios."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table

from commands.common import ROOT, add_json_option, add_rig_option, print_json
from fuzzing.findings import Finding
from fuzzing.search import Progress
from fuzzing.terminal_r.campaign import Campaign, Limits, Plan, distinct, simpler
from fuzzing.terminal_r.campaign import run as search
from fuzzing.terminal_r.device import Spent
from fuzzing.terminal_r.gherkin import Language, Origin, write
from fuzzing.terminal_r.lock_model import LockModel, Scope
from fuzzing.terminal_r.oracles import NAMES
from fuzzing.terminal_r.scopes import chosen, scopes
from rigs.description import read_rig
from rigs.faults import ConfigurationError, ExitCode
from rigs.rig import Rig, RigOptions
from rigs.session import rig_session
from rigs.terminal.flows.preparing import prepare
from rigs.terminal.flows.starting import signed_off
from rigs.terminal.profile import read_profile

FINDINGS, SCENARIOS = ROOT / "reports" / "findings", ROOT / "features" / "regressions"
SUMMARY = "search the terminal for defects by its keys, and write what is found as scenarios"
EPILOG = f"""\
examples:  posrig fuzz --minutes 10
           posrig fuzz --presses 3000 --defect lock_lost_on_power_cut --language zh
           posrig fuzz --presses 5000 --scope lock --scope lock-out --oracle model --oracle beeps
oracles:   {", ".join(NAMES)} (all unless some are named)
Findings are kept at the moment they are made: after a kill the next run reports and replays them first.
Exit codes: 0 nothing found, 1 the terminal fails, 2 interrupted, 3 rig fault, 4 wrong option or file."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--minutes", type=float, metavar="N", help="wall-clock budget")
    parser.add_argument("--presses", type=int, metavar="N", help="budget of real key presses")
    parser.add_argument("--scope", action="append", default=[], metavar="NAME", help="only this part (repeatable)")
    parser.add_argument("--oracle", action="append", default=[], metavar="NAME", help="only this one (repeatable)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another order of the search (default 0)")
    parser.add_argument("--defect", action="append", default=[], metavar="ID", help="a seeded defect (simulated rig)")
    parser.add_argument("--language", choices=("en", "zh"), default="en", help="of the scenarios that are written")
    parser.add_argument("--first", action="store_true", help="stop at the first finding")
    parser.add_argument(
        "--findings", type=Path, default=ROOT / "reports" / "findings", metavar="DIR", help="the archive"
    )
    parser.add_argument(
        "--scenarios", type=Path, default=SCENARIOS, metavar="DIR",
        help="where scenarios are written (with --defect: none unless named)",
    )  # fmt: skip
    parser.add_argument("--list-scopes", action="store_true", help="what can be searched, and stop")
    add_rig_option(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    description = read_rig(arguments.rig)
    profile = read_profile(description.terminal.profile)
    console = Console(stderr=arguments.json)
    if arguments.list_scopes:
        for scope in scopes(profile):
            console.print(f"{scope.name:12} {len(scope.acts):4} acts  {scope.about}", highlight=False)
        return ExitCode.HELD
    limits = Limits(arguments.presses, arguments.minutes)
    wanted = chosen(profile, arguments.scope)
    if arguments.defect and description.simulated is None:
        raise ConfigurationError("only a simulated rig has seeded defects", where="--defect")
    with rig_session(description, profile=profile, options=RigOptions(defects=tuple(arguments.defect))) as held:
        held.begin("posrig fuzz")
        rig = held.rig
        firmware = "+".join((_firmware(rig), *sorted(arguments.defect)))
        plan = Plan(
            wanted, limits, tuple(arguments.oracle), arguments.seed, findings=arguments.findings, firmware=firmware,
            stop_at_first=arguments.first,
        )  # fmt: skip
        with Live(console=console, refresh_per_second=4, transient=True) as live:
            campaign = search(rig, plan, lambda scope, at, spent: live.update(_live(scope, at, spent), refresh=False))
        found = [(scope, simpler(rig, scope, finding)) for scope, finding in distinct(campaign.findings)]
        origin = Origin(firmware, profile.data.model, datetime.now(UTC).date().isoformat())
        folder = (
            None
            if arguments.defect and arguments.scenarios == ROOT / "features" / "regressions"
            else arguments.scenarios
        )
        written = [_write(rig, folder, scope, finding, origin, arguments.language) for scope, finding in found]
    report = _report(campaign, found, written, arguments.seed)
    if arguments.json:
        print_json(report)
    _show(console, campaign, found, written, arguments.seed)
    if found:
        return ExitCode.PRODUCT_FAILURE
    return ExitCode.INTERRUPTED if campaign.interrupted else ExitCode.HELD


def _firmware(rig: Rig) -> str:
    """The version that the terminal shows at its start."""
    prepare(rig.terminal)
    rig.begin_scenario()
    signed_off(rig.terminal)
    shown = (frame.fields["version"] for frame in rig.terminal.screen.history() if frame.screen == "boot")
    return next(shown, "unknown")


def _live(scope: Scope, at: Progress, spent: Spent) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_row("scope", f"{scope.name} ({at.phase})")
    table.add_row("coverage", f"{at.covered} of {at.total} acts in states")
    table.add_row("presses", f"{spent.presses}, {spent.power_cycles} power cycles, {spent.resets} resets")
    table.add_row("screens seen", str(len(spent.screens)))
    table.add_row("findings", str(at.findings))
    return table


def _write(
    rig: Rig, folder: Path | None, scope: Scope, finding: Finding, origin: Origin, language: Language
) -> Path | str:
    """The file, or why there is none."""
    if folder is None:
        return "no scenario for a seeded defect (name --scenarios)"
    if finding.verdict == "not again":
        return "did not show again"
    try:
        return write(folder, LockModel(rig.profile, scope), finding, origin, language)
    except ConfigurationError as error:
        return error.found


def _report(
    campaign: Campaign, found: Sequence[tuple[Scope, Finding]], written: Sequence[Path | str], seed: int
) -> dict[str, Any]:
    spent = campaign.spent
    return {
        "ok": not found,
        "seed": seed,
        "presses": spent.presses,
        "resets": spent.resets,
        "power_cycles": spent.power_cycles,
        "walked_back": spent.walked_back,
        "screens": sorted(spent.screens),
        "misread": sum(report.result.misread for report in campaign.reports),
        "gone": sum(len(report.result.gone) for report in campaign.reports),
        "scopes": [
            {"name": r.scope.name, "covered": r.covered, "possible": r.possible, "presses": r.presses,
             "seconds": round(r.seconds, 1), "ended": r.result.ended_because}
            for r in campaign.reports
        ],
        "not_begun": campaign.not_begun,
        "findings": [
            {"id": f.id, "scope": scope.name, "acts": list(f.keys), "expected": f.expected, "seen": f.seen,
             "oracle": f.oracle, "verdict": f.verdict, "presses": f.presses, "scenario": str(path)}
            for (scope, f), path in zip(found, written, strict=True)
        ],
    }  # fmt: skip


def _show(
    console: Console,
    campaign: Campaign,
    found: Sequence[tuple[Scope, Finding]],
    written: Sequence[Path | str],
    seed: int,
) -> None:
    for (scope, finding), path in zip(found, written, strict=True):
        console.print(f"[red]{finding.verdict}[/] ({finding.fired} of {finding.tried})  {' | '.join(finding.keys)}",
                      highlight=False)  # fmt: skip
        console.print(f"    expected: {finding.expected}\n    seen:     {finding.seen}\n    oracle:   {finding.oracle}",
                      highlight=False, markup=False)  # fmt: skip
        console.print(f"    scenario: {path}", highlight=False, markup=False)
        console.print(f"    again:    posrig fuzz --scope '{scope.name}' --seed {seed}", highlight=False, markup=False)
    table = Table("scope", "covered", "presses", "s", "ended")
    for report in campaign.reports:
        table.add_row(
            report.scope.name, f"{report.covered} of {report.possible}", str(report.presses), f"{report.seconds:.1f}",
            report.result.ended_because,
        )  # fmt: skip
    console.print(table)
    if campaign.not_begun:
        console.print(f"[yellow]not begun:[/] {', '.join(campaign.not_begun)}", highlight=False)
    spent = campaign.spent
    console.print(
        f"{len(found)} findings, {spent.presses} presses, {spent.resets} resets, {spent.power_cycles} power cycles, "
        f"{len(spent.screens)} screens, seed {seed}",
        highlight=False,
    )
