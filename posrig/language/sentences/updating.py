"""Firmware update, as far as any terminal has it."""

from __future__ import annotations

from posrig.language.decorators import given, then, when
from posrig.terminal.terminal import Terminal
from posrig.terminal.ways import around
from posrig.terminal.ways.cases import cases
from posrig.terminal.ways.proofs import shows


@given("an update to version {text} is offered", "后台推送版本{text}的更新", uses=("line bench",))
@when("an update to version {text} is offered", "后台推送版本{text}的更新", uses=("line bench",))
def offered(version: str, terminal: Terminal) -> None:
    """A sound package, from the real server or on a stick, as it comes to this terminal."""
    cases(terminal).offer_update(version=version)


@given(
    "an update to version {text} with the fault {text} is offered", "后台推送版本{text}、带缺陷{text}的更新",
    uses=("line bench",),
)  # fmt: skip
@when(
    "an update to version {text} with the fault {text} is offered", "后台推送版本{text}、带缺陷{text}的更新",
    uses=("line bench",),
)  # fmt: skip
def offered_with_fault(version: str, fault: str, terminal: Terminal) -> None:
    """A package with one fault of the threat list (docs/update-package.md)."""
    cases(terminal).offer_update(version=version, faults=[fault])


@when("the offered update is installed", "安装可用的更新", uses=("way update",))
def installed(terminal: Terminal) -> None:
    """The way that the profile has for it, to its end."""
    cases(terminal).update()


@when("somebody tries to install the offered update", "尝试安装可用的更新", uses=("way update",))
def tried(terminal: Terminal) -> None:
    """The same keys; what comes of it is judged by the next steps."""
    cases(terminal).try_update()


@when("the stick with the update is plugged in", "插入带更新的U盘", uses=("line usb",))
def plugged(terminal: Terminal) -> None:
    """By the relay in the stick's line; a look at it takes the terminal a few seconds."""
    around.plug_stick(terminal)
    terminal.clock.sleep(8.0)


@then("the update is refused", "更新被拒绝", uses=("means update refused",))
def refused(terminal: Terminal) -> None:
    """A screen that says so is shown."""
    shows(terminal, "update refused")


@then("the version page shows {text}", "版本页显示{text}", uses=("way version",))
def version_is(version: str, terminal: Terminal) -> None:
    """What runs, by the way that the profile has to its page."""
    cases(terminal).version_is(version)
