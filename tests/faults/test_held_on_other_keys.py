"""A scenario whose steps all held, on a rig that closed other relays than were ordered, has held nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from hangs import HANGS_S

ROOT = Path(__file__).parents[2]
FEATURE = """
Feature: Held
  Scenario: always
    Given the terminal has power
    When another client presses a key
    Then nobody notices
  Scenario: once
    Given the terminal has power
    When another client presses a key in the first attempt only
    Then nobody notices
"""
CONFTEST = """
pytest_plugins = [
    "posrig.plugin.collection", "posrig.plugin.evidence", "posrig.plugin.scenario_run", "posrig.plugin.retry", "posrig.plugin.rig",
    "posrig.plugin.run_report",
    "posrig.plugin.run_told", "posrig.plugin.lease", "tests.faults.paper_steps",
]
"""


def test_it_is_a_rig_fault_and_tried_again(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\naddopts = -p no:labgrid -p no:posrig -p no:cacheprovider\nstrict_markers = true\n"
    )
    (tmp_path / "held.feature").write_text(FEATURE.lstrip())
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "held.feature", "--report-dir", str(tmp_path / "reports")],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PRESSED_ONCE": str(tmp_path / "pressed"),
            "POSRIG_LEASES": str(tmp_path / "leases"),
            "POSRIG_LEDGER": str(tmp_path / "ledger"),
            "POSRIG_INCIDENTS": str(tmp_path / "incidents"),
        },
        capture_output=True,
        text=True,
        timeout=HANGS_S,
        check=False,
    )
    assert done.returncode == 3, done.stdout + done.stderr
    lines = (tmp_path / "reports" / "latest" / "scenarios.jsonl").read_text("utf-8").splitlines()
    always, once = map(json.loads, lines)
    assert always["verdict"] == "rig fault"
    assert "4 (1005) 1 times instead of 0" in always["failure"]["message"]
    assert once["verdict"] == "held"
    assert "4 (1005) 1 times instead of 0" in once["facts"]["attempts"]
