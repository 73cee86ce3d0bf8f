"""``posrig qualify``: run the scenarios against the sound terminal, then against each seeded defect."""

from __future__ import annotations

import argparse
import difflib
import json
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from fuzzing.qualification import Finding, Qualification, Qualifier, SeededDefect, seeded_defects
from fuzzing.terminal_r.qualifying import Hunt, hunt
from rigs.description import DEFAULT_RIG
from rigs.faults import ConfigurationError, ExitCode

SUMMARY = "how many seeded defects do the scenarios find, and do they cry wolf on the sound terminal"
EPILOG = "examples:\n  posrig qualify\n  posrig qualify --defect tfa_replay --defect lock_prefix_ok --json result.json"
OUTCOMES = {"found": "green", "elsewhere": "yellow", "broken": "red", "missed": "red"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--defect", metavar="ID", action="append", default=[], help="only this one (repeatable)")
    parser.add_argument("--defects-from", metavar="FILE.py", action="append", default=[], type=Path)
    parser.add_argument("--scenarios-only", action="store_true", help="do not ask the fuzzer")
    parser.add_argument(
        "--fuzz-presses", metavar="N", type=int, default=3000,
        help="the fuzzer's budget for a defect that no scenario finds (default 3000)",
    )  # fmt: skip
    parser.add_argument("--features", metavar="PATH", action="append", default=[], help="default: features")
    parser.add_argument("--rig", metavar="FILE", help="a rig file with a 'simulated:' section")
    parser.add_argument("--workers", metavar="N", type=int, default=2, help="defects at a time (default 2)")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the result as JSON ('-' is standard output)")


def run(arguments: argparse.Namespace) -> int:
    if arguments.workers < 1:
        raise ConfigurationError(f"--workers {arguments.workers}", allowed="1 or more")
    known = seeded_defects(arguments.defects_from)
    chosen = _chosen(known, arguments.defect)
    to_stdout = str(arguments.json) == "-"
    console = Console(stderr=to_stdout)
    qualifier = Qualifier(
        root=Path.cwd(),
        features=tuple(arguments.features) or ("features",),
        rig=arguments.rig,
        defects_from=tuple(file.resolve() for file in arguments.defects_from),
        workers=arguments.workers,
    )
    console.print(f"the sound terminal, then {len(chosen)} defects, {arguments.workers} at a time ...")
    done: list[Finding] = []

    def progress(finding: Finding) -> None:
        done.append(finding)
        colour = OUTCOMES[finding.outcome]
        console.print(
            f"{len(done):3}/{len(chosen)}  [{colour}]{finding.outcome:9}[/] {finding.defect.id} {finding.wall_s:.1f} s",
            highlight=False,
        )

    result = qualifier.qualify(chosen, progress)
    _show(console, result)
    hunts = [] if arguments.scenarios_only else _ask_fuzzer(console, result, arguments)
    if arguments.json:
        plain = _plain(result) | {"fuzzer": [asdict(one) for one in hunts]}
        text = json.dumps(plain, ensure_ascii=False, indent=1)
        print(text) if to_stdout else arguments.json.write_text(text + "\n", "utf-8")
    complete = result.found + sum(h.found for h in hunts) == len(result.findings) and not result.false_alarms
    return ExitCode.HELD if complete else ExitCode.PRODUCT_FAILURE


def _chosen(known: tuple[SeededDefect, ...], ids: list[str]) -> tuple[SeededDefect, ...]:
    by_id = {defect.id: defect for defect in known}
    for one in ids:
        if one not in by_id:
            near = difflib.get_close_matches(one, by_id, 3, 0.4)
            raise ConfigurationError(
                f"there is no seeded defect {one!r}",
                allowed="posrig defects lists all",
                todo=f"did you mean {' or '.join(near)}?" if near else "",
            )
    return tuple(by_id[one] for one in ids) if ids else known


def _show(console: Console, result: Qualification) -> None:
    table = Table(title="seeded defects", title_justify="left")
    for name in ("defect", "outcome", "found by", "first failing step", "presses", "s"):
        table.add_column(name, overflow="fold")
    for finding in result.findings:
        table.add_row(
            finding.defect.id,
            f"[{OUTCOMES[finding.outcome]}]{finding.outcome}[/]",
            finding.scenario.removeprefix("features/"),
            finding.step or finding.remark,
            str(finding.presses or ""),
            f"{finding.wall_s:.1f}",
        )
    console.print(table)
    for alarm in result.false_alarms:
        console.print(f"[red]false alarm[/] on the sound terminal: {alarm.id} ({alarm.verdict})", highlight=False)
    apart = [f.defect.id for f in result.findings if f.outcome == "elsewhere"]
    if apart:
        console.print(f"seen only by a scenario about another rule (not counted): {', '.join(apart)}", highlight=False)
    console.print(
        f"{result.found} of {len(result.findings)} found by {result.scenarios} scenarios, "
        f"{len(result.false_alarms)} false alarms, {result.wall_s:.0f} s",
        highlight=False,
    )


def _ask_fuzzer(console: Console, result: Qualification, arguments: argparse.Namespace) -> list[Hunt]:
    """What no scenario about its rule found: does the fuzzer?"""
    hunts: list[Hunt] = []
    for finding in result.findings:
        if finding.outcome == "found":
            continue
        one = hunt(
            finding.defect.id, arguments.fuzz_presses, rig_file=Path(arguments.rig or DEFAULT_RIG),
            defects_from=[file.resolve() for file in arguments.defects_from],
        )  # fmt: skip
        hunts.append(one)
        said = f"[green]found[/] in {one.presses} presses: {' | '.join(one.acts)}" if one.found else "[red]missed[/]"
        console.print(f"fuzzer: {one.defect} {said} {one.remark}", highlight=False)
    return hunts


def _plain(result: Qualification) -> dict[str, object]:
    return {
        "found": result.found,
        "defects": len(result.findings),
        "scenarios": result.scenarios,
        "false_alarms": [alarm.id for alarm in result.false_alarms],
        "wall_seconds": round(result.wall_s, 1),
        "findings": [asdict(finding) for finding in result.findings],
    }
