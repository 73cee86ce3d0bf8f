"""What a run may spend and when it may accuse: budgets, the ledger, the rig in doubt, the way back, what is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import read_rig
from posrig.fuzzing.models.terminal_r.campaign import run
from posrig.fuzzing.models.terminal_r.doing import Doer
from posrig.fuzzing.models.terminal_r.replaying import again
from posrig.fuzzing.models.terminal_r.scopes import chosen
from posrig.fuzzing.running import hunts
from posrig.fuzzing.running.plan import Allowance, GuessesSpent, Limits, Plan, PowerSpent, Spent
from posrig.ground.faults import ConfigurationError, RigFault
from posrig.rig.rig import Rig, RigOptions
from posrig.rig.soundness import Doubt
from posrig.safety.ledger import Kind

DEFECT = "lock_lost_on_power_cut"


def opened(*defects: str) -> Rig:
    return Rig.open(read_rig(SIMULATED), options=RigOptions(defects=defects, guard=False))


@pytest.fixture(scope="module")
def sound() -> Iterator[Rig]:
    with opened() as rig:
        yield rig


@pytest.fixture(scope="module")
def forgetful() -> Iterator[Rig]:
    with opened(DEFECT) as rig:
        yield rig


def plan(rig: Rig, scope: str, presses: int = 400, **more: Any) -> Plan:
    limits = more.pop("limits", Limits(presses=presses))
    return Plan(chosen(rig.profile, [scope]), limits, firmware="2.4.1", **more)


def test_the_ledger_of_the_terminal_is_asked_too() -> None:
    def left(kind: Kind) -> int | None:
        return {Kind.WRONG_CODE: 0, Kind.POWER: 3}.get(kind)

    allowance = Allowance(Limits(presses=1), Spent(), left)
    allowance.check_power_cycle()
    with pytest.raises(GuessesSpent, match="the ledger of this terminal allows no wrong code more"):
        allowance.check_guess()
    with pytest.raises(PowerSpent, match="2 of 2 power cycles used"):
        Allowance(Limits(presses=1, power_cycles=2), Spent(power_cycles=2)).check_power_cycle()
    with pytest.raises(ConfigurationError, match="-1 wrong passwords"):
        Limits(presses=1, wrong_passwords=-1)


def test_without_wrong_passwords_the_rest_is_searched_and_the_report_says_what_was_not(sound: Rig) -> None:
    campaign = run(sound, plan(sound, "lock-out", limits=Limits(presses=120, wrong_passwords=2)))
    (report,) = campaign.reports
    assert campaign.spent.wrong_passwords == 2
    assert campaign.spent.presses >= 120  # it went on
    assert report.uncovered["wrong password"] > 5
    assert campaign.findings == []


def test_without_power_cycles_it_ends_when_the_terminal_must_be_taken_anew(sound: Rig) -> None:
    campaign = run(sound, plan(sound, "lock", limits=Limits(presses=3000, power_cycles=3)))
    (report,) = campaign.reports
    assert campaign.spent.power_cycles <= 3
    assert campaign.spent.presses < 3000
    assert "3 of 3 power cycles used" in report.result.ended_because
    assert report.uncovered["power cut"] > 5


def test_no_finding_on_a_rig_in_doubt(forgetful: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hunts, "doubts", lambda _rig: [Doubt("the supply gives 7.10 V")])
    campaign = run(forgetful, plan(forgetful, "lock", findings=tmp_path))
    assert campaign.findings == []
    assert isinstance(campaign.fault, RigFault)
    assert "the supply gives 7.10 V" in str(campaign.fault)
    assert '"finding"' not in "".join(file.read_text() for file in tmp_path.rglob("*.jsonl"))


def test_a_contact_that_loses_presses_is_no_finding_about_the_terminal() -> None:
    with opened() as rig:
        rig.bench.do("relay.fault", key="ENTER", fault="loses", every=3)
        campaign = run(rig, plan(rig, "lock"))
    assert campaign.findings == []
    assert isinstance(campaign.fault, RigFault)
    assert "ENTER" in str(campaign.fault)


def test_doubts_that_come_while_it_is_judged_take_it_back(
    forgetful: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([[], [Doubt("2 pictures were lost")]])
    monkeypatch.setattr(hunts, "doubts", lambda _rig: next(answers))
    campaign = run(forgetful, plan(forgetful, "lock", findings=tmp_path))
    assert campaign.findings == []
    assert isinstance(campaign.fault, RigFault)
    (archive,) = tmp_path.rglob("*.jsonl")
    assert json.loads(archive.read_text().splitlines()[-1])["finding"]["verdict"] == "rig in doubt"


def test_what_shows_on_the_twin_too_is_shortened_there(forgetful: Rig) -> None:
    with opened(DEFECT) as twin:
        before = twin.keypad.presses
        campaign = run(forgetful, plan(forgetful, "lock", stop_at_first=True, twin=twin))
        assert twin.keypad.presses > before
    ((_, finding),) = campaign.findings
    assert (finding.verdict, finding.fired, finding.minimal) == ("always", 3, True)
    assert len(finding.keys) < finding.found_keys


def test_what_does_not_show_on_the_twin_is_shortened_on_the_rig(forgetful: Rig, sound: Rig) -> None:
    ((_, finding),) = run(forgetful, plan(forgetful, "lock", stop_at_first=True, twin=sound)).findings
    assert (finding.verdict, finding.minimal) == ("always", True)


def test_the_next_run_begins_with_what_was_not_covered(sound: Rig, tmp_path: Path) -> None:
    def covered(presses: int, **more: Any) -> int:
        return run(sound, plan(sound, "day", presses, findings=tmp_path, **more)).reports[0].covered

    first = covered(60)
    assert covered(1) >= first
    assert covered(60) > first + 5
    assert covered(1, afresh=True) < first
    (file,) = tmp_path.rglob("*.coverage.json")
    file.write_text(file.read_text().replace('"firmware":"2.4.1"', '"firmware":"2.3.0"'))
    with pytest.raises(
        ConfigurationError, match=r"this coverage is of firmware 2\.3\.0; under test is firmware 2\.4\.1"
    ):
        covered(10)
    file.write_text("{")
    with pytest.raises(ConfigurationError, match="cannot be read as kept coverage"):
        covered(10)


def test_a_finding_is_replayed_by_its_id(forgetful: Rig, sound: Rig, tmp_path: Path) -> None:
    here = plan(forgetful, "lock", findings=tmp_path, stop_at_first=True)
    ((_, found),) = run(forgetful, here).findings
    scope, finding, verdict = again(forgetful, here, found.id[:6])
    assert (scope.name, finding.keys, str(verdict)) == ("lock", found.keys, "always (3 of 3)")
    assert str(again(sound, here, found.id)[2]) == "not again (0 of 3)"
    with pytest.raises(ConfigurationError, match="no findings have an id that begins with 'zz'"):
        again(sound, here, "zz")


def test_a_rig_without_a_shelf_is_refused() -> None:
    lab: Any = SimpleNamespace(bench=SimpleNamespace(capabilities=()), network=object())
    with pytest.raises(ConfigurationError, match="bring the terminal back to its first state"):
        Doer(lab).fresh()
