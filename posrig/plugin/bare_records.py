"""Records that a scenario's own process can no longer write, and those of tests that are no scenarios."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import pytest

from posrig.language.outlines import example_rows, fill, scenarios_of
from posrig.plugin.collection import FEATURES_CHECKED
from posrig.plugin.verdicts import Verdict

Location = tuple[str, int | None, str]


def bare(config: pytest.Config, nodeid: str, location: Location, verdict: Verdict, message: str) -> str:
    """The record of a scenario whose worker died or that was stopped, as a line."""
    failure = {"verdict": str(verdict), "message": message, "phase": "call", "step": "", "place": ""}
    # xdist tells of a worker that died neither name nor line, but the id
    name, example, line = _filled(config, nodeid) or (location[2], {}, (location[1] or 0) + 1)
    record = {
        "id": nodeid, "name": name, "feature": "", "rule": "", "file": location[0],
        "line": line, "language": "", "example": example, "tags": [], "requirements": [],
        "verdict": str(verdict), "failure": failure,
        "failures": [failure], "steps": [], "started": time.time(), "wall_seconds": 0.0, "terminal_seconds": 0.0,
        "presses": 0, "power_cycles": 0, "keys": {}, "attempts": [],
        "rig": "", "terminal": "", "seed": "", "facts": {}, "timeline": [],
        "attachments": [],
    }  # fmt: skip
    return json.dumps(record, ensure_ascii=False)


def _filled(config: pytest.Config, nodeid: str) -> tuple[str, Mapping[str, str], int] | None:
    """Name, row and line as the scenario itself would have told them: the id has ``<columns>`` and the row's values."""
    file, _, name = nodeid.partition("::")
    for path, checked in config.stash.get(FEATURES_CHECKED, {}).items():
        if checked.feature is None or path.name != PurePath(file).name:
            continue
        for node, _ in scenarios_of(checked.feature):
            for row in example_rows(node):
                if name == (f"{node['name']}[{'-'.join(row.values())}]" if row else node["name"]):
                    return fill(node["name"], row), row, int(node["location"]["line"])
    return None


def other_test(report: pytest.TestReport, before: Mapping[str, Any] | None) -> dict[str, Any]:
    """A test of the same session that is no scenario, as junit.xml tells it; the worst of its phases stands."""
    file, line, name = report.location
    told = dict(before or {"started": report.start, "wall_seconds": 0.0, "verdict": str(Verdict.HELD), "failure": None})
    told |= {"file": file, "line": (line or 0) + 1, "name": name, "id": report.nodeid}
    told["wall_seconds"] += report.duration
    if report.passed or told["verdict"] not in (Verdict.HELD, Verdict.SKIPPED):
        return told
    kinds = {"skipped": Verdict.SKIPPED, "failed": Verdict.PRODUCT_FAILURE}
    verdict = Verdict.HARNESS_ERROR if report.failed and report.when != "call" else kinds[report.outcome]
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext
    last = reason.strip().splitlines()[-1] if reason.strip() else report.outcome
    failure = {"verdict": str(verdict), "message": last, "traceback": reason, "step": "", "place": ""}
    return told | {"verdict": str(verdict), "failure": failure}
