"""The opened case, the failed self-test, the lost clock, the change of season: what no wait and no restart may heal."""

from __future__ import annotations

from posrig.fuzzing.models.terminal_r.trials.trial import Circumstances, Trial, holds
from posrig.terminal.judging import expect_screen
from posrig.terminal.models.terminal_r.clocks import begin_at, sleep_until
from posrig.terminal.models.terminal_r.servicing import is_out_of_service, plug_service_file
from posrig.terminal.models.terminal_r.signing_on import try_wrong_passwords
from posrig.terminal.models.terminal_r.starting import cut_power, signed_off
from posrig.terminal.terminal import Terminal


def _tamper(terminal: Terminal, chosen: Circumstances) -> None:
    signed_off(terminal)
    terminal.do("terminal.tamper")
    expect_screen(terminal, ("tamper",), within_s=25.0, expected="the opened case is seen")
    for name in ("first", "then", "last"):
        _event(terminal, chosen[name])
    expect_screen(terminal, ("tamper",), within_s=25.0, expected="an opened terminal stays out of use")


def _event(terminal: Terminal, name: str) -> None:
    if name == "power cut":
        cut_power(terminal)
    elif name == "restart by chord":
        terminal.keypad.chord(terminal.profile.data.restart_chord, terminal.profile.policy.restart_chord_s + 0.3)
        terminal.clock.sleep(20.0)
    elif name == "a day":
        terminal.clock.sleep(86_460.0)
    elif name == "file of another terminal":
        serial = f"{(int(terminal.serial_number) + 1) % 10**8:08d}"
        _start_with_file(terminal, serial)
        terminal.do("usb.remove")
    elif name != "nothing":
        terminal.keypad.press_all(("ENTER", "CANCEL", "F1", "F2", "MENU"))


def _start_with_file(terminal: Terminal, serial: str | None = None) -> None:
    """The repair centre's file is read at a start only."""
    terminal.power.off()
    plug_service_file(terminal, 1, serial)
    cut_power(terminal)


def _used_file(terminal: Terminal, chosen: Circumstances) -> None:
    """The repair centre's file works once: the case is opened again, the same file may not help."""
    signed_off(terminal)
    terminal.do("terminal.tamper")
    expect_screen(terminal, ("tamper",), within_s=25.0)
    _start_with_file(terminal)
    expect_screen(terminal, ("signed_off",), within_s=30.0, expected="the right file helps once")
    terminal.do("terminal.tamper")
    expect_screen(terminal, ("tamper",), within_s=25.0)
    _event(terminal, chosen["then"])
    expect_screen(terminal, ("tamper",), within_s=25.0, expected="a used file helps no more")


def _self_test(terminal: Terminal, chosen: Circumstances) -> None:
    terminal.do("terminal.fault", part=chosen["part"], code=chosen["code"])
    terminal.power.on()
    is_out_of_service(terminal, chosen["code"])


def _lock_out(terminal: Terminal, chosen: Circumstances) -> None:
    """A lock-out of 30 min over a lost clock or a change of season: as long as it was."""
    before, after = SEASONS[chosen["begins"]]
    begin_at(terminal, before)
    signed_off(terminal)
    try_wrong_passwords(terminal, "03", terminal.profile.policy.wrong_passwords)
    began = terminal.clock.now()
    if chosen["clock"] == "battery dead":
        terminal.do("rtc.battery", dead=True)
        cut_power(terminal, 120.0)
    sleep_until(terminal, after)
    frame = expect_screen(terminal, ("locked_out",), within_s=5.0, expected="the lock-out is still running")
    minutes, _, seconds = frame.fields["wait"].partition(":")
    left = int(minutes) * 60 + int(seconds)
    true_left = terminal.profile.policy.lockout_min * 60 - (terminal.clock.now() - began)
    late = chosen["clock"] == "battery dead"  # a lost clock may count the time without power again, never less
    right = left >= true_left - 5 and (late or left <= true_left + 5)
    holds(right, "countdown", "a lock-out lasts its time", f"{left} s are left instead of {true_left:.0f} s")


SEASONS = {
    "an ordinary day": ("2026-01-09 08:00", "2026-01-09 08:14"),
    "before summer time": ("2026-03-29 00:50", "2026-03-29 01:03"),
    "before winter time": ("2026-10-25 00:50", "2026-10-25 01:03"),
    "before the new year": ("2026-12-31 22:52", "2026-12-31 23:05"),
}
_HEALS = ("nothing", "power cut", "restart by chord", "a day", "all sorts of keys", "file of another terminal")
TAMPER = Trial(
    "tamper",
    "an opened case, and what might bring the terminal back",
    ("tamper",),
    {"first": _HEALS, "then": _HEALS, "last": _HEALS},
    _tamper,
    presses=8,
    cycles=4,
    guesses=1,
    weight=1,
)
USED_FILE = Trial(
    "used service file",
    "the one-time file after a second opening",
    ("tamper",),
    {"then": ("power cut", "restart by chord", "a day")},
    _used_file,
    presses=20,
    weight=1,
)
SELF_TEST = Trial(
    "self-test",
    "a failed part at the start",
    ("recovery",),
    {"part": ("memory", "security", "display"), "code": ("E07", "E11")},
    _self_test,
    presses=20,
    weight=1,
)
LOCK_OUT_TIME = Trial(
    "lock-out time",
    "a lock-out over a lost clock, a change of season, the new year",
    ("countdown",),
    {"clock": ("good", "battery dead"), "begins": tuple(SEASONS)},
    _lock_out,
    presses=45,
    guesses=5,
    cycles=3,
    weight=2,
)
