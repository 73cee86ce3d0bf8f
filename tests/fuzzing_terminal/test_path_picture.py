"""The picture of a finding: whole SVG, every act of it on the map and in the words below, in both languages."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from posrig.description.profile import read_profile
from posrig.fuzzing.models.terminal_r.lock_model import LockModel
from posrig.fuzzing.models.terminal_r.path_picture import path_picture, write_picture
from posrig.fuzzing.models.terminal_r.scopes import chosen
from posrig.fuzzing.running.feature_file import Language
from posrig.fuzzing.running.plan import Limits, Plan
from posrig.fuzzing.search.findings import Finding
from posrig.ground.faults import ConfigurationError

PROFILE = read_profile(Path(__file__).parents[2] / "rigs" / "profiles" / "reference-r.yaml")
LOCK = chosen(PROFILE, ["lock"])[0]
FORGOTTEN = Finding(
    ("operator 01", "right password", "lock by menu", "power cut"), "boot > self_test > lock(operator=01, entry=)",
    "boot > self_test > signed_off", id="0123456789ab",
)  # fmt: skip


def drawn(finding: Finding, language: Language = "en") -> tuple[list[str], list[ElementTree.Element]]:
    """Its words, and its arrows."""
    root = ElementTree.fromstring(path_picture(LockModel(PROFILE, LOCK), finding, language))
    texts = [element.text or "" for element in root.iter() if element.tag.endswith("}text")]
    return texts, [element for element in root.iter() if element.tag.endswith("}path") and element.get("marker-end")]


def test_the_way_stands_on_the_map() -> None:
    texts, arrows = drawn(FORGOTTEN)
    assert {"signed_off", "login_pwd", "idle", "lock", "menu"} <= set(texts)
    assert {"1", "2", "3", "4"} <= set(texts)
    assert "4  lock: power cut" in texts
    assert f"expected: {FORGOTTEN.expected}" in texts
    assert f"seen: {FORGOTTEN.seen}" in texts
    assert sum(arrow.get("marker-end") == "url(#red)" for arrow in arrows) == 4


def test_where_it_should_have_gone_is_green() -> None:
    seen_elsewhere = Finding(FORGOTTEN.keys[:3], "idle > lock_ask > lock(operator=01, entry=)", "idle > menu", id="x")
    _, arrows = drawn(seen_elsewhere)
    assert sum(arrow.get("marker-end") == "url(#green)" for arrow in arrows) == 1


def test_a_frame_of_no_screen_is_a_box_of_its_own() -> None:
    texts, _ = drawn(Finding(FORGOTTEN.keys[:3], "lock(operator=01, entry=)", "idle > ? READY/##", id="x"))
    assert "?" in texts


def test_chinese() -> None:
    texts, _ = drawn(FORGOTTEN, "zh")
    assert texts[0] == "发现 0123456789ab：范围 lock，判据 model"
    assert f"预期: {FORGOTTEN.expected}" in texts


def test_it_lies_beside_the_archive(tmp_path: Path) -> None:
    plan = Plan([LOCK], Limits(presses=1), findings=tmp_path)
    assert write_picture(PROFILE, plan, LOCK, FORGOTTEN, "en") == tmp_path / "lock" / "0123456789ab.svg"
    assert write_picture(PROFILE, plan, chosen(PROFILE, ["update"])[0], FORGOTTEN, "en") is None
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="picture cannot be written"):
        write_picture(PROFILE, Plan([LOCK], Limits(presses=1), findings=tmp_path / "file"), LOCK, FORGOTTEN, "en")
