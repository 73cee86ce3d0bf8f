"""The command line: words and exit codes, never a traceback; check, press, screen and simulate on the simulated rig."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hangs import HANGS_S
from rich.console import Console

from posrig.commands import main as command_line
from posrig.commands._check_trials import Check, Row
from posrig.commands.common import Stroke, draw, strokes
from posrig.commands.simulate import own_folder
from posrig.description.lab import SIMULATED
from posrig.description.rig_file import read_rig
from posrig.ground.faults import ConfigurationError
from posrig.rig.rig import Rig, RigOptions
from posrig.safety.lease import take
from posrig.terminal.contracts import Frame

ROOT = Path(__file__).resolve().parents[2]
KEYS = (*"0123456789", ".", "CLEAR", "CANCEL", "ENTER", "F1", "F2", "MENU", "UP", "DOWN")


@pytest.fixture(autouse=True)
def leases(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of their own: other runs on this PC have the same serial number on their simulated rigs."""
    folder = tmp_path_factory.mktemp("leases")
    monkeypatch.setenv("POSRIG_LEASES", str(folder))
    return folder


def posrig(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = command_line.main(list(words))
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("MENU", [Stroke(("MENU",))]),
        ("menu", [Stroke(("MENU",))]),
        ("CLEAR*3", [Stroke(("CLEAR",), None, 3)]),
        ("ENTER:3s", [Stroke(("ENTER",), 3.0)]),
        ("CLEAR+.:2.5s", [Stroke(("CLEAR", "."), 2.5)]),
        ("F1:1s*2", [Stroke(("F1",), 1.0, 2)]),
        ("012.", [Stroke(("0",)), Stroke(("1",)), Stroke(("2",)), Stroke((".",))]),
    ],
)
def test_keys_as_people_type_them(word: str, expected: list[Stroke]) -> None:
    assert strokes([word], KEYS) == expected


@pytest.mark.parametrize(
    "word", ["ENTR", "F9", "01x", "CLEAR+FOO", "ENTER:3", "ENTER*0", "ENTER:99s", "+", "CLEAR+CLEAR", "1*9999"]
)
def test_what_is_no_key_is_refused_with_the_keys_there_are(word: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        strokes(["MENU", word], KEYS)
    assert word in raised.value.found
    assert raised.value.allowed


def test_no_command_and_an_unknown_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert posrig(capsys)[0] == 4
    code, out, _ = posrig(capsys, "--help")
    assert code == 0
    assert all(name in out for name in ("check", "press", "screen", "simulate"))
    code, _, err = posrig(capsys, "chek")
    assert code == 4
    assert "did you mean 'check'" in err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("press", "ENTR"), 4, "did you mean ENTER"),
        (("press",), 4, "required: KEY"),
        (("check", "--rigg", "x"), 4, "unrecognized"),
        (("check", "--rig", "no-such.yaml"), 4, "no-such.yaml"),
        (("press", "MENU"), 4, "no power"),
    ],
)
def test_usage_errors_end_with_four_and_say_what_is_wrong(capsys, words, code, said) -> None:
    found, out, err = posrig(capsys, *words)
    assert found == code
    assert said in out + err


def test_an_error_as_json(capsys) -> None:
    code, out, err = posrig(capsys, "press", "ENTR", "--json")
    report = json.loads(out)
    assert (code, report["ok"], report["verdict"], report["exit_code"]) == (4, False, "configuration error", 4)
    assert err == ""


def test_check_names_every_part(capsys) -> None:
    code, out, _ = posrig(capsys, "check", "--json")
    report = json.loads(out)
    assert (code, report["ok"]) == (0, True)
    parts = {row["part"]: row["found"] for row in report["parts"]}
    assert "E36312A" in parts["supply"]
    assert "signed_off" in parts["terminal starts"]
    assert parts["keys are felt"] == "19 heard on the service port"
    assert parts["relays"].startswith("21 closed and opened")
    assert "supply off" in " ".join(parts)


def rig_file(folder: Path, *changes: tuple[str, str]) -> Path:
    text = SIMULATED.read_text("utf-8").replace("profiles/", f"{SIMULATED.parent}/profiles/")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "rig.yaml"
    path.write_text(text, "utf-8")
    return path


def test_check_with_an_instrument_that_is_not_there_names_it_and_ends_with_three(capsys, tmp_path) -> None:
    dead = rig_file(tmp_path, ("TCPIP::127.0.0.1::{meter}::SOCKET", "TCPIP::127.0.0.1::1::SOCKET"))
    code, out, _ = posrig(capsys, "check", "--rig", str(dead))
    assert code == 3
    assert "NO" in out
    assert "meter" in out


