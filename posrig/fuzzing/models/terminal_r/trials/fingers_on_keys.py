"""Keys as fingers press them: quick, twice the same, long: one press is one key."""

from __future__ import annotations

from posrig.fuzzing.models.terminal_r.trials.trial import Circumstances, Trial
from posrig.terminal.models.terminal_r.pressing import amount_is, hold_counts_once, press_in_rhythm
from posrig.terminal.models.terminal_r.starting import ready
from posrig.terminal.terminal import Terminal

LONG = ("ENTER held 3 s", "5 held 3 s", "MENU held 2 s")


def _possible(chosen: Circumstances) -> bool:
    return not chosen["keys"].endswith(" s") or (chosen["down"], chosen["apart"]) == ("100 ms", "80 ms")


def _do(terminal: Terminal, chosen: Circumstances) -> None:
    ready(terminal, "01")
    if chosen["keys"] in LONG:
        key, _, seconds = chosen["keys"].removesuffix(" s").partition(" held ")
        if key == "ENTER":  # where a second one would confirm something
            terminal.keypad.press_all(("MENU", "5", "3"))
        hold_counts_once(terminal, key, float(seconds))
        return
    keys = chosen["keys"].split()
    press_in_rhythm(terminal, keys, _s(chosen["down"]), _s(chosen["apart"]))
    amount_is(terminal, f"{int(''.join(keys)) / 100:.2f}")


def _s(text: str) -> float:
    return float(text.removesuffix(" ms")) / 1000


FINGERS = Trial(
    "fingers",
    "quick, doubled and long presses",
    ("keys",),
    {
        "keys": ("1 2", "1 1", "5 5 5", "7 0 0 7", *LONG),
        "down": ("100 ms", "40 ms", "60 ms"),
        "apart": ("80 ms", "30 ms", "50 ms"),
    },
    _do,
    presses=12,
    weight=1,
    possible=_possible,
)
