"""``posrig doctor``: has this machine what posrig needs? No rig is opened; ``posrig check`` does that."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from posrig.commands import _machine, printing
from posrig.commands.common import add_json_option
from posrig.ground.faults import ExitCode

SUMMARY = "check this machine: Python, packages, serial ports, VISA, folders, lab, disk"
EPILOG = """\
Exit code 0: what is needed is there; 4: something is missing, with what to do. What is optional is no error.
No rig is opened: posrig check does that."""
TRIALS = (
    _machine.python, _machine.packages, _machine.programs, _machine.lab, _machine.clock, _machine.folders
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    parts = [part for trial in TRIALS for part in trial()]
    missing = [part for part in parts if part.needed and not part.ok]
    code = ExitCode.CONFIGURATION if missing else ExitCode.HELD
    if arguments.json:
        printing.print_json({"ok": not missing, "parts": [asdict(part) for part in parts], "exit_code": int(code)})
        return code
    table = Table.grid(padding=(0, 2))
    for part in parts:
        mark, style = ("ok", "green") if part.ok else ("NO", "red bold") if part.needed else ("--", "yellow")
        table.add_row(Text(mark, style), Text(part.name), Text(part.found))
        if not part.ok and part.todo:
            table.add_row("", "", Text(f"to do: {part.todo}" if part.needed else f"if wanted: {part.todo}"))
    console = Console()
    console.print(table)
    last = f"{len(missing)} of what is needed is missing" if missing else "all that is needed is there"
    console.print(f"{last}" + ("" if missing else "; next: posrig check tries the rig"), highlight=False)
    return code