def test_check_with_another_instrument_ends_with_three(capsys, tmp_path) -> None:
    swapped = rig_file(tmp_path, ("{meter}::SOCKET", "{supply}::SOCKET"))
    code, out, _ = posrig(capsys, "check", "--rig", str(swapped), "--json")
    assert code == 3
    assert "another instrument" in json.loads(out)["parts"][0]["found"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("voltage_v: 9.0", "voltage_v: 12.0", "above the terminal's limit"),
        ("channel: 2  ", "channel: 1  ", "at most 6.18 V"),
        ("ENTER: 1014", "ENTER: 1013", "wired twice"),
        ("keysight-e36300", "keysight-e3630", "did you mean"),
        ("UP: 1018", "UP: 118", "not a channel"),
    ],
)
def test_mistakes_in_the_rig_file_end_with_four_before_anything_opens(capsys, tmp_path, old, new, said) -> None:
    code, out, err = posrig(capsys, "check", "--rig", str(rig_file(tmp_path, (old, new))))
    assert code == 4
    assert said in out + err


def test_press_on_a_rig_of_its_own(capsys) -> None:
    code, out, _ = posrig(capsys, "press", "--power-on", "01", "ENTER", "--json")
    report = json.loads(out)
    assert (code, report["screen"], report["presses"]) == (0, "login_pwd", 3)
    assert report["pressed"] == ["0", "1", "ENTER"]


@pytest.fixture(scope="module")
def attached(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A rig file of ``posrig simulate`` in another process; Ctrl-C ends that with exit code 2.

    A background job of a shell ignores SIGINT, and so would all that it starts: the child gets it back.
    """
    folder = tmp_path_factory.mktemp("attached")
    process = subprocess.Popen(
        [sys.executable, "-m", "posrig.commands.main", "simulate", "--into", str(folder), "--json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stdout is not None
    try:
        report = json.loads(process.stdout.readline())
        yield report["rig"]
        os.kill(report["pid"], 0)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            _, err = process.communicate(timeout=HANGS_S)
        finally:
            process.kill()  # whatever it made of Ctrl-C, it does not outlive the test; its rig ends with it
    assert process.returncode == 2
    assert b"Traceback" not in err
    with pytest.raises(ProcessLookupError):
        os.kill(report["pid"], 0)


def test_press_and_screen_on_a_running_simulation_leave_its_power_as_it_is(capsys, attached) -> None:
    assert json.loads(posrig(capsys, "screen", "--rig", attached, "--json")[1])["powered"] is False
    code, out, _ = posrig(capsys, "press", "--rig", attached, "--power-on", "--leave-on", "ENTER", "--json")
    assert (code, json.loads(out)["screen"]) == (0, "login_id")
    report = json.loads(posrig(capsys, "press", "--rig", attached, "0", "--json")[1])
    assert (report["screen"], report["lines"][2]) == ("login_id", "0_")
    report = json.loads(posrig(capsys, "screen", "--rig", attached, "--json")[1])
    assert (report["powered"], report["screen"]) == (True, "login_id")


def test_r7_two_simulations_write_a_rig_file_each(tmp_path: Path) -> None:
    first, lock = own_folder(tmp_path / "attached")
    second, other = own_folder(tmp_path / "attached")
    os.close(lock)
    again, third = own_folder(tmp_path / "attached")
    assert (first.name, second.name, again) == ("attached", "attached-2", first)
    os.close(other)
    os.close(third)


@pytest.mark.parametrize(
    "words",
    [
        ("screen",),
        ("screen", "--power-on"),
        ("press", "1"),
        ("check",),
        ("fuzz", "--presses", "5"),
        ("learn", "--presses", "5"),
    ],
    ids=lambda words: words[0],
)
def test_a_command_is_refused_with_the_name_of_the_job_that_has_the_rig(
    capsys, attached, leases, words, tmp_path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with take(["terminal 12345678"], job="the nightly run", doing="reset.feature", directory=leases):
        code, out, err = posrig(capsys, *words, "--rig", attached, "--json")
    assert code == 3, out + err
    for said in ("terminal 12345678 is held by", "job the nightly run", "doing: reset.feature"):
        assert said in out


def test_the_credentials_of_a_simulation_are_for_its_owner_only(attached) -> None:
    assert (Path(attached).parent / "credentials.yaml").stat().st_mode & 0o777 == 0o600
    assert "password" not in Path(attached).read_text("utf-8")


def test_the_display_is_drawn_in_a_box_with_chinese_two_columns_wide() -> None:
    console = Console(record=True, width=60, color_system=None)
    draw(Frame(("*** 已锁定 ***", "01号 12:34锁定", "操作员号:", "__"), "lock", "zh", {}, 0.0), console)
    rows = console.export_text().splitlines()
    assert "lock" in rows[0]
    assert rows[1] == "│ *** 已锁定 ***   │"
    assert len(rows) == 6


@pytest.mark.parametrize(("fault", "times"), [("stuck_open", 0), ("loses", 0)])
def test_check_names_a_key_whose_contact_is_not_felt(fault: str, times: int) -> None:
    rows: list[Row] = []
    with Rig.open(read_rig(SIMULATED), options=RigOptions(guard=False)) as rig:
        rig.bench.do("relay.fault", key="4", fault=fault)
        Check(rig, rows.append, lambda _part: None).all()
    (relays,) = [row for row in rows if row.part == "relays"]
    assert not relays.ok
    assert relays.found == f"relays that do not do as they are told: key 4 (felt {times} times on its line)"
    assert "contact" in relays.todo
