"""``posrig lint``: check feature files against the step sentences, without a rig and without running anything."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from posrig.commands import printing
from posrig.commands.common import rig_file
from posrig.description.lab import lab_in_use, lab_root
from posrig.description.profile import read_profile
from posrig.description.rig_file import read_rig
from posrig.ground.faults import ExitCode
from posrig.language.findings import Finding
from posrig.language.lint import check_file, check_sentences
from posrig.language.messages import SPOKEN, Told, language_of, say
from posrig.language.needs import Ability, unmet_in
from posrig.language.parameters import use_profile
from posrig.language.requirements import known_requirements, read_requirements
from posrig.language.sources import load, load_conftests
from posrig.language.step_index import declared_steps
from posrig.language.visibility import Visibility
from posrig.plugin.activation import features_below
from posrig.suite import REQUIREMENTS as SUITE_REQUIREMENTS
from posrig.suite import files as suite_files
from posrig.suite import in_suite

FEATURES = "features"
SUMMARY = "check feature files without running them"
EPILOG = (
    "examples: posrig lint features/unlock features/my.feature\n          posrig lint --posrig-suite --rig rigs/my.yaml"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", type=Path, help="files or folders (default: the lab's features/)")
    parser.add_argument("--rig", type=rig_file, default="", metavar="FILE", help="whose profile names the screens")
    parser.add_argument(
        "--language", choices=SPOKEN, default="", help="of the messages: en or zh (default: each file's own)"
    )
    parser.add_argument(
        "--posrig-suite",
        action="store_true",
        help="the suite for any terminal: what of it this rig's terminal would skip",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def run(arguments: argparse.Namespace) -> int:
    root = lab_root()
    suite = list(suite_files()) if arguments.posrig_suite else []
    own = arguments.paths or ([] if suite else [root / FEATURES])
    files = list(dict.fromkeys([*_files(own, arguments.language), *suite]))
    rig = read_rig(arguments.rig)
    profile = read_profile(rig.terminal.profile)
    use_profile(profile)
    load(lab_in_use())
    load_conftests(files, root)
    requirements, suites = tuple(known_requirements(root)), tuple(read_requirements(SUITE_REQUIREMENTS))
    visible = Visibility(declared_steps())
    indexes = {file: visible.from_file(file.absolute()) for file in files}
    findings = check_sentences(indexes.values(), arguments.language or "en")
    ability = Ability(profile, rig, arguments.rig)
    skipped: list[tuple[Path, int, str]] = []
    for file, index in indexes.items():
        checked = check_file(file, index, suites if in_suite(file.absolute()) else requirements, arguments.language)
        findings += checked.findings
        skipped += [(file, line, why) for line, why in unmet_in(checked, index, ability, arguments.language)]
    if arguments.json:
        printing.print_json(
            {
                "files": len(files),
                "findings": [_plain(one) for one in findings],
                "skipped": [{"file": str(file), "line": line, "why": why} for file, line, why in skipped],
            }
        )
    else:
        for finding in findings:
            printing.say(finding)
        for file, line, why in skipped:
            printing.say(f"{file}:{line}: {say('would_be_skipped', arguments.language or 'en', why=why).found}")
        printing.say(_last_line(len(files), findings, arguments.language))
    return ExitCode.CONFIGURATION if findings else ExitCode.HELD


def _last_line(files: int, findings: list[Finding], language: str) -> str:
    chinese = language == "zh" or (not language and findings and all(one.language == "zh" for one in findings))
    if chinese:
        return f"{files} 个 feature 文件，{len(findings)} 处错误" + ("" if findings else "；下一步: pytest features")
    return f"{files} feature files, {len(findings)} mistakes" + ("" if findings else "; next: pytest features")


def _files(paths: list[Path], language: str) -> list[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        inside = list(features_below(path)) if path.is_dir() else [path] if os.path.lexists(path) else []
        if not inside:
            raise Told("no_features", language or language_of(str(path)), path=str(path))
        found.update(dict.fromkeys(inside))
    return list(found)


def _plain(finding: Finding) -> dict[str, object]:
    return {
        "file": str(finding.path),
        "line": finding.line,
        "found": finding.found,
        "allowed": finding.allowed,
        "todo": finding.todo,
        "rule": finding.rule,
    }
