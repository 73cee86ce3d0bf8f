"""Sign-on with password, second factor, forced change; sign-off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from posrig.ground.faults import ConfigurationError
from posrig.ground.secret import Secret, wrong_digits
from posrig.terminal.contracts import Frame
from posrig.terminal.flows.charging import charge_code, time_code_of
from posrig.terminal.flows.judging import expect, expect_screen
from posrig.terminal.terminal import Terminal

SIGNED_ON = ("idle", "lockmod")
"""Screens a complete sign-on may end on: the lock module opens by itself for 99 on a locked terminal."""

TYPING_S = 4.0
"""A person reads the code and types six digits: a code with less time left is not begun."""


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


def wrong_password(terminal: Terminal, operator: str) -> str:
    """A password of the right length that is not this operator's, to be typed at once: charged to the ledger here.

    Raises SafetyAbort when the terminal's budget of wrong passwords is used up.
    """
    charge_guess(terminal, operator)
    return stand_in(terminal, present_password(terminal, operator))


def stand_in(terminal: Terminal, password: Secret, *, beginning: Iterable[str] = ()) -> str:
    """What the harness types instead of a password where it must be wrong, or where it would be shown: digits by
    chance that tell nothing of it but its length. ``beginning``: what they may not begin with."""
    typed = wrong_digits(len(password.reveal()), password, beginning=beginning)
    terminal.typed_wrong.append(typed)
    return typed


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


def charge_guess(terminal: Terminal, operator: str) -> None:
    """Before anything that the terminal will count as a failure of this operator: a real one has a guess budget."""
    if terminal.before_guess is not None:
        terminal.before_guess(operator)
    terminal.charged_ahead += 1


def time_code(terminal: Terminal, operator: str) -> str:
    """The authenticator's code, of a window that was not used and is not about to end.

    A code is accepted at most once and only inside its window (reference terminal, invariant 8; ASVS 6.5.1).
    """
    period = terminal.profile.policy.time_code_s
    now = terminal.clock.now()
    window = int((now + TYPING_S) // period)
    window = max(window, terminal.used_windows.get(operator, -1) + 1)
    if window * period > now:
        terminal.clock.sleep(window * period - now + 0.1)
    terminal.used_windows[operator] = window
    return terminal.credentials.time_code(operator, terminal.clock.now()).reveal()


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


def typed_password(terminal: Terminal, operator: str, password: str | None) -> str:
    """The operator's own unless another one is given; an empty one is another one."""
    return present_password(terminal, operator).reveal() if password is None else password


def present_password(terminal: Terminal, operator: str) -> Secret:
    """The one chosen last in this scenario, or the rig's own."""
    chosen = terminal.changed_passwords.get(operator)
    return chosen[-1] if chosen else terminal.credentials.password(operator)


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


def wrong_time_code(terminal: Terminal, operator: str) -> str:
    """Six digits that are not the present code; charged to the ledger as a wrong code of this operator."""
    charge_code(terminal, time_code_of(operator))
    period, now = terminal.profile.policy.time_code_s, terminal.clock.now()
    # not the neighbours' either: a terminal may accept them, and the window may turn while it is typed
    near = [terminal.credentials.time_code(operator, now + place * period) for place in range(-2, 3)]
    return wrong_digits(len(near[0].reveal()), *near)


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
