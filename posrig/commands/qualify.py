"""``posrig qualify``: which seeded defects do the scenarios find, which the fuzzer, and what is found where none is."""

from __future__ import annotations

import argparse
import difflib
import json
import os
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from posrig.commands._console import open_console
from posrig.commands.common import save
from posrig.commands.defects import simulated_terminal
from posrig.description.lab import find_lab, lab_in_use, rig_of
from posrig.description.profile import read_profile
from posrig.description.rig_file import read_rig
from posrig.fuzzing.models.registry import model_of
from posrig.fuzzing.qualifying.hunts import SOUND, Hunt, HuntOptions, hunts
from posrig.fuzzing.qualifying.qualification import Finding, Qualification, Qualifier, SeededDefect, seeded_defects
from posrig.fuzzing.qualifying.table import Row, by_fuzzer, by_scenarios, markdown, rows, totals
from posrig.ground.faults import ConfigurationError, ExitCode
from posrig.ground.json_text import steerless
from posrig.safety.actions import signals_held

SUMMARY = "how many seeded defects do the scenarios and the fuzzer find, and do they cry wolf on the sound terminal"
EPILOG = """\
examples:  posrig qualify
           posrig qualify --fuzzer-only --markdown result.md
           posrig qualify --rig rigs/counter.yaml --features labs/counter/features --scenarios-only
           posrig qualify --rig rigs/counter.yaml --suite --scenarios-only
           posrig qualify --scenarios-only --defect tfa_replay --defect lock_prefix_ok --json result.json
Ctrl-C and SIGTERM end it in order: what was judged until then is shown and written.
Exit codes: 0 every defect found and no false alarm, 1 something missed or a false alarm, 2 interrupted, 4 wrong
option."""
FILE_WIDTH = 220
SUITE = "--posrig-suite"
OUTCOMES = {"found": "green", "elsewhere": "yellow", "broken": "red", "missed": "red"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--defect", metavar="ID", action="append", default=[], help="only this one (repeatable)")
    parser.add_argument("--defects-from", metavar="FILE.py", action="append", default=[], type=Path)
    halves = parser.add_mutually_exclusive_group()
    halves.add_argument("--scenarios-only", action="store_true", help="do not ask the fuzzer")
    halves.add_argument("--fuzzer-only", action="store_true", help="do not run the scenarios")
    parser.add_argument(
        "--fuzz-presses", metavar="N", type=int, default=20_000,
        help="the fuzzer's most presses for one defect, and on the sound terminal (default 20000)",
    )  # fmt: skip
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="another order of the fuzzer (default 0)")
    parser.add_argument("--features", metavar="PATH", action="append", default=[], help="default: features")
    parser.add_argument(
        "--suite", action="store_true", help="with posrig's suite for any terminal instead of features (docs/suite.md)"
    )
    parser.add_argument("--rig", metavar="FILE", help="a rig file with a 'simulated:' section")
    parser.add_argument("--workers", metavar="N", type=int, default=2, help="defects at a time (default 2)")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the result as JSON ('-' is standard output)")
    parser.add_argument("--markdown", metavar="FILE", type=Path, help="write the table for a page of documentation")


