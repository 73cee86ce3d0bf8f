"""What is said of a terminal that does not follow its profile: which way, at which step, expected and seen, both drawn.

Nobody is accused on doubt: a picture that the profile does not know, before it has recognised any, is the profile's
fault and not the terminal's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from posrig.description.patterns import PLACEHOLDER, padded
from posrig.ground.faults import ConfigurationError, PosrigError, ProductFailure
from posrig.terminal.contracts import Frame
from posrig.terminal.judging import drawn
from posrig.terminal.terminal import Terminal


@dataclass(frozen=True, slots=True)
class Place:
    """Where on a way somebody is, for people."""

    way: str
    step: str = ""

    def __str__(self) -> str:
        return f"the way {self.way!r}" + (f", {self.step}" if self.step else "")


def astray(terminal: Terminal, place: Place, expected: Sequence[str], seen: Frame, why: str = "") -> PosrigError:
    """The failure of a way, or the fault of a profile that has not recognised this terminal yet."""
    profile = terminal.profile
    where = profile.source.where(("ways", place.way)) if place.way in profile.data.ways else str(profile.source.path)
    if seen.screen is None and any(seen.lines) and not recognised(terminal):
        return ConfigurationError(
            f"the profile does not know what the terminal shows ({place}):\n" + _drawn(terminal, seen.lines),
            where=where,
            todo="add this screen to the profile, or mend the rows that differ; is it the right profile and encoding?",
        )
    name = f"screen {seen.screen!r}" if seen.screen else "a screen that the profile does not know"
    if not any(seen.lines):
        name = "a dark display"
    screens = profile.screens_of(expected)
    wanted = "\n".join(_drawn(terminal, _pattern(terminal, screen)) for screen in screens[:2])
    return ProductFailure(
        f"the terminal does not follow its profile on {place} ({where}){': ' if why else ''}{why}\n"
        f"expected: {' or '.join(expected)} (screen {' or '.join(map(repr, screens)) or 'unknown'})\n{wanted}\n"
        f"found:    {name}\n{_drawn(terminal, seen.lines)}\nkeys so far: {terminal.keypad.history_text()}"
    )


def recognised(terminal: Terminal) -> bool:
    """The profile has known a picture of this scenario: the terminal is the one that it describes."""
    return any(frame.screen is not None for frame in terminal.screen.history())


def _drawn(terminal: Terminal, lines: Sequence[str]) -> str:
    display = terminal.profile.data.display
    rows = tuple(padded(terminal.shown(lines), display.rows))
    return drawn(replace(_EMPTY, lines=rows), display.columns)


_EMPTY = Frame((), None, None, {}, 0.0)


def _pattern(terminal: Terminal, screen: str) -> tuple[str, ...]:
    """A screen as the profile has it, with dots for what changes, in the language that the terminal speaks."""
    rows = terminal.profile.screens[screen].rows
    language = terminal.shown_language or terminal.language
    return tuple(PLACEHOLDER.sub("…", row) for row in rows.get(language, next(iter(rows.values()))))
