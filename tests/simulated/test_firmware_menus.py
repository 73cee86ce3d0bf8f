"""Roles, menus, operators, audit log, status, support: every way to a function asks the same table."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from firmware_kit import PASSWORDS, SHELF, Terminal

from posrig.simulated.terminals.r.kind import KEYS

REACH = [
    ("01", "1", "signed_off"), ("01", "2", "pwd_old"), ("01", "3", "lock_ask"), ("01", "4", "not_allowed"), ("01", "5", "not_allowed"),
    ("00", "1", "signed_off"), ("00", "2", "operators"), ("00", "3", "lockmod"), ("00", "4", "log"), ("00", "5", "not_allowed"),
    ("99", "1", "signed_off"), ("99", "2", "operators"), ("99", "3", "lockmod"), ("99", "4", "log"), ("99", "5", "system"),
]  # fmt: skip


@pytest.mark.parametrize(("operator", "item", "screen"), REACH)
def test_management_by_role(tmp_path: Path, operator: str, item: str, screen: str) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on(operator)
    terminal.keys("MENU", "5", item)
    assert terminal.screen == screen


@pytest.mark.parametrize("operator", ["00", "99"])
def test_manager_and_admin_do_not_sell(tmp_path: Path, operator: str) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on(operator)
    terminal.keys("500", "ENTER")
    assert terminal.screen == "not_allowed"
    terminal.wait(3.1)
    assert terminal.lines[2] == "0.00"
    for item in "123":
        terminal.keys("MENU", item)
        assert terminal.screen == "not_allowed"
        terminal.wait(3.1)


def test_keys_that_mean_nothing_at_idle_lead_nowhere(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on("01")
    for key in KEYS:
        if key != "MENU":
            terminal.press(key, 3.0 if key.startswith("F") else 0.06)
            assert terminal.screen == "idle", key  # before CLEAR, which leaves a page that a hidden key opened
            terminal.keys("CLEAR")


@pytest.mark.parametrize(
    ("way", "screen", "items"),
    [
        ((), "menu", "12345"),
        (("5",), "manage", "12345"),
        (("5", "5"), "system", "12345"),
        (("5", "3"), "lockmod", "1234"),
    ],
)
def test_menus_have_no_hidden_items(tmp_path: Path, way: tuple[str, ...], screen: str, items: str) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on("99")
    terminal.keys("MENU", *way)
    for key in KEYS:
        if key not in (*items, "CANCEL"):
            terminal.press(key)
            assert terminal.screen == screen, key


def test_amount_is_typed_as_cents_and_forgotten(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on("01")
    shown = []
    for key in "0123456":
        terminal.keys(key)
        shown.append(terminal.lines[2])
    assert shown == ["0.00", "0.01", "0.12", "1.23", "12.34", "123.45", "123.45"]
    terminal.keys("CANCEL")
    assert terminal.lines[2] == "0.00"
    terminal.keys("1234", "MENU", "CANCEL")
    assert terminal.lines[2] == "0.00"
    terminal.keys("77")
    terminal.wait(61)
    assert terminal.lines[2] == "0.00"


def test_the_clock_on_idle_follows_the_minute_and_summer_time(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on("01")
    assert terminal.lines[0] == "READY      09:00"
    terminal.wait(60)
    assert terminal.lines[0] == "READY      09:01"


@pytest.mark.parametrize("days", [1, 31, 365, -1])
def test_a_sign_on_holds_for_its_whole_date(tmp_path: Path, days: int) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on("01")
    terminal.rtc.set(terminal.rtc.read() + timedelta(days=days))
    terminal.keys("500", "ENTER")
    assert terminal.screen == "new_day"
    terminal.wait(3.1)
    assert terminal.screen == "signed_off"


def test_idle_time_is_1_to_15_and_shown_in_the_status(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on("00")
    terminal.keys("MENU", "534")
    for bad in ("0", "16", "99"):
        terminal.keys(bad, "ENTER")
        assert terminal.screen == "not_allowed"
        terminal.wait(3.1)
    terminal.keys("15", "ENTER", "ENTER", "1")
    assert terminal.lines[3] == "Idle lock:15 min"
    terminal.power_cycle()
    assert terminal.fw is not None
    assert terminal.fw.idle_lock.minutes() == 15


def test_support_from_where_it_belongs(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.keys("F2")
    assert terminal.lines[:3] == ["SUPPORT", "400-000-0000", "SN 12345678"]
    terminal.wait(10.1)
    assert terminal.screen == "signed_off"
    terminal.keys("F1")
    assert terminal.lines[1:3] == ["FW 2.4.1", "SN 12345678"]
    terminal.keys("CANCEL")
    terminal.sign_on("01")
    terminal.keys("F2")
    assert terminal.screen == "idle"


# operators


def manage(tmp_path: Path, by: str) -> Terminal:
    terminal = Terminal(tmp_path)
    terminal.sign_on(by)
    terminal.keys("MENU", "52")
    return terminal


def test_a_new_cashier_must_choose_a_password(tmp_path: Path) -> None:
    terminal = manage(tmp_path, "00")
    terminal.keys("2", "07", "ENTER", "6611", "ENTER")
    assert terminal.screen == "done"
    terminal.keys("ENTER", "CANCEL", "1")
    assert terminal.screen == "signed_off"
    terminal.keys("07", "ENTER", "6611", "ENTER")
    assert terminal.screen == "force_change"
    terminal.keys("6611", "ENTER")
    assert terminal.screen == "change_bad"
    terminal.wait(3.1)
    terminal.keys("7394", "ENTER")
    assert terminal.lines[3] == "OP07"


@pytest.mark.parametrize(
    ("by", "item", "operator", "screen"),
    [
        ("00", "3", "02", "done"), ("00", "3", "99", "not_allowed"), ("00", "3", "00", "not_allowed"), ("00", "3", "55", "not_allowed"),
        ("99", "3", "00", "done"), ("99", "3", "99", "not_allowed"), ("00", "2", "02", "not_allowed"), ("00", "4", "99", "not_allowed"),
        ("99", "4", "00", "op_first"), ("00", "4", "02", "op_first"), ("00", "2", "99", "not_allowed"),
    ],
)  # fmt: skip
def test_guards_of_the_operators_menu(tmp_path: Path, by: str, item: str, operator: str, screen: str) -> None:
    terminal = manage(tmp_path, by)
    terminal.keys(item, operator, "ENTER")
    assert terminal.screen == screen


def test_a_reset_password_is_not_the_old_one(tmp_path: Path) -> None:
    terminal = manage(tmp_path, "99")
    terminal.keys("4", "01", "ENTER", "3816", "ENTER", "ENTER", "CANCEL", "1")
    terminal.keys("01", "ENTER", PASSWORDS["01"], "ENTER")
    assert terminal.screen == "login_bad"
    terminal.wait(3.1)
    terminal.keys("01", "ENTER", "3816", "ENTER")
    assert terminal.screen == "force_change"


def test_the_list_names_everybody(tmp_path: Path) -> None:
    terminal = manage(tmp_path, "99")
    terminal.keys("1")
    seen = [terminal.lines[1:3]]
    for _ in range(8):
        terminal.keys("DOWN")
        seen.append(terminal.lines[1:3])
    assert [who for who, _ in seen] == ["OP00", "OP01", "OP02", "OP03", "OP04", "OP05", "OP99", "OP99", "OP99"]


def test_wrong_old_password_counts_and_ends_the_session(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on("01")
    for left in (4, 3, 2, 1):
        terminal.keys("MENU", "52", "9999", "ENTER")
        assert terminal.lines[2] == f"Tries left: {left}"
        terminal.wait(3.1)
        terminal.keys("CANCEL", "CANCEL")
    terminal.keys("MENU", "52", "9999", "ENTER")
    assert terminal.screen == "locked_out"
    terminal.keys("CANCEL")
    assert terminal.screen == "signed_off"


def test_a_finger_is_enrolled_from_the_menu(tmp_path: Path) -> None:
    terminal = manage(tmp_path, "00")
    terminal.keys("6")
    terminal.finger.on_touch("left thumb", False)
    assert terminal.screen == "finger_enrol"
    terminal.finger.on_touch("left thumb", True)
    assert terminal.screen == "done"
    terminal.keys("ENTER", "CANCEL", "1", "00", "ENTER", PASSWORDS["00"], "ENTER")
    assert terminal.screen == "finger"


# audit log


def test_the_log_names_event_and_actor(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.keys("03", "ENTER", "1111", "ENTER")
    terminal.wait(3.1)
    terminal.keys("CANCEL")
    terminal.sign_on("01")
    terminal.keys("MENU", "53", "ENTER")
    terminal.sign_on("00")
    terminal.wait(1.1)
    terminal.sign_on("00")
    terminal.keys("MENU", "54")
    seen = []
    for _ in range(5):
        seen.append(terminal.lines)
        terminal.keys("UP")
    assert [(rows[0], rows[1][6:], rows[2]) for rows in seen] == [
        ("LOG 000005", "SIGN-ON", "OP00"),
        ("LOG 000004", "UNLOCK", "OP00"),
        ("LOG 000003", "LOCK", "OP01  C01"),
        ("LOG 000002", "SIGN-ON", "OP01"),
        ("LOG 000001", "SIGN-ON NO", "OP03  try 1"),
    ]
    terminal.keys("CANCEL", "4")
    assert terminal.lines[1][6:] == "LOG READ"


def test_noise_never_displaces_security_events(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    assert terminal.fw is not None
    log = terminal.fw.log
    first = log.add("lock", "01", "C01")
    for _ in range(1200):
        log.add("sign_on_no", "03", "1")
    assert log.records()[0].number == first
    for _ in range(1100):
        log.add("unlock", "01")
    numbers = [record.number for record in log.records()]
    assert len(numbers) <= 1000
    assert numbers == sorted(set(numbers))
    assert log.records()[-1].number == 2301


def test_nothing_typed_is_stored_in_clear(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.keys(PASSWORDS["99"], "ENTER", "CANCEL")
    terminal.sign_on("00")
    terminal.cut()
    stored = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    for password in PASSWORDS.values():
        if len(password) > 4:  # four digits are found in any file
            assert password.encode() not in stored


# Chinese


def test_the_same_flows_in_chinese(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, replace(SHELF, language="zh"))
    assert terminal.lines == ["尚未签到", "", "确认键:签到", "F1:版本"]
    terminal.sign_on("01")
    assert terminal.lines == ["请刷卡     09:00", "金额:", "0.00", "操作员01"]
    terminal.keys("MENU", "53", "ENTER")
    assert terminal.lines == ["*** 已锁定 ***", "01号 09:00锁定", "操作员号:", "__"]
    terminal.sign_on("00")
    assert terminal.lines[:3] == ["解锁成功", "锁定状态:关", "主管00 09:00"]
    terminal.wait(1.1)
    terminal.sign_on("99")
    terminal.keys("MENU", "531")
    assert terminal.lines == ["锁定状态", "当前:未锁", "上次:C01 01号", "自动锁定:5分钟"]


def test_self_test_and_clock_by_the_menu(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on("99")
    terminal.keys("MENU", "553")
    assert terminal.lines == ["CLOCK", "2026-01-09 09:00", "UTC 08:00", "State: good"]
    terminal.keys("CANCEL", "4")
    assert terminal.screen == "self_test"
    terminal.wait(4.1)
    assert terminal.screen == "system"
    terminal.hardware_faults["display"] = "E04"
    terminal.keys("4")
    terminal.wait(4.1)
    assert terminal.lines[1] == "Code E04"


def test_restart_by_the_menu_asks_first(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on("99")
    terminal.keys("MENU", "551")
    terminal.wait(10.1)
    assert terminal.screen == "system"
    terminal.keys("1", "ENTER")
    assert terminal.screen == "restarting"
    terminal.wait(11.5)
    assert terminal.screen == "signed_off"
    assert terminal.fw is not None
    assert [record.what for record in terminal.fw.log.records()] == ["sign_on", "restart"]
