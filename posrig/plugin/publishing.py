"""What of a run is handed on: its pages, written and then looked through for secrets after their last byte."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from posrig.evidence.secret_scan import Scan
from posrig.ground.faults import ExitCode, worst
from posrig.ground.secret import Secret
from posrig.plugin.artefacts import bared, joined, look_through, told
from posrig.reporting import allure_wiring, run_folder
from posrig.reporting.index_page import render
from posrig.reporting.junit import junit
from posrig.reporting.summary import NotStarted, RunFacts, summarise, to_text

WITHHELD_REASON = "the reason held a secret and was withheld"


def published(config: pytest.Config, path: Path) -> list[Path]:
    """Everything that is handed on: the run's folder, and what was asked for elsewhere (also pytest's own logs)."""
    option = config.option
    named = [option.allure_report_dir, option.log_file or config.getini("log_file"), option.debug]
    elsewhere = [Path(name).absolute() for name in named if name]
    return [path, *(one for one in elsewhere if not one.is_relative_to(path))]


def write_pages(
    base: Path,
    path: Path,
    records: list[dict[str, Any]],
    facts: RunFacts,
    secrets: tuple[Secret, ...],
    found: Scan,
    tests: Sequence[Mapping[str, Any]] = (),
    also: Path | None = None,
) -> Scan:
    """Write the pages, and look through them after the last byte. Returns ``found`` with what was found in them.

    What only a page holds came from no record (the command line, a name): it is written without records then.
    ``tests``: those of the session that are no scenarios; ``also``: another place for junit.xml.
    """
    beside = [file for file in (path / run_folder.ALLURE).glob("*.*") if file.name in allure_wiring.BESIDE]
    beside.append(path / allure_wiring.CONFIG)
    pages = [path / name for name in (run_folder.SUMMARY, run_folder.INDEX, run_folder.JUNIT)]
    for kept, others, command in ((records, tests, facts.command), (bared(records), bared(tests), ())):
        if not found.clean:
            facts = replace(facts, exit_code=int(worst([ExitCode(facts.exit_code), ExitCode.SAFETY_ABORT])))
        _write_all(path, kept, others, replace(facts, command=command, secret_scan=told(found)))
        late = look_through([*pages, *beside], secrets, base, path.name)
        if late.clean:
            break
        found = joined(found, late)
        if facts.not_started is not None:
            facts = replace(facts, not_started=NotStarted(facts.not_started.verdict, WITHHELD_REASON))
    if also is not None:
        also.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path / run_folder.JUNIT, also)
    return found


def _write_all(path: Path, records: list[dict[str, Any]], tests: Sequence[Mapping[str, Any]], facts: RunFacts) -> None:
    summary = summarise(records, facts)
    cases = junit(records, started=facts.started, tests=tests, not_started=facts.not_started)
    run_folder.write_whole(path / run_folder.SUMMARY, to_text(summary))
    run_folder.write_whole(path / run_folder.INDEX, render(summary, records, path / run_folder.ATTACHMENTS))
    run_folder.write_whole(path / run_folder.JUNIT, cases)
