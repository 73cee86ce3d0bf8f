"""Rows S3 and S5: who stands still is noticed, who is late is not; a slow safe action does not keep the next one waiting."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from benchmarks.kill import GIVE_UP_S, wait_until
from benchmarks.kill import Rig as LabRig
from posrig.description.rig_file import read_rig
from posrig.ground.faults import RigFault
from posrig.ground.interruption import Interruption
from posrig.rig.session import rig_session
from posrig.safety.actions import Outcome, SafeAction, Stage, run_all
from posrig.safety.heartbeat import BEAT_S, HUNG_S, STOPPED_GUARD_S, Heard, is_stopped


def rounds_until_lost(heard: Heard) -> int:
    return next(count for count in range(1, 1000) if heard.round())


def test_a_process_that_only_waits_for_its_turn_is_lost_late_and_one_that_is_stopped_soon() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        assert rounds_until_lost(Heard(child.pid, STOPPED_GUARD_S)) * BEAT_S >= HUNG_S
        child.send_signal(signal.SIGSTOP)
        wait_until(lambda: is_stopped(child.pid), GIVE_UP_S, "not stopped")
        assert rounds_until_lost(Heard(child.pid, STOPPED_GUARD_S)) * BEAT_S <= 2.0
    finally:
        child.kill()
        child.communicate()


def test_a_sign_of_life_begins_the_count_anew() -> None:
    heard = Heard(os.getpid(), STOPPED_GUARD_S)
    for _ in range(1000):
        assert not heard.round()
        heard.beat()


@pytest.mark.parametrize("allowed", [True, False], ids=["in a wait", "between scenarios"])
def test_s3_a_stopped_guard_is_noticed_and_the_rig_is_not_moved_any_more(
    rig: LabRig, tmp_path: Path, allowed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LEASES", "LEDGER", "INCIDENTS"):
        monkeypatch.setenv(f"POSRIG_{name}", str(tmp_path / name))
    with pytest.raises(RigFault, match="guard process has been stopped"):
        use_until_its_guard_is_stopped(rig, tmp_path, allowed)
    assert rig.is_safe


def use_until_its_guard_is_stopped(rig: LabRig, folder: Path, allowed: bool) -> None:
    with rig_session(read_rig(rig.rig_file(folder))) as held:
        assert held.rig.guarded is not None
        assert held.rig.guard is not None
        held.rig.guarded.interruption.allowed = allowed
        held.rig.power.on()
        held.rig.keypad.down("5")
        os.kill(held.rig.guard.pid, signal.SIGSTOP)
        threading.Event().wait(GIVE_UP_S) if allowed else wait_until(lambda: rig.is_safe, GIVE_UP_S, "not made safe")
        with pytest.raises(RigFault, match="guard process"):
            held.rig.supply.on()
        held.begin("the next scenario")


def test_nothing_is_raised_where_it_is_not_allowed_or_too_late() -> None:
    interruption = Interruption()
    interruption.install()
    interruption.allowed = False
    interruption.interrupt(RigFault("late"))
    with pytest.raises(RigFault, match="late"), interruption.permitted():
        pytest.fail("what came before is raised first")
    interruption.remove()
    interruption.interrupt(RigFault("too late"))
    signal.raise_signal(signal.SIGURG)


def test_a_slow_safe_action_is_proved_and_does_not_keep_the_next_one_waiting() -> None:
    supply_off = threading.Event()
    slow = SafeAction(
        "keys", lambda: None, lambda: str(supply_off.wait(GIVE_UP_S)), GIVE_UP_S, Stage.RELAYS_OPEN, turn_s=0.05
    )
    outcomes = run_all([slow, SafeAction("supply", supply_off.set, lambda: "off", stage=Stage.SUPPLY_OFF)])
    assert [str(outcome) for outcome in outcomes] == ["keys: done and proved: True", "supply: done and proved: off"]


def test_u9_safe_actions_run_in_a_thread_too() -> None:
    found: list[Outcome] = []
    thread = threading.Thread(target=lambda: found.extend(run_all([SafeAction("a", lambda: None, lambda: "off")])))
    thread.start()
    thread.join(GIVE_UP_S)
    assert [outcome.proved for outcome in found] == [True]
