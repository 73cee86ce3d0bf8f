"""Fingers: enrolled at the key room or by menu, touched on the sensor, refused, and a sensor that is dead."""

from __future__ import annotations

from posrig.terminal.charging import charge_code, finger_of
from posrig.terminal.contracts import Frame
from posrig.terminal.judging import expect, expect_screen
from posrig.terminal.preparing import from_the_shelf
from posrig.terminal.terminal import Terminal

OWN, STRANGE = "right index", "a stranger's thumb"


def enrolled(terminal: Terminal, operator: str) -> None:
    """From power-off: a terminal that knows a finger of this operator."""
    from_the_shelf(terminal, fingers={operator: template(operator)})


def template(operator: str) -> str:
    """The finger of this operator, as the actuator names it."""
    return f"{OWN} of {operator}"


def touch(terminal: Terminal, finger: str, *, alive: bool = True) -> Frame:
    """The actuator puts a finger on the sensor; the screen is waited for.

    Any but the living finger of the operator who typed the number last is charged to the ledger first.
    """
    if not alive or finger != template(terminal.last_operator):
        charge_code(terminal, finger_of(finger if alive else f"copy of {finger}"), typed=False)
    terminal.do("finger.touch", finger=finger, alive=alive)
    return terminal.screen.settled()


def enrol_by_menu(terminal: Terminal, operator: str) -> Frame:
    """From the ready screen of 00 or 99: MENU 5 2 6, and the finger."""
    terminal.keypad.press_all(("MENU", "5", "2", "6"))
    expect_screen(terminal, ("finger_enrol",), expected="a finger is asked for")
    frame = touch(terminal, template(operator))
    expect(frame.screen == "done", terminal, "the finger is enrolled", frame)
    return frame
