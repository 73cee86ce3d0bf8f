"""Firmware update, as far as any terminal has it."""

from __future__ import annotations

from posrig.language.decorators import when
from posrig.terminal.terminal import Terminal
from posrig.terminal.ways.cases import cases


@when("the offered update is installed", "安装可用的更新", uses=("way update",))
def installed(terminal: Terminal) -> None:
    """The way that the profile has for it, to its end."""
    cases(terminal).update()
