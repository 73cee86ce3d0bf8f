"""Firmware update."""

from __future__ import annotations

from rigs.terminal.flows import updating
from rigs.terminal.flows.judging import expect, expect_screen
from rigs.terminal.flows.starting import started
from rigs.terminal.terminal import Terminal
from steps.language import given, then, when
from steps.parameters import ScreenId


@given("an update to version {text} is offered", "后台推送版本{text}的更新")
@when("an update to version {text} is offered", "后台推送版本{text}的更新")
def offered(version: str, terminal: Terminal) -> None:
    """A sound package from the real server."""
    updating.offer(terminal, version=version)


@when("an update to version {text} with the fault {text} is offered", "后台推送版本{text}、带缺陷{text}的更新")
def offered_with_fault(version: str, fault: str, terminal: Terminal) -> None:
    """A package with one fault of the threat list (docs/update-package.md)."""
    updating.offer(terminal, version=version, faults=[fault])


@when("the admin accepts the update", "系统管理员确认安装更新")
def accepts(terminal: Terminal) -> None:
    """ENTER at the offer."""
    updating.accept(terminal)


@when("the update reaches the screen {screen}", "更新进行到画面{screen}")
def reaches(screen: ScreenId, terminal: Terminal) -> None:
    """Wait for a moment in the update."""
    updating.reach(terminal, screen)


@when("the update has run to its end", "更新全部完成")
def ran(terminal: Terminal) -> None:
    """Download, check, write, restart."""
    updating.reach(terminal, "upd_done")
    expect_screen(terminal, ("boot",), within_s=10)
    started(terminal)


@then("the update is refused with the screen {screen}", "更新被拒绝,显示画面{screen}")
def refused(screen: ScreenId, terminal: Terminal) -> None:
    """The refusal says why; nothing was installed."""
    found = terminal.screen.seen_within((*updating.REFUSALS, "upd_done"), updating.DOWNLOAD_WITHIN_S)
    expect(found is not None and found.screen == screen, terminal, f"the update is refused with {screen}", found)
    terminal.screen.leaves(screen, 12)


@then("the version page shows {text}", "版本页显示{text}")
def version_is(version: str, terminal: Terminal) -> None:
    """What runs; nobody is signed on."""
    shown = updating.version_shown(terminal)
    expect(shown == version, terminal, f"version {version}, the page shows {shown}")
