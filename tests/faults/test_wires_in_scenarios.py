"""Wire faults in whole runs: from steps in both languages and from the rig file; whose fault it is, and the attempts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hangs import HANGS_S

ROOT = Path(__file__).parents[2]


def run(folder: Path, *arguments: str) -> tuple[int, dict[str, dict[str, Any]], str]:
    """Exit code, records by scenario name, and what was said."""
    command = [sys.executable, "-m", "pytest", *arguments, "--report-dir", str(folder), "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=HANGS_S, check=False)
    text = done.stdout + done.stderr
    lines = (folder / "latest" / "scenarios.jsonl").read_text("utf-8").splitlines()
    return done.returncode, {record["name"]: record for record in map(json.loads, lines)}, text


def rig_file(folder: Path, fault: str) -> Path:
    text = (ROOT / "rigs" / "simulated.yaml").read_text("utf-8").replace("profiles/", f"{ROOT}/rigs/profiles/")
    file = folder / "rig.yaml"
    file.write_text(text.replace("  seed: 1\n", f"  seed: 1\n  faults: [{fault}]\n"), "utf-8")
    return file


@pytest.fixture(autouse=True)
def own_leases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSRIG_LEASES", str(tmp_path / "leases"))


def test_a_faulty_wire_is_a_rig_fault_and_ends_with_its_scenario(tmp_path: Path) -> None:
    code, records, text = run(tmp_path, "tests/faults/_scenarios/wires.feature")
    assert code == 3, text
    verdicts = {name: record["verdict"] for name, record in records.items()}
    assert verdicts == {
        "A console that loses bytes is read again": "held",
        "A late host": "rig fault",
        "A silent supply": "rig fault",
        "What the scenarios before had is mended": "held",
    }, text
    late = records["A late host"]
    assert "the terminal's line to the host was" in late["failure"]["message"]
    assert "late" in late["failure"]["message"]
    assert "it looked like: expected: a sale of 1.00 is approved" in late["failure"]["message"]
    assert late["facts"]["attempts"].startswith("attempt 1: rig fault: ")
    assert any(kept["name"].startswith("attempt 1: ") for kept in late["attachments"])
    assert "supply gave no answer" in records["A silent supply"]["failure"]["message"]
    assert any(kind == "key" for _, kind, _ in late["timeline"])


def test_the_same_in_chinese(tmp_path: Path) -> None:
    code, records, text = run(tmp_path, "tests/faults/_scenarios/wires_zh.feature", "--retries", "0")
    assert code == 3, text
    assert {name: record["verdict"] for name, record in records.items()} == {
        "控制台丢字节时重新读屏": "held",
        "后台应答太晚": "rig fault",
    }, text


def test_a_seeded_defect_is_found_through_a_lossy_console(tmp_path: Path) -> None:
    """What the harness does against lost bytes must not excuse the terminal."""
    rig = rig_file(tmp_path, "{wire: screen, fault: drop, rate: 0.0005}")
    scenario = "features/lock/own_lock.feature::The lock survives a power cut"
    code, records, text = run(tmp_path, scenario, "--rig", str(rig), "--defect", "lock_lost_on_power_cut")
    assert code == 1, text
    (record,) = records.values()
    assert record["verdict"] == "product failure"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("{wire: scren, fault: drop}", "simulated.faults"),
        ("{wire: screen, fault: drop, rate: 2}", "rate"),
        ("{wire: screen, fault: burn}", "fault"),
        ("{wire: screen, fault: drop, chance: 1}", "chance"),
    ],
)
def test_a_wrong_fault_in_the_rig_file_is_a_configuration_error(tmp_path: Path, fault: str, said: str) -> None:
    rig = rig_file(tmp_path, fault)
    command = [sys.executable, "-m", "pytest", "features/lock/own_lock.feature", "--rig", str(rig), "--no-report"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=HANGS_S, check=False)
    text = done.stdout + done.stderr
    assert done.returncode == 4, text
    assert said in text
    assert f"{rig}:" in text
    assert "Traceback" not in text
