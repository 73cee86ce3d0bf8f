"""``posrig profile``: a profile from nothing, what a terminal shows that it lacks, and its map."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from posrig.commands import _profile_new
from posrig.commands.main import main
from posrig.description.lab import SIMULATED
from posrig.description.profile import read_profile
from posrig.description.rig_file import read_rig
from posrig.terminal.nearest import nearest

NEW = [
    "--model",
    "X1",
    "--rows",
    "6",
    "--columns",
    "20",
    "--keys",
    "0 1 OK CANCEL",
    "--submit",
    "OK",
    "--cancel",
    "CANCEL",
]
PROFILE = read_rig(SIMULATED).terminal.profile


def test_new_writes_a_profile_that_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.yaml"
    assert main(["profile", "new", str(file), *NEW, "--first", "欢迎使用 | 请签到"]) == 0
    profile = read_profile(file)
    assert profile.meaning["signed off"] == ("first",)
    assert profile.keys == ("0", "1", "OK", "CANCEL")
    assert "next: " in capsys.readouterr().out
    assert main(["profile", "check", str(file)]) == 0


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (["--rows", "many"], "allowed: a number"),
        (["--submit", "GO"], "allowed: 0, 1, OK, CANCEL"),
        (["--keys", " "], "without keys"),
        (["--rows", "0"], "rows"),
        (["--first", "x" * 30], "30 columns wide"),
        (["--first", "{1:n}"], "x.yaml:"),
    ],
)
def test_a_wrong_answer_leaves_nothing_half_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], answers: list[str], said: str
) -> None:
    file = tmp_path / "x.yaml"
    assert main(["profile", "new", str(file), *NEW, "--first", "欢迎", *answers]) == 4
    assert said in capsys.readouterr().err
    assert not file.exists()


def test_what_is_not_given_is_asked_for(tmp_path: Path) -> None:
    import argparse

    parser = argparse.ArgumentParser()
    _profile_new.add_arguments(parser)
    arguments = parser.parse_args(NEW)
    arguments.file = tmp_path / "x.yaml"
    asked: list[str] = []
    assert _profile_new.run(arguments, lambda question: asked.append(question) or "欢迎") == 0  # type: ignore[func-returns-value]
    assert len(asked) == 1
    assert "first page" in asked[0]


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("mine")
    assert main(["profile", "new", str(file), *NEW, "--first", "x"]) == 4
    assert file.read_text() == "mine"


def test_an_unknown_frame_is_shown_beside_the_nearest_screen_with_the_row_that_differs() -> None:
    profile = read_profile(PROFILE)
    near = nearest(profile, ("NOT SIGNED ON", "", "ENTER: sign in", "F1: version"))
    assert near is not None
    assert (near.screen, near.language, near.differing) == ("signed_off", "en", (3,))
    assert PROFILE.read_text("utf-8").splitlines()[near.line - 1].strip().startswith("en:")
    assert nearest(profile, ("§§§", "§§", "§", "")) is None


def test_check_looks_at_the_terminal_and_names_what_the_profile_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POSRIG_LEASES", str(tmp_path / "leases"))
    rig, profile = tmp_path / "rig.yaml", tmp_path / "profile.yaml"
    profile.write_text(PROFILE.read_text("utf-8").replace("ENTER: sign on", "ENTER: sign in"), "utf-8")
    rig.write_text(SIMULATED.read_text("utf-8").replace("profiles/reference-r.yaml", str(profile)), "utf-8")
    assert main(["profile", "check", "--rig", str(rig), "--power-on", "--seconds", "5", "--json"]) == 4
    told = json.loads(capsys.readouterr().out)
    assert not told["ok"]
    assert [one["nearest"] for one in told["unknown"]] == ["signed_off"]
    assert told["unknown"][0]["differing_rows"] == [3]
    assert "boot" in told["seen"]


def test_the_map_has_every_screen_and_names_the_ways(tmp_path: Path) -> None:
    out = tmp_path / "map.svg"
    assert main(["profile", "draw", "--profile", "rigs/profiles/terminal-e.yaml", "--out", str(out)]) == 0
    texts = {element.text for element in ElementTree.parse(out).iter() if element.tag.endswith("}text")}
    assert {*read_profile(Path("rigs/profiles/terminal-e.yaml")).screens, "lock", "sign on"} <= texts
