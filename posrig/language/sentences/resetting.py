"""Factory reset."""

from __future__ import annotations

from posrig.language.decorators import given, when
from posrig.terminal.terminal import Terminal
from posrig.terminal.ways.cases import cases


@given("the terminal was reset", "终端已恢复出厂", uses=("way factory reset",))
@when("the terminal is reset", "终端恢复出厂", uses=("way factory reset",))
def reset_whole(terminal: Terminal) -> None:
    """The way that the profile has for it, all erased."""
    cases(terminal).factory_reset()
