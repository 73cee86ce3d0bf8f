"""The verb ``tap`` of a way: a finger on a text of the glass, wherever it stands; without a finger a located error."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from paper_terminal import Paper

from posrig.commands.main import main
from posrig.description.profile import read_profile
from posrig.description.rig_file import read_rig
from posrig.ground.faults import ConfigurationError, ProductFailure
from posrig.language.needs import Ability
from posrig.rig.rig import Rig, RigOptions
from posrig.terminal.preparing import prepare
from posrig.terminal.ways.cases import cases

RIGS = Path(__file__).parents[2] / "rigs"
BY_KEYS = "lock: {from: ready, press: FUNC 2 2 OK, to: locked}"


def by_finger(folder: Path, way: str) -> Path:
    """Esign's rig with a profile that locks in this way."""
    text = (RIGS / "profiles" / "esign.yaml").read_text("utf-8")
    assert BY_KEYS in text
    (folder / "glass.yaml").write_text(text.replace(BY_KEYS, way), "utf-8")
    rig = (RIGS / "esign.yaml").read_text("utf-8").replace("profiles/esign.yaml", "glass.yaml")
    (folder / "rig.yaml").write_text(rig, "utf-8")
    return folder / "rig.yaml"


@pytest.mark.parametrize(
    "way",
    [
        "lock: {from: ready, tap: 锁定, to: locked}",
        "lock: {from: ready, steps: [{tap: 菜单}, {expect: menu}, {tap: 锁定}], to: locked}",
    ],
)
def test_a_finger_follows_the_button_from_page_to_page(way: str, tmp_path: Path) -> None:
    with Rig.open(read_rig(by_finger(tmp_path, way)), options=RigOptions(guard=False)) as rig:
        prepare(rig.terminal)
        use = cases(rig.terminal)
        use.ready("01")
        assert rig.profile.means(use.lock("01").screen) == "locked"


def test_a_text_that_is_not_on_the_glass_is_the_terminals_failure(tmp_path: Path) -> None:
    rig_file = by_finger(tmp_path, "lock: {from: ready, tap: 休眠, to: locked}")
    with Rig.open(read_rig(rig_file), options=RigOptions(guard=False)) as rig:
        prepare(rig.terminal)
        use = cases(rig.terminal)
        use.ready("01")
        with pytest.raises(ProductFailure, match="the text '休眠' on the glass"):
            use.lock("01")


def test_without_a_finger_the_way_and_its_line_are_named(tmp_path: Path) -> None:
    paper = Paper(tmp_path, {"press: 8 GO": "tap: LOCK"})
    use = cases(paper.terminal)
    use.ready("11")
    with pytest.raises(
        ConfigurationError, match=r"no finger in this rig file, and the way 'lock', step 1(?s:.*)paper.yaml:\d+"
    ):
        use.lock("11")


def test_what_needs_a_finger_that_the_rig_lacks_is_told_before_anything_runs(tmp_path: Path) -> None:
    file = by_finger(tmp_path, "lock: {from: ready, tap: 锁定, to: locked}")
    rig = read_rig(file)
    profile = read_profile(rig.terminal.profile)
    assert Ability(profile, rig, file)._missing("way lock") == ""
    without = rig.model_copy(update={"bench": None})
    assert (
        Ability(profile, without, file)
        ._missing("way lock")
        .endswith("rig.yaml:1, field bench, for a finger on the glass")
    )


@pytest.mark.parametrize(
    "way",
    ["lock: {from: ready, tap: 锁定, press: OK, to: locked}", "lock: {from: ready, steps: [{tapp: 锁定}], to: locked}"],
)
def test_two_verbs_or_a_misspelt_one_are_refused_with_those_there_are(
    way: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    by_finger(tmp_path, way)
    assert main(["profile", "check", str(tmp_path / "glass.yaml")]) == 4
    said = capsys.readouterr().err
    assert "tap" in said
    assert "glass.yaml:" in said
