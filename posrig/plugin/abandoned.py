"""The report that a killed run could not make, made by the next run; what it left that is no record is told.

An old run never stops the new one: whatever is wrong with its folder, the folder is set aside and the run goes on.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from posrig.ground.faults import ExitCode
from posrig.language.step_index import short_path
from posrig.plugin.artefacts import known_secrets, look_through, rows
from posrig.plugin.publishing import write_pages
from posrig.reporting import run_folder
from posrig.reporting.history import remember
from posrig.reporting.summary import RunFacts

_SHOWN = 3


def finish_abandoned(config: pytest.Config, base: Path, path: Path) -> tuple[list[str], list[str]]:
    """Finish the report of ``path``; returns the lines to tell, and those about secrets in it. Raises nothing."""
    leaks: list[str] = []
    kept = run_folder.read_records(path)
    told = [f"a killed run left what is no record (left out): {path.name}/{line}" for line in kept.left_out[:_SHOWN]]
    if len(kept.left_out) > _SHOWN:
        told.append(f"... and {len(kept.left_out) - _SHOWN} more lines of {path.name}")
    try:
        if kept.records:
            leaks = _finish(config, base, path, kept.records)
        elif kept.left_out:
            told.append(f"no report can be made of it; set aside: {short_path(run_folder.put_aside(base, path))}")
        else:
            shutil.rmtree(path)
    except Exception as error:  # noqa: BLE001 - a full disk, a record of another version: not this run's fault
        told.append(f"the report of a killed run could not be made ({error}): {_aside(base, path)}")
    return told, leaks


def _finish(config: pytest.Config, base: Path, path: Path, records: list[dict[str, Any]]) -> list[str]:
    """What it left is looked through before it is published, like what a run leaves that ended by itself."""
    secrets = known_secrets(config, records)
    found = look_through([path], secrets, base, path.name)
    if not found.clean:
        records = run_folder.read_records(path).records
    ended = max(record["started"] + record["wall_seconds"] for record in records)
    facts = RunFacts(records[0]["started"], ended, int(ExitCode.INTERRUPTED), complete=False)
    found = write_pages(base, path, records, facts, secrets, found)
    run_folder.publish(base, path)
    remember(base, path.name, records, complete=False)
    return [] if found.clean else [f"the run before, {path.name}, was killed:", *rows(found)]


def _aside(base: Path, path: Path) -> str:
    try:
        return f"set aside: {short_path(run_folder.put_aside(base, path))}"
    except OSError as error:
        return f"{short_path(path)} stays where it is ({error.strerror or error})"
