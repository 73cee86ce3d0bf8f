"""The electronic-signature terminal as the rig knows it: five keys and a glass of 240 x 320 dots.

On the rig ten conductive pads are glued to the glass over the digits of its keyboard; each is wired to a relay like a
key, and closing it is a touch there. Where a page has something else at that point, the pad touches that.
"""

from __future__ import annotations

from posrig.simulated.hardware.kind import Face, Kind, Point

FACE = Face(rows=20, columns=30)
CELL = (80, 32)
"""Width and height of a key of the keyboard on the glass, in dots."""
KEYBOARD_TOP = 192
ORDER = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "")
"""Of the keyboard's keys, three a row."""


def _centre(number: int) -> Point:
    row, column = divmod(number, 3)
    return column * CELL[0] + CELL[0] // 2, KEYBOARD_TOP + row * CELL[1] + CELL[1] // 2


PADS = {digit: _centre(number) for number, digit in enumerate(ORDER) if digit}

KIND = Kind(
    name="esign",
    model="E",
    keys=(*"0123456789", "OK", "CANCEL", "CLEAR", "FUNC", "FEED"),
    face=FACE,
    lines=frozenset({"ethernet", "touch"}),
    pads=PADS,
)
