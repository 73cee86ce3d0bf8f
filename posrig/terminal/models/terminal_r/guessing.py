"""Passwords that are nearly right, long, empty or published: typed on purpose, and charged to the guess budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from posrig.ground.secret import wrong_digits
from posrig.terminal.contracts import Frame
from posrig.terminal.judging import expect, expect_screen
from posrig.terminal.models.terminal_r.locking import try_unlock
from posrig.terminal.models.terminal_r.signing_on import enter_operator, enter_password, rest_from_notice
from posrig.terminal.terminal import Terminal
from posrig.terminal.typed import charge_guess, present_password

PUBLISHED: Mapping[int, tuple[str, ...]] = {
    4: ("0000", "1234", "9999", "8888"),
    6: ("123456", "000000", "888888", "166816"),
    8: ("12345678", "00000000", "88888888", "01092026"),
}
"""Defaults that manuals, merchants' pages and advisories print, by length; the last one is the day (as on PAX)."""
REFUSED = ("login_bad",)


def prefix(terminal: Terminal, operator: str, digits: int) -> str:
    """The first digits of the operator's password."""
    charge_guess(terminal, operator)
    return present_password(terminal, operator).reveal()[:digits]


def long_wrong(terminal: Terminal, operator: str, digits: int) -> str:
    """So many digits, the password nowhere among them."""
    charge_guess(terminal, operator)
    return wrong_digits(digits, present_password(terminal, operator))


def shifted(terminal: Terminal, operator: str) -> str:
    """A wrong digit, then the whole password: its end is right."""
    charge_guess(terminal, operator)
    right = present_password(terminal, operator).reveal()
    return wrong_digits(1) + right


def unlock_is_refused(terminal: Terminal, operator: str, password: str) -> Frame:
    """At the lock: the password is refused, or not taken at all; the lock is shown again."""
    frame = try_unlock(terminal, operator, password=password)
    expect(frame.screen in ("login_bad", "login_pwd"), terminal, "this password does not unlock", frame)
    if frame.screen == "login_pwd":
        terminal.keypad.press("CANCEL")
    rest_from_notice(terminal)
    return expect_screen(terminal, ("lock",), expected="the terminal stays locked")


def nobody_else_gets_in(terminal: Terminal, operators: Iterable[str]) -> int:
    """At `signed_off`: each number with each published password of its length is refused like any wrong one.

    At most four tries a number: the fifth would lock it out, which tells nothing more. Returns how many were tried.
    """
    tried = 0
    for operator in operators:
        for password in _published(terminal, operator):
            rest_from_notice(terminal)
            enter_operator(terminal, operator)
            expect_screen(terminal, ("login_pwd",))
            charge_guess(terminal, operator)
            frame = enter_password(terminal, password)
            expect(frame.screen in REFUSED, terminal, f"no published password opens operator {operator}", frame)
            tried += 1
    return tried


def _published(terminal: Terminal, operator: str) -> tuple[str, ...]:
    digits = password_digits(terminal, operator)
    own = terminal.credentials.passwords.get(operator)
    return tuple(word for word in PUBLISHED[digits] if own is None or word != own.reveal())


def password_digits(terminal: Terminal, operator: str) -> int:
    """By the role of the number; a number of nobody has a cashier's."""
    roles = terminal.profile.data.roles
    return next((role.password_digits for role in roles.values() if operator in role.ids), 4)
