"""``posrig lint``: check feature files against the step sentences, without a rig and without running anything."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from posrig.commands.common import rig_file
from posrig.description.lab import lab_in_use, lab_root
from posrig.description.profile import read_profile
from posrig.description.rig_file import read_rig
from posrig.ground.faults import ConfigurationError, ExitCode
from posrig.language.lint import Finding, check_file, check_steps
from posrig.language.parameters import use_screens
from posrig.language.requirements import known_requirements
from posrig.language.sources import load, load_conftests
from posrig.language.step_index import declared_steps
from posrig.language.visibility import Visibility

SUMMARY = "check feature files without running them"
EPILOG = "example: posrig lint features/unlock features/my.feature"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", type=Path, default=[Path("features")], help="files or folders")
    parser.add_argument("--rig", type=rig_file, default="", metavar="FILE", help="whose profile names the screens")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def run(arguments: argparse.Namespace) -> int:
    files = _files(arguments.paths)
    use_screens(tuple(read_profile(read_rig(arguments.rig).terminal.profile).screens))
    root = lab_root()
    load(lab_in_use())
    load_conftests(files, root)
    requirements = tuple(known_requirements(root))
    visible = Visibility(declared_steps())
    indexes = {file.resolve(): visible.from_file(file.resolve()) for file in files}
    findings = [finding for index in dict.fromkeys(indexes.values()) for finding in check_steps(index)]
    for file, index in indexes.items():
        findings += check_file(file, index, requirements).findings
    if arguments.json:
        print(json.dumps({"files": len(files), "findings": [_plain(one) for one in findings]}, ensure_ascii=False))
    else:
        for finding in findings:
            print(finding)
        print(f"{len(files)} feature files, {len(findings)} mistakes" + ("" if findings else "; next: pytest features"))
    return ExitCode.CONFIGURATION if findings else ExitCode.HELD


def _files(paths: list[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        inside = [path] if path.is_file() else sorted(path.rglob("*.feature"))
        if not inside:
            raise ConfigurationError(f"no feature file at {path}", allowed="a .feature file, or a folder with some")
        found += inside
    return found


def _plain(finding: Finding) -> dict[str, object]:
    return {
        "file": str(finding.path),
        "line": finding.line,
        "found": finding.found,
        "allowed": finding.allowed,
        "todo": finding.todo,
    }
