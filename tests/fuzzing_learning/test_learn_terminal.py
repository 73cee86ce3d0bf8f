"""Learning terminal R through its rig: by a few keys, from the cashier's ready screen, inside the sandbox."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posrig.commands.main import main
from posrig.description.lab import SIMULATED
from posrig.description.profile import read_profile
from posrig.description.rig_file import read_rig
from posrig.fuzzing.learning.draft import generalised
from posrig.fuzzing.learning.on_rig import LearnedTerminal, Wanted, learn_terminal
from posrig.fuzzing.learning.telling import terminal_picture, terminal_rows
from posrig.fuzzing.learning.words import keys_text
from posrig.fuzzing.machines.dot import read_dot
from posrig.ground.faults import ExitCode

KEYS = ("MENU", "5", "3", "CANCEL", "ENTER")
FEW = [word for key in KEYS for word in ("--key", key)]


@pytest.fixture(scope="module")
def learned() -> LearnedTerminal:
    return learn_terminal(read_rig(SIMULATED), Wanted(keys=KEYS, minutes=2.0))


def test_the_screens_behind_the_ready_screen_are_learned(learned):
    assert learned.explored.complete
    assert learned.first == "idle"
    assert {"idle", "menu", "manage", "lock_ask", "lock"} <= set(learned.screens)
    assert learned.beside.elsewhere == ()


def test_no_key_is_pressed_where_the_terminal_is_locked(learned):
    """ENTER locks the terminal; what follows is not known and costs no password tries."""
    machine = learned.explored.machine
    word = machine.word(["MENU", "5", "3", "ENTER", "5", "MENU"])
    assert machine.run(word)[1] == ("menu", "manage", "lock_ask", "lock", "outside", "outside")


def test_the_draft_profile_is_one_and_recognises_what_was_seen(learned, tmp_path):
    file = tmp_path / "draft.yaml"
    file.write_text(learned.draft, "utf-8")
    draft = read_profile(file)
    assert set(draft.screens) == set(learned.screens)
    assert draft.screens["manage"].leads["3"] == "lock_ask"
    known = draft.recognise(["READY      09:15", "Amount:", "12.50", "OP01"])
    assert known is not None
    assert known.screen == "idle"


def test_the_words_and_the_picture_name_the_screens_in_both_languages(learned):
    assert any("on screen menu, 3 leads to refund" in row for row in terminal_rows(learned, "en"))
    assert any("在界面 menu 上按数字键3进入 refund" in row for row in terminal_rows(learned, "zh"))
    assert "lock_ask" in terminal_picture(learned, "en")
    assert "不再按键" in terminal_picture(learned, "zh")


def test_a_profile_that_says_otherwise_is_named_with_screen_and_key(tmp_path, capsys):
    rig = read_rig(SIMULATED)
    profile = rig.terminal.profile.read_text("utf-8").replace('leads: {"MENU": menu}', 'leads: {"MENU": manage}')
    (tmp_path / "other.yaml").write_text(profile, "utf-8")
    text = SIMULATED.read_text("utf-8")
    changed = text.replace("profiles/reference-r.yaml", str(tmp_path / "other.yaml"))
    assert changed != text
    (tmp_path / "rig.yaml").write_text(changed, "utf-8")
    code = main(["learn", "--rig", str(tmp_path / "rig.yaml"), "--key", "MENU", "--key", "CANCEL", "--json"])
    report = json.loads(capsys.readouterr().out)
    assert code == ExitCode.PRODUCT_FAILURE
    assert report["elsewhere"] == [{"screen": "idle", "key": "MENU", "path": ["menu"], "profile": "manage"}]


def test_a_defect_shows_as_a_change_for_the_person_at_the_keypad(tmp_path, capsys):
    sound = tmp_path / "sound.dot"
    keys = [word for key in ("MENU", "F2", "CANCEL") for word in ("--key", key)]
    assert main(["learn", *keys, "--write", str(sound)]) == ExitCode.HELD
    capsys.readouterr()
    main(["learn", *keys, "--reference", str(sound), "--defect", "role_hotkey_refund", "--json"])
    changes = json.loads(capsys.readouterr().out)["changed"]
    assert {"keys": ["F2"], "before": "", "left": "idle", "right": "refund"} in changes
    assert read_dot(sound).size == 2


def test_a_budget_ends_it_with_what_was_explored(capsys):
    """A model explored by half is wrong about most keys: it must not accuse the profile."""
    assert main(["learn", *FEW, "--presses", "40", "--json"]) == ExitCode.RIG_FAULT
    report = json.loads(capsys.readouterr().out)
    assert report["ended_by"] == "presses"
    assert report["elsewhere"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--key", "F9"], "no keys of this terminal: F9"),
        (["--operator", "77"], "77"),
        (["--model", "a.dot"], "not from a model"),
        (["--presses", "0"], "allows no search"),
        (["--minutes", "0"], "allows no search"),
        (["--patience", "-1"], "patience"),
        (["--defect", "none_such", "--key", "MENU"], "none_such"),
    ],
)
def test_wrong_options_are_refused(words, said, capsys):
    assert main(["learn", *words]) == ExitCode.CONFIGURATION
    assert said in capsys.readouterr().err


def test_a_reference_of_another_keypad_is_refused_before_the_rig_opens(tmp_path, capsys):
    other = tmp_path / "other.dot"
    other.write_text('s0 -> s0 [label="OTHER / A"];\n', "utf-8")
    assert main(["learn", *FEW, "--reference", str(other)]) == ExitCode.CONFIGURATION
    assert "OTHER (only in other.dot)" in capsys.readouterr().err


# rows


def test_rows_keep_what_stays_and_name_what_changes():
    assert generalised([["Tries left: 4", "x"], ["Tries left: 3", "x"]]) == ["Tries left: {n:n}", "x"]
    assert generalised([["*** LOCKED ***", "01号 12:00锁定", "____"]]) == ["*** LOCKED ***", "01号 {time:time}锁定", "{entry:entry}"]  # fmt: skip
    assert generalised([["New: ____"], ["New: **__"]]) == ["New: {mask:mask}"]
    assert generalised([["one", ""], ["two", ""]]) == ["{text:text}"]


_ROW = st.text("AB01.:_*- ", max_size=16).map(str.strip)


@given(st.lists(st.tuples(_ROW, _ROW), min_size=1, max_size=4))
def test_every_picture_fits_the_rows_made_of_it(frames):
    import re

    from posrig.description.profile import KINDS

    rows = generalised([list(frame) for frame in frames])
    for frame in frames:
        for row, text in zip([*rows, "", ""], frame, strict=False):
            parts = re.split(r"\{\w+:(\w+)\}", row)
            form = "".join(re.escape(part) if n % 2 == 0 else KINDS[part][0] for n, part in enumerate(parts))
            assert re.fullmatch(form, text), (row, text)


def test_keys_are_told_in_few_words():
    every = [*"0123456789", "MENU", "ENTER"]
    assert keys_text(every, every, "en") == "any key"
    assert keys_text([*"123", "7", "8", "MENU"], every, "en") == "1-3, 7, 8, MENU"
    assert keys_text(["7", "8", "9"], every, "zh") == "数字键7-9"
    assert keys_text(["1", "3", "5", "7", "9", "MENU", "ENTER"], every, "en", most=3) == "1, 3, 5 and 4 more"
