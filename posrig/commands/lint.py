"""``posrig lint``: check feature files against the step sentences, without a rig and without running anything."""

from __future__ import annotations

import argparse
import importlib
import json
from pathlib import Path
from pkgutil import iter_modules

import steps
from posrig.description.profile import read_profile
from posrig.description.rig_file import DEFAULT_RIG, read_rig
from posrig.ground.faults import ConfigurationError, ExitCode
from posrig.language.lint import Finding, check_file, check_steps
from posrig.language.parameters import use_screens
from posrig.language.requirements import known_requirements
from posrig.language.step_index import StepIndex, declared_steps

SUMMARY = "check feature files without running them"
EPILOG = "example: posrig lint features/unlock features/my.feature"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", type=Path, default=[Path("features")], help="files or folders")
    parser.add_argument("--rig", type=Path, default=DEFAULT_RIG, metavar="FILE", help="whose profile names the screens")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def run(arguments: argparse.Namespace) -> int:
    files = _files(arguments.paths)
    use_screens(tuple(read_profile(read_rig(arguments.rig).terminal.profile).screens))
    for module in iter_modules(steps.__path__):
        importlib.import_module(f"steps.{module.name}")
    index = StepIndex(declared_steps())
    requirements = tuple(known_requirements(Path.cwd()))
    findings = check_steps(index)
    for file in files:
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
