"""The guard: whatever kills the harness, the rig is safe soon, proved from a third connection."""

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hangs import HANGS_S, until

from posrig.ground.faults import RigFault
from posrig.safety.guard import Guard
from posrig.safety.incidents import take_new
from posrig.safety.lease import Busy, holders, take
from tests.safety.harness_under_guard import description_at, drivers
from tests.safety.rig_to_guard import RigToGuard, gone_within, guard_of

INSTANTS = 6  # benchmarks/kill.py has a hundred


@pytest.fixture(scope="module")
def rig() -> Iterator[RigToGuard]:
    started = RigToGuard()
    yield started
    started.close()


def test_a_kill_at_any_instant_leaves_the_rig_safe(rig: RigToGuard, tmp_path: Path) -> None:
    """Each harness is started while its forerunner's guard may still be at work: the lease keeps them apart."""
    for instant in range(INSTANTS):
        harness = rig.harness(tmp_path)
        guard = guard_of(harness)
        time.sleep(random.Random(instant).uniform(0, 0.08))
        harness.send_signal(signal.SIGKILL)
        rig.safe_within(HANGS_S)
        harness.wait(HANGS_S)
        assert gone_within(guard, HANGS_S), "the guard ends by itself"
        assert holders(tmp_path / "leases") == ()
        (incident,) = take_new(tmp_path / "incidents")
        assert incident.safe
        assert incident.doing.startswith("scenario ")
        assert (incident.rig, incident.harness_pid) == ("lab-1", harness.pid)
        assert rig.safe


def test_a_run_that_ends_in_order_leaves_no_incident_and_no_guard(rig: RigToGuard, tmp_path: Path) -> None:
    harness = rig.harness(tmp_path)
    guard = guard_of(harness)
    said, _ = harness.communicate(timeout=HANGS_S)
    assert said.count("done and proved") == 4
    assert gone_within(guard, HANGS_S)
    assert take_new(tmp_path / "incidents") == ()
    assert rig.safe


def test_signals_to_the_whole_process_group_do_not_reach_the_guard(rig: RigToGuard, tmp_path: Path) -> None:
    harness = rig.harness(tmp_path)
    guard = guard_of(harness)
    assert os.getsid(guard) == guard
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(guard, number)
    harness.kill()
    rig.safe_within(HANGS_S)
    harness.wait(HANGS_S)
    assert gone_within(guard, HANGS_S)
    assert take_new(tmp_path / "incidents")[0].safe


def test_no_other_job_gets_the_terminal_before_it_is_safe(rig: RigToGuard, tmp_path: Path) -> None:
    harness = rig.harness(tmp_path)
    guard_of(harness)
    with pytest.raises(Busy, match="killed run"):
        take(["terminal 12345678"], directory=tmp_path / "leases")
    harness.kill()
    with take(["terminal 12345678"], wait_s=HANGS_S, directory=tmp_path / "leases"):
        assert rig.safe
    harness.wait(HANGS_S)


def test_a_guard_is_done_after_one_act(rig: RigToGuard, tmp_path: Path) -> None:
    """What the next run switched on must not be switched off by the guard of the one before."""
    harness = rig.harness(tmp_path)
    guard = guard_of(harness)
    harness.kill()
    harness.wait(HANGS_S)
    rig.safe_within(HANGS_S)
    assert gone_within(guard, HANGS_S)
    supply, switch = drivers(description_at(rig.ports))
    supply.on()
    switch.close_channels([1006])
    time.sleep(0.2)
    assert supply.is_on()
    assert switch.closed([1006]) == {1006}
    supply.off()
    switch.open_channels([1006])
    supply.close()
    switch.close()


def test_an_instrument_that_is_away_at_first_is_made_safe_when_it_is_back(rig: RigToGuard, tmp_path: Path) -> None:
    harness = rig.harness(tmp_path)
    guard = guard_of(harness)
    rig.act("instrument.lose", name="switch", how="drop")
    harness.kill()
    harness.wait(HANGS_S)
    until(lambda: rig.ask("supply", "OUTP? (@2)") != "1", "an open supply, though the switch unit is gone,")
    rig.act("instrument.restore", name="switch")
    rig.safe_within(HANGS_S)
    assert gone_within(guard, HANGS_S)
    (incident,) = take_new(tmp_path / "incidents")
    assert incident.safe
    assert incident.attempts > 1


def test_what_could_not_be_proved_is_said_once_to_the_next_run(rig: RigToGuard, tmp_path: Path) -> None:
    harness = rig.harness(tmp_path)
    guard = guard_of(harness)
    rig.act("instrument.lose", name="switch", how="drop")
    harness.kill()
    harness.wait(HANGS_S)
    assert gone_within(guard, HANGS_S), "the guard gives up in bounded time"
    (incident,) = take_new(tmp_path / "incidents")
    assert not incident.safe
    assert "NOT PROVED SAFE: key relays open: failed" in str(incident)
    assert {proof.name for proof in incident.proofs if proof.state == "done and proved"} == {"supply off"}
    assert take_new(tmp_path / "incidents") == ()
    rig.act("instrument.restore", name="switch")
    supply, switch = drivers(description_at(rig.ports))
    switch.open_channels(switch.wired)
    supply.close()
    switch.close()


def test_what_the_harness_could_not_prove_it_hands_over(rig: RigToGuard, tmp_path: Path) -> None:
    supply, switch = drivers(description_at(rig.ports))
    guard = Guard(description_at(rig.ports), incidents=tmp_path, job="nightly")
    guard.wait_ready()
    supply.on()
    switch.close_channels([1006, 2001])
    guard.take_over()
    rig.safe_within(HANGS_S)
    until(lambda: list(tmp_path.glob("*.json")), "the incident")
    found = take_new(tmp_path)
    assert (found[0].cause, found[0].safe) == ("handed over", True)
    assert "ended with the rig not proved safe" in str(found[0])
    supply.close()
    switch.close()


def test_a_guard_that_is_gone_is_noticed(rig: RigToGuard, tmp_path: Path) -> None:
    guard = Guard(description_at(rig.ports), incidents=tmp_path)
    guard.wait_ready()
    guard.check()
    os.kill(guard.pid, signal.SIGKILL)
    until(lambda: _noticed(guard), "the loss of the guard")
    with pytest.raises(RigFault, match="guard process is gone"):
        guard.check()
    guard.goodbye()
    guard.goodbye()


def _noticed(guard: Guard) -> bool:
    try:
        guard.check()
    except RigFault:
        return True
    return False


def test_a_child_that_keeps_the_pipe_open_does_not_blind_the_guard(rig: RigToGuard, tmp_path: Path) -> None:
    """A forked helper holds a copy of the guard's pipe: its end never comes, but the harness's process is gone."""
    harness = os.fork()
    if not harness:
        supply, _ = drivers(description_at(rig.ports))
        guard = Guard(description_at(rig.ports), incidents=tmp_path)
        guard.wait_ready()
        supply.on()
        if not os.fork():
            time.sleep(1.2)
            os._exit(0)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(harness, 0)
    rig.safe_within(HANGS_S)
    until(lambda: list(tmp_path.glob("*.json")), "the incident")
    assert take_new(tmp_path)[0].safe
