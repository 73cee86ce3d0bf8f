"""A run as a person or a CI job sees it: exit code, verdict, evidence. Each in a process of its own, on its own rig."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hangs import HANGS_S

ROOT = Path(__file__).parents[2]
UNLOCK = "features/unlock/unlock.feature"


@dataclass(frozen=True)
class Ended:
    code: int
    text: str
    folder: Path

    @property
    def summary(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "latest" / "summary.json").read_text("utf-8"))
        return found

    @property
    def records(self) -> list[dict[str, Any]]:
        lines = (self.folder / "latest" / "scenarios.jsonl").read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("POSRIG_LEASES", str(tmp_path / "leases"))

    def run(*arguments: str) -> Ended:
        command = [sys.executable, "-m", "pytest", *arguments, "--report-dir", str(tmp_path), "-p", "no:cacheprovider"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=HANGS_S, check=False)
        return Ended(done.returncode, done.stdout + done.stderr, tmp_path)

    return run


def test_a_sound_terminal_holds(run) -> None:
    ended = run(f"{UNLOCK}::The owner unlocks")
    assert ended.code == 0, ended.text
    assert ended.summary["counts"] == {"held": 1}
    assert ended.summary["scenarios"][0]["presses"] > 10
    assert "reports" in ended.text or "report:" in ended.text


def test_a_chinese_feature_runs_on_a_chinese_terminal(run) -> None:
    ended = run("features/unlock/unlock_zh.feature::四步解锁")
    assert ended.code == 0, ended.text
    screens = [text for _, kind, text in ended.records[0]["timeline"] if kind == "screen"]
    assert any("已锁定" in text for text in screens)


def test_a_lock_that_is_not_stored_is_a_product_failure_with_its_evidence(run) -> None:
    ended = run("features/lock/own_lock.feature::The lock survives a power cut", "--defect", "lock_lost_on_power_cut")
    assert ended.code == 1, ended.text
    (record,) = ended.records
    assert record["verdict"] == "product failure"
    assert record["failure"]["step"] == "Then the terminal is locked"
    assert "expected: the terminal is locked" in record["failure"]["message"]
    assert "NOT SIGNED ON" in record["failure"]["message"]
    assert "keys so far: 0 1 ENTER * * * * ENTER MENU 5 3 ENTER" in record["failure"]["message"]
    pictures = [one for one in record["attachments"] if one["mime"] == "image/png"]
    assert pictures, "a failing step shows the screen"
    assert (ended.folder / "latest" / "attachments" / pictures[0]["file"]).read_bytes().startswith(b"\x89PNG")


def test_a_lost_instrument_is_a_rig_fault_and_the_supply_is_off_by_read_back(run) -> None:
    ended = run("tests/e2e/_scenarios/lost_switch_unit.feature")
    assert ended.code == 3, ended.text
    (record,) = ended.records
    assert record["verdict"] == "rig fault"
    assert "switch" in record["failure"]["message"]
    assert "supply off" in ended.text
    assert "output 2 off" in ended.text


def test_a_line_that_is_no_step_is_refused_before_anything_runs(run, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.feature"
    wrong.write_text(
        "Feature: x\n  Scenario: y\n    Given the cashier is singed on\n    Then the terminal is locked\n", "utf-8"
    )
    ended = run(str(wrong), "--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml"), "--confcutdir", str(ROOT))
    assert ended.code == 4, ended.text
    assert "Traceback" not in ended.text


def test_a_wrong_rig_file_is_refused_with_file_and_line(run, tmp_path: Path) -> None:
    rig = tmp_path / "rig.yaml"
    text = (ROOT / "rigs" / "simulated.yaml").read_text("utf-8")
    rig.write_text(
        text.replace("profiles/", f"{ROOT}/rigs/profiles/").replace("voltage_v: 9.0", "voltage_v: 30"), "utf-8"
    )
    ended = run(UNLOCK, "--rig", str(rig))
    assert ended.code == 4, ended.text
    assert "rig.yaml:" in ended.text
    assert "max_voltage_v" in ended.text
    assert "Traceback" not in ended.text


def test_a_port_where_nobody_answers_is_a_rig_fault(run, tmp_path: Path) -> None:
    rig = tmp_path / "rig.yaml"
    text = (ROOT / "rigs" / "simulated.yaml").read_text("utf-8").replace("profiles/", f"{ROOT}/rigs/profiles/")
    rig.write_text(text.replace("TCPIP::127.0.0.1::{meter}::SOCKET", "TCPIP::127.0.0.1::9::SOCKET"), "utf-8")
    ended = run(f"{UNLOCK}::The owner unlocks", "--rig", str(rig))
    assert ended.code == 3, ended.text
    assert "meter" in ended.text
    assert "TCPIP::127.0.0.1::9::SOCKET" in ended.text
    assert "Traceback" not in ended.text
