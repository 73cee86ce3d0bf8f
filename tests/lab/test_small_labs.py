"""The two small terminals through the harness, by their profiles alone: their labs run, and see what is wrong.

One run for each lab, on a terminal with one seeded defect: the scenario about its rule fails, the others hold. All of
both labs is run by ``make run``.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lab_kit import pytest_in

from posrig.commands._check_trials import Check
from posrig.commands.main import main
from posrig.commands.qualify import _lab_of
from posrig.description.rig_file import read_rig
from posrig.ground.faults import ConfigurationError
from posrig.plugin.rig import _known_defects
from posrig.rig.rig import Rig, RigOptions
from posrig.terminal.ways.navigator import Navigator

ROOT = Path(__file__).parents[2]
RUNS = {
    "counter": (
        "c_star_leaves_lock",
        "lock_zh.feature::连按星号键不能离开锁定画面",
        (
            "lock_zh.feature::断电后仍然锁定，当班人员解锁后继续工作",
            "lock_zh.feature::后台锁定只能由后台解除",
            "access_zh.feature::断电不清零已输错的次数",
            "update_reset_zh.feature::升级到新版本",
            "update_reset_zh.feature::恢复出厂后旧密码作废，主管用公开的初始密码并须修改",
        ),
    ),
    "esign": (
        "e_reset_keeps_password",
        "terminal.feature::After a reset nobody's old password is known",
        (
            "lock_zh.feature::从菜单锁定后，菜单的按钮不再起作用",
            "lock_zh.feature::主管解锁后收银员接着工作",
            "terminal.feature::A sale is done with a signature",
            "terminal.feature::A newer version is installed",
            "terminal.feature::A reset needs the system's password",
        ),
    ),
}


@pytest.mark.parametrize("name", sorted(RUNS))
def test_only_the_scenario_about_the_broken_rule_fails(name: str, tmp_path: Path) -> None:
    """From the root of the repository, where another rig is the usual one."""
    defect, sick, sound = RUNS[name]
    ids = [f"labs/{name}/features/{one}" for one in (sick, *sound)]
    options = ("--defect", defect, "--report-dir", str(tmp_path), "-q", "-p", "no:hypothesispytest")
    done = pytest_in(ROOT, *ids, *options)
    lines = [line for file in tmp_path.glob("runs/*/scenarios.jsonl") for line in file.read_text("utf-8").splitlines()]
    rows = [json.loads(line) for line in lines]
    verdicts = {row["id"].removeprefix("features/"): row["verdict"] for row in rows}
    assert verdicts == {sick: "product failure", **dict.fromkeys(sound, "held")}, done.out
    assert {row["rig"] for row in rows} == {name}
    assert done.code == 1


@pytest.mark.parametrize(("lab", "begins"), [("counter", "c_"), ("esign", "e_")])
def test_defects_are_those_of_the_rig_file_s_terminal(
    lab: str, begins: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["defects", "--rig", str(ROOT / "rigs" / f"{lab}.yaml"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["defects"]
    assert len(found) == 10
    assert all(one["id"].startswith(begins) for one in found)
    _known_defects([found[0]["id"]], (), lab)
    with pytest.raises(ConfigurationError, match="there is no seeded defect"):
        _known_defects([found[0]["id"]], (), "r")


def test_scenarios_are_qualified_in_the_lab_that_they_lie_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert _lab_of(["labs/counter/features"]) == ROOT / "labs" / "counter"
    assert _lab_of(["features/lock", "features/unlock"]) == ROOT
    assert _lab_of([]) == ROOT
    with pytest.raises(ConfigurationError, match="features of 2 labs"):
        _lab_of(["features/lock", "labs/esign/features"])


def test_pads_on_a_glass_are_felt_where_its_keyboard_is_shown() -> None:
    with Rig.open(read_rig(ROOT / "rigs" / "esign.yaml"), options=RigOptions(guard=False)) as rig:
        rig.power.on()
        Navigator(rig.terminal).started()
        assert Check(rig, lambda _row: None, lambda _part: None)._keys() == "15 heard on the service port"
