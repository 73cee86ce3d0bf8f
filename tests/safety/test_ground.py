"""When the ground under a run gives way: disk full, no place for the report, a damaged ledger, a clock set back.

Each is one run of pytest on a rig that outlives it. What was recorded before is there afterwards, what went wrong is
said without a traceback, and the rig is left in order.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.kill import Rig as LabRig
from posrig.safety.incidents import take_new
from posrig.safety.lease import holders
from posrig.safety.ledger import Kind, Ledger
from tests.safety.test_lifecycle import INI, Life

FEATURE = """
Feature: Ground
  Scenario: before
    Given the supply is on and a key is held
    When all is well
    Then the next scenario has its turn
  Scenario: disk full
    Given the supply is on and a key is held
    When the disk is full
    Then the next scenario has its turn
  Scenario: clock back
    Given the supply is on and a key is held
    When the clock of the PC is set back by two days
    Then the next scenario has its turn
  Scenario: folder gone
    Given the supply is on and a key is held
    When the folder of the report is gone
    Then the next scenario has its turn
  Scenario: after
    Given the supply is on and a key is held
    When a wrong password is charged
    Then the next scenario has its turn
"""
CONFTEST = """
pytest_plugins = [
    "posrig.plugin.collection", "posrig.plugin.evidence", "posrig.plugin.scenario_run", "posrig.plugin.opening", "posrig.plugin.retry",
    "posrig.plugin.rig", "posrig.plugin.run_report",
    "posrig.plugin.run_told", "posrig.plugin.lease", "tests.safety.life_steps",
]
import resource, shutil, signal, time
from pathlib import Path
from pytest_bdd import when
from posrig.safety.ledger import Kind

@when("the disk is full")
def full(evidence):
    evidence.attach_text("seen before", "x" * 1000)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, resource.RLIM_INFINITY))

@when("the clock of the PC is set back by two days")
def back(held_rig):
    held_rig.ledger.charge(Kind.WRONG_PASSWORD, "01")
    now = time.time
    time.time = lambda: now() - 2 * 86_400
    held_rig.ledger._now = time.time

@when("the folder of the report is gone")
def gone():
    for run in Path("reports/runs").glob("2*"):
        shutil.rmtree(run)

@when("a wrong password is charged")
def charged(held_rig):
    held_rig.ledger.charge(Kind.WRONG_PASSWORD, "01")
"""


class Ground(Life):
    """A run with its report on, in a folder of its own."""

    def __init__(self, folder: Path, rig: LabRig) -> None:
        super().__init__(folder, rig)
        (folder / "conftest.py").write_text(CONFTEST)
        (folder / "pytest.ini").write_text(INI.replace(" --no-report", " -s"))
        (folder / "life.feature").write_text(FEATURE.lstrip())

    def records(self) -> list[dict[str, Any]]:
        (file,) = (self.folder / "reports/runs").glob("2*/scenarios.jsonl")
        return [json.loads(line) for line in file.read_text().splitlines()]

    def counted(self, kind: Kind, part: str) -> int:
        with Ledger(self.folder / "ledger", "12345678", "lab-1") as ledger:
            return ledger.count(kind, part)


@pytest.fixture
def ground(tmp_path: Path, rig: LabRig) -> Ground:
    return Ground(tmp_path, rig)


def is_told(said: str, *words: str) -> None:
    for word in ("Traceback", "INTERNALERROR"):
        assert word not in said, said
    for word in words:
        assert word in said, said


def test_a_disk_that_is_full_is_said_and_nothing_of_before_is_lost(ground: Ground) -> None:
    code, said = ground.run("before", "disk full", "after")
    assert code in (3, 4), said
    is_told(said, "report could not be written", "File too large", "the ledger cannot be written")
    assert ground.records()[0]["verdict"] == "held"
    assert ground.rig.is_safe
    assert holders(ground.folder / "leases") == ()
    assert take_new(ground.folder / "incidents") == (), "the harness made it safe itself"
    assert ground.counted(Kind.POWER, "") == 2, "on disk before the act; presses since the last writing are not"
    code, said = ground.run("before")
    assert code == 0, said


def test_a_report_folder_that_vanishes_under_a_run_is_said(ground: Ground) -> None:
    code, said = ground.run("before", "folder gone", "after")
    assert code in (3, 4), said
    is_told(said, "report could not be written")
    ground.assert_left_in_order()


def test_a_report_folder_that_takes_no_files_is_found_before_anything_opens(ground: Ground) -> None:
    (ground.folder / "file").write_text("")
    for folder in ("/proc/sys/none", str(ground.folder / "file")):
        code, said = ground.run("before", options=("--report-dir", folder))
        assert code == 4, said
        is_told(said, "the report folder cannot be written", "--report-dir")
    assert not (ground.folder / "ledger").exists()


def test_a_damaged_ledger_stops_the_run_once_and_no_count_is_lost(ground: Ground) -> None:
    assert ground.run("before")[0] == 0
    presses = ground.counted(Kind.PRESS, "5")
    (ground.folder / "ledger").write_bytes(b"no database " * 500)
    code, said = ground.run("before")
    assert code == 3, said
    is_told(said, "damaged", "run again")
    assert not ground.rig.is_on
    assert ground.run("before")[0] == 0
    assert ground.counted(Kind.PRESS, "5") == presses + 1


def test_a_clock_set_back_during_a_run_loses_no_record_and_gives_no_guess_back(ground: Ground) -> None:
    with ground.rig_file.open("a") as file:
        file.write("  wrong_passwords_per_day: 1\n")
    code, said = ground.run("before", "clock back", "after")
    assert code == 6, said
    is_told(said, "wrong password 01 would be number 2 of at most 1")
    rows = ground.records()
    assert [row["verdict"] for row in rows] == ["held", "held", "safety abort"]
    assert all(row["wall_seconds"] >= 0 for row in rows)
    summary = json.loads((ground.folder / "reports/latest/summary.json").read_text())
    assert summary["wall_seconds"] >= 0
    assert ground.counted(Kind.WRONG_PASSWORD, "01") == 1
    ground.assert_left_in_order()
