"""``posrig manual``: an illustrated procedure manual from the scenarios of a run that held."""

from __future__ import annotations

import argparse
from pathlib import Path

from posrig.commands import printing
from posrig.commands.common import add_json_option
from posrig.description.lab import lab_root
from posrig.ground.faults import ConfigurationError, ExitCode
from posrig.reporting.audit_run import read_run
from posrig.reporting.manual import LANGUAGES, chosen, render
from posrig.reporting.run_folder import write_whole

SUMMARY = "write a procedure manual for staff from the scenarios of a run that held, with the real screens"
EPILOG = """\
Takes the scenarios with the tag @manual; what did not hold is left out and named.
example:   pytest features -m manual; posrig manual --language zh --out manual-zh.html"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--run", type=Path, default=lab_root() / "reports" / "latest", metavar="DIR", help="a run's folder"
    )
    parser.add_argument("--language", choices=sorted(LANGUAGES), default="en", help="en (default) or zh")
    parser.add_argument(
        "--out", type=Path, metavar="FILE.html", help="default: manual-LANGUAGE.html in the run's folder"
    )
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    run = read_run(arguments.run)
    folder, records = run.folder, run.records
    page = render(run.summary, records, folder.name, arguments.language)
    out = arguments.out or folder / f"manual-{arguments.language}.html"
    try:
        write_whole(out, page)
    except OSError as error:
        raise ConfigurationError(
            f"the manual cannot be written: {error.strerror}", where=str(out), todo="give another file with --out"
        ) from None
    held, left = chosen(records, arguments.language)
    if arguments.json:
        printing.print_json({"ok": True, "out": str(out), "procedures": len(held), "left_out": dict(left)})
        return int(ExitCode.HELD)
    printing.say(f"{len(held)} procedures: {out}")
    for name, why in left:
        printing.say(f"left out: {name}: {why}")
    printing.say("next: open it in a browser, and print it from there")
    return int(ExitCode.HELD)
