"""Before each scenario: a terminal in a known state, whatever the scenario before it left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from posrig.terminal.terminal import Terminal

MORNING_S = 1_767_945_600.0
"""Friday 2026-01-09 08:00:00 UTC: each scenario on a simulated rig begins at the same instant, so that runs repeat."""


def prepare(terminal: Terminal, *, language: str | None = None, defects: Sequence[str] = ()) -> None:
    """Power off, keys released, line connected; where the rig can, another terminal is taken from the shelf.

    On a rig without a shelf the terminal keeps what the scenario before it left, its passwords too; the Given steps
    bring it home from there (posrig/terminal/ways/cases.py).
    """
    terminal.keypad.release_all()
    terminal.power.off()
    if terminal.network is not None:
        terminal.network.connect()
    if terminal.usb is not None and terminal.usb.connected:
        terminal.usb.disconnect()  # a stick that the scenario before it has plugged
    if "terminal.fresh" in terminal.bench.capabilities:
        terminal.shown_language = language or terminal.language
        from_the_shelf(terminal, defects)
        terminal.changed_passwords.clear()
        terminal.guesses = 0
    terminal.used_unlock_codes.clear()
    terminal.given_unlock_codes.clear()
    terminal.new_seeds.clear()
    terminal.typed_wrong.clear()
    terminal.charged_ahead = terminal.writes_charged_ahead = 0
    terminal.last_operator = terminal.version_before = terminal.version_offered = ""


def from_the_shelf(terminal: Terminal, defects: Sequence[str] = (), clock: float = MORNING_S, **provision: Any) -> None:
    """Take another terminal from the shelf, with the power off. ``provision`` says what is special about it, in the
    words of docs/wires.md: ``default_passwords``, ``fingers``, ``password_age_days``, ``idle_lock_min``, ``zone``.
    ``clock``: true time then, in seconds since the Unix epoch; scenarios of another season begin there."""
    usual = {
        "serial_number": terminal.serial_number,
        "language": terminal.shown_language or terminal.language,
        **terminal.credentials.revealed(),
    }
    terminal.bench.do("terminal.fresh", provision={**usual, **provision}, defects=list(defects), clock=clock)
    terminal.power.exchanged()
    terminal.used_windows.clear()  # not where the terminal stays: its last code is good for nothing more
    terminal.submitted_windows.clear()
