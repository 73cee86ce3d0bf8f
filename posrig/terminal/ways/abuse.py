"""What nobody should do to a terminal's keys, on any terminal: every key many times, held, together, in another order.

After each of them the terminal must be where it was. What passes by itself is waited out, a page that asks for
something is left again; nothing that is typed is ever submitted, so that no guess is charged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from posrig.terminal.contracts import Frame
from posrig.terminal.judging import expect
from posrig.terminal.terminal import Terminal
from posrig.terminal.ways.navigator import Navigator
from posrig.terminal.ways.proofs import PASSING, empty_entry, harmless_keys, shows, types_something

Act = Callable[[Sequence[str]], None]
BACK = 3
"""Pages that are left one after another until the terminal must be where it was."""
NO_PAGE_OF = ("locked out", "locked by host", "locked offline")
"""Here no key leads to any page that the profile does not name (``leads``)."""
LEAVES = ("ready", "unlocked", "updating", "updated", "resetting", "reset done", "signed off", "locked")
"""No key alone leads from one of these to another."""


def pressed(terminal: Terminal, meaning: str, count: int) -> Frame:
    """Every key so many times. Raises ProductFailure with the key that led elsewhere."""
    return _each(terminal, meaning, ((key,) for key in harmless_keys(terminal)),
                 lambda keys: terminal.keypad.press_all(list(keys) * count), f"pressed {count} times")  # fmt: skip


def held(terminal: Terminal, meaning: str, seconds: float) -> Frame:
    """Every key alone for so many seconds."""
    return _each(terminal, meaning, ((key,) for key in harmless_keys(terminal)),
                 lambda keys: terminal.keypad.hold(keys[0], seconds), f"held for {seconds:g} s")  # fmt: skip


def together(terminal: Terminal, meaning: str, seconds: float) -> Frame:
    """Every two keys that stand side by side in the profile. The key that submits never with one that types."""
    submit = terminal.profile.data.submit
    pairs = [
        pair
        for pair in pairwise(terminal.profile.keys)
        if submit not in pair or not any(types_something(key) for key in pair)
    ]
    return _each(terminal, meaning, pairs, lambda keys: terminal.keypad.chord(keys, seconds), "held together")


def in_order(terminal: Terminal, meaning: str, *, backwards: bool) -> Frame:
    """All keys without a pause to look, save those that submit or type; then those that type, and the entry emptied."""
    keys = [key for key in harmless_keys(terminal) if key != terminal.profile.data.submit]
    quiet, typing = [one for one in keys if not types_something(one)], [one for one in keys if types_something(one)]
    order = [*quiet, *typing]
    return _each(terminal, meaning, [tuple(reversed(order) if backwards else order)],
                 lambda those: terminal.keypad.press_all(list(those)), "pressed one after another")  # fmt: skip


def during_start(terminal: Terminal) -> None:
    """Power on, and one key after another while the terminal starts."""
    terminal.power.on()
    starting = terminal.profile.screens_of(("starting",))
    keys = [key for key in terminal.profile.keys if key != terminal.profile.data.submit]
    for key in keys:
        if terminal.screen.frame().screen not in (*starting, None):
            break
        terminal.keypad.press(key)
    Navigator(terminal).started()
    empty_entry(terminal)


def blindly(terminal: Terminal, name: str) -> None:
    """The keys of a way of the profile where they do not belong: nobody looks, nobody answers; what they led to is
    left again as far as pages go."""
    before = terminal.profile.means(terminal.screen.settled().screen)
    for step in terminal.profile.data.ways[name][0].steps:
        if step.press or step.type:
            terminal.keypad.press_all(step.press.split() or list(step.type))
        elif step.hold:
            terminal.keypad.hold(step.hold, step.for_s or 0.0)
        elif step.chord:
            terminal.keypad.chord(step.chord.split(), step.for_s or 0.0)
    _back(terminal, before)
    if before not in NO_PAGE_OF:
        empty_entry(terminal)


def _each(terminal: Terminal, meaning: str, groups: Iterable[Sequence[str]], act: Act, how: str) -> Frame:
    shows(terminal, meaning)
    for keys in groups:
        act(keys)
        frame = _back(terminal, meaning)
        expect(
            terminal.profile.means(frame.screen) == meaning, terminal,
            f"the terminal stays {meaning} whatever is pressed; {how}: {' '.join(keys)}", frame,
        )  # fmt: skip
        if any(types_something(key) for key in keys) and meaning not in NO_PAGE_OF:
            empty_entry(terminal)
    return shows(terminal, meaning)


def _back(terminal: Terminal, meaning: str) -> Frame:
    """What is shown once what passes by itself has passed, and pages were left that lead nowhere."""
    navigator, about = Navigator(terminal), terminal.profile.data
    frame = navigator.rest()
    if navigator.means(frame) == "starting":
        frame = navigator.started()
    known = {there for name in terminal.profile.screens_of((meaning,)) for there in about.screens[name].leads.values()}
    for _ in range(BACK if about.cancel else 0):
        screen = terminal.profile.screens.get(frame.screen or "")
        means = "" if screen is None else screen.means
        if screen is None or means == meaning or means in LEAVES:
            break
        if meaning in NO_PAGE_OF and frame.screen not in known:
            break
        if meaning == "locked" and not screen.prompt and means not in PASSING:
            break  # a page with functions, behind a lock
        terminal.keypad.press(about.cancel)
        frame = navigator.rest()
    return frame
