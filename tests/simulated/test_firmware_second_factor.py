"""Second factor: each code once and only in its window, by a trusted clock; finger; forced change; password policy."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from firmware_kit import SEED_00, SHELF, Terminal, totp

FINGER = replace(SHELF, fingers={"00": "right index of 00"})


def at_code(terminal: Terminal, operator: str = "00") -> None:
    terminal.keys(operator, "ENTER", {"00": "482913", "99": "73918264"}[operator], "ENTER")
    assert terminal.screen in ("twofa", "finger")


def test_a_code_works_once(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.next_window()
    at_code(terminal)
    code = terminal.code("00")
    terminal.keys(code, "ENTER")
    assert terminal.screen == "idle"
    terminal.keys("MENU", "51")
    at_code(terminal)
    assert terminal.code("00") == code
    terminal.keys(code, "ENTER")
    assert terminal.screen == "twofa_bad"


@pytest.mark.parametrize("steps", [-2, -1, 1, 2])
def test_a_code_of_another_window_is_refused(tmp_path: Path, steps: int) -> None:
    terminal = Terminal(tmp_path)
    terminal.next_window()
    at_code(terminal)
    terminal.keys(totp(SEED_00, int(terminal.rtc.read().timestamp()) // 30 + steps), "ENTER")
    assert terminal.screen == "twofa_bad"


def test_three_wrong_codes_lead_back_and_five_lock_out(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    at_code(terminal)
    for left in (2, 1, 0):
        terminal.keys("000000", "ENTER")
        assert terminal.lines[3] == f"Tries left: {left}"
        terminal.wait(3.1)
    assert terminal.screen == "login_id"
    at_code(terminal)
    terminal.keys("000000", "ENTER")
    assert terminal.lines[3] == "Tries left: 1"
    terminal.wait(3.1)
    terminal.keys("000000", "ENTER")
    assert terminal.screen == "locked_out"


@pytest.mark.parametrize(
    "keys", [("CANCEL", "CLEAR", "ENTER"), ("CLEAR", "ENTER", "CANCEL"), ("ENTER", "CANCEL", "ENTER")]
)
def test_no_way_round_the_step(tmp_path: Path, keys: tuple[str, ...]) -> None:
    terminal = Terminal(tmp_path)
    at_code(terminal)
    terminal.keys(*keys)
    assert terminal.screen in ("login_id", "twofa")
    assert terminal.fw is not None
    assert terminal.fw.sign_on.operator is None


def test_after_a_power_cut_at_the_step_nobody_is_signed_on(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    at_code(terminal)
    terminal.power_cycle()
    assert terminal.screen == "signed_off"


def test_a_clock_set_back_brings_no_code_back(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on("00")
    terminal.keys("MENU", "51")
    old = terminal.code("00")
    terminal.wait(600)
    terminal.rtc.set(terminal.rtc.read() - timedelta(seconds=terminal.rtc.read().timestamp() % 30 + 630 - 30))
    at_code(terminal)
    terminal.keys(old, "ENTER")
    assert terminal.screen == "twofa_bad"


def test_codes_of_the_year_2000_are_refused_after_a_dead_battery(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on("01")
    terminal.keys("MENU", "51")
    terminal.rtc.set(datetime(2000, 1, 1, tzinfo=UTC))
    at_code(terminal)
    terminal.keys(terminal.code("00"), "ENTER")
    assert terminal.screen == "twofa_bad"


def test_the_window_is_counted_down(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    at_code(terminal)
    terminal.next_window()
    shown = [terminal.lines[3]]
    for _ in range(3):
        terminal.wait(1.0)
        shown.append(terminal.lines[3])
    seconds = [int(row.removeprefix("Time left ").removesuffix("s")) for row in shown]
    assert seconds == [seconds[0] - n for n in range(4)]


def test_an_enrolled_finger_takes_the_codes_place(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, FINGER)
    at_code(terminal)
    assert terminal.screen == "finger"
    terminal.finger.on_touch("right index of 00", True)
    assert terminal.screen == "idle"


@pytest.mark.parametrize(("template", "alive"), [("somebody's thumb", True), ("right index of 00", False)])
def test_three_refused_fingers_fall_back_to_the_code(tmp_path: Path, template: str, alive: bool) -> None:
    terminal = Terminal(tmp_path, FINGER)
    at_code(terminal)
    for left in (2, 1, 0):
        terminal.finger.on_touch(template, alive)
        assert terminal.lines[1:3] == ["Not accepted", f"Tries left: {left}"]
        terminal.wait(3.1)
    assert terminal.screen == "twofa"
    assert terminal.fw is not None
    assert terminal.fw.failures.count("00") == 3


def test_a_dead_sensor_falls_back_at_once_and_is_logged(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, FINGER)
    terminal.finger.working = False
    at_code(terminal)
    assert terminal.screen == "twofa"
    assert [line["what"] for line in terminal.seen("log")] == ["finger_dead"]


def test_a_finger_lifts_no_lock_out(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, FINGER)
    for _ in range(5):
        terminal.keys("03", "ENTER", "91", "ENTER")
        terminal.wait(3.1)
        if terminal.screen == "login_id":
            terminal.keys("CANCEL")
    terminal.keys("F1")
    at_code(terminal)
    assert terminal.screen == "twofa"


def test_an_id_without_a_seed_is_enrolled_not_let_through(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, replace(SHELF, totp_seeds={}))
    terminal.keys("00", "ENTER", "482913", "ENTER")
    assert terminal.screen == "enrol"
    seed = terminal.lines[1] + terminal.lines[2]
    terminal.keys("ENTER", "000000", "ENTER")
    assert terminal.screen == "twofa_bad"
    terminal.wait(3.1)
    assert terminal.lines[1] + terminal.lines[2] == seed
    terminal.keys("ENTER", totp(seed, int(terminal.rtc.read().timestamp()) // 30), "ENTER")
    assert terminal.screen == "idle"
    terminal.keys("MENU", "51")
    terminal.keys("00", "ENTER", "482913", "ENTER")
    assert terminal.screen == "twofa"


def test_a_default_password_must_be_changed_before_anything_else(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, replace(SHELF, default_passwords=("04",)))
    terminal.keys("04", "ENTER", "0000", "ENTER")
    assert terminal.screen == "force_change"
    terminal.keys("CANCEL")
    assert terminal.screen == "login_id"
    terminal.keys("04", "ENTER", "0000", "ENTER")
    for weak in ("0000", "1111", "1234", "8765", "0404", "12"):
        terminal.keys(weak, "ENTER")
        assert terminal.screen == "change_bad", weak
        terminal.wait(3.1)
        assert terminal.screen == "force_change"
    terminal.keys("5283", "ENTER")
    assert terminal.screen == "idle"
    terminal.keys("MENU", "51", "04", "ENTER", "0000", "ENTER")
    assert terminal.screen == "login_bad"


def test_the_last_four_passwords_are_refused(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on("01")
    chain = ["2580", "4917", "6284", "9173", "5026"]
    for old, new in pairwise(chain):
        terminal.keys("MENU", "52", old, "ENTER", new, "ENTER")
        assert terminal.screen == "done"
        terminal.keys("ENTER", "CANCEL", "CANCEL")
    for used in chain[1:]:
        terminal.keys("MENU", "52", "5026", "ENTER", used, "ENTER")
        assert terminal.screen == "change_bad"
        terminal.wait(3.1)
        terminal.keys("CANCEL", "CANCEL", "CANCEL")
    terminal.keys("MENU", "52", "5026", "ENTER", "2580", "ENTER")
    assert terminal.screen == "done"


@pytest.mark.parametrize(("days", "screen"), [(89, "idle"), (91, "force_change")])
def test_a_managers_password_ages(tmp_path: Path, days: int, screen: str) -> None:
    terminal = Terminal(tmp_path, replace(SHELF, password_age_days={"00": days, "01": days}))
    terminal.sign_on("00")
    assert terminal.screen == screen


def test_a_cashiers_password_does_not_age(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, replace(SHELF, password_age_days={"01": 400}))
    terminal.sign_on("01")
    assert terminal.screen == "idle"


def test_no_entry_keeps_digits_of_an_earlier_one(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.keys("0", "CANCEL", "ENTER")
    assert terminal.lines[2] == "__"
    terminal.keys("01", "ENTER", "258", "CANCEL")
    assert terminal.lines[2] == "__"
    terminal.keys("01", "ENTER")
    assert terminal.lines[2] == "____"
    terminal.keys("25")
    terminal.wait(61)
    assert terminal.screen == "login_id"
    assert terminal.lines[2] == "__"
