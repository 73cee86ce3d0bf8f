"""The terminal profile: whole frames, both languages, no two screens that could be the same frame."""

from __future__ import annotations

from pathlib import Path

import pytest

from posrig.description.profile import read_profile
from posrig.ground.faults import ConfigurationError

SHIPPED = Path(__file__).parents[2] / "rigs" / "profiles" / "reference-r.yaml"


def changed(tmp_path: Path, right: str, wrong: str) -> Path:
    text = SHIPPED.read_text("utf-8")
    assert right in text
    file = tmp_path / "profile.yaml"
    file.write_text(text.replace(right, wrong, 1), "utf-8")
    return file


def test_fields_are_read_from_the_frame() -> None:
    match = read_profile(SHIPPED).recognise(["*** LOCKED ***", "OP01 at 12:34", "Operator no.:", "__"])
    assert match is not None
    assert (match.screen, match.language) == ("lock", "en")
    assert match.fields == {"operator": "01", "time": "12:34", "entry": "__"}


def test_the_same_screen_in_chinese() -> None:
    match = read_profile(SHIPPED).recognise(["*** 已锁定 ***", "01号 12:34锁定", "操作员号:", "__"])
    assert match is not None
    assert (match.screen, match.language) == ("lock", "zh")


def test_text_left_over_from_another_screen_is_not_the_screen() -> None:
    profile = read_profile(SHIPPED)
    assert profile.recognise(["SIGN ON", "Not accepted", "Tries left: 4", ""]) is not None
    assert profile.recognise(["SIGN ON", "Not accepted", "Tries left: 4", "OP01"]) is None


def test_two_patterns_for_one_frame_are_refused(tmp_path: Path) -> None:
    file = changed(tmp_path, '["SIGN ON", "Not accepted", "Tries left:', '["SECOND STEP", "Not accepted", "Tries left:')
    with pytest.raises(ConfigurationError) as error:
        read_profile(file)
    message = str(error.value)
    assert "ambiguous" in message
    assert "'login_bad'" in message
    assert "'finger_bad'" in message
    assert "profile.yaml:" in message


def test_a_row_wider_than_the_display_is_refused(tmp_path: Path) -> None:
    file = changed(tmp_path, '"*** 已锁定 ***"', '"*** 终端已被锁定 ***"')
    with pytest.raises(ConfigurationError, match="20 columns wide"):
        read_profile(file)


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="unknown kind 'clock'"):
        read_profile(changed(tmp_path, "{time:time}", "{time:clock}"))


def test_a_key_that_leads_to_no_screen_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="menü"):
        read_profile(changed(tmp_path, '{"MENU": menu}', '{"MENU": menü}'))


def test_operators_have_roles() -> None:
    profile = read_profile(SHIPPED)
    assert profile.role_of("00") == "manager"
    with pytest.raises(ConfigurationError, match="no operator '42'"):
        profile.role_of("42")


def test_the_owner_of_a_password_is_an_operator(tmp_path: Path) -> None:
    file = changed(tmp_path, "asks: password of manager", "asks: password of boss")
    with pytest.raises(
        ConfigurationError, match=r"screens\.approve\.asks: a prompt without an answer: 'boss' is no role"
    ):
        read_profile(file)


def test_every_entry_of_a_secret_says_what_it_asks_for() -> None:
    screens = read_profile(SHIPPED).screens
    assert [name for name, screen in screens.items() if screen.secret_entry and screen.kind == "entry"] == [
        name for name, screen in screens.items() if screen.asks not in ("", "number")
    ]
