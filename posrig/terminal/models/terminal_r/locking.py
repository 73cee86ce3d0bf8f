"""Locking, every way in; unlocking, every way out; the lock's status by page and by behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from posrig.terminal.charging import UNLOCK_CODE, charge_code
from posrig.terminal.contracts import Frame
from posrig.terminal.judging import expect, expect_screen
from posrig.terminal.models.terminal_r.selling import sale_is_accepted
from posrig.terminal.models.terminal_r.signing_on import (
    enter_operator,
    enter_password,
    rest_from_notice,
    second_factor,
    sign_off,
    sign_on,
)
from posrig.terminal.terminal import Terminal
from posrig.terminal.typed import typed_password


def lock(terminal: Terminal) -> Frame:
    """The cashier locks from the ready screen: MENU 5 3 ENTER."""
    terminal.keypad.press_all(("MENU", "5", "3"))
    expect_screen(terminal, ("lock_ask",))
    terminal.keypad.press("ENTER")
    return terminal.screen.settled()


def idle_until_locked(terminal: Terminal, minutes: float | None = None) -> Frame:
    """Nobody touches the terminal until the idle limit is over."""
    limit = minutes if minutes is not None else terminal.profile.policy.idle_lock_default_min
    terminal.clock.sleep(limit * 60 + 1)
    return terminal.screen.settled()


def try_unlock(terminal: Terminal, operator: str, *, password: str | None = None) -> Frame:
    """The operator types number and password at the lock screen, and the time code when asked."""
    rest_from_notice(terminal)
    frame = enter_operator(terminal, operator)
    if frame.screen != "login_pwd":
        return frame
    frame = enter_password(terminal, typed_password(terminal, operator, password))
    if frame.screen in ("twofa", "finger"):
        frame = second_factor(terminal, operator)
    return frame


def unlock(terminal: Terminal, operator: str) -> Frame:
    """The owner or the manager unlocks; the note `unlocked` passes by itself."""
    frame = try_unlock(terminal, operator)
    expect(frame.screen == "unlocked", terminal, f"operator {operator} has unlocked the terminal", frame)
    return terminal.screen.leaves("unlocked", 3.0)


def is_locked(terminal: Terminal) -> Frame:
    """The lock screen is shown and neither a sale nor the menu can be reached from it."""
    frame = expect_screen(terminal, ("lock",), within_s=4.0, expected="the terminal is locked")
    owner = frame.fields["operator"]
    for keys in (("MENU",), ("F1",), ("UP",), ("1", "2", "0", "0", "ENTER"), ("CANCEL", "CANCEL")):
        terminal.keypad.press_all(keys)
        refused = rest_from_notice(terminal)
        expect(
            refused.screen in ("lock", "lock_other", "login_pwd"),
            terminal,
            f"the terminal stays locked by {owner} whatever is pressed; pressed {' '.join(keys)}",
            refused,
        )
        if refused.screen == "login_pwd":
            terminal.keypad.press("CANCEL")
            terminal.screen.settled()
    return expect_screen(terminal, ("lock",), expected="the terminal is locked")


def shows_lock_time(terminal: Terminal, age_s: float) -> Frame:
    """The lock's time is the wall time of the shop so many seconds ago; starts take less than a minute."""
    frame = expect_screen(terminal, ("lock",))
    then, zone = terminal.clock.now() - age_s, ZoneInfo(terminal.zone)
    right = [datetime.fromtimestamp(then - slack, zone).strftime("%H:%M") for slack in (0.0, 60.0)]
    expect(frame.fields["time"] in right, terminal, f"the lock shows the time {right[0]}", frame)
    return frame


def is_open(terminal: Terminal, operator: str) -> Frame:
    """The operator can sell: the only proof that the terminal is open."""
    frame = rest_from_notice(terminal)
    if frame.screen == "signed_off":
        frame = sign_on(terminal, operator)
    expect(frame.screen == "idle", terminal, "the ready screen of an open terminal", frame)
    return sale_is_accepted(terminal)


@dataclass(frozen=True, slots=True)
class LockStatus:
    """What the status page says."""

    now: str
    last: str
    idle_lock_min: int


def open_lock_module(terminal: Terminal) -> Frame:
    """Manager or administrator, from the ready screen: MENU 5 3. On a locked terminal it is open already."""
    if terminal.screen.settled().screen != "lockmod":
        terminal.keypad.press_all(("MENU", "5", "3"))
    return expect_screen(terminal, ("lockmod",), expected="the lock module")


def read_status(terminal: Terminal) -> LockStatus:
    """The status page of the lock module; the module is shown again afterwards."""
    open_lock_module(terminal)
    terminal.keypad.press("1")
    frame = expect_screen(terminal, ("status",))
    terminal.keypad.press("CANCEL")
    terminal.screen.settled()
    fields = frame.fields
    return LockStatus(fields["now"], fields["last"], int(fields["minutes"]))


def read_cause(terminal: Terminal) -> str:
    """The cause code on the cause page (C01 to C07); the module is shown again afterwards."""
    open_lock_module(terminal)
    terminal.keypad.press("2")
    frame = expect_screen(terminal, ("cause",))
    terminal.keypad.press("CANCEL")
    terminal.screen.settled()
    return frame.fields["cause"]


def set_idle_time(terminal: Terminal, minutes: int) -> Frame:
    """4 in the lock module: a new idle time; `done`, or `not_allowed` when it is out of range."""
    open_lock_module(terminal)
    terminal.keypad.press("4")
    expect_screen(terminal, ("idle_time",))
    terminal.keypad.type_keys(str(minutes))
    terminal.keypad.press("ENTER")
    return terminal.screen.settled()


def ask_challenge(terminal: Terminal) -> str:
    """The four digits that the unlock page shows."""
    if terminal.screen.settled().screen != "unlock_code":
        open_lock_module(terminal)
        terminal.keypad.press("3")
    return expect_screen(terminal, ("unlock_code",)).fields["challenge"]


def enter_unlock_code(terminal: Terminal, code: str) -> Frame:
    """Eight digits and ENTER."""
    terminal.keypad.type_keys(code, secret=True)
    terminal.keypad.press("ENTER")
    return terminal.screen.settled()


def offer_unlock_code(terminal: Terminal, code: str) -> Frame:
    """Eight digits that the terminal should refuse: charged to the ledger before the keys."""
    charge_code(terminal, UNLOCK_CODE)
    return enter_unlock_code(terminal, code)


def unlock_by_code(terminal: Terminal) -> Frame:
    """Challenge, help desk, code: the terminal says `unlocked`."""
    rest_from_notice(terminal)
    code = terminal.unlock_code(ask_challenge(terminal))
    frame = enter_unlock_code(terminal, code.reveal())
    terminal.used_unlock_codes.append(code)
    expect(frame.screen == "unlocked", terminal, "the unlock code is accepted", frame)
    return terminal.screen.leaves("unlocked", 3.0)


def leave_and_sign_on(terminal: Terminal, operator: str) -> Frame:
    """Whoever is signed on signs off, and the operator signs on."""
    if terminal.screen.settled().screen == "lockmod":
        terminal.keypad.press("CANCEL")
    if terminal.screen.settled().screen == "manage":
        terminal.keypad.press_all(("CANCEL", "CANCEL"))
    if terminal.screen.settled().screen == "idle":
        sign_off(terminal)
    return sign_on(terminal, operator)
