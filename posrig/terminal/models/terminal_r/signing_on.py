"""Sign-on with password, second factor, forced change; sign-off."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from posrig.ground.faults import ConfigurationError
from posrig.terminal.charging import charge_code, time_code_of
from posrig.terminal.contracts import Frame
from posrig.terminal.judging import expect, expect_screen
from posrig.terminal.terminal import Terminal
from posrig.terminal.typed import (
    charge_guess,
    present_password,
    stand_in,
    time_code,
    typed_password,
    wrong_password,
    wrong_time_code,
)

SIGNED_ON = ("idle", "lockmod")
"""Screens a complete sign-on may end on: the lock module opens by itself for 99 on a locked terminal."""


def enter_operator(terminal: Terminal, operator: str) -> Frame:
    """The operator types the number and presses ENTER; from `signed_off`, `lock` or `login_id`."""
    terminal.last_operator = operator
    terminal.keypad.type_keys(operator)
    terminal.keypad.press("ENTER")
    return terminal.screen.settled()


def enter_password(terminal: Terminal, password: str) -> Frame:
    """The operator types the password and presses ENTER."""
    terminal.keypad.type_keys(password, secret=True)
    terminal.keypad.press("ENTER")
    return terminal.screen.settled()


def password_as_number(terminal: Terminal, operator: str) -> str:
    """Digits as many as this operator's password, typed as the number and again as the password: the number that the
    terminal takes of them is nobody's. Returns what was typed."""
    own = present_password(terminal, operator)
    ids = [number for role in terminal.profile.data.roles.values() for number in role.ids]
    typed = stand_in(terminal, own, beginning=ids)
    enter_operator(terminal, typed)
    charge_guess(terminal, typed[:2])
    enter_password(terminal, typed)
    return typed


def enter_time_code(terminal: Terminal, code: str) -> Frame:
    """The operator types the six digits and presses ENTER."""
    terminal.keypad.type_keys(code, secret=True)
    terminal.keypad.press("ENTER")
    return terminal.screen.settled()


def offer_time_code(terminal: Terminal, operator: str, code: str) -> Frame:
    """Six digits that the terminal may refuse (used, early, late, another's): charged to the ledger before the keys."""
    charge_code(terminal, time_code_of(operator))
    return enter_time_code(terminal, code)


def password_step(terminal: Terminal, operator: str, *, password: str | None = None) -> Frame:
    """Number and password, nothing more. Waits a refusal out first."""
    rest_from_notice(terminal)
    enter_operator(terminal, operator)
    expect_screen(terminal, ("login_pwd",))
    return enter_password(terminal, typed_password(terminal, operator, password))


def sign_on(terminal: Terminal, operator: str) -> Frame:
    """The operator signs on with every factor of the role and reaches the ready screen."""
    password_step(terminal, operator)
    if terminal.profile.data.roles[terminal.profile.role_of(operator)].second_factor:
        expect_screen(terminal, ("twofa", "finger"))
        second_factor(terminal, operator)
    return expect_screen(terminal, SIGNED_ON, within_s=10, expected=f"operator {operator} is signed on")


def second_factor(terminal: Terminal, operator: str) -> Frame:
    """The second step by time code; an enrolled operator changes from the sensor to the code with CLEAR."""
    if terminal.screen.settled().screen == "finger":
        terminal.keypad.press("CLEAR")
        expect_screen(terminal, ("twofa",))
    return enter_time_code(terminal, time_code(terminal, operator))


def unknown_operator(terminal: Terminal, operator: str) -> Frame:
    """A number that nobody has, with a password of a cashier's length: a guess like any other."""
    charge_guess(terminal, operator)
    return password_step(terminal, operator, password="7391")


def try_wrong_passwords(terminal: Terminal, operator: str, count: int) -> Frame:
    """The operator types a wrong password so many times; each refusal is waited out."""
    if count < 1:
        raise ConfigurationError(f"{count} wrong passwords cannot be typed", allowed="1 or more")
    frame = terminal.screen.settled()
    for _ in range(count):
        frame = password_step(terminal, operator, password=wrong_password(terminal, operator))
    return frame


def rest_from_notice(terminal: Terminal) -> Frame:
    """Wait until a refusal or notice that leaves by itself has left."""
    frame = terminal.screen.settled()
    screen = terminal.profile.screens.get(frame.screen or "")
    if screen is None or screen.shown_s is None:
        return frame
    return terminal.screen.leaves(frame.screen or "", screen.shown_s + 2.0)


def sign_off(terminal: Terminal) -> Frame:
    """MENU 5 1 from the ready screen."""
    terminal.keypad.press_all(("MENU", "5", "1"))
    return terminal.screen.settled()


def guess_time_codes(terminal: Terminal, operator: str, count: int) -> Frame:
    """So many wrong codes, with the right password before each prompt; ends early at the lock-out."""
    frame = terminal.screen.settled()
    for _ in range(count):
        frame = rest_from_notice(terminal)
        if frame.screen != "twofa":
            frame = password_step(terminal, operator)
        expect(frame.screen == "twofa", terminal, "the second step is asked for", frame)
        frame = enter_time_code(terminal, wrong_time_code(terminal, operator))
        if frame.screen == "locked_out":
            break
    return frame


def shows_time(terminal: Terminal, ahead_s: float) -> None:
    """The ready screen's clock is the true time plus ``ahead_s``, in the zone of the profile's terminal."""
    frame = expect_screen(terminal, ("idle",))
    zone = ZoneInfo(terminal.zone)
    now = terminal.clock.now() + ahead_s
    # the minute may turn between the picture and the question
    right = [datetime.fromtimestamp(now - slack, zone).strftime("%H:%M") for slack in (0.0, 2.0)]
    expect(frame.fields["time"] in right, terminal, f"the ready screen shows {right[0]}", frame)
