"""What people and other machines do around any terminal: the back office, the stick, a finger on the glass."""

from __future__ import annotations

from typing import Any

from wcwidth import wcswidth

from posrig.ground.faults import ConfigurationError
from posrig.terminal.contracts import Frame, Network
from posrig.terminal.judging import failure
from posrig.terminal.terminal import Terminal

PACKAGE_FILE = "update.pkg"
ATTACHED_WITHIN_S = 3.0
"""Where the profile does not say how long the terminal takes to its host."""
CELL = (8, 16)
"""Dots of a half-width character, in each font of rigs/fonts."""
TOUCH_S = 0.1


def host_locks(terminal: Terminal) -> None:
    """From the back office, cause C04. A terminal that has just started has its line a little later."""
    terminal.do("host.lock", cause="C04")
    _attached(terminal)


def host_unlocks(terminal: Terminal) -> None:
    """From the back office."""
    terminal.do("host.unlock")
    _attached(terminal)


def _attached(terminal: Terminal) -> None:
    attach_s = terminal.profile.data.timings.network_attach_s
    terminal.clock.sleep((ATTACHED_WITHIN_S - 1.0 if attach_s is None else attach_s) + 1.0)


def offer(terminal: Terminal, *, by_stick: bool, **package: Any) -> Frame:
    """A package for this terminal (version, faults ...; docs/update-package.md), on the server or on the stick."""
    if by_stick:
        terminal.do("usb.stick", packages={PACKAGE_FILE: package})
    else:
        terminal.do("update.offer", **package)
    return terminal.screen.settled()


def plug_stick(terminal: Terminal) -> None:
    """The stick with what lies on it. Raises ConfigurationError where the rig cannot plug one."""
    _line(terminal.usb, "plugs a stick", "usb").connect()


def _line(line: Network | None, does: str, field: str) -> Network:
    if line is None:
        raise ConfigurationError(
            f"this rig has no channel that {does}", where=f"rig file, field {field}", todo="wire one, and name it"
        )
    return line


def touch(terminal: Terminal, label: str) -> None:
    """A finger on this text of the glass, wherever it stands now.

    Raises:
        ProductFailure: the text is not shown.
        ConfigurationError: the rig cannot touch, or the text stands twice.
    """
    frame = terminal.screen.settled()
    found = [(row, line.index(label)) for row, line in enumerate(frame.lines) if label in line]
    if not found:
        raise failure(terminal, f"the text {label!r} on the glass", frame)
    if len(found) > 1:
        raise ConfigurationError(
            f"the text {label!r} stands in {len(found)} rows", allowed="a text that stands there once"
        )
    row, at = found[0]
    left = wcswidth(frame.lines[row][:at])
    x, y = int((left + wcswidth(label) / 2) * CELL[0]), row * CELL[1] + CELL[1] // 2
    terminal.do("touch", x=x, y=y, seconds=TOUCH_S)
    terminal.clock.sleep(2 * TOUCH_S)
    terminal.screen.settled()
