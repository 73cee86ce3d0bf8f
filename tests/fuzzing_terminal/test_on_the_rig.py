"""The search on the simulated rig: nothing on the sound terminal, a seeded defect found and shortened, nothing lost."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hangs import HANGS_S

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import read_rig
from posrig.fuzzing.models.terminal_r.asking import Question, never_fails
from posrig.fuzzing.models.terminal_r.campaign import run
from posrig.fuzzing.models.terminal_r.scopes import chosen
from posrig.fuzzing.running.plan import Limits, Plan
from posrig.ground.faults import ConfigurationError, ProductFailure
from posrig.rig.rig import Rig, RigOptions

ROOT = Path(__file__).parents[2]
DEFECT = "lock_lost_on_power_cut"


@pytest.fixture(scope="module")
def sound() -> Iterator[Rig]:
    with Rig.open(read_rig(SIMULATED), options=RigOptions(guard=False)) as rig:
        yield rig


@pytest.fixture(scope="module")
def forgetful() -> Iterator[Rig]:
    with Rig.open(read_rig(SIMULATED), options=RigOptions(defects=(DEFECT,), guard=False)) as rig:
        yield rig


def test_the_sound_terminal_does_what_the_model_says(sound: Rig) -> None:
    campaign = run(sound, Plan(chosen(sound.profile, ["lock", "day"]), Limits(presses=400)))
    assert [finding.keys for _, finding in campaign.findings] == []
    assert campaign.spent.presses >= 400
    assert {"lock", "daily", "login_pwd", "idle"} <= campaign.spent.screens
    assert [report.scope.name for report in campaign.reports] == ["lock", "day"]
    assert all(0 < report.covered < report.possible for report in campaign.reports)


def test_a_seeded_defect_is_found_and_shortened(forgetful: Rig, tmp_path: Path) -> None:
    scopes = chosen(forgetful.profile, ["lock"])
    campaign = run(
        forgetful, Plan(scopes, Limits(presses=400), findings=tmp_path, firmware="2.4.1", stop_at_first=True)
    )
    ((_, finding),) = campaign.findings
    assert finding.verdict == "always"
    assert finding.keys[-1] in ("power cut", "restart chord")
    assert len(finding.keys) <= 6
    assert 0 < (campaign.spent.first_finding or 0) <= campaign.spent.presses
    again = run(forgetful, Plan(scopes, Limits(presses=400), findings=tmp_path, firmware="2.4.1", stop_at_first=True))
    assert [f.id for _, f in again.findings] == [finding.id]
    assert again.spent.presses < 40  # it was replayed, not searched for


def test_an_invariant_finds_it_without_the_model(forgetful: Rig) -> None:
    with pytest.raises(ProductFailure, match=r"instead of: lock survives every start"):
        never_fails(forgetful, Question(40, 400, ("lock",)), ("start",), "every start keeps what was locked")


def test_an_archive_of_another_firmware_is_not_used(sound: Rig, tmp_path: Path) -> None:
    plan = Plan(chosen(sound.profile, ["day"]), Limits(presses=10), findings=tmp_path, firmware="2.4.1")
    run(sound, plan)
    (archive,) = tmp_path.rglob("*.jsonl")
    archive.write_text(archive.read_text().replace("2.4.1", "2.3.0"))
    with pytest.raises(ConfigurationError, match=r"firmware 2\.3\.0; the one under test is R, firmware 2\.4\.1"):
        run(sound, plan)


@pytest.mark.parametrize(("presses", "minutes"), [(None, None), (0, None), (None, 0.0), (-5, None)])
def test_a_budget_that_allows_nothing_is_refused(presses: int | None, minutes: float | None) -> None:
    with pytest.raises(ConfigurationError, match="budget"):
        Limits(presses, minutes)


def fuzz(*options: str, folder: Path) -> list[str]:
    return [
        sys.executable, "-m", "posrig.commands.main", "fuzz", "--scope", "lock", "--defect", DEFECT, "--findings", str(folder),
        "--json", *options,
    ]  # fmt: skip


def test_killed_at_any_moment_it_loses_no_finding(tmp_path: Path) -> None:
    environment = {**os.environ, "POSRIG_LEDGER": str(tmp_path / "ledger.sqlite"), "POSRIG_LEASES": str(tmp_path)}
    first = subprocess.Popen(
        fuzz("--presses", "100000", folder=tmp_path / "found"), cwd=ROOT, env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + HANGS_S
        while not _kept(tmp_path / "found"):
            assert time.monotonic() < deadline, "nothing was found in a minute"
            assert first.poll() is None, "it ended by itself"
            time.sleep(0.05)
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    known = _kept(tmp_path / "found")
    done = subprocess.run(
        fuzz("--presses", "30", "--first", folder=tmp_path / "found"), cwd=ROOT, env=environment, capture_output=True,
        text=True, timeout=HANGS_S, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)["findings"]
    assert {finding["id"] for finding in told} <= known
    assert all(finding["known"] for finding in told)


def test_the_line_under_a_finding_replays_it(tmp_path: Path) -> None:
    environment = {**os.environ, "POSRIG_LEDGER": str(tmp_path / "ledger.sqlite"), "POSRIG_LEASES": str(tmp_path)}

    def posrig(words: list[str]) -> tuple[int, dict[str, Any]]:
        command = [sys.executable, "-m", "posrig.commands.main", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=HANGS_S, check=False
        )
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    code, report = posrig(fuzz("--presses", "400", "--first", folder=tmp_path / "found")[3:])
    assert code == 1
    (finding,) = report["findings"]
    assert (finding["known"], Path(finding["picture"]).suffix) == (False, ".svg")
    program, *words = shlex.split(finding["again"])
    code, replayed = posrig([*words, "--json"])
    assert (program, code, replayed["id"], replayed["verdict"]) == ("posrig", 1, finding["id"], "always")


def _kept(folder: Path) -> set[str]:
    lines = [line for file in folder.rglob("*.jsonl") for line in file.read_text().splitlines()]
    records = [json.loads(line) for line in lines if line.startswith('{"finding"') and line.endswith("}}")]
    return {record["finding"]["id"] for record in records}
