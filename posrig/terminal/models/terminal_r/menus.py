"""Menus as they are shown: which items they name, and that no other key does anything there."""

from __future__ import annotations

import re
from collections.abc import Mapping

from posrig.ground.faults import ConfigurationError
from posrig.terminal.contracts import Frame
from posrig.terminal.judging import expect, expect_screen
from posrig.terminal.models.terminal_r.passwords import to_ready
from posrig.terminal.models.terminal_r.watching import nothing_but
from posrig.terminal.terminal import Terminal

WAYS: Mapping[str, tuple[str, ...]] = {
    "menu": ("MENU",),
    "manage": ("MENU", "5"),
    "lockmod": ("MENU", "5", "3"),
    "operators": ("MENU", "5", "2"),
    "system": ("MENU", "5", "5"),
}
"""Menu -> keys from the ready screen of a role that has it."""
ITEM = re.compile(r"(?:^|\s)(\d) ?[^\s\d.]")
"""An item is a digit before its name: `1 Sale   2 Void`, `1消费`."""


def items_shown(frame: Frame) -> frozenset[str]:
    """The digits that a menu's picture offers.

    >>> rows = ("1 Sign off", "2 Operators", "3 Lock terminal", "4 Log  5 System")
    >>> sorted(items_shown(Frame(lines=rows, screen="manage", language="en", fields={}, at=0.0)))
    ['1', '2', '3', '4', '5']
    """
    return frozenset(digit for line in frame.lines for digit in ITEM.findall(line))


def nothing_hidden(terminal: Terminal, menu: str) -> None:
    """From the ready screen: in this menu every key that it does not show leaves it as it is, alone, after UP and
    DOWN past both ends, and held; every picture meanwhile counts."""
    if menu not in WAYS:
        raise ConfigurationError(f"no way is known to the menu {menu!r}", allowed=", ".join(WAYS))
    terminal.keypad.press_all(WAYS[menu])
    frame = expect_screen(terminal, (menu,), expected=f"the menu {menu}")
    shown = items_shown(frame) | {"CANCEL"}
    expect(len(shown) > 1, terminal, "the menu shows its items", frame)
    others = [key for key in terminal.profile.data.keys if key not in shown]

    def tries() -> None:
        for key in others:
            terminal.keypad.press(key)
            terminal.keypad.press("ENTER")
        for wrap in ("UP", "DOWN"):
            terminal.keypad.press_all([wrap] * 7 + ["ENTER"])
        for key in others:
            terminal.keypad.hold(key, 3.0)

    nothing_but(terminal, (menu,), tries, f"no key reaches what the menu {menu} does not show")
    to_ready(terminal)


def ready_keys_do_nothing(terminal: Terminal) -> None:
    """At the ready screen: no key but MENU opens a page, pressed or held; amounts are cleared."""
    expect_screen(terminal, ("idle",))
    keys = [key for key in terminal.profile.data.keys if key != "MENU"]

    def tries() -> None:
        for key in keys:
            for hold_s in (0.1, 3.0):
                terminal.keypad.hold(key, hold_s)
                terminal.keypad.press("CLEAR")
        for key in ("F1", "F2", "UP", "DOWN", "."):
            terminal.keypad.press_all((key, "ENTER", key, key))

    nothing_but(terminal, ("idle",), tries, "no key of the ready screen but MENU opens a page")


def pairs_open_nothing(terminal: Terminal) -> None:
    """At the ready screen: function keys together with any other key open nothing."""
    others = [key for key in terminal.profile.data.keys if key not in ("MENU", "F1", "F2")]

    def tries() -> None:
        for function in ("F1", "F2"):
            for key in others:
                terminal.keypad.chord((function, key), 0.3)
                terminal.keypad.press("CLEAR")

    nothing_but(terminal, ("idle",), tries, "no two keys at the ready screen open a page")


def delete_operator(terminal: Terminal, operator: str) -> Frame:
    """MENU 5 2 3 and the number, from the ready screen; `done` or `not_allowed`."""
    terminal.keypad.press_all(("MENU", "5", "2", "3"))
    expect_screen(terminal, ("op_delete",), expected="the prompt for the number to delete")
    terminal.keypad.type_keys(operator)
    terminal.keypad.press("ENTER")
    return terminal.screen.settled()
