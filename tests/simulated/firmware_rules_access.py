"""Rules of lock, sign-on, second factor and lock-out."""

from __future__ import annotations

import hmac

from firmware_kit import PASSWORDS, Terminal
from firmware_rules import DEFAULT_04, check, chord, code, lock, wrong


@check("lock_lost_on_power_cut")
def _(t: Terminal) -> bool:
    lock(t)
    t.power_cycle()
    return t.screen == "lock"


@check("lock_lost_on_daily_restart")
def _(t: Terminal) -> bool:
    lock(t)
    t.wait(86_400)
    return t.screen == "lock"


@check("lock_escape_cancel_x5")
def _(t: Terminal) -> bool:
    lock(t)
    t.keys(*["CANCEL"] * 5)
    return t.screen == "lock"


@check("lock_escape_chord")
def _(t: Terminal) -> bool:
    lock(t)
    chord(t, "1", "F1")
    return t.screen == "lock"


@check("lock_any_operator_unlocks")
def _(t: Terminal) -> bool:
    lock(t)
    t.keys("02", "ENTER", PASSWORDS["02"], "ENTER")
    return t.screen != "unlocked"


@check("lock_paths_differ")
def _(t: Terminal) -> bool:
    t.sign_on("01")
    t.wait(305)
    t.keys("02", "ENTER", PASSWORDS["02"], "ENTER")
    return t.screen != "unlocked"


@check("lock_prefix_ok")
def _(t: Terminal) -> bool:
    lock(t)
    t.sign_on("01", "25")
    return t.screen == "login_bad"


@check("lock_overlong_ok")
def _(t: Terminal) -> bool:
    lock(t)
    t.keys("01", "ENTER", "1" * 21)
    return t.screen == "login_pwd"


@check("lock_empty_ok")
def _(t: Terminal) -> bool:
    lock(t)
    t.keys("01", "ENTER", "ENTER")
    return t.screen == "login_pwd"


@check("lock_null_owner_crash")
def _(t: Terminal) -> bool:
    t.fw.lock_states.set_host_lock("4821")
    t.keys("01", "ENTER")
    return t.screen == "login_pwd"


@check("lock_code_reusable")
def _(t: Terminal) -> bool:
    lock(t)
    t.sign_on("99")
    t.keys("3")
    used = code(t)
    t.keys(used, "ENTER")
    t.wait(1.1)
    t.fw.lock_states.set_host_lock("4821")
    t.sign_on("99")
    t.keys("3", used, "ENTER")
    return t.screen == "unlock_bad"


@check("lock_code_ignores_challenge")
def _(t: Terminal) -> bool:
    lock(t)
    t.sign_on("99")
    t.keys("3")
    first = code(t)
    t.keys("CANCEL", "3", first, "ENTER")
    return t.screen == "unlock_bad"


@check("lock_code_ignores_serial")
def _(t: Terminal) -> bool:
    lock(t)
    t.sign_on("99")
    t.keys("3")
    t.keys(code(t, "87654321", key=hmac.digest(b"posrig unlock master", b"87654321", "sha256")), "ENTER")
    return t.screen == "unlock_bad"


@check("lock_status_wrong")
def _(t: Terminal) -> bool:
    lock(t)
    t.sign_on("00")
    t.wait(1.1)
    t.sign_on("00")
    t.keys("MENU", "531")
    return t.lines[1] == "Now: OFF"


@check("lock_host_cleared_locally")
def _(t: Terminal) -> bool:
    t.fw.lock_states.set_host_lock("4821")
    t.sign_on("00")
    t.wait(4)
    return t.screen == "host_lock"


@check("lock_host_ignored_offline")
def _(t: Terminal) -> bool:
    t.sign_on("01")
    t.fw.lock_states.set_host_lock("4821")
    return t.screen == "host_lock"


@check("login_hidden_id")
def _(t: Terminal) -> bool:
    t.keys("88", "ENTER", "0000", "ENTER")
    return t.screen == "login_bad"


