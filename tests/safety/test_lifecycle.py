"""docs/lifecycle.md, line by line: each way in which a run can end, on a rig that outlives it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hangs import HANGS_S

from benchmarks.kill import Rig as LabRig
from posrig.safety.incidents import take_new
from posrig.safety.lease import holders, take
from posrig.safety.ledger import Kind, Ledger
from tests.safety.rig_to_guard import ROOT

FEATURE = """
Feature: Life
  Scenario: well
    Given the supply is on and a key is held
    When all is well
    Then the next scenario has its turn
  Scenario: product
    Given the supply is on and a key is held
    When the terminal does something else
    Then the next scenario has its turn
  Scenario: rig
    Given the supply is on and a key is held
    When the switch unit vanishes
    Then the next scenario has its turn
  Scenario: limit
    Given the supply is on and a key is held
    When one press more than the limit is wanted
    Then the next scenario has its turn
  Scenario: crash
    Given the supply is on and a key is held
    When the worker crashes
    Then the next scenario has its turn
  Scenario: unguarded
    Given the supply is on and a key is held
    When the guard is killed
    Then the next scenario has its turn
  Scenario: unpowered
    Given the supply is on and a key is held
    When somebody else switches the supply off and the terminal is accused
    Then the next scenario has its turn
  Scenario: stuck
    Given the supply is on and a key is held
    When a relay that nobody closed is closed and the terminal is accused
    Then the next scenario has its turn
  Scenario: waiting
    Given the supply is on and a key is held
    When it waits for a signal
    Then the next scenario has its turn
