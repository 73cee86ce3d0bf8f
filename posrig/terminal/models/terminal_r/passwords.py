"""Passwords: the published default, the forced change, the own change, what is refused as new."""

from __future__ import annotations

import random

from posrig.description.credentials import weakness
from posrig.ground.faults import ConfigurationError
from posrig.ground.secret import Secret
from posrig.terminal.contracts import Frame
from posrig.terminal.judging import expect, expect_screen
from posrig.terminal.models.terminal_r.guessing import PUBLISHED, password_digits
from posrig.terminal.models.terminal_r.signing_on import enter_password, password_step, rest_from_notice, second_factor
from posrig.terminal.preparing import from_the_shelf
from posrig.terminal.terminal import Terminal
from posrig.terminal.typed import present_password


def default_of(terminal: Terminal, operator: str) -> str:
    """The default that the manual prints for this role."""
    return PUBLISHED[password_digits(terminal, operator)][0]


def with_default(terminal: Terminal, operator: str) -> None:
    """From power-off: a terminal on which this operator never chose a password."""
    from_the_shelf(terminal, default_passwords=[operator])


def with_old_password(terminal: Terminal, operator: str, days: int) -> None:
    """From power-off: a terminal on which this operator's password is so many days old."""
    from_the_shelf(terminal, password_age_days={operator: days})


def factors_with(terminal: Terminal, operator: str, password: str | None = None) -> Frame:
    """Number, this password, and the second step where the role has it."""
    frame = password_step(terminal, operator, password=password)
    if frame.screen in ("twofa", "finger"):
        frame = second_factor(terminal, operator)
    return frame


def choose(terminal: Terminal, operator: str) -> Secret:
    """A new password that breaks no rule and was not used in this scenario; it counts as the present one from now."""
    chosen = terminal.changed_passwords.setdefault(operator, [])
    used = [secret.reveal() for secret in (terminal.credentials.password(operator), *chosen)]
    source = random.Random(f"chosen {operator} {len(chosen)}")
    digits = len(used[0])
    for _ in range(1000):
        value = "".join(source.choice("0123456789") for _ in range(digits))
        if weakness(value, operator) is None and value not in used:
            secret = terminal.credentials.masks.add(Secret(value, f"password of {operator}"))
            chosen.append(secret)
            return secret
    raise ConfigurationError(f"no password of {digits} digits is left for operator {operator}")


def change_as_forced(terminal: Terminal, operator: str) -> Frame:
    """At `force_change`: a good new password."""
    expect_screen(terminal, ("force_change",), expected="a new password is asked for")
    return enter_password(terminal, choose(terminal, operator).reveal())


def open_own_change(terminal: Terminal, operator: str) -> Frame:
    """From the ready screen to the prompt for the present password: MENU 5 2, with 5 for a manager."""
    role = terminal.profile.role_of(operator)
    terminal.keypad.press_all(("MENU", "5", "2") if role == "cashier" else ("MENU", "5", "2", "5"))
    return expect_screen(terminal, ("pwd_old",), expected="the prompt for the present password")


def offer_new(terminal: Terminal, operator: str, new: str) -> Frame:
    """From the ready screen: present password, then this new one."""
    open_own_change(terminal, operator)
    enter_password(terminal, present_password(terminal, operator).reveal())
    expect_screen(terminal, ("pwd_new",), expected="the prompt for the new password")
    return enter_password(terminal, new)


def change_own(terminal: Terminal, operator: str) -> Frame:
    """From the ready screen and back to it, with a good new password."""
    open_own_change(terminal, operator)
    enter_password(terminal, present_password(terminal, operator).reveal())
    expect_screen(terminal, ("pwd_new",), expected="the prompt for the new password")
    frame = enter_password(terminal, choose(terminal, operator).reveal())
    expect(frame.screen == "done", terminal, "the new password is taken", frame)
    return to_ready(terminal)


def give_initial(terminal: Terminal, operator: str, to: str) -> Frame:
    """A manager resets somebody's password: MENU 5 2 4, the number, a first password that its owner must change."""
    terminal.keypad.press_all(("MENU", "5", "2", "4"))
    terminal.keypad.type_keys(operator)
    terminal.keypad.press("ENTER")
    expect_screen(terminal, ("op_first",), expected="a first password is asked for")
    frame = enter_password(terminal, to)
    expect(frame.screen == "done", terminal, "the first password is set", frame)
    return to_ready(terminal)


def to_ready(terminal: Terminal) -> Frame:
    """CANCEL until the ready screen is shown."""
    for _ in range(6):
        frame = rest_from_notice(terminal)
        if frame.screen == "idle":
            return frame
        terminal.keypad.press("CANCEL")
    return expect_screen(terminal, ("idle",), expected="the ready screen")


def is_refused_as_new(terminal: Terminal, operator: str, new: str) -> None:
    """At `force_change` or from the ready screen: this one is not taken, and it is asked again."""
    forced = terminal.screen.settled().screen == "force_change"
    frame = enter_password(terminal, new) if forced else offer_new(terminal, operator, new)
    expect(frame.screen == "change_bad", terminal, "this new password is refused", frame)
    rest_from_notice(terminal)
    expect_screen(terminal, ("force_change", "pwd_new"), expected="another password is asked for")


def last_are_refused(terminal: Terminal, operator: str, count: int) -> None:
    """From the ready screen, after ``count`` changes: the last so many are refused, the one before them is taken."""
    chosen = terminal.changed_passwords.get(operator, [])
    if len(chosen) != count:
        raise ConfigurationError(f"{len(chosen)} passwords were chosen in this scenario", allowed=f"{count} first")
    for number, old in enumerate(reversed(chosen), 1):
        frame = offer_new(terminal, operator, old.reveal())
        expect(frame.screen == "change_bad", terminal, f"the password before number {number} is refused", frame)
        to_ready(terminal)
    first = terminal.credentials.password(operator)
    frame = offer_new(terminal, operator, first.reveal())
    expect(frame.screen == "done", terminal, f"an older one than the last {count} is taken", frame)
    chosen.append(first)
    to_ready(terminal)
