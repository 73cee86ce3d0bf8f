"""Firmware update: offered by the host or on a stick, installed by the administrator."""

from __future__ import annotations

from typing import Any

from rigs.terminal.contracts import Frame
from rigs.terminal.flows.judging import expect_screen, failure
from rigs.terminal.flows.starting import started
from rigs.terminal.terminal import Terminal

REFUSALS = ("upd_no_sig", "upd_no_old", "upd_no_model")
DOWNLOAD_WITHIN_S = 120.0
INSTALL_WITHIN_S = 90.0


def offer(terminal: Terminal, **package: Any) -> Frame:
    """The update server offers a package (version, model, faults ...; docs/update-package.md)."""
    terminal.do("update.offer", **package)
    return terminal.screen.settled()


def installed(terminal: Terminal) -> Frame:
    """From the offer: ENTER, download, check, write, restart, and the start after it."""
    accept(terminal)
    expect_screen(terminal, ("upd_done",), within_s=DOWNLOAD_WITHIN_S + INSTALL_WITHIN_S)
    expect_screen(terminal, ("boot",), within_s=10.0)
    return started(terminal)


def accept(terminal: Terminal) -> Frame:
    """ENTER at the offer."""
    expect_screen(terminal, ("upd_offer",), within_s=5.0)
    terminal.keypad.press("ENTER")
    return terminal.screen.settled()


def reach(terminal: Terminal, screen: str) -> Frame:
    """Wait until the update shows this screen."""
    found = terminal.screen.seen_within((screen,), DOWNLOAD_WITHIN_S)
    if found is None:
        raise failure(terminal, f"the update reaches {screen} within {DOWNLOAD_WITHIN_S:g} s")
    return found


def version_shown(terminal: Terminal) -> str:
    """The version page: F1 from `signed_off`; the page is left again."""
    expect_screen(terminal, ("signed_off",))
    terminal.keypad.press("F1")
    version = expect_screen(terminal, ("version",)).fields["version"]
    terminal.keypad.press("CANCEL")
    terminal.screen.settled()
    return version
