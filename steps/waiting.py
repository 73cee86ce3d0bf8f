"""Time that passes."""

from __future__ import annotations

from rigs.terminal.terminal import Terminal
from steps.language import given, when


@given("{duration} have passed", "已过{duration}")
@when("{duration} pass", "过了{duration}")
@when("nobody touches the terminal for {duration}", "{duration}内无人操作终端")
def time_passes(seconds: float, terminal: Terminal) -> None:
    """On the rig's clock: virtual on the simulated rig, real in a lab."""
    terminal.clock.sleep(seconds)
