"""Keys as fingers press them: quick, long, two at once; and what the terminal made of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import combinations

from posrig.terminal.contracts import Frame
from posrig.terminal.judging import expect, expect_screen
from posrig.terminal.models.terminal_r.starting import lines_since_power_on
from posrig.terminal.terminal import Terminal

TOGETHER_S = 0.15


def press_in_rhythm(terminal: Terminal, keys: Iterable[str], hold_s: float, gap_s: float) -> Frame:
    """Each key down for ``hold_s`` seconds, ``gap_s`` seconds between two of them."""
    for key in keys:
        terminal.keypad.press(key, hold_s, gap_s)
    return terminal.screen.settled()


def accepted_keys(terminal: Terminal, mark: int) -> list[str]:
    """The keys that the terminal says it has accepted since then (secret ones are stars)."""
    return [line.fields["code"] for line in terminal.service.since(mark, "key") if line.fields.get("edge") == "down"]


def hold_counts_once(terminal: Terminal, key: str, seconds: float) -> None:
    """A key that is held is one press: one accepted key, one beep."""
    mark = terminal.service.mark()
    terminal.keypad.hold(key, seconds)
    found = accepted_keys(terminal, mark)
    expect(found == [key], terminal, f"{key} held for {seconds:g} s is one press; the terminal took {found}")


def no_third_key(terminal: Terminal, keys: Collection[str], after: str) -> None:
    """Every two of these keys together: the terminal takes these two at most. ``after`` empties what was typed."""
    for pair in combinations(keys, 2):
        mark = terminal.service.mark()
        terminal.keypad.chord(pair, TOGETHER_S)
        found = accepted_keys(terminal, mark)
        expect(set(found) <= set(pair), terminal, f"{' and '.join(pair)} together give no third key, not {found}")
        terminal.keypad.press(after)


def third_digit_never_shows(terminal: Terminal, digits: Collection[str]) -> None:
    """At the ready screen: every two digits together show as those two at most."""
    for pair in combinations(digits, 2):
        terminal.keypad.chord(pair, TOGETHER_S)
        frame = expect_screen(terminal, ("idle",))
        typed = frame.fields["amount"].replace(".", "").lstrip("0")
        expect(set(typed) <= set(pair), terminal, f"{' and '.join(pair)} together show no third digit", frame)
        terminal.keypad.press("CLEAR")


def amount_is(terminal: Terminal, amount: str) -> None:
    """What the ready screen shows as typed so far."""
    frame = expect_screen(terminal, ("idle",))
    expect(frame.fields["amount"] == amount, terminal, f"the amount {amount} on the ready screen", frame)


def beeps(terminal: Terminal) -> list[str]:
    """Every beep since power-on, by kind."""
    return [line.fields.get("kind", "") for line in lines_since_power_on(terminal, "beep")]


def frames_are_whole(terminal: Terminal) -> None:
    """Every picture of this scenario is, as a whole, a screen of the profile: nothing of an earlier one is left."""
    frames = [frame for frame in terminal.screen.history() if any(frame.lines)]
    expect(len(frames) > 5, terminal, "pictures were shown")
    for frame in frames:
        expect(frame.screen is not None, terminal, "each picture is a whole screen of the profile", frame)
