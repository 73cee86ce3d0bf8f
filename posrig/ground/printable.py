"""Text of others as it may be printed: nothing in it steers the reader's terminal.

A lease record, a scenario's name, a console or an instrument's answer may hold escape sequences that clear the screen,
write the clipboard or turn the line around. They are shown as ``\\x1b``; every readable character stays itself.
"""

from __future__ import annotations

import re

_MARKS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # they turn the direction of what follows
_LINES = "\u2028\u2029"
UNSAFE = f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_MARKS}{_LINES}\ud800-\udfff]"
"""A character that is not printed as it is; tab and line feed are."""
_UNSAFE, _UNSAFE_IN_LINE = re.compile(UNSAFE), re.compile(UNSAFE[:-1] + "\t\n]")
_COLOUR_OR_UNSAFE = re.compile(rf"(\x1b\[[0-9;]*m)|(?![\r]){UNSAFE}")


def printable(text: str) -> str:
    """The text with every control character escaped, save line feed and tab.

    >>> printable("余额 \\x1b[2J")
    '余额 \\\\x1b[2J'
    """
    return text if text.isprintable() else _UNSAFE.sub(_escaped, text)


def one_line(text: str) -> str:
    """The same for a text that has one line: a line feed in it would forge the next one."""
    return text if text.isprintable() else _UNSAFE_IN_LINE.sub(_escaped, text)


def printable_coloured(text: str) -> str:
    """The same for what a printer has coloured: colours stay, and the return to the start of the line."""
    return text if text.isprintable() else _COLOUR_OR_UNSAFE.sub(lambda found: found[1] or _escaped(found), text)


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return {9: "\\t", 10: "\\n", 13: "\\r"}.get(code) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")
