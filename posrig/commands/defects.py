"""``posrig defects``: the seeded defects that the simulated terminal can have."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from rich.table import Table

from posrig.commands import printing
from posrig.commands._console import open_console
from posrig.description.lab import default_rig
from posrig.description.rig_file import read_rig
from posrig.fuzzing.qualifying.qualification import seeded_defects
from posrig.ground.faults import ConfigurationError, ExitCode

SUMMARY = "list the seeded defects of the simulated terminal"
EPILOG = "run scenarios against one: pytest features --defect ID"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rig", metavar="FILE", type=Path, help="whose terminal (default: the lab's rig file)")
    parser.add_argument("--defects-from", metavar="FILE.py", action="append", default=[], type=Path)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def run(arguments: argparse.Namespace) -> int:
    defects = seeded_defects(arguments.defects_from, simulated_terminal(arguments.rig or default_rig()))
    if arguments.json:
        printing.print_json({"defects": [asdict(defect) for defect in defects]})
        return ExitCode.HELD
    table = Table(title=f"{len(defects)} seeded defects", title_justify="left")
    for name in ("id", "group", "what is wrong", "breaks"):
        table.add_column(name, overflow="fold")
    for defect in sorted(defects, key=lambda one: (one.group, one.id)):
        table.add_row(defect.id, defect.group, defect.title, " ".join(defect.rules))
    open_console().print(table)
    printing.say("next: pytest features --defect ID, or posrig qualify")
    return ExitCode.HELD


def simulated_terminal(rig: Path) -> str:
    """The terminal of a simulated rig, by the name of its model there. Raises ConfigurationError for a rig of a lab."""
    simulated = read_rig(rig).simulated
    if simulated is None:
        raise ConfigurationError(
            "only a simulated rig has seeded defects", where=str(rig), allowed="a rig file with a 'simulated:' section"
        )
    return simulated.terminal
