"""Power, start, restart: from dark to a screen at rest."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from posrig.terminal.contracts import Frame, ServiceLine
from posrig.terminal.judging import expect, expect_screen, failure
from posrig.terminal.models.terminal_r.signing_on import password_step, rest_from_notice, sign_on
from posrig.terminal.terminal import Terminal

STARTING = ("boot", "self_test", "restarting")
"""Screens that pass by themselves at each start."""
READY_TIME_MARGIN = 1.5
RECOVERS_WITHIN_S = 30.0
"""A start with a reversal that waits and no host: 15 s of `recover`, 10 s of `net_down`."""


def start_time_s(terminal: Terminal) -> float:
    """Boot, self-test and network attach by the profile, with a margin."""
    times = terminal.profile.timings
    return (times.boot_s + times.self_test_s + times.network_attach_s) * READY_TIME_MARGIN


def switch_on(terminal: Terminal) -> Frame:
    """Supply on, and wait until the start is over."""
    terminal.power.on()
    return started(terminal)


def started(terminal: Terminal) -> Frame:
    """Wait until the start screens are over and the screen is at rest; a reversal that waits may take its time."""
    frame = terminal.screen.first_not_in(STARTING, start_time_s(terminal) + 5.0)
    if frame is not None and frame.screen == "recover":
        frame = terminal.screen.first_not_in(("recover",), RECOVERS_WITHIN_S)
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


def restart_all(terminals: Sequence[Terminal], wait_s: float) -> None:
    """A whole rack: every terminal off, the wait, then every terminal on, each up in time (source article, restart).

    All of them are dark at the same time: one that is fed by its neighbour would else never have been off.
    """
    for terminal in terminals:
        terminal.power.off()
    for terminal in terminals:
        expect(not terminal.power.is_on, terminal, "every terminal of the rack is off before the first is switched on")
    for clock in {id(terminal.clock): terminal.clock for terminal in terminals}.values():
        clock.sleep(wait_s)
    for terminal in terminals:
        terminal.power.on()
    for terminal in terminals:
        started(terminal)


def until_daily_warning(terminal: Terminal) -> Frame:
    """From a start just made: left alone until the warning before the daily restart."""
    policy = terminal.profile.policy
    left_s = policy.daily_restart_h * 3600.0 - policy.daily_warning_min * 60.0
    terminal.clock.sleep(left_s - start_time_s(terminal))
    found = terminal.screen.seen_within(("daily",), 2 * start_time_s(terminal))
    if found is None:
        raise failure(terminal, f"the daily restart is announced {policy.daily_warning_min:g} min before it")
    return found


def until_before_daily_restart(terminal: Terminal, left_s: float) -> None:
    """Nobody touches the terminal until so many seconds before the daily restart, counted from the last power-on."""
    on_at = max(event.at for event in terminal.timeline if event.kind == "power" and event.text.startswith("on"))
    due = on_at + terminal.profile.policy.daily_restart_h * 3600.0
    terminal.clock.sleep(max(due - left_s - terminal.clock.now(), 0.0))


def wait_for_start(terminal: Terminal, within_s: float) -> Frame:
    """Nobody touches anything until the terminal begins to start by itself."""
    found = terminal.screen.seen_within(("restarting", "boot"), within_s)
    if found is None:
        raise failure(terminal, f"the terminal restarts by itself within {within_s:g} s")
    return started(terminal)


def back_at_work(terminal: Terminal, operator: str) -> Frame:
    """The operator's ready screen, by whatever the terminal asks for: nothing, a sign-on, or the own unlock."""
    frame = rest_from_notice(terminal)
    if frame.screen == "lock":
        password_step(terminal, operator)
    elif frame.screen == "signed_off":
        sign_on(terminal, operator)
    return expect_screen(terminal, ("idle",), within_s=5.0, expected=f"operator {operator} is back at work")


def lines_since_power_on(terminal: Terminal, event: str) -> tuple[ServiceLine, ...]:
    """What the service port has told of one event since the power came on."""
    lines = terminal.service.since(0)
    on = max((line.seq for line in lines if line.event == "power" and line.fields.get("state") == "on"), default=0)
    return tuple(line for line in lines if line.seq > on and line.event == event)


def link_is_up(terminal: Terminal) -> None:
    """The services are up: the terminal has attached to its network since it was switched on."""
    up = any(line.fields.get("state") == "up" for line in lines_since_power_on(terminal, "link"))
    expect(up, terminal, "the terminal has attached to its network")
