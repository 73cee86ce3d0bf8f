"""Lock and unlock: kept over everything, one matrix of who unlocks for every way in, nothing else leads out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from firmware_kit import PASSWORDS, SHELF, TRUST, Terminal

from posrig.simulated.terminals.r.firmware.lock_module import unlock_code
from posrig.simulated.terminals.r.kind import KEYS


def locked(tmp_path: Path, way: str = "menu") -> Terminal:
    terminal = Terminal(tmp_path)
    terminal.sign_on("01")
    if way == "menu":
        terminal.keys("MENU", "53", "ENTER")
    else:
        terminal.wait(301)
    assert terminal.screen == "lock"
    return terminal


def test_own_unlock_goes_on_with_the_session(tmp_path: Path) -> None:
    terminal = locked(tmp_path)
    terminal.sign_on("01")
    assert terminal.screen == "unlocked"
    assert terminal.lines[2] == "By 01 at 09:00"
    terminal.wait(1.1)
    assert terminal.screen == "idle"
    assert terminal.lines[3] == "OP01"


@pytest.mark.parametrize("way", ["menu", "idle"])
def test_manager_unlock_ends_the_session(tmp_path: Path, way: str) -> None:
    terminal = locked(tmp_path, way)
    terminal.sign_on("00")
    assert terminal.screen == "unlocked"
    terminal.wait(1.1)
    assert terminal.screen == "signed_off"


@pytest.mark.parametrize("way", ["menu", "idle"])
def test_another_cashier_is_told_before_any_password(tmp_path: Path, way: str) -> None:
    terminal = locked(tmp_path, way)
    terminal.keys("02", "ENTER")
    assert terminal.screen == "lock_other"
    assert terminal.lines[1] == "Only OP01 or"
    terminal.wait(3.1)
    assert terminal.screen == "lock"


@pytest.mark.parametrize("off_s", [0.1, 3600.0])
def test_lock_survives_a_power_cut(tmp_path: Path, off_s: float) -> None:
    terminal = locked(tmp_path)
    terminal.power_cycle(off_s)
    assert terminal.screen == "lock"


def test_nothing_but_a_sign_on_leads_out(tmp_path: Path) -> None:
    terminal = locked(tmp_path)
    for key in (*KEYS, "CANCEL", "CANCEL", "CANCEL", "CANCEL", "CANCEL"):
        terminal.press(key)
        terminal.wait(4)
        assert terminal.screen in ("lock", "lock_other", "support", "login_pwd"), key
    terminal.wait(200)
    assert terminal.screen == "lock"


def test_admin_gets_the_lock_module_and_the_lock_stays(tmp_path: Path) -> None:
    terminal = locked(tmp_path)
    terminal.sign_on("99")
    assert terminal.screen == "lockmod"
    terminal.keys("1")
    assert terminal.lines[1:3] == ["Now: ON", "Last: C01 OP01"]
    terminal.keys("CANCEL", "2")
    assert terminal.lines[:3] == ["CAUSE C01", "Locked by user", "OP01"]
    terminal.keys("CANCEL", "CANCEL")
    assert terminal.screen == "lock"


def test_the_four_steps(tmp_path: Path) -> None:
    terminal = locked(tmp_path)
    terminal.sign_on("99")
    terminal.keys("3")
    first = terminal.lines[1].split()[1]
    terminal.keys("00000000", "ENTER")
    assert terminal.screen == "unlock_bad"
    terminal.wait(3.1)
    challenge = terminal.lines[1].split()[1]
    assert challenge != first
    day = terminal.rtc.read().strftime("%Y-%m-%d")
    stale = unlock_code(TRUST.unlock_key, "12345678", day, first)
    terminal.keys(stale, "ENTER")
    assert terminal.screen == "unlock_bad"
    terminal.wait(3.1)
    terminal.keys(unlock_code(TRUST.unlock_key, "12345678", day, terminal.lines[1].split()[1]), "ENTER")
    assert terminal.screen == "unlocked"
    terminal.wait(1.1)
    terminal.keys("1")
    assert terminal.lines[1] == "Now: OFF"
    terminal.keys("CANCEL", "CANCEL", "1")
    assert terminal.screen == "signed_off"
    terminal.sign_on("01")
    assert terminal.screen == "idle"


def test_three_wrong_codes_lead_back_to_the_module(tmp_path: Path) -> None:
    terminal = locked(tmp_path)
    terminal.sign_on("99")
    terminal.keys("3")
    for left in (2, 1, 0):
        terminal.keys("00000000", "ENTER")
        assert terminal.lines[3] == f"Tries left: {left}"
        terminal.wait(3.1)
    assert terminal.screen == "lockmod"


def test_wrong_passwords_at_the_lock_count_and_name_no_secret(tmp_path: Path) -> None:
    terminal = locked(tmp_path)
    for left in (4, 3, 2, 1):
        terminal.sign_on("01", "9182")
        assert terminal.lines[2] == f"Tries left: {left}"
        terminal.wait(3.1)
        assert terminal.screen == "lock"
    terminal.sign_on("01", "9182")
    assert terminal.screen == "locked_out"
    terminal.keys("CANCEL")
    assert terminal.screen == "lock"
    assert "9182" not in repr(terminal.events) + repr(terminal.frames)


@pytest.mark.parametrize("typed", ["2", "25", "258", "0000", "25800"])
def test_only_the_whole_password_opens(tmp_path: Path, typed: str) -> None:
    terminal = locked(tmp_path)
    terminal.sign_on("01", typed)
    # a fifth digit is not taken: the field holds four
    assert terminal.screen == ("unlocked" if typed[:4] == PASSWORDS["01"] else "login_bad")


def test_host_lock_survives_and_only_host_or_code_lifts(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    assert terminal.fw is not None
    terminal.fw.lock_states.set_host_lock("4821")
    assert terminal.lines == ["LOCKED BY HOST", "Cause C04", "Call service", "Ref 4821"]
    terminal.power_cycle()
    assert terminal.screen == "host_lock"
    terminal.sign_on("00")
    terminal.wait(4)
    assert terminal.screen == "host_lock"
    terminal.sign_on("01")
    terminal.wait(4)
    assert terminal.screen == "host_lock"
    terminal.sign_on("99")
    assert terminal.screen == "lockmod"
    terminal.keys("3")
    day = terminal.rtc.read().strftime("%Y-%m-%d")
    terminal.keys(unlock_code(TRUST.unlock_key, "12345678", day, terminal.lines[1].split()[1]), "ENTER")
    assert terminal.screen == "unlocked"
    terminal.fw.lock_states.set_host_lock("4822")
    assert terminal.screen == "host_lock"
    terminal.fw.lock_states.clear_host_lock()
    assert terminal.screen == "signed_off"


def test_lock_question_means_no_after_ten_seconds(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on("01")
    terminal.keys("MENU", "53")
    terminal.wait(9.5)
    assert terminal.screen == "lock_ask"
    terminal.wait(0.6)
    assert terminal.screen == "idle"


@pytest.mark.parametrize(
    ("language", "cause", "rows"),
    [
        ("en", "C04", ["CAUSE C04", "Locked by host", "Ref 4821"]),
        ("zh", "C04", ["原因 C04", "后台锁定", "编号 4821"]),
        ("en", "C05", ["CAUSE C05", "No host contact", "-"]),
        ("zh", "C02", ["原因 C02", "密码连续输错", "操作员03  5次"]),
    ],
)
def test_the_cause_page_says_what_was_injected(tmp_path: Path, language: str, cause: str, rows: list[str]) -> None:
    terminal = Terminal(tmp_path, replace(SHELF, language=language))
    assert terminal.fw is not None
    if cause == "C04":
        terminal.fw.lock_states.set_host_lock("4821")
        terminal.fw.lock_states.clear_host_lock()
    elif cause == "C05":
        terminal.fw.lock_states.set_net_lock(terminal.rtc.read().timestamp())
        terminal.fw.lock_states.net_contact()
    else:
        for _ in range(5):
            terminal.fw.failures.failed("03", "sign_on_no")
    terminal.sign_on("99")
    terminal.keys("2") if terminal.screen == "lockmod" else terminal.keys("MENU", "532")
    assert terminal.lines[:3] == rows


def test_a_network_lock_ends_with_contact_and_a_sign_on(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on("01")
    assert terminal.fw is not None
    terminal.fw.lock_states.set_net_lock(terminal.rtc.read().timestamp())
    assert terminal.lines == ["LOCKED, NO HOST", "Cause C05", "Last 26-01-09", "F1: try again"]
    terminal.power_cycle()
    terminal.keys("01", "ENTER", "CANCEL", "MENU")
    assert terminal.screen == "net_lock"
    terminal.fw.lock_states.net_contact()
    assert terminal.screen == "signed_off"
