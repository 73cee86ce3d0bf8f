"""What a terminal must not be asked too often is charged before it is done: wrong codes, and writes of its flash.

The ledger counts per serial number and refuses with SafetyAbort (posrig/safety/ledger.py); wrong passwords are
charged where
they are made (signing_on.py), what raw keys submit before their ENTER (submitting.py). A code that may be refused is
charged, also when it is accepted: too many, never too few.
"""

from __future__ import annotations

from posrig.terminal.terminal import Terminal

UNLOCK_CODE = "unlock code"
SERVICE_CODE = "service file"
IMAGE, DATA = "image", "data"
"""What a write of the flash replaces: the firmware (an update), all data (a factory reset)."""


def time_code_of(operator: str) -> str:
    """The part under which the ledger counts this operator's wrong time codes."""
    return f"time code {operator}"


def finger_of(finger: str) -> str:
    """The same for a finger that is put on the sensor."""
    return f"finger: {finger}"


def charge_code(terminal: Terminal, what: str, *, typed: bool = True) -> None:
    """Before a code (or finger) that the terminal may refuse is typed: some terminals close for good after a few.

    ``typed``: an ENTER submits it, which then costs nothing more.
    """
    if terminal.before_code is not None:
        terminal.before_code(what)
    terminal.charged_ahead += typed


def charge_flash(terminal: Terminal, what: str) -> None:
    """Before the key that makes the terminal write its flash: images, or the erasing of all data."""
    if terminal.before_flash is not None:
        terminal.before_flash(what)
    terminal.writes_charged_ahead += what == DATA
