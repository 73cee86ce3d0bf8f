"""A package put before a terminal, for the tests of the update."""

from __future__ import annotations

from typing import Any

from payment_terminal import Terminal

from posrig.simulated.world.packages import Package

SIZE = 600_000
UPDATE_S = 0.5 + SIZE / 1e6 + 3.0 + 20.0


def offer(terminal: Terminal, *faults: str, source: str = "net", **more: Any) -> Package:
    """Put a package before a terminal that was switched on; signed on as 99 it shows the offer."""
    package = terminal.world.package(size=SIZE, faults=faults, **more)
    if source == "stick":
        terminal.world.stick.write({"update.pkg": package.to_bytes()})
        terminal.world.stick.plug(True)
    else:
        terminal.world.offer(package)
    terminal.wait(1.0)
    return package


def offered(terminal: Terminal, *faults: str, **more: Any) -> Package:
    terminal.start()
    package = offer(terminal, *faults, **more)
    terminal.sign_on("99")
    assert terminal.screen == "upd_offer"
    return package


def until(terminal: Terminal, screen: str, within_s: float = 60.0) -> None:
    for _ in range(int(within_s / 0.1)):
        if terminal.screen == screen:
            return
        terminal.wait(0.1)
    raise AssertionError(f"{screen} not shown within {within_s} s, but {terminal.screens()[-6:]}")
