"""Power, start, restart: from dark to a screen at rest."""

from __future__ import annotations

from itertools import pairwise

from rigs.terminal.contracts import Frame
from rigs.terminal.flows.judging import expect, expect_screen, failure
from rigs.terminal.flows.signing_on import sign_on
from rigs.terminal.terminal import Terminal

STARTING = ("boot", "self_test", "restarting")
"""Screens that pass by themselves at each start."""
READY_TIME_MARGIN = 1.5


def start_time_s(terminal: Terminal) -> float:
    """Boot, self-test and network attach by the profile, with a margin."""
    times = terminal.profile.timings
    return (times.boot_s + times.self_test_s + times.network_attach_s) * READY_TIME_MARGIN


def switch_on(terminal: Terminal) -> Frame:
    """Supply on, and wait until the start is over."""
    terminal.power.on()
    return started(terminal)


def started(terminal: Terminal) -> Frame:
    """Wait until the start screens are over and the screen is at rest."""
    frame = terminal.screen.first_not_in((*STARTING, "recover"), start_time_s(terminal) + 5.0)
    if frame is None:
        raise failure(terminal, f"the terminal is up {start_time_s(terminal):.0f} s after power-on")
    return terminal.screen.settled()


def cut_power(terminal: Terminal, off_s: float | None = None) -> Frame:
    """Supply off for at least the rig's minimum, on again, and wait until the start is over."""
    terminal.power.off()
    if off_s:
        terminal.clock.sleep(off_s)
    return switch_on(terminal)


def starts_seen(terminal: Terminal) -> int:
    """How often the boot screen came up in this scenario."""
    shown = ["", *(frame.screen for frame in terminal.screen.history())]
    return sum(after == "boot" != before for before, after in pairwise(shown))


def restart_by_chord(terminal: Terminal) -> Frame:
    """CLEAR and '.' together, held as long as the profile says and a little longer."""
    terminal.keypad.chord(terminal.profile.data.restart_chord, terminal.profile.policy.restart_chord_s + 0.3)
    expect_screen(terminal, ("restarting", "boot"), within_s=2.0, expected="the terminal restarts")
    return started(terminal)


def restart_by_menu(terminal: Terminal) -> Frame:
    """The administrator restarts from the system menu: MENU 5 5 1 ENTER."""
    terminal.keypad.press_all(("MENU", "5", "5", "1"))
    expect_screen(terminal, ("restart_ask",))
    terminal.keypad.press("ENTER")
    expect_screen(terminal, ("restarting", "boot"), within_s=2.0, expected="the terminal restarts")
    return started(terminal)


def signed_off(terminal: Terminal) -> Frame:
    """From power-off: the terminal is on and nobody is signed on."""
    switch_on(terminal)
    return expect_screen(terminal, ("signed_off",))


def ready(terminal: Terminal, operator: str) -> Frame:
    """From power-off: the operator is signed on and the ready screen is shown."""
    signed_off(terminal)
    frame = sign_on(terminal, operator)
    expect(frame.screen == "idle", terminal, "the ready screen", frame)
    return frame