@check("login_second_password")
def _(t: Terminal) -> bool:
    t.keys("99", "ENTER", "20072007", "ENTER")
    return t.screen == "login_bad"


@check("login_default_survives", shelf=DEFAULT_04)
def _(t: Terminal) -> bool:
    t.keys("04", "ENTER", "0000", "ENTER", "5283", "ENTER", "MENU", "51", "04", "ENTER", "0000", "ENTER")
    return t.screen == "login_bad"


@check("login_forced_change_skipped", shelf=DEFAULT_04)
def _(t: Terminal) -> bool:
    t.keys("04", "ENTER", "0000", "ENTER", "CANCEL")
    return t.screen == "login_id"


@check("login_residue")
def _(t: Terminal) -> bool:
    t.keys("01", "ENTER", "258", "CANCEL", "01", "ENTER", "1")
    return t.lines[2] == "*___"


@check("login_after_restart_no_password")
def _(t: Terminal) -> bool:
    t.sign_on("01")
    t.power_cycle()
    return t.screen == "signed_off"


@check("login_signon_day_check")
def _(t: Terminal) -> bool:
    t.sign_on("01")
    t.rtc.set(t.rtc.read().replace(year=2027))
    t.keys("500", "ENTER")
    return t.screen == "new_day"


@check("tfa_cancel_skips")
def _(t: Terminal) -> bool:
    t.keys("00", "ENTER", PASSWORDS["00"], "ENTER", "CANCEL", "ENTER")
    return t.fw.sign_on.operator is None


@check("tfa_replay")
def _(t: Terminal) -> bool:
    t.sign_on("00")
    t.keys("MENU", "51", "00", "ENTER", PASSWORDS["00"], "ENTER", t.code("00"), "ENTER")
    return t.screen == "twofa_bad"


@check("tfa_no_limit")
def _(t: Terminal) -> bool:
    t.keys("00", "ENTER", PASSWORDS["00"], "ENTER")
    for _ in range(6):
        if t.screen == "twofa":
            t.keys("000000", "ENTER")
            t.wait(3.1)
    return t.screen != "twofa"


@check("tfa_off_when_offline")
def _(t: Terminal) -> bool:
    t.keys("00", "ENTER", PASSWORDS["00"], "ENTER")
    return t.screen == "twofa"


@check("tfa_not_asked_at_unlock")
def _(t: Terminal) -> bool:
    lock(t)
    t.keys("00", "ENTER", PASSWORDS["00"], "ENTER")
    return t.screen == "twofa"


@check("lo_reset_by_power")
def _(t: Terminal) -> bool:
    wrong(t, "03", 4)
    t.power_cycle()
    wrong(t, "03", 1)
    return t.screen == "locked_out"


@check("lo_reset_by_cancel")
def _(t: Terminal) -> bool:
    wrong(t, "03", 4)
    t.keys("ENTER", "CANCEL")
    wrong(t, "03", 1)
    return t.screen == "locked_out"


@check("lo_reset_by_other_user")
def _(t: Terminal) -> bool:
    wrong(t, "03", 4)
    t.sign_on("02")
    t.keys("MENU", "51")
    wrong(t, "03", 1)
    return t.screen == "locked_out"


@check("lo_wrong_account")
def _(t: Terminal) -> bool:
    wrong(t, "03", 5)
    t.keys("CANCEL")
    t.sign_on("00")
    return t.screen == "idle"


@check("lo_inner_prompt_free")
def _(t: Terminal) -> bool:
    t.sign_on("01")
    for _ in range(5):
        t.fw.sign_on.approval(t.fw.home, t.fw.home)
        t.keys("000000", "ENTER")
        t.wait(3.1)
    return t.fw.failures.locked_out("00")


@check("lo_no_escalation")
def _(t: Terminal) -> bool:
    for _ in range(3):
        wrong(t, "03", 5)
        t.wait(1801)
    return t.screen == "locked_out"


@check("lo_shown_wrong")
def _(t: Terminal) -> bool:
    t.keys("03", "ENTER", "91", "ENTER")
    return t.lines[2] == "Tries left: 4"
