"""What each control sequence does to a :class:`posrig.screens.vt_screen.Screen`; those not named here do nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from posrig.screens.vt_screen import Screen

Act = Callable[[], object]
Numbers = tuple[int | None, ...]
PARAMETERS, PARAMETER_BYTES, MIDDLE_BYTES = 24, 64, 4
"""A sequence with that many is ignored."""
_BIGGEST = 2**31 - 1
_NO_NUMBER = -1
"""For a parameter with colons: only colours have them."""
_SHOWN_NOWHERE = frozenset((b"m", b"n", b"c", b"t", b">c", b">m", b">n", b">q", b" q"))
"""Colours, questions, windows, the cursor's shape: nothing to do, but there is nothing to repeat after them either."""


def numbers_of(text: bytes) -> Numbers | None:
    """Parameters; None stands for one left out. None for a sequence that is to be ignored."""
    if len(text) >= PARAMETER_BYTES:
        return None
    parts = text.split(b";") if text else []
    if len(parts) >= PARAMETERS:
        return None
    numbers = tuple(None if not part else _NO_NUMBER if b":" in part else int(part) for part in parts)
    return None if any(number is not None and number > _BIGGEST for number in numbers) else numbers


def _number(numbers: Numbers, place: int, least: int, default: int) -> int:
    number = numbers[place] if place < len(numbers) else None
    if number is None:
        return default
    return number if number == _NO_NUMBER else max(number, least)


class Controls:
    """Finds the act for a control. None for one that is unknown or wrong."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._controls: dict[int, Act] = {
            0x08: screen.backspace,
            0x09: screen.tab,
            0x0A: screen.linefeed,
            0x0B: screen.linefeed,
            0x0C: screen.linefeed,
            0x0D: screen.carriage_return,
            0x0E: partial(screen.shift, 1),
            0x0F: partial(screen.shift, 0),
        }
        self._escapes: dict[bytes, Act] = {
            b"7": screen.save,
            b"8": screen.restore,
            b"D": screen.linefeed,
            b"E": screen.next_line,
            b"H": screen.set_tab,
            b"M": screen.reverse_linefeed,
            b"c": screen.reset,
            b"=": screen.nothing,
            b">": screen.nothing,
            b"\\": screen.nothing,
            b"#8": screen.fill,
            b"(0": partial(screen.designate, 0, True),
            b"(B": partial(screen.designate, 0, False),
            b")0": partial(screen.designate, 1, True),
            b")B": partial(screen.designate, 1, False),
        }
        self._counted: dict[bytes, Callable[[int], object]] = {
            b"@": screen.insert_cells,
            b"A": screen.up,
            b"B": screen.down,
            b"C": screen.right,
            b"D": screen.left,
            b"E": screen.down_to_start,
            b"F": screen.up_to_start,
            b"G": screen.to_column,
            b"L": screen.insert_rows,
            b"M": screen.delete_rows,
            b"P": screen.delete_cells,
            b"S": screen.scroll_up,
            b"T": screen.scroll_down,
            b"X": screen.erase_cells,
            b"Z": screen.tabs_back,
            b"`": screen.to_column,
            b"b": screen.repeat,
            b"d": screen.to_row,
        }
        """Of one number, 1 when left out or 0."""
        self._chosen: dict[bytes, Callable[[int], object]] = {
            b"J": screen.erase_display,
            b"K": screen.erase_line,
            b"g": screen.clear_tabs,
        }
        """Of one number, 0 when left out."""

    def control(self, byte: int, times: int = 1) -> Act:
        """C0. Unknown ones do nothing, but end what could be repeated. Only line feeds come several at once."""
        if times > 1:
            return partial(self._screen.linefeeds, times)
        return self._controls.get(byte, self._screen.nothing)

    def escape(self, name: bytes) -> Act | None:
        """ESC and what follows it."""
        return self._escapes.get(name)

    def sequence(self, middle: bytes, parameters: bytes, final: bytes) -> Act | None:
        """CSI; ``middle`` is its private mark or its intermediate bytes."""
        numbers = numbers_of(parameters)
        if numbers is None:
            return None
        if not middle:
            return self._standard(numbers, final)
        if middle == b"?" and final in (b"h", b"l"):
            return partial(self._modes, numbers, final == b"h")
        return self._screen.nothing if middle + final in _SHOWN_NOWHERE else None

    def _standard(self, numbers: Numbers, final: bytes) -> Act | None:
        first = _number(numbers, 0, 1, 1)
        if final in self._counted:
            return self._screen.nothing if first == _NO_NUMBER else partial(self._counted[final], first)
        if final in self._chosen:
            return partial(self._chosen[final], _number(numbers, 0, 0, 0))
        if final in (b"H", b"f"):
            return self._two(self._screen.move, first, _number(numbers, 1, 1, 1))
        if final == b"r":
            return self._two(self._screen.margins, first, _number(numbers, 1, 1, self._screen.height))
        if final in (b"h", b"l"):
            return partial(self._screen.set_inserts, final == b"h") if 4 in numbers else self._screen.nothing
        if final in (b"s", b"u"):
            return self._screen.save if final == b"s" else self._screen.restore
        return self._screen.nothing if final in _SHOWN_NOWHERE else None

    def _two(self, act: Callable[[int, int], object], first: int, second: int) -> Act:
        """An act of two numbers that count from 1."""
        if _NO_NUMBER in (first, second):
            return self._screen.nothing
        return partial(act, first - 1, second - 1)

    def _modes(self, numbers: Numbers, on: bool) -> None:
        for number in numbers:
            if number == 3:
                self._screen.erase_for_columns()
            elif number == 6:
                self._screen.set_origin(on)
            elif number == 7:
                self._screen.wraps = on
            elif number in (47, 1047, 1049):
                self._screen.alternate(on, cursor=number == 1049)
