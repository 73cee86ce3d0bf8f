"""Factory reset by the key held at power-on, and the terminal that is set up again after it."""

from __future__ import annotations

from posrig.description.credentials import Credentials
from posrig.ground.secret import Secret
from posrig.terminal.charging import DATA, charge_flash
from posrig.terminal.contracts import Frame
from posrig.terminal.judging import expect, expect_screen, failure
from posrig.terminal.models.terminal_r.passwords import choose
from posrig.terminal.models.terminal_r.signing_on import (
    enter_password,
    enter_time_code,
    password_step,
    rest_from_notice,
    sign_off,
)
from posrig.terminal.models.terminal_r.starting import started
from posrig.terminal.terminal import Terminal
from posrig.terminal.typed import charge_guess, present_password

ERASED_WITHIN_S = 20.0
ADMIN = "99"
ERASING = "resetting"


def power_on_with_key(terminal: Terminal, key: str, hold_s: float) -> Frame:
    """From power-off: hold the key, switch on, let the key go after ``hold_s`` seconds from power-on."""
    terminal.keypad.down(key)
    terminal.power.on()
    terminal.clock.sleep(hold_s)
    terminal.keypad.up(key)
    return terminal.screen.settled()


def press_after_power_on(terminal: Terminal, key: str, after_s: float, hold_s: float) -> Frame:
    """From power-off: switch on, and only ``after_s`` seconds later hold the key."""
    terminal.power.on()
    terminal.clock.sleep(after_s)
    terminal.keypad.hold(key, hold_s)
    return terminal.screen.settled()


def ask_for_reset(terminal: Terminal) -> Frame:
    """The reset key held as long as the profile says, and a little longer."""
    policy = terminal.profile.policy
    return power_on_with_key(terminal, terminal.profile.data.reset_key, policy.reset_hold_s + 1.0)


def confirm_reset(terminal: Terminal, code: str | None = None) -> Frame:
    """The administrator's code (the right one unless told otherwise) at the question."""
    expect_screen(terminal, ("reset_ask",), within_s=3.0, expected="the question whether to erase all data")
    charge_flash(terminal, DATA)
    return enter_password(terminal, code or present_password(terminal, ADMIN).reveal())


def factory_reset(terminal: Terminal) -> Frame:
    """From power-off to `reset_done`."""
    ask_for_reset(terminal)
    confirm_reset(terminal)
    return expect_screen(terminal, ("reset_done",), within_s=ERASED_WITHIN_S)


def cut_while_erasing(terminal: Terminal, after_s: float) -> None:
    """The power goes so long after the first picture of the erasing."""
    found = terminal.screen.seen_within((ERASING,), 5.0)
    if found is None:
        raise failure(terminal, "the erasing begins")
    terminal.clock.sleep(found.at + after_s - terminal.clock.now())
    frame = terminal.screen.frame()
    expect(frame.screen == ERASING, terminal, f"the erasing is under way {after_s:g} s after its begin", frame)
    terminal.power.off()


def set_new_admin_password(terminal: Terminal, password: str | None = None) -> Frame:
    """The first administrator password after a reset: one that breaks no rule unless another one is given."""
    expect_screen(terminal, ("reset_done",), within_s=ERASED_WITHIN_S)
    enter_password(terminal, choose(terminal, ADMIN).reveal() if password is None else password)
    return started(terminal)


def first_sign_on_of_admin(terminal: Terminal) -> Frame:
    """After a reset: the new password, the new key of the time code as the screen shows it, and a code from it."""
    frame = password_step(terminal, ADMIN)
    expect(frame.screen == "enrol", terminal, "a new key of the time code is shown, the old one is gone", frame)
    seed = Secret(frame.fields["first"] + frame.fields["second"], "new seed of 99")
    authenticator = Credentials({}, {ADMIN: seed}, terminal.credentials.masks)  # masked from now on
    terminal.new_seeds[ADMIN] = seed
    terminal.keypad.press("ENTER")
    expect_screen(terminal, ("twofa",))
    frame = enter_time_code(terminal, authenticator.time_code(ADMIN, terminal.clock.now()).reveal())
    expect(frame.screen == "idle", terminal, "the admin is signed on with the new key", frame)
    return frame


def add_operator(terminal: Terminal, operator: str) -> Frame:
    """MENU 5 2 2: the admin adds the operator with a first password."""
    terminal.keypad.press_all(("MENU", "5", "2", "2"))
    expect_screen(terminal, ("op_add",))
    return give_first_password(terminal, operator)


def give_first_password(terminal: Terminal, operator: str) -> Frame:
    """Number and first password; back to the ready screen."""
    terminal.keypad.type_keys(operator)
    terminal.keypad.press("ENTER")
    expect_screen(terminal, ("op_first",), expected=f"a first password for operator {operator} is asked for")
    frame = enter_password(terminal, choose(terminal, operator).reveal())
    expect(frame.screen == "done", terminal, f"operator {operator} has a first password", frame)
    terminal.keypad.press_all(("CANCEL", "CANCEL", "CANCEL", "CANCEL"))
    return expect_screen(terminal, ("idle",))


def first_sign_on_of(terminal: Terminal, operator: str) -> Frame:
    """With the first password, which has to be changed at once."""
    frame = password_step(terminal, operator)
    expect(frame.screen == "force_change", terminal, "a first password must be changed", frame)
    frame = enter_password(terminal, choose(terminal, operator).reveal())
    expect(frame.screen == "idle", terminal, f"operator {operator} is signed on", frame)
    return frame


def set_up_again(terminal: Terminal, operator: str) -> Frame:
    """After the new admin password: the admin enrols, adds the operator, who signs on."""
    first_sign_on_of_admin(terminal)
    add_operator(terminal, operator)
    sign_off(terminal)
    return first_sign_on_of(terminal, operator)


def old_password_is_refused(terminal: Terminal, operator: str) -> None:
    """What the operator had before the reset opens nothing: refused like an unknown number, no second step."""
    charge_guess(terminal, operator)
    frame = password_step(terminal, operator, password=terminal.credentials.password(operator).reveal())
    expect(frame.screen == "login_bad", terminal, f"the old password of operator {operator} is refused", frame)
    rest_from_notice(terminal)
    terminal.keypad.press("CANCEL")
    terminal.screen.settled()
