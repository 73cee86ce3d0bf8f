"""What the commands share: the rig option, keys as people type them, and how a screen is drawn."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text
from wcwidth import wcswidth

from posrig.description.lab import default_rig
from posrig.ground.faults import ConfigurationError
from posrig.terminal.contracts import Frame, Keypad

COLUMNS = 16


def add_rig_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rig", type=rig_file, default="", metavar="FILE", help=f"rig file ({DEFAULT_RIG_WORDS})")


DEFAULT_RIG_WORDS = "default: the lab's, or the simulated rig"


def rig_file(named: str) -> Path:
    """The rig file of an option ``--rig``; argparse asks for the default only where none was named."""
    return Path(named) if named else default_rig()


def add_json_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")


def save(path: Path, text: str, what: str = "") -> None:
    """Write a file that the user named; ``what`` it is stands in the error. Raises ConfigurationError."""
    save_bytes(path, text.encode(), what)


def save_bytes(path: Path, content: bytes, what: str = "") -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        found = " ".join(filter(None, ("cannot write", what)))
        raise ConfigurationError(f"{found}: {error.strerror or error}", where=str(path)) from None


def percent(share: float) -> str:
    """A share in percent, with two digits that say something.

    >>> percent(1.0), percent(0.347), percent(0.00123)
    ('100', '35', '0.12')
    """
    value = 100 * share
    return f"{value:.0f}" if value >= 10 else f"{value:.2g}"


def interval_words(rate: float, interval: Sequence[float]) -> str:
    low, high = interval
    return f"{percent(rate)} % ({percent(low)} to {percent(high)})"


def frame_report(frame: Frame) -> dict[str, Any]:
    """A frame for ``--json``."""
    return {
        "screen": frame.screen,
        "language": frame.language,
        "lines": list(frame.lines),
        "fields": dict(frame.fields),
        "at": frame.at,
    }


def draw(frame: Frame, console: Console, *, powered: bool = True) -> None:
    """The display as a box: 4 rows of 16 half-width columns, dark when nothing was painted."""
    dark = not powered or not any(frame.lines)
    style = "white on grey11" if dark else "black on #9fb54a"
    rows = [Text(f" {line}{' ' * max(COLUMNS - wcswidth(line), 0)} ", style=style) for line in frame.lines]
    title = "no power" if not powered else "dark" if dark else frame.screen or "not in the profile"
    console.print(Panel(Group(*rows), title=title, expand=False, padding=(0, 0)))


@dataclass(frozen=True, slots=True)
class Stroke:
    """One word of ``posrig press``: keys together, how long, how often."""

    keys: tuple[str, ...]
    hold_s: float | None = None
    times: int = 1

    def do(self, keypad: Keypad) -> None:
        for _ in range(self.times):
            if len(self.keys) > 1:
                keypad.chord(self.keys, 0.1 if self.hold_s is None else self.hold_s)
            else:
                keypad.press(self.keys[0], self.hold_s)


_STROKE = re.compile(r"(?P<keys>.+?)(?::(?P<hold>\d+(?:\.\d+)?)s)?(?:\*(?P<times>\d+))?")
LONGEST_HOLD_S = 60.0
MOST_TIMES = 1000


def strokes(words: list[str], keys: tuple[str, ...]) -> list[Stroke]:
    """``MENU 5*2 ENTER:3s CLEAR+.:2s 0123`` as strokes; all are checked before any is done. Raises ConfigurationError.

    >>> strokes(["12", "ENTER:3s", "clear+."], ("1", "2", ".", "ENTER", "CLEAR"))[3].keys
    ('CLEAR', '.')
    """
    found: list[Stroke] = []
    for word in words:
        found += _one_word(word, keys)
    return found


def _one_word(word: str, keys: tuple[str, ...]) -> list[Stroke]:
    form = _STROKE.fullmatch(word)
    if form is None:
        raise _wrong(word, keys)
    hold_s = float(form["hold"]) if form["hold"] else None
    times = int(form["times"] or 1)
    if (hold_s or 0) > LONGEST_HOLD_S or not 1 <= times <= MOST_TIMES:
        raise ConfigurationError(
            f"{word!r} is too much", allowed=f"a hold of up to {LONGEST_HOLD_S:g} s, up to {MOST_TIMES} times"
        )
    names = tuple(part.upper() for part in form["keys"].split("+"))
    if all(name in keys for name in names):
        if len(set(names)) != len(names):
            raise ConfigurationError(f"{word!r}: a chord needs different keys", allowed="CLEAR+.")
        return [Stroke(names, hold_s, times)]
    if len(names) == 1 and hold_s is None and all(char in keys for char in names[0]):
        return [Stroke((char,)) for char in names[0]] * times
    raise _wrong(word, keys)


def _wrong(word: str, keys: tuple[str, ...]) -> ConfigurationError:
    import difflib

    bare = re.split(r"[+:*]", word)[0].upper()
    near = difflib.get_close_matches(bare, keys, 1, 0.5)
    hint = f"; did you mean {near[0]}?" if near else ""
    return ConfigurationError(
        f"{word!r} is no key of this terminal{hint}",
        allowed=" ".join(keys) + "; KEY*3 three times, KEY:3s held, KEY+KEY together, 0123 one after the other",
    )
