"""Text of others as it may be printed: nothing in it steers the reader's terminal.

A lease record, a scenario's name, a console or an instrument's answer may hold escape sequences that clear the screen,
write the clipboard or turn the line around, and characters that nobody sees. They are shown as ``\\x1b``; every
readable character stays itself, wide spaces and joined emoji too.
"""

from __future__ import annotations

import re
import unicodedata

_MARKS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # they turn the direction of what follows
_LINES = "\u2028\u2029"
UNSAFE = f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_MARKS}{_LINES}\ud800-\udfff]"
"""A character that would steer a terminal; tab and line feed do not."""
_JOINER = "\u200d"
# most text is asked no further: ASCII, Chinese characters and their punctuation, wide forms
_ODD = re.compile("[^ -~\t\n\u4e00-\u9fff\u3000-\u303f\uff01-\uff5e]")
_ODD_IN_LINE = re.compile("[^ -~\u4e00-\u9fff\u3000-\u303f\uff01-\uff5e]")
_COLOUR_OR_ODD = re.compile(rf"(\x1b\[[0-9;]*m)|(?!\r){_ODD.pattern}")


def printable(text: str) -> str:
    """The text with what cannot be seen escaped, save line feed and tab.

    >>> printable("余额 \\x1b[2J")
    '余额 \\\\x1b[2J'
    """
    return text if text.isprintable() else _ODD.sub(_escaped, text)


def one_line(text: str) -> str:
    """The same for a text that has one line: a line feed in it would forge the next one."""
    return text if text.isprintable() else _ODD_IN_LINE.sub(_escaped, text)


def printable_coloured(text: str) -> str:
    """The same for what a printer has coloured: colours stay, and the return to the start of the line."""
    return text if text.isprintable() else _COLOUR_OR_ODD.sub(lambda found: found[1] or _escaped(found), text)


def _escaped(found: re.Match[str]) -> str:
    char, code = found[0], ord(found[0])
    if char.isprintable() or char == _JOINER or unicodedata.category(char) == "Zs":
        return char
    if short := {9: "\\t", 10: "\\n", 13: "\\r"}.get(code):
        return short
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
