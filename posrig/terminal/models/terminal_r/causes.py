"""Why a terminal is locked: each cause brought about, and the cause that is shown compared with it."""

from __future__ import annotations

from posrig.ground.faults import ConfigurationError
from posrig.terminal.contracts import Frame
from posrig.terminal.judging import expect, expect_screen, failure
from posrig.terminal.models.terminal_r.locking import idle_until_locked, lock, offer_unlock_code, open_lock_module
from posrig.terminal.models.terminal_r.starting import cut_power, ready, signed_off
from posrig.terminal.models.terminal_r.states import host_lock, lock_out, network_lock
from posrig.terminal.terminal import Terminal

CASHIER = "01"


def bring_about(terminal: Terminal, cause: str) -> Frame:
    """From power-off to the state that the cause leads to."""
    if cause in ("C01", "C03"):
        ready(terminal, CASHIER)
        return lock(terminal) if cause == "C01" else idle_until_locked(terminal)
    signed_off(terminal)
    if cause == "C02":
        return lock_out(terminal)
    if cause == "C04":
        terminal.clock.sleep(terminal.profile.timings.network_attach_s)
        return host_lock(terminal)
    if cause == "C05":
        return network_lock(terminal)
    if cause == "C06":
        terminal.do("terminal.fault", part="keypad", code="E03")
        return cut_power(terminal)
    if cause == "C07":
        terminal.do("terminal.tamper")
        return terminal.screen.settled()
    raise ConfigurationError(f"no way is known to the cause {cause!r}", allowed="C01 to C07")


def shown_at_cause(terminal: Terminal) -> Frame:
    """The newest record of the cause page in the lock module; the page is left open."""
    open_lock_module(terminal)
    terminal.keypad.press("2")
    return expect_screen(terminal, ("cause",), expected="the cause page")


def cause_page_says(terminal: Terminal, cause: str, who: str) -> None:
    """Code and who, as the newest record of the cause page; then back to the lock module."""
    frame = shown_at_cause(terminal)
    expect(frame.fields["cause"] == cause, terminal, f"the cause page shows {cause}", frame)
    expect(" ".join(frame.fields["who"].split()) == who, terminal, f"the cause page names {who!r}", frame)
    terminal.keypad.press("CANCEL")
    expect_screen(terminal, ("lockmod",))


def kept_causes_are(terminal: Terminal, causes: list[str]) -> None:
    """The cause page from the newest record back, by DOWN; one record a lock."""
    frame = shown_at_cause(terminal)
    found = [frame.fields["cause"]]
    for _ in causes[1:]:
        terminal.keypad.press("DOWN")
        frame = expect_screen(terminal, ("cause",))
        found.append(frame.fields["cause"])
    terminal.keypad.press("CANCEL")
    expect(found == causes, terminal, f"the records of causes are {causes}; they are {found}", frame)


def code_of_another_challenge(terminal: Terminal) -> Frame:
    """The help desk's code for a challenge that was shown and left, typed at the next challenge of the same day."""
    first = _challenge(terminal)
    terminal.keypad.press("CANCEL")
    expect_screen(terminal, ("lockmod",))
    second = _challenge(terminal)
    expect(second != first, terminal, "a new challenge each time")
    return offer_unlock_code(terminal, terminal.unlock_code(first).reveal())


def code_of_another_day(terminal: Terminal, days: int) -> Frame:
    """The help desk's code for this challenge, made so many days ago (negative: ahead)."""
    challenge = _challenge(terminal)
    at = terminal.clock.now() - days * 86_400.0
    return offer_unlock_code(terminal, terminal.unlock_code(challenge, at=at).reveal())


def used_code_again(terminal: Terminal) -> Frame:
    """The code that unlocked before in this scenario, typed at the present challenge."""
    used = terminal.used_unlock_codes
    if not used:
        raise ConfigurationError("no unlock code was used in this scenario", todo="unlock by code first")
    _challenge(terminal)
    return offer_unlock_code(terminal, used[-1].reveal())


def _challenge(terminal: Terminal) -> str:
    if terminal.screen.settled().screen != "unlock_code":
        open_lock_module(terminal)
        terminal.keypad.press("3")
    return expect_screen(terminal, ("unlock_code",), expected="a challenge").fields["challenge"]


def challenges_differ(terminal: Terminal, count: int) -> None:
    """So many challenges one after another: none follows itself, and they are not few that come again and again."""
    seen = []
    for _ in range(count):
        seen.append(_challenge(terminal))
        terminal.keypad.press("CANCEL")
        terminal.screen.settled()
    if len(set(seen)) < count - 1:
        raise failure(terminal, f"{count} different challenges; {len(set(seen))} were")
