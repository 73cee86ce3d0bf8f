"""Every prompt for a secret by its name, from a ready screen or from `signed_off`: the same rules hold at each.

A prompt that was forgotten when a rule was written is the usual hole (ASVS 6.3.4: all paths equal).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from posrig.ground.faults import ConfigurationError
from posrig.ground.secret import wrong_digits
from posrig.terminal.charging import UNLOCK_CODE, charge_code
from posrig.terminal.contracts import Frame
from posrig.terminal.judging import expect, expect_screen
from posrig.terminal.models.terminal_r.signing_on import enter_operator, enter_password, password_step, rest_from_notice
from posrig.terminal.models.terminal_r.watching import shown_while
from posrig.terminal.terminal import Terminal
from posrig.terminal.typed import wrong_password, wrong_time_code

UNLOCK_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Prompt:
    """Where a secret is asked for: whose it is by default, the keys that lead there, the screen."""

    screen: str
    keys: tuple[str, ...]
    """From the ready screen; empty for the prompts that begin with an operator's number."""
    operator: str
    typed_number: bool = False


PROMPTS: Mapping[str, Prompt] = {
    "the sign-on": Prompt("login_pwd", (), "01", typed_number=True),
    "the lock": Prompt("login_pwd", (), "01", typed_number=True),
    "the approval of a refund": Prompt("approve", ("MENU", "3", "1", "0", "0", "ENTER"), "00"),
    "the approval of a void": Prompt("approve", ("MENU", "2", "1", "ENTER"), "00"),
    "the change of a cashier's password": Prompt("pwd_old", ("MENU", "5", "2"), "01"),
    "the change of a manager's password": Prompt("pwd_old", ("MENU", "5", "2", "5"), "00"),
    "the unlock code": Prompt("unlock_code", ("3",), "99"),
    "the second step": Prompt("twofa", (), "00"),
}
CHINESE: Mapping[str, str] = {
    "签到": "the sign-on",
    "解锁": "the lock",
    "退货授权": "the approval of a refund",
    "撤销授权": "the approval of a void",
    "收银员修改密码": "the change of a cashier's password",
    "主管修改密码": "the change of a manager's password",
    "解锁码": "the unlock code",
    "第二步验证": "the second step",
}


def prompt_named(name: str) -> Prompt:
    """Raises ConfigurationError with the names that are known."""
    found = PROMPTS.get(CHINESE.get(name, name))
    if found is None:
        raise ConfigurationError(f"no prompt is called {name!r}", allowed=", ".join((*PROMPTS, *CHINESE)))
    return found


def reach(terminal: Terminal, name: str, operator: str | None = None) -> Frame:
    """Open the prompt, whatever the terminal shows at rest before it."""
    prompt = prompt_named(name)
    frame = rest_from_notice(terminal)
    if frame.screen == prompt.screen:
        return frame
    if prompt.screen == "twofa":
        frame = password_step(terminal, operator or prompt.operator)
    elif prompt.typed_number:
        frame = enter_operator(terminal, operator or prompt.operator)
    elif prompt.screen == "unlock_code":
        terminal.keypad.press_all(prompt.keys)
    else:
        terminal.keypad.press_all(_to_idle(terminal) + prompt.keys)
    return expect_screen(terminal, (prompt.screen,), expected=f"the prompt of {name}")


def _to_idle(terminal: Terminal) -> tuple[str, ...]:
    """The keys that lead back from the menu behind a prompt to the ready screen."""
    back = {"idle": 0, "menu": 1, "manage": 2, "operators": 3}
    return ("CANCEL",) * back.get(terminal.screen.settled().screen or "", 0)


def fail(terminal: Terminal, name: str, operator: str, count: int) -> Frame:
    """So many wrong passwords at the prompt; the last refusal is shown."""
    frame = terminal.screen.settled()
    for _ in range(count):
        reach(terminal, name, operator)
        frame = enter_password(terminal, _wrong_at(terminal, name, operator))
    return frame


def _wrong_at(terminal: Terminal, name: str, operator: str) -> str:
    """A wrong password of the operator, charged as what the prompt asks for."""
    screen = prompt_named(name).screen
    if screen == "twofa":
        return wrong_time_code(terminal, operator)
    if screen != "unlock_code":
        return wrong_password(terminal, operator)
    charge_code(terminal, UNLOCK_CODE)
    return wrong_digits(UNLOCK_DIGITS, *terminal.given_unlock_codes.values())


def counts_down(terminal: Terminal, name: str, operator: str) -> None:
    """Each refusal shows one try less; after the last one the lock-out is shown."""
    limit = terminal.profile.policy.wrong_passwords
    for left in range(limit - 1, 0, -1):
        frame = fail(terminal, name, operator, 1)
        expect(frame.screen == "login_bad", terminal, f"the password is refused with {left} tries left", frame)
        expect(int(frame.fields["left"]) == left, terminal, f"{left} tries are left", frame)
    frame = fail(terminal, name, operator, 1)
    expect(frame.screen == "locked_out", terminal, f"operator {operator} is locked out after {limit}", frame)


def type_half(terminal: Terminal, name: str) -> None:
    """Three digits at the prompt, and no ENTER."""
    reach(terminal, name)
    terminal.keypad.type_keys("735", secret=True)
    terminal.screen.settled()


def is_empty(terminal: Terminal, name: str) -> None:
    """Nothing typed before stands in the field, and one digit makes one star."""
    frame = reach(terminal, name)
    expect(frame.fields["entry"].strip("_") == "", terminal, "nothing of before stands in the field", frame)
    terminal.keypad.type_keys("1", secret=True)
    frame = terminal.screen.settled()
    expect(frame.fields.get("entry", "").strip("_") == "*", terminal, "one digit is one star", frame)


def masks_every_digit(terminal: Terminal, name: str) -> None:
    """Every picture while digits are typed shows stars only; the field is emptied again."""
    screen = reach(terminal, name).screen
    assert screen is not None
    for count, digit in enumerate("735", 1):
        for frame in shown_while(terminal, lambda digit=digit: terminal.keypad.type_keys(digit, secret=True)):  # type: ignore[misc]
            shown = frame.fields.get("entry", "?").strip("_") if frame.screen == screen else "?"
            expect(set(shown) <= {"*"}, terminal, "a digit of a password is never shown, not even for a moment", frame)
        frame = terminal.screen.settled()
        stars = frame.fields.get("entry", "").strip("_")
        expect(stars == "*" * count, terminal, f"{count} stars after {count} digits", frame)
    terminal.keypad.press("CLEAR")


def no_order_skips_second_step(terminal: Terminal, operator: str) -> None:
    """CANCEL, CLEAR and ENTER in all orders of three at the second step: no session follows."""
    allowed = {"twofa", "login_id", "login_pwd", "signed_off"}
    for order in product(("CANCEL", "CLEAR", "ENTER"), repeat=3):
        if terminal.screen.settled().screen != "twofa":
            _to_signed_off(terminal)
            password_step(terminal, operator)
        expect_screen(terminal, ("twofa",), expected="the second step is asked for")
        for frame in shown_while(terminal, lambda order=order: terminal.keypad.press_all(order)):  # type: ignore[misc]
            expect(frame.screen in allowed, terminal, f"{' '.join(order)} does not skip the second step", frame)


def _to_signed_off(terminal: Terminal) -> None:
    for _ in range(3):
        if terminal.screen.settled().screen == "signed_off":
            return
        terminal.keypad.press("CANCEL")
    expect_screen(terminal, ("signed_off",))
