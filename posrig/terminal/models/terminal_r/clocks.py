"""The terminal's clock, its battery, the calendar, and what the host says about them."""

from __future__ import annotations

from datetime import UTC, datetime

from posrig.terminal.contracts import Frame
from posrig.terminal.judging import expect, expect_screen
from posrig.terminal.models.terminal_r.signing_on import offer_time_code
from posrig.terminal.preparing import from_the_shelf
from posrig.terminal.terminal import Terminal

CHIP_START_S = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
"""Where a clock chip begins that has lost its battery."""


def begin_at(terminal: Terminal, when: str) -> None:
    """From power-off: the scenario takes place at this instant (ISO 8601; UTC unless it says otherwise)."""
    instant = datetime.fromisoformat(when)
    from_the_shelf(terminal, clock=(instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp())


def sleep_until(terminal: Terminal, when: str) -> None:
    """Nobody touches the terminal until then."""
    instant = datetime.fromisoformat(when)
    then = (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp()
    terminal.clock.sleep(max(then - terminal.clock.now(), 0.0))


def clock_page(terminal: Terminal) -> Frame:
    """MENU 5 5 3 by the admin: the clock as shown, in UTC, and whether it may be believed; left again."""
    terminal.keypad.press_all(("MENU", "5", "5", "3"))
    frame = expect_screen(terminal, ("clock",))
    terminal.keypad.press_all(("CANCEL", "CANCEL", "CANCEL", "CANCEL"))
    terminal.screen.settled()
    return frame


def clock_is(terminal: Terminal, ahead_s: float) -> None:
    """The clock page agrees with true time and this offset, within a minute."""
    frame = clock_page(terminal)
    wanted = datetime.fromtimestamp(terminal.clock.now() + ahead_s, UTC)
    near = {datetime.fromtimestamp(wanted.timestamp() + s, UTC).strftime("%H:%M") for s in (-30, 0, 5)}
    expect(frame.fields["utc"] in near, terminal, f"the clock page shows {wanted:%H:%M} UTC", frame)


def ready_shows_time(terminal: Terminal, shown: str) -> None:
    """The wall time on the ready screen."""
    frame = expect_screen(terminal, ("idle",))
    expect(frame.fields["time"] == shown, terminal, f"the ready screen shows {shown}", frame)


def code_of_lost_clock(terminal: Terminal, operator: str) -> Frame:
    """The code that an authenticator would show at the time which a clock without battery believes it is."""
    on_at = max(event.at for event in terminal.timeline if event.kind == "power" and event.text.startswith("on"))
    code = terminal.credentials.time_code(operator, CHIP_START_S + terminal.clock.now() - on_at)
    return offer_time_code(terminal, operator, code.reveal())