def run(arguments: argparse.Namespace) -> int:
    if arguments.workers < 1:
        raise ConfigurationError(f"--workers {arguments.workers}", allowed="1 or more")
    if arguments.suite and arguments.features:
        raise ConfigurationError(
            "--suite and --features cannot be qualified together: their rules are not the same", where="--suite",
            allowed="one of both; the other in a second run",
        )  # fmt: skip
    began = time.monotonic()
    root = _lab_of(arguments.features)
    rig = Path(arguments.rig).resolve() if arguments.rig else rig_of(find_lab(root) or lab_in_use())
    known = seeded_defects(arguments.defects_from, simulated_terminal(rig))
    chosen = _chosen(known, arguments.defect)
    if not arguments.scenarios_only:
        model_of(read_profile(read_rig(rig).terminal.profile))
    console = open_console(stderr=str(arguments.json) == "-")
    if not console.is_terminal:
        console.width = FILE_WIDTH  # in a file or a pipe nobody has asked for 80 columns
    result = None if arguments.fuzzer_only else _scenarios(console, arguments, chosen, root)
    interrupted = result is not None and result.interrupted
    found: Sequence[Hunt] = ()
    if not arguments.scenarios_only and not interrupted:
        found, interrupted = _fuzzer(console, arguments, chosen, rig)
    outcome = _Outcome(chosen, result, found, interrupted, time.monotonic() - began)
    with signals_held() if interrupted else nullcontext():  # an impatient second Ctrl-C would lose what was found
        _tell(console, arguments, outcome)
    return outcome.exit_code


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What both halves found."""

    chosen: Sequence[SeededDefect]
    scenarios: Qualification | None
    hunts: Sequence[Hunt]
    interrupted: bool
    seconds: float

    @property
    def table(self) -> tuple[Row, ...]:
        """One row for each defect; of an interrupted run those that were judged."""
        table = rows(self.chosen, self.scenarios, {hunt.defect: hunt for hunt in self.hunts})
        return tuple(row for row in table if row.judged) if self.interrupted else table

    @property
    def exit_code(self) -> int:
        if self.interrupted:
            return ExitCode.INTERRUPTED
        held = all(row.found for row in self.table) and not _alarms(self.scenarios, self.hunts)
        return ExitCode.HELD if held else ExitCode.PRODUCT_FAILURE


def _tell(console: Console, arguments: argparse.Namespace, outcome: _Outcome) -> None:
    """On the screen, and in the files that were asked for."""
    table, alarms = outcome.table, _alarms(outcome.scenarios, outcome.hunts)
    presses = arguments.fuzz_presses
    _show(console, table, alarms, totals(table, presses), outcome.seconds)
    if outcome.interrupted:
        of = f"{len(table)} of {len(outcome.chosen)} defects were judged"
        console.print(f"[yellow]interrupted:[/] {of}", highlight=False)
    if arguments.json:
        plain = {**_plain(table, outcome.scenarios, outcome.hunts, alarms), "interrupted": outcome.interrupted}
        text = json.dumps(plain, ensure_ascii=False, indent=1)
        print(steerless(text)) if str(arguments.json) == "-" else save(arguments.json, text + "\n")
    if arguments.markdown:
        save(arguments.markdown, markdown(table, presses, alarms))


def _chosen(known: tuple[SeededDefect, ...], ids: list[str]) -> tuple[SeededDefect, ...]:
    by_id = {defect.id: defect for defect in known}
    for one in ids:
        if one not in by_id:
            near = difflib.get_close_matches(one, by_id, 3, 0.4)
            raise ConfigurationError(
                f"there is no seeded defect {one!r}",
                allowed="posrig defects --rig FILE lists all of a rig's terminal",
                todo=f"did you mean {' or '.join(near)}?" if near else "",
            )
    return tuple(by_id[one] for one in dict.fromkeys(ids)) if ids else known


def _lab_of(features: Sequence[str]) -> Path:
    """Where the scenarios are run: in the lab that they lie in, whose ids they have; here where that is this one."""
    labs = {lab.root for one in features if (lab := find_lab(Path(one.partition("::")[0]))) is not None}
    here = find_lab(Path.cwd())
    if len(labs) > 1:
        raise ConfigurationError(
            f"features of {len(labs)} labs: {', '.join(sorted(map(str, labs)))}", where="--features",
            allowed="those of one lab at a time",
        )  # fmt: skip
    return next((root for root in labs if here is None or root != here.root), Path.cwd())


def _scenarios(
    console: Console, arguments: argparse.Namespace, chosen: Sequence[SeededDefect], root: Path
) -> Qualification:
    here = root == Path.cwd()
    qualifier = Qualifier(
        root=root,
        any_rule=arguments.suite,
        features=(SUITE,)
        if arguments.suite
        else tuple(one if here else os.path.abspath(one) for one in arguments.features) or ("features",),
        rig=None if arguments.rig is None else os.path.abspath(arguments.rig),
        defects_from=tuple(file.resolve() for file in arguments.defects_from),
        workers=arguments.workers,
    )
    console.print(f"scenarios: the sound terminal, then {len(chosen)} defects, {arguments.workers} at a time ...")
    done: list[Finding] = []

    def progress(finding: Finding) -> None:
        done.append(finding)
        console.print(
            f"{len(done):3}/{len(chosen)}  [{OUTCOMES[finding.outcome]}]{finding.outcome:9}[/] {finding.defect.id} "
            f"{finding.wall_s:.1f} s",
            highlight=False,
        )

    return qualifier.qualify(chosen, progress)


def _fuzzer(
    console: Console, arguments: argparse.Namespace, chosen: Sequence[SeededDefect], rig: Path
) -> tuple[Sequence[Hunt], bool]:
    """The sound terminal and each defect, whatever the scenarios say; and whether it was interrupted."""
    options = HuntOptions(
        arguments.fuzz_presses, arguments.seed, rig_file=rig,
        defects_from=tuple(file.resolve() for file in arguments.defects_from),
    )  # fmt: skip
    console.print(
        f"fuzzer: the sound terminal and {len(chosen)} defects, at most {options.presses} presses each, "
        f"{arguments.workers} at a time ..."
    )
    done: list[Hunt] = []

    def progress(hunt: Hunt) -> None:
        done.append(hunt)
        said = f"[green]found[/] in {hunt.presses}" if hunt.found else "[red]missed[/]"
        if hunt.defect == SOUND:
            said = "[red]false alarm[/]" if hunt.found else "[green]nothing[/]"
        name = hunt.defect or "the sound terminal"
        console.print(f"{len(done):3}/{len(chosen) + 1}  {said} {name} {hunt.seconds:.1f} s", highlight=False)

    try:
        return hunts([SOUND, *(defect.id for defect in chosen)], options, arguments.workers, progress), False
    except KeyboardInterrupt:
        return done, True


def _alarms(result: Qualification | None, found: Sequence[Hunt]) -> list[str]:
    alarms = [f"{alarm.id} ({alarm.verdict})" for alarm in result.false_alarms] if result else []
    return alarms + [
        f"fuzzer: {hunt.remark or by_fuzzer(hunt)}"
        for hunt in found
        if hunt.defect == SOUND and (hunt.found or hunt.remark)
    ]


def _show(console: Console, table: Sequence[Row], alarms: Sequence[str], line: str, seconds: float) -> None:
    shown = Table(title="seeded defects", title_justify="left")
    halves = [half for half in (SCENARIO_HALF, FUZZER_HALF) if any(half.asked(row) for row in table)]
    shown.add_column("defect", no_wrap=True)
    for name in (name for half in halves for name in half.columns):
        numbers = name in ("presses", "s")
        shown.add_column(name, overflow="fold", no_wrap=numbers, justify="right" if numbers else "left")
    for row in table:
        colour = "green" if row.found else "red"
        shown.add_row(f"[{colour}]{row.defect.id}[/]", *(cell for half in halves for cell in half.cells(row)))
    console.print(shown, highlight=False)
    for alarm in alarms:
        console.print(f"[red]false alarm[/] on the sound terminal: {alarm}", highlight=False)
    apart = [row.defect.id for row in table if row.scenarios is not None and row.scenarios.outcome == "elsewhere"]
    if apart:
        console.print(f"seen only by a scenario about another rule (not counted): {', '.join(apart)}", highlight=False)
    console.print(f"{line}; {len(alarms)} false alarms, {seconds:.0f} s", highlight=False)


@dataclass(frozen=True, slots=True)
class _Half:
    """The columns of the scenarios, or of the fuzzer."""

    columns: tuple[str, ...]
    asked: Callable[[Row], bool]
    cells: Callable[[Row], tuple[str, ...]]


def _scenario_cells(row: Row) -> tuple[str, ...]:
    found = row.scenarios
    if found is None:
        return "", "", "", ""
    return by_scenarios(found), found.step, str(found.presses), f"{found.wall_s:.1f}"


def _fuzzer_cells(row: Row) -> tuple[str, ...]:
    hunt = row.fuzzer
    return ("", "") if hunt is None else (str(hunt.presses) if hunt.found else "", by_fuzzer(hunt))


SCENARIO_HALF = _Half(
    ("first failing scenario", "first failing step", "presses", "s"), lambda row: bool(row.scenarios), _scenario_cells
)
FUZZER_HALF = _Half(("presses", "fuzzer"), lambda row: bool(row.fuzzer), _fuzzer_cells)


def _plain(
    table: Sequence[Row], result: Qualification | None, found: Sequence[Hunt], alarms: Sequence[str]
) -> dict[str, Any]:
    return {
        "found": result.found if result else 0,
        "found_by_fuzzer": sum(hunt.found for hunt in found if hunt.defect != SOUND),
        "found_by_either": sum(row.found for row in table),
        "defects": len(table),
        "scenarios": result.scenarios if result else 0,
        "false_alarms": list(alarms),
        "wall_seconds": round(result.wall_s, 1) if result else 0.0,
        "findings": [asdict(finding) for finding in result.findings] if result else [],
        "fuzzer": [asdict(hunt) for hunt in found if hunt.defect != SOUND],
        "missed_by_fuzzer": {hunt.defect: hunt.remark or hunt.why for hunt in found
                             if hunt.defect != SOUND and not hunt.found},
    }  # fmt: skip
