"""What a terminal tells beside its screens: beeps, how long a page stands, the current it draws, its records."""

from __future__ import annotations

from itertools import pairwise

from posrig.terminal.contracts import ServiceLine
from posrig.terminal.judging import expect, failure
from posrig.terminal.models.terminal_r.starting import lines_since_power_on
from posrig.terminal.terminal import Terminal

TOLERANCE_S = 0.15
"""A page may come with the key's release or a tick of its clock."""
TOGETHER_S = 0.05
"""A beep so near to a page belongs to it."""


def stood_for(terminal: Terminal, screen: str, seconds: float) -> None:
    """The last time that this page was shown since power-on it stood so long. It has to be gone by now."""
    shown = lines_since_power_on(terminal, "screen")
    stays = [after.at - line.at for line, after in pairwise(shown) if line.fields.get("id") == screen]
    if not stays:
        raise failure(terminal, f"the page {screen} was shown and has gone")
    right = abs(stays[-1] - seconds) <= TOLERANCE_S
    expect(right, terminal, f"{screen} stands for {seconds:g} s; it stood for {stays[-1]:.2f} s")


def came_with(terminal: Terminal, screen: str, count: int, *, long: bool = False) -> None:
    """So many beeps came with the page the last time it was shown; the beep of a pressed key is not counted."""
    shown = [line for line in lines_since_power_on(terminal, "screen") if line.fields.get("id") == screen]
    if not shown:
        raise failure(terminal, f"the page {screen} was shown")
    at = shown[-1].at
    beeps = [line for line in lines_since_power_on(terminal, "beep") if _together(line, at)]
    presses = [line for line in lines_since_power_on(terminal, "key") if line.fields["edge"] == "down"]
    keys = [line for line in presses if _together(line, at)]
    heard = sum(int(line.fields["n"]) for line in beeps) - len(keys)
    longs = sum(line.fields["kind"] == "long" for line in beeps)
    expect(
        heard == count and (longs > 0) == long, terminal, f"{count} beeps with {screen}; heard {heard}, {longs} long"
    )


def draws(terminal: Terminal, least_ma: int, most_ma: int) -> None:
    """The supply's reading, in milliamperes."""
    found = terminal.power.current_a() * 1000.0
    expect(least_ma <= found <= most_ma, terminal, f"the terminal draws {least_ma} to {most_ma} mA, not {found:.0f}")


def records_told(terminal: Terminal, event: str, count: int) -> None:
    """So many records of this event (its code, as ``tamper``) were written in this scenario, and the numbers of all
    records rose one by one: over every start and a factory reset (invariant 19)."""
    lines = terminal.service.since(0, "log")
    numbers = [int(line.fields["record"]) for line in lines]
    gaps = [after for before, after in pairwise(numbers) if after != before + 1]
    expect(not gaps, terminal, f"record numbers rise one by one; {gaps} did not follow on the one before")
    told = [line for line in lines if line.fields.get("what") == event]
    expect(len(told) == count, terminal, f"{count} records of {event}; the service port told {len(told)}")


def _together(line: ServiceLine, at: float) -> bool:
    return abs(line.at - at) <= TOGETHER_S
