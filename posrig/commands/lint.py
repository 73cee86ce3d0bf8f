"""``posrig lint``: check feature files against the step sentences, without a rig and without running anything."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from posrig.commands import printing
from posrig.description.lab import Lab, find_lab, lab_in_use, lab_root, rig_of
from posrig.description.profile import read_profile
from posrig.description.rig_file import read_rig
from posrig.ground.faults import ConfigurationError, ExitCode
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
EPILOG = """\
examples: posrig lint features/unlock features/my.feature
          posrig lint features labs/counter
          posrig lint --posrig-suite --rig rigs/my.yaml"""

Skipped = tuple[Path, int, str]
"""File, line, and why this scenario would be skipped."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", type=Path, help="files or folders, of one lab or several (default: the lab's features/)"
    )
    parser.add_argument(
        "--rig", type=Path, metavar="FILE", help="whose profile names the screens (default: of the lab they lie in)"
    )
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
    suite = list(suite_files()) if arguments.posrig_suite else []
    own = arguments.paths or ([] if suite else [lab_root() / FEATURES])
    files = list(dict.fromkeys([*_files(own, arguments.language), *suite]))
    groups = by_lab(files)
    check = partial(_in_lab, rig=arguments.rig, language=arguments.language)
    findings: list[Finding] = []
    skipped: list[Skipped] = []
    for lab, theirs in groups:
        found = check(lab, theirs) if len(groups) == 1 else _apart(check, lab, theirs)
        findings += found[0]
        skipped += found[1]
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


def by_lab(files: Iterable[Path]) -> list[tuple[Lab | None, list[Path]]]:
    """The files by the lab that each lies in, the nearest above it, as pytest finds it; those of no lab, and of the
    suite for any terminal, go with the lab in use. Raises ConfigurationError for a lab whose table is wrong."""
    here = lab_in_use()
    labs: dict[Path | None, tuple[Lab | None, list[Path]]] = {}
    folders: dict[Path, Lab | None] = {}
    for file in files:
        folder = file.absolute().parent
        if folder not in folders:
            folders[folder] = here if in_suite(file.absolute()) else find_lab(folder) or here
        lab = folders[folder]
        labs.setdefault(None if lab is None else lab.root, (lab, []))[1].append(file)
    return list(labs.values())


def _in_lab(
    lab: Lab | None, files: Sequence[Path], *, rig: Path | None, language: str
) -> tuple[list[Finding], list[Skipped]]:
    """The files of one lab, by its own sentences, requirements and rig."""
    root = Path.cwd() if lab is None else lab.root
    rig = rig or rig_of(lab)
    description = read_rig(rig)
    profile = read_profile(description.terminal.profile)
    use_profile(profile)
    load(lab)
    load_conftests(files, root)
    requirements, suites = tuple(known_requirements(root)), tuple(read_requirements(SUITE_REQUIREMENTS))
    visible = Visibility(declared_steps())
    indexes = {file: visible.from_file(file.absolute()) for file in files}
    findings = check_sentences(indexes.values(), language or "en")
    ability = Ability(profile, description, rig)
    skipped: list[Skipped] = []
    for file, index in indexes.items():
        checked = check_file(file, index, suites if in_suite(file.absolute()) else requirements, language)
        findings += checked.findings
        skipped += [(file, line, why) for line, why in unmet_in(checked, index, ability, language)]
    return findings, skipped


Check = Callable[[Lab | None, Sequence[Path]], tuple[list[Finding], list[Skipped]]]


def _apart(check: Check, lab: Lab | None, files: Sequence[Path]) -> tuple[list[Finding], list[Skipped]]:
    """The same in a process of its own: each lab may have a package ``steps``, and one process takes in one of them."""
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as process:
        done = process.submit(_told, check, lab, files).result()
    if isinstance(done, str):
        raise ConfigurationError(done)
    return done


def _told(check: Check, lab: Lab | None, files: Sequence[Path]) -> tuple[list[Finding], list[Skipped]] | str:
    """An error goes over as its words: not every error of ours can be packed whole."""
    try:
        return check(lab, files)
    except ConfigurationError as error:
        return str(error)


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
