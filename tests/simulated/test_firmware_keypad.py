"""Keypad, restart chord, idle lock, backlight and current, boot and self-test."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from firmware_kit import SHELF, Terminal

from posrig.simulated.terminals.r.kind import KEYS, MATRIX


def typed(terminal: Terminal) -> str:
    return terminal.lines[2].rstrip("_")


def entry(tmp_path: Path) -> Terminal:
    terminal = Terminal(tmp_path)
    terminal.keys("01", "ENTER")
    return terminal


def downs(terminal: Terminal) -> list[object]:
    return [fields["code"] for fields in terminal.seen("key") if fields["edge"] == "down"]


def test_a_bounce_is_one_press(tmp_path: Path) -> None:
    terminal = entry(tmp_path)
    for closed in (True, False, True, False, True):
        terminal.contact("5", closed)
        terminal.wait(0.0006)
    terminal.wait(0.05)
    for closed in (False, True, False):
        terminal.contact("5", closed)
        terminal.wait(0.0006)
    terminal.wait(0.05)
    assert typed(terminal) == "*"


def test_shorter_than_the_debounce_time_is_no_press(tmp_path: Path) -> None:
    terminal = entry(tmp_path)
    terminal.press("5", 0.019)
    assert typed(terminal) == ""
    terminal.press("5", 0.021)
    assert typed(terminal) == "*"


@pytest.mark.parametrize("gap_s", [0.021, 0.04, 0.06, 0.2])
def test_quick_presses_are_as_many_as_there_were(tmp_path: Path, gap_s: float) -> None:
    terminal = entry(tmp_path)
    for _ in range(3):
        terminal.contact("5", True)
        terminal.wait(gap_s)
        terminal.contact("5", False)
        terminal.wait(gap_s)
    assert typed(terminal) == "***"


def test_a_held_key_is_one_press(tmp_path: Path) -> None:
    terminal = entry(tmp_path)
    terminal.press("5", 5.0)
    assert typed(terminal) == "*"


def test_two_keys_never_give_a_third(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    for pair in combinations(KEYS, 2):
        before = len(downs(terminal))
        for key in pair:
            terminal.contact(key, True)
            terminal.wait(0.03)
        for key in pair:
            terminal.contact(key, False)
        terminal.wait(0.03)
        heard = [code for code in downs(terminal)[before:] if code != "*"]
        assert set(heard) <= set(pair), pair


def test_a_third_corner_is_not_believed(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.keys("ENTER")
    before = len(downs(terminal))
    for key in ("1", "2", "6"):  # (0,1), (0,2), (1,1): they close (1,2) as well
        terminal.contact(key, True)
        terminal.wait(0.03)
    assert MATRIX["6"][1] == MATRIX["1"][1]
    assert downs(terminal)[before:] == ["1", "2"]


def test_the_chord_restarts_from_any_screen_and_asks_for_no_reset(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on("01")
    terminal.contact("CLEAR", True)
    terminal.contact(".", True)
    terminal.wait(1.9)
    assert terminal.screen == "idle"
    terminal.wait(0.2)
    assert terminal.screen == "restarting"
    terminal.wait(8)
    assert "reset_hold" not in [fields["id"] for fields in terminal.seen("screen")]
    terminal.contact("CLEAR", False)
    terminal.contact(".", False)
    terminal.wait(5)
    assert terminal.screen == "signed_off"
    assert [fields["id"] for fields in terminal.seen("screen")].count("restarting") == 1


def test_every_accepted_key_beeps_alike(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on("01")
    terminal.events.clear()
    for key in KEYS:
        terminal.press(key)
    shorts = [fields for fields in terminal.seen("beep") if fields == {"kind": "short", "n": 1}]
    assert len(shorts) >= len(KEYS)


def test_typed_secrets_are_nowhere(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.events.clear()
    terminal.keys("01", "ENTER", "2580")
    codes = downs(terminal)
    assert codes == ["0", "1", "ENTER", "*", "*", "*", "*"]
    assert all("2580" not in frame[2] for frame in terminal.frames)


# idle lock


@pytest.mark.parametrize(
    "where",
    [(), ("MENU",), ("MENU", "5"), ("MENU", "52"), ("12",)],
    ids=["idle", "menu", "manage", "password", "amount"],
)
def test_idle_lock_works_everywhere(tmp_path: Path, where: tuple[str, ...]) -> None:
    terminal = Terminal(tmp_path, replace(SHELF, idle_lock_min=2))
    terminal.sign_on("01")
    terminal.keys(*where)
    terminal.wait(109)
    assert terminal.screen != "lock_soon"
    terminal.wait(2)
    assert terminal.screen == "lock_soon"
    terminal.wait(10)
    assert terminal.screen == "lock"
    assert [fields["cause"] for fields in terminal.seen("lock")] == ["C03"]


@pytest.mark.parametrize("key", ["5", "ENTER", "CANCEL", "MENU", "F1"])
def test_the_key_that_ends_the_warning_is_not_acted_on(tmp_path: Path, key: str) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on("01")
    terminal.keys("MENU", "53")
    terminal.wait(12)
    terminal.keys("MENU")
    terminal.wait(295)
    assert terminal.screen == "lock_soon"
    terminal.press(key)
    assert terminal.screen == "menu"
    terminal.wait(285)
    assert terminal.screen == "menu"
    terminal.wait(10)
    assert terminal.screen == "lock_soon"


def test_service_pages_lock_after_five_minutes(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, replace(SHELF, idle_lock_min=15))
    terminal.sign_on("00")
    terminal.keys("MENU", "5")
    terminal.wait(301)
    assert terminal.screen == "lock"


def test_nobody_signed_on_nothing_to_lock(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.wait(3600)
    assert terminal.screen == "signed_off"


# light and current


def test_backlight_and_current(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, on=False)
    terminal.power_on()
    terminal.wait(9)
    assert all(350 <= milliamps <= 420 for milliamps in terminal.milliamps)
    terminal.wait(1.1)
    assert terminal.milliamps[-1] == 120
    terminal.wait(60)
    assert terminal.milliamps[-1] == 60
    terminal.press("F1")
    assert terminal.milliamps[-1] == 120
    assert terminal.seen("backlight") == [{"state": "off"}, {"state": "on"}]


# start


def test_start_takes_ten_seconds_and_tests_six_items(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, on=False)
    terminal.power_on()
    assert terminal.lines == ["Starting...", "FW 2.4.1", "SN 12345678", ""]
    terminal.wait(5.9)
    assert terminal.screen == "boot"
    terminal.wait(1.6)
    assert terminal.lines == ["Self-test   3/6", "Memory       OK", "Firmware     OK", "Keypad       .."]
    terminal.wait(2.4)
    assert terminal.screen == "self_test"
    terminal.wait(0.2)
    assert terminal.screen == "signed_off"


@pytest.mark.parametrize("part", ["memory", "keypad", "security", "printer"])
def test_a_failed_item_takes_it_out_of_service(tmp_path: Path, part: str) -> None:
    terminal = Terminal(tmp_path, on=False)
    terminal.hardware_faults[part] = "E07"
    terminal.power_on()
    terminal.wait(11)
    assert terminal.lines[1] == "Code E07"
    terminal.keys("ENTER", "CANCEL", "01", "ENTER", "MENU")
    terminal.wait(100)
    assert terminal.screen == "self_test_fail"
    terminal.keys("F2")
    assert terminal.screen == "support"
    terminal.keys("CANCEL")
    assert terminal.screen == "self_test_fail"
    terminal.hardware_faults.clear()
    terminal.power_cycle()
    assert terminal.screen == "signed_off"


def test_keys_during_the_start_do_nothing(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, on=False)
    terminal.power_on()
    terminal.wait(3)
    terminal.keys("01", "ENTER", "F1")
    terminal.wait(8)
    assert terminal.screen == "signed_off"
    assert terminal.seen("key") == []


def test_the_day_ends_with_a_warning_and_a_restart(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.wait(86_400 - 180 - 11)
    assert terminal.screen == "signed_off"
    terminal.wait(2)
    assert terminal.lines[0:2] == ["DAILY RESTART", "in 02:59"]
    terminal.press("5")
    assert terminal.screen == "signed_off"
    terminal.wait(178.4)
    assert terminal.screen == "signed_off"
    terminal.wait(1.0)
    assert terminal.screen == "restarting"
    terminal.wait(12)
    assert terminal.screen == "signed_off"


def test_the_daily_restart_may_be_had_at_once_and_keeps_the_lock(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on("01")
    terminal.keys("MENU", "53", "ENTER")
    terminal.wait(86_400 - 150 - terminal.now)
    assert terminal.screen == "daily"
    terminal.keys("F1")
    assert terminal.screen == "restarting"
    terminal.wait(12)
    assert terminal.screen == "lock"


def test_no_daily_restart_in_a_sale(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    assert terminal.fw is not None
    busy = [True]
    terminal.fw.transactions.busy = lambda: busy[0]  # type: ignore[method-assign]
    terminal.wait(86_400)
    assert terminal.screen == "daily"
    busy[0] = False
    terminal.wait(1.2)
    assert terminal.screen == "restarting"
