"""What of a run is handed on: its pages, written and then looked through for secrets after their last byte."""

from __future__ import annotations

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
from posrig.reporting.summary import RunFacts, summarise, to_text


def published(config: pytest.Config, path: Path) -> list[Path]:
    """Everything that is handed on: the run's folder, and files that were asked for elsewhere."""
    named = [config.option.xmlpath, config.option.allure_report_dir]
    elsewhere = [Path(name).absolute() for name in named if name]
    return [path, *(one for one in elsewhere if not one.is_relative_to(path))]


def write_pages(
    base: Path, path: Path, records: list[dict[str, Any]], facts: RunFacts, secrets: tuple[Secret, ...], found: Scan
) -> Scan:
    """Write the pages, and look through them after the last byte. Returns ``found`` with what was found in them.

    What only a page holds came from no record (the command line, a name): it is written without records then.
    """
    beside = [file for file in (path / run_folder.ALLURE).glob("*.*") if file.name in allure_wiring.BESIDE]
    pages = [path / run_folder.SUMMARY, path / run_folder.INDEX]
    for kept, command in ((records, facts.command), (bared(records), ())):
        if not found.clean:
            facts = replace(facts, exit_code=int(worst([ExitCode(facts.exit_code), ExitCode.SAFETY_ABORT])))
        _write_both(path, kept, replace(facts, command=command, secret_scan=told(found)))
        late = look_through([*pages, *beside], secrets, base, path.name)
        if late.clean:
            break
        found = joined(found, late)
    return found


def _write_both(path: Path, records: list[dict[str, Any]], facts: RunFacts) -> None:
    summary = summarise(records, facts)
    run_folder.write_whole(path / run_folder.SUMMARY, to_text(summary))
    run_folder.write_whole(path / run_folder.INDEX, render(summary, records, path / run_folder.ATTACHMENTS))
