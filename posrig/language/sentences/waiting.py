"""Time that passes, and the terminal's own clock when somebody moves it."""

from __future__ import annotations

from posrig.language.decorators import given, when
from posrig.terminal.terminal import Terminal


@given("{duration} have passed", "已过{duration}", some=True)
@when("{duration} pass", "过了{duration}", some=True)
@when("nobody touches the terminal for {duration}", "{duration}内无人操作终端", some=True)
def time_passes(seconds: float, terminal: Terminal) -> None:
    """On the rig's clock: virtual on the simulated rig, real in a lab."""
    terminal.clock.sleep(seconds)


@when("the terminal's clock is set {duration} ahead", "终端时钟被拨快{duration}", some=True)
def clock_ahead(seconds: float, terminal: Terminal) -> None:
    """The clock chip only, against true time; true time does not jump."""
    terminal.do("rtc.set", to=terminal.clock.now() + seconds)


@when("the terminal's clock is set {duration} back", "终端时钟被拨慢{duration}", some=True)
def clock_back(seconds: float, terminal: Terminal) -> None:
    """The clock chip only, against true time."""
    terminal.do("rtc.set", to=terminal.clock.now() - seconds)
