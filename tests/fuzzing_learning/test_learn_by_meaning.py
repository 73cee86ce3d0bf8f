"""Learning a terminal that posrig has no line of Python for: by its profile, and with a profile of one page."""

from __future__ import annotations

from pathlib import Path

import pytest

from posrig.commands.main import main
from posrig.description.profile import read_profile
from posrig.description.rig_file import RigDescription, read_rig
from posrig.fuzzing.learning.on_rig import LearnedTerminal, Wanted, learn_terminal
from posrig.fuzzing.learning.telling import terminal_rows
from posrig.fuzzing.learning.terminal_keys import TerminalKeys, usual_operator
from posrig.rig.rig import Rig, RigOptions
from posrig.terminal.preparing import prepare

RIGS = Path(__file__).parents[2] / "rigs"
COUNTER = RIGS / "counter.yaml"
FEW = ("1", "STAR", "HASH")
NEW = """
model: mine
display: {rows: 8, columns: 21, encoding: gb18030}
keys: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", STAR, HASH, KEYSWITCH]
submit: HASH
cancel: STAR
screens:
  first:
    means: signed off
    rows: {zh: ["", "      暂停服务", "", "   请到其他柜台办理", "", "", "", "员工按#键登录"]}
"""
"""What `posrig profile new` writes."""


def with_profile(folder: Path, text: str) -> RigDescription:
    """The counter's rig with that profile."""
    (folder / "mine.yaml").write_text(text, "utf-8")
    rig = read_rig(COUNTER)
    terminal = rig.terminal.model_copy(update={"profile": folder / "mine.yaml"})
    return rig.model_copy(update={"terminal": terminal, "camera": None})


def drafted(learned: LearnedTerminal, folder: Path) -> Path:
    path = folder / "draft.yaml"
    path.write_text(learned.draft, "utf-8")
    return path


def test_a_terminal_is_learned_by_the_ways_of_its_profile(tmp_path: Path) -> None:
    learned = learn_terminal(read_rig(COUNTER), Wanted(keys=("STAR", "HASH", "2", "5"), minutes=2.0))
    assert learned.explored.complete
    assert learned.first == "ready"
    assert {"menu", "info", "new_pwd"} <= set(learned.screens)
    assert learned.beside.elsewhere == ()
    assert any("在界面" not in row and "星号键" not in row for row in terminal_rows(learned, "en"))
    draft = read_profile(drafted(learned, tmp_path))
    assert draft.screens["ready"].leads["STAR"] == "menu"
    assert draft.screens["new_pwd"].asks == "new password"
    assert {"home", "version", "change password"} <= set(draft.data.ways), "the ways whose places were seen stay"
    assert "lock" not in draft.data.ways, "its end was not seen"


def test_of_a_page_alone_a_draft_is_made_that_the_reader_of_profiles_takes(tmp_path: Path) -> None:
    learned = learn_terminal(with_profile(tmp_path, NEW), Wanted(keys=FEW, minutes=2.0))
    draft = read_profile(drafted(learned, tmp_path))
    [boot] = draft.meaning["starting"]
    assert draft.screens[boot].rows["zh"][0] == "柜台终端 C21"
    login = draft.screens[draft.screens["first"].leads["HASH"]]
    assert login.kind == "entry"
    assert login.rows["zh"][2:4] == ("请输入工号:", "{entry:entry}")
    assert login.asks == "", "no role of the profile could answer it"
    assert "# guessed, to be checked: asks: number (first a role with the factor number)" in learned.draft
    assert draft.data.ways["home"][0].steps[0].press == "STAR"


def test_with_a_role_the_draft_says_what_is_asked_and_how_one_signs_on(tmp_path: Path) -> None:
    role = 'roles: {cashier: {ids: ["100001"], factors: [number, password], password_digits: 6}}\nscreens:'
    ready = """
  ready:
    means: ready
    rows: {zh: ["自助缴费", "", "请输入金额(元):", "{amount:money}", "", "", "工号 {operator:n}", "*键员工菜单   #键确认"]}
"""
    learned = learn_terminal(
        with_profile(tmp_path, NEW.replace("screens:", role) + ready), Wanted(operator="", keys=FEW, minutes=2.0)
    )
    draft = read_profile(drafted(learned, tmp_path))
    assert draft.screens[draft.screens["first"].leads["HASH"]].asks == "number"


def test_a_budget_that_is_too_small_leaves_a_draft_of_what_was_seen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = tmp_path / "draft.yaml"
    assert (
        main(["learn", "--rig", str(COUNTER), "--presses", "1", "--key", "STAR", "--key", "2", "--write", str(draft)])
        == 3
    )
    assert f"what was seen so far stands in {draft}" in capsys.readouterr().err
    assert "ready" in read_profile(draft).screens


def test_without_a_shelf_the_terminal_is_brought_home_by_its_profile() -> None:
    with Rig.open(read_rig(COUNTER), options=RigOptions(guard=False)) as rig:
        prepare(rig.terminal)
        device = TerminalKeys(rig.terminal, begin=rig.begin_scenario, keys=("STAR", "2"))
        device._shelf = False
        said = []
        for _ in range(2):
            device.reset()
            assert device.first == "ready"
            said.append([device.press(key) for key in ("STAR", "2")])
        assert said == [["menu", "info"]] * 2
        assert rig.power.is_on


@pytest.mark.parametrize(
    ("profile", "who"),
    [("counter", "100001"), ("esign", "01"), ("reference-r", "01"), ("terminal-e", "01")],
)
def test_who_is_signed_on_is_the_first_of_the_profile(profile: str, who: str) -> None:
    assert usual_operator(read_profile(RIGS / "profiles" / f"{profile}.yaml")) == who
