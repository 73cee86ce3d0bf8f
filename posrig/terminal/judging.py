"""What a scenario expects of the terminal, and the failure text when it is otherwise."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from wcwidth import wcswidth

from posrig.ground.faults import ProductFailure
from posrig.terminal.contracts import Frame
from posrig.terminal.terminal import Terminal


def drawn(frame: Frame, columns: int = 0) -> str:
    """A frame as text in a box as wide as its widest row, at least ``columns`` (16 unless more are known).

    >>> print(drawn(Frame(lines=("READY", "", "", ""), screen="idle", language="en", fields={}, at=0.0)))
    +----------------+
    |READY           |
    |                |
    |                |
    |                |
    +----------------+
    """
    wide = max(columns or 16, *(wcswidth(line) for line in frame.lines), 0)
    edge = "+" + "-" * wide + "+"
    rows = [f"|{line}{' ' * max(wide - wcswidth(line), 0)}|" for line in frame.lines]
    return "\n".join([edge, *rows, edge])


def failure(terminal: Terminal, expected: str, frame: Frame | None = None) -> ProductFailure:
    """A product failure with what was expected, the screen that is shown and the last keys."""
    seen = frame or terminal.screen.frame()
    name = f"screen {seen.screen!r}" if seen.screen else "a screen that the profile does not know"
    if not any(seen.lines):
        name = "a dark display"
    picture = drawn(replace(seen, lines=terminal.shown(seen.lines)), terminal.profile.data.display.columns)
    return ProductFailure(
        f"expected: {expected}\nfound:    {name}\n{picture}\nkeys so far: {terminal.keypad.history_text()}"
    )


def expect_screen(terminal: Terminal, screens: Collection[str], *, within_s: float = 0.0, expected: str = "") -> Frame:
    """The terminal comes to rest on one of these screens within the time (s, on the rig's clock)."""
    wanted = (screens,) if isinstance(screens, str) else tuple(screens)
    frame = terminal.screen.settled()
    if frame.screen in wanted:
        return frame
    found = terminal.screen.seen_within(wanted, within_s)
    if found is None:
        raise failure(
            terminal, expected or f"screen {' or '.join(wanted)}" + (f" within {within_s:g} s" if within_s else "")
        )
    return found


def expect(condition: bool, terminal: Terminal, expected: str, frame: Frame | None = None) -> None:
    if not condition:
        raise failure(terminal, expected, frame)
