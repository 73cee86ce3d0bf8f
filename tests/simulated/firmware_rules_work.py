"""Rules of time, roles, idle lock, restart, reset, tamper, log, keypad and display."""

from __future__ import annotations

from datetime import UTC, datetime

from firmware_kit import PASSWORDS, Terminal
from firmware_rules import DEFAULT_04, check, chord, hold_clear, last_log, lock, service_file, wrong


@check("time_rtc_loss")
def _(t: Terminal) -> bool:
    wrong(t, "03", 5)
    t.rtc.set(datetime(2000, 1, 1, tzinfo=UTC))
    t.power_cycle()
    return t.screen == "locked_out"


@check("time_dst")
def _(t: Terminal) -> bool:
    t.rtc.set(datetime(2026, 3, 29, 0, 50, tzinfo=UTC))
    wrong(t, "03", 5)
    t.wait(660)
    return t.lines[2].startswith("Wait 1")


@check("time_year_end")
def _(t: Terminal) -> bool:
    t.rtc.set(datetime(2026, 12, 31, 22, 55, tzinfo=UTC))
    first = t.fw.log.add("lock", "01")
    t.rtc.set(datetime(2027, 1, 1, 12, 0, tzinfo=UTC))
    t.fw.log.add("lock", "01")
    return t.fw.log.records()[0].number == first


@check("role_hotkey_refund")
def _(t: Terminal) -> bool:
    t.sign_on("01")
    t.keys("F1", "F2")
    return t.screen == "idle"


@check("role_menu_wrap")
def _(t: Terminal) -> bool:
    t.sign_on("01")
    t.keys("MENU", "0", "UP")
    return t.screen == "menu"


@check("role_last_admin_gone")
def _(t: Terminal) -> bool:
    t.sign_on("99")
    t.keys("MENU", "523", "99", "ENTER")
    return t.fw.passwords.known("99")


@check("role_weak_password_ok", shelf=DEFAULT_04)
def _(t: Terminal) -> bool:
    t.keys("04", "ENTER", "0000", "ENTER", "1234", "ENTER")
    return t.screen == "change_bad"


@check("role_manager_can_sell")
def _(t: Terminal) -> bool:
    t.sign_on("00")
    t.keys("500", "ENTER")
    return t.screen == "not_allowed"


@check("idle_not_in_menus")
def _(t: Terminal) -> bool:
    t.sign_on("01")
    t.keys("MENU")
    t.wait(310)
    return t.screen == "lock"


@check("idle_reset_by_events")
def _(t: Terminal) -> bool:
    t.sign_on("01")
    for _ in range(3):
        t.wait(110)
        t.nic.on_push({"type": "notice"})
    return t.screen == "lock"


@check("idle_hides_only")
def _(t: Terminal) -> bool:
    t.sign_on("01")
    t.wait(295)
    assert t.screen == "lock_soon"
    t.keys("MENU")
    return t.screen == "idle"


@check("reset_no_code")
def _(t: Terminal) -> bool:
    hold_clear(t)
    t.keys("ENTER")
    return t.screen == "reset_ask"


@check("reset_keeps_operators")
def _(t: Terminal) -> bool:
    hold_clear(t)
    t.keys(PASSWORDS["99"], "ENTER")
    t.wait(8.1)
    t.keys("40718263", "ENTER")
    t.wait(15)  # the terminal starts anew
    t.sign_on("01")
    return t.screen == "login_bad"


@check("reset_with_open_batch")
def _(t: Terminal) -> bool:
    sale = t.fw.journal.begin("sale", 500, "01")
    t.fw.journal.finish(sale, "approved")
    hold_clear(t)
    return t.screen == "reset_no"


@check("restart_in_sale")
def _(t: Terminal) -> bool:
    t.sign_on("01")
    t.nic.attached = True
    t.nic.on_link(True)
    t.keys("500", "ENTER")
    assert t.screen == "sale_wait"
    chord(t, "CLEAR", ".", for_s=2.2)
    t.wait(12)
    return bool(t.fw.journal.reversals())


@check("daily_restart_in_sale")
def _(t: Terminal) -> bool:
    t.wait(86_380 - t.now)
    t.keys("CLEAR")  # leaves the warning
    t.sign_on("01")
    t.nic.attached = True
    t.nic.on_link(True)
    t.keys("500", "ENTER")
    assert t.screen == "sale_wait"
    t.wait(19)
    return t.screen != "boot" and "restarting" not in [fields["id"] for fields in t.seen("screen")]


@check("selftest_ignored")
def _(t: Terminal) -> bool:
    t.hardware_faults["keypad"] = "E03"
    t.power_cycle()
    t.wait(5)
    return t.screen == "self_test_fail"


@check("tamper_cleared_by_restart")
def _(t: Terminal) -> bool:
    t.tampered = True
    t.on_tamper()
    assert t.screen == "tamper"
    t.power_cycle()
    return t.screen == "tamper"


@check("log_misses_failures")
def _(t: Terminal) -> bool:
    wrong(t, "03", 1)
    return [fields["what"] for fields in t.seen("log")] == ["sign_on_no"]


@check("log_wrong_actor")
def _(t: Terminal) -> bool:
    lock(t)
    t.sign_on("00")
    return (last_log(t)["what"], last_log(t)["operator"]) == ("unlock", "00")


@check("log_flushed_by_noise")
def _(t: Terminal) -> bool:
    first = t.fw.log.add("lock", "01")
    for _ in range(200):
        t.fw.log.add("sign_on_no", "03", "1")
    return t.fw.log.records()[0].number == first


@check("log_shows_secret")
def _(t: Terminal) -> bool:
    t.keys(PASSWORDS["99"], "ENTER")
    return PASSWORDS["99"] not in str(t.fw.log.records())


@check("key_double")
def _(t: Terminal) -> bool:
    t.keys("01", "ENTER")
    for _ in range(3):
        t.press("5", 0.03)
    return t.lines[2] == "***_"


@check("key_ghost")
def _(t: Terminal) -> bool:
    t.keys("01", "ENTER")
    chord(t, "1", "7")
    return t.lines[2] == "**__"


@check("key_repeat_confirms")
def _(t: Terminal) -> bool:
    t.press("ENTER", 0.06)
    t.keys("01")
    before = len(t.seen("key"))
    t.press("ENTER", 3.0)
    return len(t.seen("key")) == before + 2


@check("key_echo")
def _(t: Terminal) -> bool:
    t.keys("01", "ENTER", "2580")
    return not any(set(frame[2]) & set("2580") for frame in t.frames if frame[1] == "Password:")


@check("key_leading_zero")
def _(t: Terminal) -> bool:
    t.keys("1", "ENTER")
    return t.screen == "login_id"


@check("disp_stale")
def _(t: Terminal) -> bool:
    t.keys("ENTER")
    return t.lines == ["SIGN ON", "Operator no.:", "__", ""]


@check("tamper_file_replay")
def _(t: Terminal) -> bool:
    t.tampered = True
    t.on_tamper()
    t.usb.stick = t.flash.parent / "stick"
    t.usb.stick.mkdir(exist_ok=True)
    service_file(t, 1)
    t.power_cycle()
    assert t.screen == "signed_off"
    t.on_tamper()
    assert t.screen == "tamper"
    t.power_cycle()
    return t.screen == "tamper"
