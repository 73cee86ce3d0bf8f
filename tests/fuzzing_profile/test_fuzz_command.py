"""``posrig fuzz`` on a terminal without a model of its own, and against a model that was learned; what it refuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from profile_kit import RIGS

from posrig.commands.main import main

COUNTER = str(RIGS / "counter.yaml")
SOUND = """digraph sound {
__start0 -> s0;
s0 -> s0 [label="2 / ready (typed)"];
}
"""


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LEASES", "LEDGER", "INCIDENTS"):
        monkeypatch.setenv(f"POSRIG_{name}", str(tmp_path / name.lower()))


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    code = main(["fuzz", "--json", *arguments])
    return code, json.loads(capsys.readouterr().out)


def test_a_defect_is_told_with_its_acts_and_the_line_that_replays_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--rig", COUNTER, "--defect", "c_lock_in_ram", "--findings", str(tmp_path / "found"))
    code, report = told(capsys, *where, "--presses", "400", "--scope", "lock", "--first")
    (finding,) = report["findings"]
    assert code == 1
    assert finding["acts"] == ["way sign on", "number 100001", "right password", "way lock", "power cut"]
    assert (finding["oracle"], finding["expected"]) == ("start", "a start keeps the lock")
    assert finding["again"].startswith(f"posrig fuzz --replay {finding['id']} --defect c_lock_in_ram")
    code, again = told(capsys, *where, "--replay", finding["id"])
    assert (code, again["verdict"], again["fired"]) == (1, "always", 3)


def test_scopes_and_oracles_of_the_rig_s_terminal_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fuzz", "--list-scopes", "--rig", COUNTER]) == 0
    listed = capsys.readouterr().out
    assert "host lock" in listed
    assert "unknown screen" in listed
    assert "beeps" not in listed  # an oracle of terminal R's own model


def test_a_terminal_is_searched_against_what_was_learned_of_a_sound_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "sound.dot"
    keys = [word for key in ("STAR", "2", "1") for word in ("--key", key)]
    assert (
        main(["learn", "--rig", COUNTER, *keys, "--minutes", "2", "--patience", "1", "--write", str(model), "--json"])
        == 0
    )
    capsys.readouterr()
    against = ("--rig", COUNTER, "--model", str(model), "--findings", str(tmp_path / "found"))
    code, report = told(capsys, *against, "--presses", "60")
    assert (code, report["differences"]) == (0, [])
    assert report["covered"] == report["possible"]
    broken = model.read_text("utf-8").replace("/ info", "/ update")
    assert broken != model.read_text("utf-8")
    model.write_text(broken, "utf-8")
    code, report = told(capsys, *against, "--presses", "60", "--first")
    (difference,) = report["differences"]
    assert code == 1
    assert (difference["access"], difference["key"]) == (["STAR"], "2")
    assert (difference["expected"], difference["seen"], difference["verdict"]) == ("update", "info", "always")
    assert "a difference to the reference" in report["says"]
    assert main(["fuzz", *against, "--presses", "60", "--first"]) == 1
    words = capsys.readouterr().out
    assert "From the start, after STAR, press 2" in words
    assert "whether it is a defect or was wanted a person says" in words


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["fuzz", "--presses", "10", *arguments]) == 4
    return capsys.readouterr().err


def dot(folder: Path, text: str) -> str:
    path = folder / "model.dot"
    path.write_text(text, "utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("digraph g {\n", ("no edge in this file", "model.dot")),
        (SOUND.replace("2 /", "2 "), ("model.dot:3",)),
        (SOUND.replace("2 /", "MENU /"), ("keys that terminal C does not have: MENU", "model.dot", "STAR")),
        (SOUND.replace("ready (typed)", "idle"), ("screens that the profile of terminal C does not have: idle",
                                                  "another terminal")),
    ],
)  # fmt: skip
def test_a_model_that_is_not_this_terminal_s_is_refused(
    text: str, says: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = refused(capsys, "--rig", COUNTER, "--model", dot(tmp_path, text))
    assert all(part in found for part in says), found


def test_a_model_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "gone.dot" in refused(capsys, "--rig", COUNTER, "--model", str(tmp_path / "gone.dot"))


def test_keys_of_a_model_that_the_rig_has_not_wired_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(RIGS / "profiles", tmp_path / "profiles")
    text = (RIGS / "counter.yaml").read_text("utf-8").replace('    "7": 1008\n', "")
    (tmp_path / "rig.yaml").write_text(text, "utf-8")
    found = refused(capsys, "--rig", str(tmp_path / "rig.yaml"), "--model", dot(tmp_path, SOUND.replace("2 /", "7 /")))
    assert "keys that this rig has not wired: 7" in found
    assert "keypad.channels" in found


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--scope", "beeps"), ("no scope 'beeps'", "counter.yaml", "lock-out")),
        (("--oracle", "beeps"), ("no oracle 'beeps'", "unknown screen")),
        (("--operator", "100001"), ("only with --model",)),
        (("--model", "x.dot", "--scope", "lock"), ("--scope has no meaning with --model",)),
    ],
)
def test_options_that_do_not_fit_are_refused(
    options: tuple[str, ...], says: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    found = refused(capsys, "--rig", COUNTER, *options)
    assert all(part in found for part in says), found


def test_a_profile_that_says_no_meaning_is_refused_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = """model: X
display: {rows: 2, columns: 16}
keys: ["1", OK]
screens:
  ready: {rows: {en: ["READY"]}}
"""
    (tmp_path / "profile.yaml").write_text(profile, "utf-8")
    rig = (RIGS / "counter.yaml").read_text("utf-8").replace("profiles/counter.yaml", "profile.yaml")
    (tmp_path / "rig.yaml").write_text(rig, "utf-8")
    found = refused(capsys, "--rig", str(tmp_path / "rig.yaml"))
    assert "no screen of this profile means anything" in found
    assert "profile.yaml:4" in found
    assert "posrig fuzz --model sound.dot" in found
