"""Nothing else was shown: every picture from before an act to its end is looked at, not only the last one.

A way out that opens a page and closes it again before anybody looks would otherwise pass.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import combinations

from posrig.terminal.contracts import Frame
from posrig.terminal.judging import expect
from posrig.terminal.terminal import Terminal

LOCK_PAGES = frozenset({"lock", "lock_other", "login_pwd", "login_bad", "support"})
"""What somebody without the owner's or the manager's password can see of a locked terminal."""
HOST_LOCK_PAGES = frozenset({"host_lock", "login_id", "login_pwd", "login_bad", "support", "not_allowed"})


def shown_while(terminal: Terminal, act: Callable[[], object]) -> tuple[Frame, ...]:
    """Do it, wait for rest: the picture before and every picture since."""
    before = len(terminal.screen.history())
    act()
    terminal.screen.settled()
    return terminal.screen.history()[max(before - 1, 0) :]


def nothing_but(terminal: Terminal, screens: Collection[str], act: Callable[[], object], expected: str) -> None:
    """Do it; no other screen than these was shown at any moment. ``expected`` says so for people."""
    for frame in shown_while(terminal, act):
        expect(frame.screen in screens, terminal, expected, frame)


def press_pairs(terminal: Terminal, hold_s: float, then: str) -> None:
    """Every two keys of the keypad together; after each the key ``then`` empties what was typed."""
    for pair in combinations(terminal.profile.data.keys, 2):
        terminal.keypad.chord(pair, hold_s)
        terminal.keypad.press(then)


def press_each(terminal: Terminal, count: int, then: str) -> None:
    """Every key alone, so many times in a row; after each the key ``then`` empties what was typed."""
    for key in terminal.profile.data.keys:
        terminal.keypad.press_all([key] * count)
        terminal.keypad.press(then)


def hold_each(terminal: Terminal, hold_s: float, keys: Iterable[str] = ()) -> None:
    """Every key alone, held so long."""
    for key in keys or terminal.profile.data.keys:
        terminal.keypad.hold(key, hold_s)
