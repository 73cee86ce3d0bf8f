"""What holds a terminal: how each state is reached from power-off, and the proof that it still holds.

The proof is by keys, never by the picture alone: a text can lie.
"""

from __future__ import annotations

from posrig.ground.faults import ConfigurationError
from posrig.terminal.contracts import Frame
from posrig.terminal.judging import expect, expect_screen
from posrig.terminal.models.terminal_r.locking import is_locked, lock
from posrig.terminal.models.terminal_r.signing_on import (
    password_step,
    rest_from_notice,
    sign_off,
    sign_on,
    try_wrong_passwords,
)
from posrig.terminal.models.terminal_r.starting import signed_off
from posrig.terminal.models.terminal_r.watching import HOST_LOCK_PAGES, nothing_but
from posrig.terminal.terminal import Terminal

CASHIER = "01"
NETWORK_LOCK_MARGIN_S = 3700.0
"""The terminal calls the host once an hour: silence is counted from the last call."""


def lock_out(terminal: Terminal, operator: str = CASHIER) -> Frame:
    """So many wrong passwords as the policy allows; `locked_out` is shown."""
    try_wrong_passwords(terminal, operator, terminal.profile.policy.wrong_passwords)
    return expect_screen(terminal, ("locked_out",), expected=f"operator {operator} is locked out")


def host_lock(terminal: Terminal) -> Frame:
    """From the back office; the terminal shows it within two seconds."""
    terminal.do("host.lock", cause="C04")
    return expect_screen(terminal, ("host_lock",), within_s=2.0, expected="the terminal is locked by the host")


def network_lock(terminal: Terminal) -> Frame:
    """The line is cut until the terminal locks itself for want of the host."""
    if terminal.network is None:
        raise ConfigurationError("this rig cannot cut the network", where="rig file, field network")
    terminal.network.disconnect()
    terminal.clock.sleep(terminal.profile.policy.offline_lock_h * 3600.0 + NETWORK_LOCK_MARGIN_S)
    return expect_screen(terminal, ("net_lock",), within_s=30.0, expected="the terminal locks for want of the host")


def reach(terminal: Terminal, state: str, *, after_s: float = 0.0) -> Frame:
    """From power-off to the state, so many seconds after the start."""
    signed_off(terminal)
    terminal.clock.sleep(after_s)
    if state == "locked":
        sign_on(terminal, CASHIER)
        return lock(terminal)
    if state == "locked out":
        return lock_out(terminal)
    if state == "locked by the host":
        return host_lock(terminal)
    if state == "locked for want of the host":
        return network_lock(terminal)
    raise ConfigurationError(
        f"no way is known into the state {state!r}",
        allowed="locked, locked out, locked by the host, locked for want of the host",
    )


def holds(terminal: Terminal, state: str) -> Frame:
    """The state still holds, proved by keys."""
    if state == "locked":
        return is_locked(terminal)
    if state == "locked out":
        return is_locked_out(terminal, CASHIER)
    if state == "locked by the host":
        return is_host_locked(terminal)
    return is_network_locked(terminal)


def is_locked_out(terminal: Terminal, operator: str) -> Frame:
    """`locked_out` is shown, and the right password leads to it again (invariant 5)."""
    expected = f"operator {operator} is locked out"
    frame = expect_screen(terminal, ("locked_out",), within_s=5.0, expected=expected)
    terminal.keypad.press("CANCEL")
    below = terminal.screen.settled()
    if below.screen == "lock" and below.fields["operator"] != operator:
        return frame
    if below.screen == "idle":
        sign_off(terminal)
    password_step(terminal, operator)
    return expect_screen(terminal, ("locked_out",), expected=f"{expected}: the right password changes nothing")


def is_host_locked(terminal: Terminal) -> Frame:
    """Its own screen; neither keys nor a cashier's full sign-on nor an amount lead out."""
    rest_from_notice(terminal)
    expected = "the terminal stays locked by the host"
    expect_screen(terminal, ("host_lock",), within_s=3.0, expected="the terminal is locked by the host")

    def tries() -> None:
        terminal.keypad.press_all(("MENU", "F1", "UP", "DOWN", "CLEAR", "CANCEL", "CANCEL"))
        password_step(terminal, CASHIER)
        rest_from_notice(terminal)

    nothing_but(terminal, HOST_LOCK_PAGES, tries, expected)
    return expect_screen(terminal, ("host_lock",), within_s=3.0, expected=expected)


def is_network_locked(terminal: Terminal) -> Frame:
    """Its own screen with cause C05; no key but F1 does anything, and F1 without the host does not open it."""
    expected = "the terminal stays locked for want of the host"
    expect_screen(terminal, ("net_lock",), within_s=3.0, expected=expected)

    def tries() -> None:
        terminal.keypad.press_all(("MENU", "1", "0", "0", "ENTER", "CANCEL", "CLEAR", "UP", "DOWN", "F2", "F1"))
        terminal.clock.sleep(25.0)

    nothing_but(terminal, ("net_lock",), tries, expected)
    return expect_screen(terminal, ("net_lock",), expected=expected)


def has_no_end(terminal: Terminal) -> Frame:
    """`locked_out` shows no time, and a day later it is still shown."""
    frame = expect_screen(terminal, ("locked_out",), within_s=5.0, expected="a lock-out without an end by time")
    expect(frame.fields["wait"] == "--:--", terminal, "no time is shown for a lock-out that no time ends", frame)
    terminal.clock.sleep(90_000.0)
    return expect_screen(terminal, ("locked_out",), within_s=20.0, expected="no wait lifts this lock-out")