"""
CONFTEST = """
pytest_plugins = [
    "posrig.plugin.collection", "posrig.plugin.evidence", "posrig.plugin.scenario_run", "posrig.plugin.rig", "posrig.plugin.run_report",
    "posrig.plugin.run_told",
    "posrig.plugin.lease", "tests.safety.life_steps",
]
"""
INI = "[pytest]\naddopts = -p no:labgrid -p no:posrig -p no:cacheprovider -q --no-report\nstrict_markers = true\n"


class Life:
    """A small repository of scenarios, run against a lab rig."""

    def __init__(self, folder: Path, rig: LabRig) -> None:
        self.folder, self.rig = folder, rig
        (folder / "conftest.py").write_text(CONFTEST)
        (folder / "pytest.ini").write_text(INI)
        (folder / "life.feature").write_text(FEATURE.lstrip())
        self.rig_file = rig.rig_file(folder)
        with self.rig_file.open("a") as file:
            file.write("\nlimits:\n  presses_per_key: 3\n")
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "POSRIG_LEASES": str(folder / "leases"),
            "POSRIG_LEDGER": str(folder / "ledger"),
            "POSRIG_INCIDENTS": str(folder / "incidents"),
            "LIFE_READY": str(folder / "ready"),
        }

    def start(self, *scenarios: str, options: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        names = [f"life.feature::{name}" for name in scenarios]
        return subprocess.Popen(
            [sys.executable, "-m", "pytest", *names, "--rig", str(self.rig_file), *options],
            cwd=self.folder,
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def run(self, *scenarios: str, options: tuple[str, ...] = ()) -> tuple[int, str]:
        run = self.start(*scenarios, options=options)
        said = run.communicate(timeout=HANGS_S)[0]
        return run.returncode, said

    def wait_ready(self) -> int:
        """The scenario waits for its signal; the process number of its guard."""
        ready, end = self.folder / "ready", time.monotonic() + HANGS_S
        while not (ready.exists() and ready.read_text().endswith("\n")):
            assert time.monotonic() < end
            time.sleep(0.02)
        return int(ready.read_text().split()[1])

    def assert_left_in_order(self) -> None:
        assert self.rig.is_safe
        assert holders(self.folder / "leases") == ()
        assert take_new(self.folder / "incidents") == ()
        with Ledger(self.folder / "ledger", "12345678", "lab-1") as ledger:
            assert ledger.count(Kind.PRESS, "5") >= 1
            assert ledger.count(Kind.POWER) >= 1


@pytest.fixture
def life(tmp_path: Path, rig: LabRig) -> Life:
    return Life(tmp_path, rig)


def test_l20_l21_l24_whatever_the_verdict_the_rig_is_left_in_order(life: Life) -> None:
    code, said = life.run("well", "product", "limit")
    assert code == 6, said
    for words in ("another screen than the requirement says", "press 7 would be number 4 of at most 3"):
        assert words in said
    life.assert_left_in_order()
    with Ledger(life.folder / "ledger", "12345678", "lab-1") as ledger:
        assert ledger.count(Kind.PRESS, "7") == 3


def test_l13_a_terminal_is_accused_only_when_the_rig_is_sound(life: Life) -> None:
    code, said = life.run("unpowered", "stuck")
    assert code == 3, said
    assert "2 rig fault" in said
    assert "the output is off, it was switched on" in said
    assert "it looked like: the screen is dark" in said
    assert "relays closed that nobody closed: 7 (1008)" in said
    life.assert_left_in_order()


def test_l22_what_a_rig_fault_left_unproved_goes_to_the_guard(life: Life) -> None:
    run = life.start("rig")
    said = run.communicate(timeout=HANGS_S)[0]
    assert run.returncode == 3, said
    assert not life.rig.is_on, "the supply could be reached"
    assert [record.job for record in holders(life.folder / "leases")], "the guard keeps the lease meanwhile"
    life.rig.act("instrument.restore", name="switch")
    with take(["terminal 12345678"], wait_s=HANGS_S, directory=life.folder / "leases"):
        assert life.rig.is_safe
    (incident,) = take_new(life.folder / "incidents")
    assert (incident.cause, incident.safe) == ("handed over", True)


def test_l01_l23_a_mistake_in_the_rig_file_is_found_before_anything_opens(life: Life) -> None:
    life.rig_file.write_text(life.rig_file.read_text().replace("voltage_v: 9.0", "voltage_v: 12.0"))
    code, said = life.run("well")
    assert code == 4, said
    assert "voltage_v" in said
    assert not (life.folder / "leases").exists()
    assert not (life.folder / "ledger").exists()


@pytest.mark.parametrize(
    "signals",
    [[signal.SIGINT], [signal.SIGINT] * 3, [signal.SIGTERM]],
    ids=["L25 Ctrl-C", "L26 Ctrl-C again and again", "L27 L30 SIGTERM to all"],
)
def test_an_interrupted_run_makes_the_rig_safe_itself(life: Life, signals: list[signal.Signals]) -> None:
    run = life.start("waiting")
    life.wait_ready()
    for number in signals:
        os.killpg(run.pid, number)
        time.sleep(0.01)
    said = run.communicate(timeout=HANGS_S)[0]
    assert run.returncode == 2, said
    assert "1 interrupted" in said
    life.assert_left_in_order()


def test_l28_the_next_run_shows_once_that_the_one_before_was_killed(life: Life) -> None:
    run = life.start("waiting")
    life.wait_ready()
    run.kill()
    run.communicate(timeout=HANGS_S)
    code, said = life.run("well", options=("--lease-wait", "5"))
    assert code == 0, said
    assert "INCIDENT: run" in said
    assert "life.feature::waiting" in said
    assert "within" in said
    assert "INCIDENT" not in life.run("well")[1]
    life.assert_left_in_order()


def test_l29_a_crashed_worker_leaves_its_rig_to_its_guard_and_the_others_go_on(life: Life) -> None:
    code, said = life.run("crash", "well", options=("-n", "1", "--lease-wait", "10"))
    assert code == 3, said
    assert life.rig.is_safe
    assert "pytest gw0" in said
    assert "life.feature::crash; its guard made the rig safe within" in said
    assert "1 held" in said
    assert holders(life.folder / "leases") == ()


def test_l31_without_its_guard_the_next_scenario_is_refused(life: Life) -> None:
    code, said = life.run("unguarded", "well")
    assert code == 3, said
    assert "guard process is gone" in said
    life.assert_left_in_order()


def test_l03_a_rig_that_another_job_has_is_refused_with_its_name(life: Life) -> None:
    with take(["terminal 12345678"], job="the nightly run", directory=life.folder / "leases"):
        code, said = life.run("well")
    assert code == 3, said
    assert "job the nightly run, since 20" in said


def test_l33_a_torn_journal_line_is_skipped(tmp_path: Path) -> None:
    file = tmp_path / "ledger"
    with Ledger(file, "1", "r") as ledger:
        ledger.charge(Kind.FLASH, "A", 3)
    since = tmp_path / "ledger.since"
    line = json.dumps([["terminal 1", "flash write", "A", "", 1]])
    since.write_text(since.read_text() + line[: len(line) // 2])
    file.unlink()
    with Ledger(file, "1", "r") as ledger:
        assert ledger.count(Kind.FLASH, "A") == 3
