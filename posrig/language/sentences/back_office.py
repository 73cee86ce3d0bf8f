"""The back office: its lock goes over everything else."""

from __future__ import annotations

from posrig.language.decorators import given, then, when
from posrig.terminal.terminal import Terminal
from posrig.terminal.ways import around
from posrig.terminal.ways.cases import cases


@given("the host has locked the terminal", "后台已锁定终端", uses=("line bench",))
@when("the host locks the terminal", "后台锁定终端", uses=("line bench",))
def host_locks(terminal: Terminal) -> None:
    """From the back office, cause C04. A terminal that has just started has its line a little later."""
    around.host_locks(terminal)


@when("the host unlocks the terminal", "后台解锁终端", uses=("line bench",))
def host_unlocks(terminal: Terminal) -> None:
    """From the back office."""
    around.host_unlocks(terminal)


@then("the terminal is locked by the host", "终端被后台锁定", uses=("means locked by host",))
def locked_by_host(terminal: Terminal) -> None:
    """Its own screen is shown."""
    cases(terminal).is_locked_by_host()
