"""Firmware update: offered by the host or on a stick, installed by the administrator."""

from __future__ import annotations

from typing import Any

from posrig.ground.faults import ConfigurationError
from posrig.terminal.charging import IMAGE, charge_flash
from posrig.terminal.contracts import Frame
from posrig.terminal.judging import expect, expect_screen, failure
from posrig.terminal.models.terminal_r.signing_on import password_step, rest_from_notice, second_factor, sign_off
from posrig.terminal.models.terminal_r.starting import lines_since_power_on, started
from posrig.terminal.terminal import Terminal

REFUSALS = ("upd_no_sig", "upd_no_old", "upd_no_model")
DOWNLOAD_WITHIN_S = 120.0
ADMIN = "99"
PACKAGE_FILE = "update.pkg"
NETWORK, STICK = ("network", "联网"), ("stick", "U盘")
"""How a package comes, as scenarios name it."""
PROGRESS = ("upd_get", "upd_check", "upd_write", "upd_done")
OFFER_PAGES = ("upd_offer", "upd_get", "upd_check", "upd_write", "upd_power", "upd_pause", "upd_no_batch")


def offer(terminal: Terminal, **package: Any) -> Frame:
    """The update server offers a package (version, model, faults ...; docs/update-package.md)."""
    terminal.do("update.offer", **package)
    return terminal.screen.settled()


def stick_with(terminal: Terminal, **package: Any) -> None:
    """A package lies on the stick, which is plugged in or not as it was."""
    terminal.do("usb.stick", packages={PACKAGE_FILE: package})


def deliver(terminal: Terminal, source: str, **package: Any) -> Frame:
    """The same package over the network or on a stick."""
    if source in NETWORK:
        return offer(terminal, **package)
    if source not in STICK:
        raise ConfigurationError(f"an update by {source!r}", allowed=", ".join((*NETWORK, *STICK)))
    stick_with(terminal, **package)
    terminal.do("usb.insert")
    return terminal.screen.settled()


def installed(terminal: Terminal) -> Frame:
    """From the offer: ENTER, download, check, write, restart, and the start after it."""
    accept(terminal)
    return run_to_end(terminal)


def run_to_end(terminal: Terminal) -> Frame:
    """From any moment of the update to the start of the new image."""
    reach(terminal, "upd_done")
    expect_screen(terminal, ("boot",), within_s=10.0)
    return started(terminal)


def accept(terminal: Terminal) -> Frame:
    """ENTER at the offer. The progress that follows is not waited for: it does not come to rest."""
    expect_screen(terminal, ("upd_offer",), within_s=5.0)
    charge_flash(terminal, IMAGE)
    terminal.keypad.press("ENTER")
    found = terminal.screen.first_not_in(("upd_offer",), 2.0)
    if found is None:
        raise failure(terminal, "ENTER at the offer leads on")
    return found


def reach(terminal: Terminal, screen: str) -> Frame:
    """Wait until the update shows this screen."""
    found = terminal.screen.seen_within((screen,), DOWNLOAD_WITHIN_S)
    if found is None:
        raise failure(terminal, f"the update reaches {screen} within {DOWNLOAD_WITHIN_S:g} s")
    return found


def reach_percent(terminal: Terminal, screen: str, percent: int) -> Frame:
    """Wait until that page of the update shows at least so many per cent."""

    def far_enough(frame: Frame) -> bool:
        return frame.screen == screen and int(frame.fields["percent"]) >= percent

    found = terminal.screen.seen_within(far_enough, DOWNLOAD_WITHIN_S)
    if found is None:
        raise failure(terminal, f"the update reaches {percent} % of {screen} within {DOWNLOAD_WITHIN_S:g} s")
    return found


def drop_line_each(terminal: Terminal, percent: int, away_s: float) -> None:
    """While the download runs: the line is pulled at each multiple of so many per cent, and comes back."""
    if terminal.network is None:
        raise ConfigurationError("this rig cannot cut the network", where="rig file, field network")
    for step in range(percent, 100, percent):
        reach_percent(terminal, "upd_get", step)
        terminal.network.disconnect()
        reach(terminal, "upd_pause")
        terminal.clock.sleep(away_s)
        terminal.network.connect()


def never_fell_back(terminal: Terminal) -> None:
    """No picture of the download shows less than an earlier one: it goes on at the byte, not from the start."""
    shown = [frame for frame in terminal.screen.history() if frame.screen == "upd_get"]
    most = 0
    for frame in shown:
        percent = int(frame.fields["percent"])
        expect(percent >= most, terminal, f"the download goes on at {most} % or beyond", frame)
        most = percent
    expect(bool(shown), terminal, "a download was shown")


def refused_with(terminal: Terminal, screen: str) -> Frame:
    """The refusal says why, and the version on it is the one that runs."""
    found = terminal.screen.seen_within((*REFUSALS, "upd_done"), DOWNLOAD_WITHIN_S)
    expect(found is not None and found.screen == screen, terminal, f"the update is refused with {screen}", found)
    return terminal.screen.leaves(screen, 12.0)


def reason_told(terminal: Terminal) -> str:
    """The reason of the last refusal, as the service port told it; empty when there was none."""
    told = [line.fields.get("reason", "") for line in lines_since_power_on(terminal, "update")]
    return next((reason for reason in reversed(told) if reason), "")


def version_shown(terminal: Terminal) -> str:
    """The version page: F1 from `signed_off`; whoever is signed on signs off first; the page is left again."""
    frame = rest_from_notice(terminal)
    if frame.screen == "upd_offer":
        terminal.keypad.press("CANCEL")
        frame = terminal.screen.settled()
    if frame.screen == "idle":
        sign_off(terminal)
    expect_screen(terminal, ("signed_off",))
    terminal.keypad.press("F1")
    version = expect_screen(terminal, ("version",)).fields["version"]
    terminal.keypad.press("CANCEL")
    terminal.screen.settled()
    return version


def version_is(terminal: Terminal, version: str) -> None:
    shown = version_shown(terminal)
    expect(shown == version, terminal, f"version {version}, the page shows {shown}")


def can_still_be_installed(terminal: Terminal, version: str) -> None:
    """The admin signs on, takes the offer that is still there, and the new version runs."""
    rest_from_notice(terminal)
    sign_on_to_offer(terminal)
    installed(terminal)
    version_is(terminal, version)


def sign_on_to_offer(terminal: Terminal) -> Frame:
    """The admin signs on where an offer waits: it is the first page of the session."""
    password_step(terminal, ADMIN)
    second_factor(terminal, ADMIN)
    return expect_screen(terminal, ("upd_offer",), within_s=5.0, expected="the offer is shown to the admin")


def take_again(terminal: Terminal) -> None:
    """Where the session ended (restart, idle lock), the admin signs on and accepts the offer; else it goes on."""
    if terminal.screen.frame().screen in PROGRESS:
        return
    frame = rest_from_notice(terminal)
    if frame.screen in ("signed_off", "lock"):
        sign_on_to_offer(terminal)
        accept(terminal)


def asked_for_by_menu(terminal: Terminal) -> Frame:
    """MENU 5 5 2 from the ready screen."""
    terminal.keypad.press_all(("MENU", "5", "5", "2"))
    return terminal.screen.settled()


def was_never_shown(terminal: Terminal) -> None:
    """No page of an update was shown in this scenario."""
    for frame in terminal.screen.history():
        expect(frame.screen not in OFFER_PAGES, terminal, "no page of an update is shown", frame)
