"""The whole rig with its simulated process as a child: killed outright, interrupted, ended in order."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hangs import HANGS_S

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import read_rig
from posrig.ground.faults import RigFault
from posrig.rig.rig import Rig, RigOptions
from posrig.safety.incidents import take_new
from tests.safety.rig_to_guard import ENVIRONMENT, ROOT, gone_within

PROGRAM = """
    import sys
    from pathlib import Path
    from posrig.description.lab import SIMULATED
    from posrig.description.rig_file import read_rig
    from posrig.rig.rig import Rig, RigOptions
    options = RigOptions(incidents=Path(sys.argv[1]), job="nightly")
    with Rig.open(read_rig(SIMULATED), options=options) as rig:
        rig.fresh_terminal()
        rig.power.on()
        rig.guard.doing("unlock.feature::A cashier unlocks")
        rig.keypad.down("5")
        print(rig.guard.pid, rig.simulator.pid, flush=True)
        for _ in range(100000):
            rig.clock.sleep(0.1)
"""


def running(folder: Path) -> tuple[subprocess.Popen[str], int, int]:
    run = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), str(folder)],
        cwd=ROOT,
        env=ENVIRONMENT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert run.stdout is not None
    guard, simulator = map(int, run.stdout.readline().split())
    return run, guard, simulator


def test_the_simulated_rig_outlives_a_killed_harness_until_its_guard_has_proved_it_safe(tmp_path: Path) -> None:
    run, guard, simulator = running(tmp_path)
    run.kill()
    run.wait(HANGS_S)
    assert gone_within(guard, HANGS_S)
    assert gone_within(simulator, HANGS_S)
    (incident,) = take_new(tmp_path)
    assert incident.safe
    assert [proof.detail for proof in incident.proofs] == [
        "19 channels open",
        "1 channel open",
        "1 channel open",
        "output 2 off, 0.000 A",
    ]
    assert "nightly" in str(incident)
    assert "unlock.feature::A cashier unlocks" in str(incident)


@pytest.mark.parametrize("signals", [[signal.SIGINT], [signal.SIGINT] * 2], ids=["Ctrl-C", "Ctrl-C twice"])
def test_an_interrupted_harness_makes_the_rig_safe_itself(tmp_path: Path, signals: list[signal.Signals]) -> None:
    run, guard, simulator = running(tmp_path)
    for number in signals:
        os.killpg(run.pid, number)
    run.wait(HANGS_S)
    assert run.returncode != -signal.SIGKILL
    assert gone_within(guard, HANGS_S)
    assert gone_within(simulator, HANGS_S)
    assert take_new(tmp_path) == ()


def test_a_simulated_rig_of_our_own_that_lost_an_instrument_is_closed_at_once_and_is_no_incident(
    tmp_path: Path,
) -> None:
    rig = Rig.open(read_rig(SIMULATED), options=RigOptions(incidents=tmp_path))
    assert rig.guard is not None
    rig.fresh_terminal()
    rig.power.on()
    rig.bench.do("instrument.lose", name="switch", how="drop")
    outcomes = rig.close()
    assert {outcome.name for outcome in outcomes if outcome.proved} == {"supply off"}
    assert gone_within(rig.guard.pid, HANGS_S)
    assert take_new(tmp_path) == ()


def test_without_its_guard_a_rig_is_not_powered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posrig.safety.guard.PROCESS", "rigs.no_such_process")
    with pytest.raises(RigFault, match="guard process ended at once"):
        Rig.open(read_rig(SIMULATED), options=RigOptions(incidents=tmp_path))
