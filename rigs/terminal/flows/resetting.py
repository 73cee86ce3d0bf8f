"""Factory reset by the key held at power-on."""

from __future__ import annotations

from rigs.terminal.contracts import Frame
from rigs.terminal.flows.judging import expect_screen
from rigs.terminal.flows.signing_on import enter_password
from rigs.terminal.flows.starting import started
from rigs.terminal.terminal import Terminal

ERASED_WITHIN_S = 20.0


def power_on_with_key(terminal: Terminal, key: str, hold_s: float) -> Frame:
    """From power-off: hold the key, switch on, let the key go after ``hold_s`` seconds from power-on."""
    terminal.keypad.down(key)
    terminal.power.on()
    terminal.clock.sleep(hold_s)
    terminal.keypad.up(key)
    return terminal.screen.settled()


def ask_for_reset(terminal: Terminal) -> Frame:
    """The reset key held as long as the profile says, and a little longer."""
    policy = terminal.profile.policy
    return power_on_with_key(terminal, terminal.profile.data.reset_key, policy.reset_hold_s + 1.0)


def confirm_reset(terminal: Terminal, code: str | None = None) -> Frame:
    """The administrator's code (the right one unless told otherwise) at the question."""
    expect_screen(terminal, ("reset_ask",), within_s=3.0, expected="the question whether to erase all data")
    return enter_password(terminal, code or terminal.credentials.password("99").reveal())


def factory_reset(terminal: Terminal) -> Frame:
    """From power-off to `reset_done`."""
    ask_for_reset(terminal)
    confirm_reset(terminal)
    return expect_screen(terminal, ("reset_done",), within_s=ERASED_WITHIN_S)


def set_new_admin_password(terminal: Terminal, password: str) -> Frame:
    """The first-use administrator password after a reset, typed as often as it is asked for."""
    enter_password(terminal, password)
    return started(terminal)
