"""Rows S1 to S5, V7, R1 and R3 of the list of faults: every way to end a command, on a rig that outlives it."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hangs import HANGS_S

from benchmarks.kill import GIVE_UP_S, POSRIG, Lab, one, wait_until
from benchmarks.kill import Rig as LabRig
from posrig.description.lab import SIMULATED
from posrig.safety.actions import run_all
from posrig.safety.incidents import take_new
from posrig.safety.safe_state import safe_actions
from tests.safety.harness_under_guard import description_at, drivers
from tests.safety.rig_to_guard import ROOT
from tests.safety.test_lifecycle import Life

WITH_REPORT = ("-o", "addopts=-p no:labgrid -p no:cacheprovider -v")


@pytest.fixture
def life(tmp_path: Path, rig: LabRig) -> Life:
    return Life(tmp_path, rig)


@pytest.fixture
def lab(tmp_path: Path, rig: LabRig) -> Lab:
    return Lab(rig, rig.rig_file(tmp_path), tmp_path)


@pytest.mark.parametrize(
    ("command", "ending"),
    [("press", "SIGHUP"), ("press", "guard killed"), ("press", "guard stopped"), ("press", "both killed"),
     ("screen", "SIGKILL"), ("screen", "both killed")],
)  # fmt: skip
def test_s1_s4_an_attached_command_leaves_nothing_on_however_it_ends(lab: Lab, command: str, ending: str) -> None:
    one(lab, command, ending, random.Random(1), within_s=GIVE_UP_S)


def test_s1_a_killed_press_leaves_the_power_on_that_it_found_on(lab: Lab) -> None:
    done = lab.run(*POSRIG, "press", "--power-on", "--leave-on", "CLEAR", "--rig", str(lab.rig_file))
    assert done.returncode == 0, done.stderr
    assert lab.rig.is_on
    keys = [word for word in lab.commands["press"] if word != "--power-on"]
    run = subprocess.Popen(keys, cwd=ROOT, env=lab.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: lab.rig.ask("switch", "ROUT:CLOS? (@1012)") == "1", GIVE_UP_S, "no key was pressed")
    run.kill()
    run.wait(5)
    wait_until(lambda: bool(list((lab.folder / "incidents").glob("*.json"))), GIVE_UP_S, "its guard did nothing")
    (incident,) = take_new(lab.folder / "incidents")
    assert [proof.name for proof in incident.proofs] == ["key relays open"]
    assert lab.rig.is_on
    assert lab.rig.ask("switch", "ROUT:CLOS? (@1012)") == "0"
    lab.rig.ask("supply", "OUTP 0,(@2);*OPC?")


def test_s1_a_closed_window_ends_a_run_and_nohup_goes_on(life: Life) -> None:
    run = life.start("waiting")
    life.wait_ready()
    os.killpg(run.pid, signal.SIGHUP)
    assert run.communicate(timeout=HANGS_S)[0].count("1 interrupted")
    assert run.returncode == 2
    life.assert_left_in_order()
    (life.folder / "ready").unlink()
    deaf = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        run = life.start("waiting")
    finally:
        signal.signal(signal.SIGHUP, deaf)
    life.wait_ready()
    os.killpg(run.pid, signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        run.wait(1.0)
    os.killpg(run.pid, signal.SIGTERM)
    assert "1 interrupted" in run.communicate(timeout=HANGS_S)[0]


@pytest.mark.parametrize(
    ("number", "options"),
    [(signal.SIGKILL, ()), (signal.SIGSTOP, ("-n", "1"))],
    ids=["S2 killed", "S3 stopped, in a worker"],
)
def test_a_lost_guard_makes_the_rig_safe_in_the_middle_of_a_wait_and_ends_the_run(
    life: Life, number: signal.Signals, options: tuple[str, ...]
) -> None:
    run = life.start("waiting", "well", options=options)
    guard = life.wait_ready()
    os.kill(guard, number)
    wait_until(lambda: life.rig.is_safe, GIVE_UP_S, "the rig was not made safe")
    said = run.communicate(timeout=HANGS_S)[0]
    assert run.returncode == 3, said
    assert "1 rig fault" in said
    assert "the guard process" in said
    assert "held" not in said.partition("verdicts")[2], "the next scenario was run without a guard"
    life.assert_left_in_order()


def test_s3_a_harness_that_is_stopped_is_made_safe_by_its_guard_and_ends_as_a_rig_fault(life: Life) -> None:
    run = life.start("waiting", "well")
    life.wait_ready()
    os.kill(run.pid, signal.SIGSTOP)
    wait_until(lambda: life.rig.is_safe, GIVE_UP_S, "its guard did not act")
    wait_until(lambda: bool(list((life.folder / "incidents").glob("*.json"))), GIVE_UP_S, "no record")
    os.kill(run.pid, signal.SIGCONT)
    said = run.communicate(timeout=HANGS_S)[0]
    assert run.returncode == 3, said
    assert "has made the rig safe and ended: this run has been stopped for" in said
    assert "was stopped or hung" in said
    assert "its guard made the rig safe within" in said
    life.assert_left_in_order()


def test_s5_an_instrument_that_answers_late_but_in_its_time_is_proved_safe(rig: LabRig) -> None:
    supply, switch = drivers(description_at(rig.ports))
    supply.on()
    switch.close_channels([1006, 2001])
    for wire in ("supply", "switch"):
        rig.act("wire.fault", wire=wire, fault="delay", seconds=1.5)
    try:
        outcomes = run_all(safe_actions(description_at(rig.ports), supply, switch))
    finally:
        rig.act("wire.mend")
    assert [str(outcome) for outcome in outcomes if not outcome.proved] == []
    supply.close()
    switch.close()


def test_s6_an_instrument_that_has_closed_its_idle_connection_is_opened_anew(rig: LabRig) -> None:
    supply, switch = drivers(description_at(rig.ports))
    for session in (supply.session, switch.session):
        session.open()
    for name in ("supply", "switch"):
        rig.act("instrument.lose", name=name, how="drop")
        rig.act("instrument.restore", name=name)
    assert not supply.is_on()
    switch.close_channels([1006])
    switch.open_channels([1006])
    assert (supply.session.generation, switch.session.generation) == (2, 2)
    supply.close()
    switch.close()


@pytest.mark.parametrize("where", ["| head -c1 >/dev/null; exit ${PIPESTATUS[0]}", ">&-", ">/dev/full"])
def test_v7_a_reader_of_the_output_that_goes_away_changes_no_exit_code(life: Life, where: str) -> None:
    rig_file = f"--rig {life.rig_file}"
    for command in (f"-m pytest life.feature::well {rig_file}", "-m posrig.commands.main defects"):
        done = subprocess.run(
            ["bash", "-c", f"{sys.executable} {command} {where}"],
            cwd=life.folder, env=life.environment, capture_output=True, timeout=HANGS_S,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("signals", "workers"),
    [([signal.SIGINT], ("-n", "1")), ([signal.SIGTERM] * 3, ())],
    ids=["Ctrl-C, in a worker", "SIGTERM three times"],
)
def test_r1_a_signal_after_the_last_scenario_loses_neither_the_report_nor_the_code(
    life: Life, signals: list[signal.Signals], workers: tuple[str, ...]
) -> None:
    run = life.start("product", options=(*WITH_REPORT, "--report-dir", str(life.folder / "reports"), *workers))
    assert run.stdout is not None
    said = ""
    while "100%" not in said:
        said += run.stdout.read(1)
    for number in signals:
        os.killpg(run.pid, number)
        time.sleep(0.02)
    said += run.communicate(timeout=HANGS_S)[0]
    assert run.returncode == 1, said
    assert "Traceback" not in said
    assert "1 product failure" in said
    assert (life.folder / "reports" / "latest" / "summary.json").is_file()
    life.assert_left_in_order()


def test_r3_a_run_that_still_looks_for_secrets_is_not_taken_for_abandoned(life: Life) -> None:
    with (life.folder / "conftest.py").open("a") as file:
        file.write(
            "import posrig.plugin.run_report\n"
            "from posrig.reporting.run_folder import abandoned\n"
            "scan = posrig.plugin.run_report.look_through\n"
            "def looked_at_by_another_run(paths, secrets, base, name):\n"
            "    print('abandoned:', abandoned(base))\n"
            "    return scan(paths, secrets, base, name)\n"
            "posrig.plugin.run_report.look_through = looked_at_by_another_run\n"
        )
    code, said = life.run("well", options=(*WITH_REPORT, "--report-dir", str(life.folder / "reports")))
    assert code == 0, said
    assert "abandoned: []" in said


def test_s1_a_press_on_a_simulated_rig_of_its_own_has_a_guard_too(tmp_path: Path) -> None:
    lab = Lab(None, SIMULATED, tmp_path)  # type: ignore[arg-type]
    run = subprocess.Popen(
        lab.commands["press"], cwd=ROOT, env=lab.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        from benchmarks.kill import started

        def has_guard() -> bool:
            try:
                return started("posrig.safety.guard_process", run.pid) > 0
            except AssertionError:
                return False

        wait_until(has_guard, GIVE_UP_S, "no guard")
    finally:
        run.terminate()
        run.wait(20)
