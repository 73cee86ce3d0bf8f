"""Lock-out: five per id, kept over power loss, timed by what cannot be set, escalating; unknown ids look the same."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from firmware_kit import TRUST, Terminal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posrig.simulated.terminals.r.firmware.lock_module import unlock_code


def fail(terminal: Terminal, operator: str, times: int) -> None:
    for _ in range(times):
        terminal.keys(operator, "ENTER", "91", "ENTER")
        terminal.wait(3.1)
        if terminal.screen == "login_id":
            terminal.keys("CANCEL")


def shown_left_s(terminal: Terminal) -> int:
    minutes, seconds = terminal.lines[2].removeprefix("Wait ").split(":")
    return int(minutes) * 60 + int(seconds)


def test_fifth_failure_locks_out_and_the_right_password_changes_nothing(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    fail(terminal, "03", 5)
    assert terminal.screen == "locked_out"
    terminal.keys("CANCEL")
    terminal.sign_on("03")
    assert terminal.screen == "locked_out"
    terminal.keys("CANCEL")
    terminal.sign_on("02")
    assert terminal.screen == "idle"


def test_counter_survives_a_power_cut_and_another_ones_success(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    fail(terminal, "03", 3)
    terminal.power_cycle()
    fail(terminal, "03", 1)
    terminal.sign_on("02")
    terminal.keys("MENU", "51")
    fail(terminal, "03", 1)
    assert terminal.screen == "locked_out"


def test_own_success_clears_the_counter(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    fail(terminal, "03", 4)
    terminal.sign_on("03")
    terminal.keys("MENU", "51")
    fail(terminal, "03", 4)
    assert terminal.screen == "signed_off"


def test_it_ends_after_thirty_minutes_of_which_some_without_power(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    fail(terminal, "03", 5)
    terminal.wait(300)
    terminal.power_cycle(600)
    assert abs(shown_left_s(terminal) - (1800 - 3.1 - 300 - 610.1)) <= 1.5
    terminal.wait(shown_left_s(terminal) + 1)
    assert terminal.screen == "signed_off"
    terminal.sign_on("03")
    assert terminal.screen == "idle"


@given(hours=st.integers(-50_000, 50_000), off=st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_move_of_the_clock_shortens_it(tmp_path_factory: pytest.TempPathFactory, hours: int, off: bool) -> None:
    terminal = Terminal(tmp_path_factory.mktemp("flash"))
    fail(terminal, "03", 5)
    before = shown_left_s(terminal)
    if off:
        terminal.cut()
    terminal.rtc.set(terminal.rtc.read() + timedelta(hours=hours))
    if off:
        terminal.power_on()
        terminal.wait(10.1)
        before -= 10
    terminal.wait(1.0)
    assert terminal.screen == "locked_out"
    assert before - 3 <= shown_left_s(terminal) <= before


def test_a_dead_clock_battery_does_not_end_it(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    fail(terminal, "03", 5)
    terminal.wait(120)
    terminal.cut()
    terminal.wait(7200)
    terminal.rtc.since = terminal.scheduler.now
    terminal.power_on()
    terminal.wait(10.1)
    assert terminal.screen == "locked_out"
    assert shown_left_s(terminal) > 1600


def test_manager_lifts_it(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    fail(terminal, "03", 5)
    terminal.keys("F1")
    terminal.sign_on("00")
    assert terminal.screen == "unlocked"
    terminal.wait(1.1)
    terminal.sign_on("03")
    assert terminal.screen == "idle"


def test_third_in_a_row_needs_the_code(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    for _ in range(2):
        fail(terminal, "03", 5)
        terminal.wait(1801)
        assert terminal.screen == "signed_off"
    fail(terminal, "03", 5)
    assert terminal.lines[2] == "Wait --:--"
    terminal.wait(7200)
    assert terminal.screen == "locked_out"
    terminal.keys("F1")
    terminal.sign_on("00")
    assert terminal.screen == "lockmod"
    terminal.keys("3")
    day = terminal.rtc.read().strftime("%Y-%m-%d")
    terminal.keys(unlock_code(TRUST.unlock_key, "12345678", day, terminal.lines[1].split()[1]), "ENTER")
    assert terminal.screen == "unlocked"
    terminal.wait(1.1)
    terminal.keys("CANCEL", "CANCEL", "CANCEL", "MENU", "51")
    terminal.sign_on("03")
    assert terminal.screen == "idle"


def test_unknown_id_and_wrong_password_look_and_sound_the_same(tmp_path: Path) -> None:
    seen = []
    for operator in ("03", "42"):
        terminal = Terminal(tmp_path / operator)
        terminal.frames.clear()
        start = len(terminal.events)
        for _ in range(5):
            terminal.keys(operator, "ENTER", "9999", "ENTER")
            terminal.wait(3.1)
            if terminal.screen == "login_id":
                terminal.keys("CANCEL")
        beeps = [fields for event, fields in terminal.events[start:] if event == "beep"]
        frames = [[row for row in frame if row != operator and row != operator[0] + "_"] for frame in terminal.frames]
        seen.append((frames, beeps, terminal.screen, terminal.scheduler.now))
    assert seen[0] == seen[1]


def test_failures_of_one_id_change_no_other(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    fail(terminal, "03", 5)
    assert terminal.fw is not None
    assert [terminal.fw.failures.count(operator) for operator in ("01", "02", "00", "99")] == [0, 0, 0, 0]


def test_wrong_manager_password_at_the_approval_counts(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on("01")
    assert terminal.fw is not None
    home = terminal.fw.home
    for left in (4, 3, 2, 1):
        terminal.fw.sign_on.approval(home, home)
        terminal.keys("000000", "ENTER")
        assert terminal.lines[2] == f"Tries left: {left}"
        terminal.wait(3.1)
    terminal.fw.sign_on.approval(home, home)
    terminal.keys("000000", "ENTER")
    assert terminal.screen == "locked_out"
