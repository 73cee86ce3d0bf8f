"""What goes on around a terminal without a person's key: messages of the host, sticks, touches of the sensor."""

from __future__ import annotations

from posrig.ground.faults import ConfigurationError
from posrig.terminal.terminal import Terminal


def host_messages(terminal: Terminal, seconds: float, every_s: float) -> None:
    """For so long the host sends a message that asks for nothing, every so many seconds."""
    terminal.do("host.noise", seconds=seconds, every_s=every_s)
    terminal.clock.sleep(seconds)


def bustle(terminal: Terminal, seconds: float, every_s: float) -> None:
    """For so long, in turn: a stick goes in, a strange finger touches the sensor, the stick comes out."""
    if every_s <= 0:
        raise ConfigurationError(f"every {every_s:g} s", allowed="more than 0 s")
    acts = (
        lambda: terminal.do("usb.insert"),
        lambda: terminal.do("finger.touch", finger="a stranger's", alive=True),
        lambda: terminal.do("usb.remove"),
    )
    for turn in range(int(seconds / every_s)):
        acts[turn % len(acts)]()
        terminal.clock.sleep(every_s)
