"""``posrig trace``: which scenario stands for which requirement and which row of the source article."""

from __future__ import annotations

import argparse
from pathlib import Path

from posrig.commands import printing
from posrig.commands.common import save
from posrig.ground.faults import ExitCode
from posrig.reporting.traceability import ARTICLE, Trace, markdown, trace

SUMMARY = "which scenarios stand for which requirement; requirements without one"
EPILOG = "example: posrig trace --write docs/features.md"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--features", type=Path, default=Path("features"), metavar="FOLDER")
    parser.add_argument("--write", type=Path, metavar="FILE.md", help="write the page")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def run(arguments: argparse.Namespace) -> int:
    found = trace(arguments.features)
    if arguments.write:
        save(arguments.write, markdown(found), "the page")
    if arguments.json:
        printing.print_json(_plain(found))
    else:
        _show(found)
    return ExitCode.PRODUCT_FAILURE if found.uncovered else ExitCode.HELD


def _show(found: Trace) -> None:
    for row, (en, _) in ARTICLE.items():
        ids = [one.id for one in found.requirements.values() if one.article == row]
        about = {s for one in ids for s in found.about(one)}
        printing.say(f"{row:4} {sum(s.runs for s in about):4} scenarios  {len(ids):3} requirements  {en}")
    for one in found.uncovered:
        printing.say(f"no scenario: {one.id}  {one.en}")
    printing.say(
        f"{len(found.requirements) - len(found.uncovered)} of {len(found.requirements)} requirements have a scenario"
    )


def _plain(found: Trace) -> dict[str, object]:
    return {
        "requirements": {one: [s.file + "::" + s.name for s in found.about(one)] for one in found.requirements},
        "uncovered": [one.id for one in found.uncovered],
        "scenarios": sum(one.runs for one in found.scenarios),
    }
