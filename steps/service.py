"""Broken parts, the self-test, the support page, the battery."""

from __future__ import annotations

from fixtures.world import Mains, Parts
from posrig.language.decorators import given, then, when
from posrig.terminal.judging import expect, expect_screen
from posrig.terminal.models.terminal_r import servicing
from posrig.terminal.terminal import Terminal

MODEL = "terminal_r"
"""The terminal model whose own use cases these sentences call."""


@given("the part {text} is broken with code {text}", "部件{text}损坏，代码{text}")
@when("the part {text} breaks with code {text}", "部件{text}损坏，代码{text}")
def part_broken(part: str, code: str, parts: Parts) -> None:
    """What the next self-test will find."""
    parts.breaks(part, code)


@when("the part {text} is mended", "部件{text}修好")
def part_mended(part: str, parts: Parts) -> None:
    """By service."""
    parts.mend(part)


@then("the terminal is out of service with code {text}", "终端停机，代码{text}")
def out_of_service(code: str, terminal: Terminal) -> None:
    """The failed self-test; no key and no waiting leads out."""
    servicing.is_out_of_service(terminal, code)


@when("the admin runs the self-test from the menu", "系统管理员从菜单运行自检")
def self_test_by_menu(terminal: Terminal) -> None:
    """MENU 5 5 4."""
    terminal.keypad.press_all(("MENU", "5", "5", "4"))
    terminal.screen.leaves("self_test", 10.0)


@then("the support page names telephone and serial number", "客服页显示电话和机号")
def support_enough(terminal: Terminal) -> None:
    """F2; what somebody who calls has to read out."""
    servicing.support_is_enough(terminal)


@then("the support page shows the reference {text}", "客服页显示编号{text}")
def support_reference(reference: str, terminal: Terminal) -> None:
    """F2; the one that the back office gave."""
    servicing.reference_is_known(terminal, reference)


@then("the support page leaves by itself to {screen}", "客服页自动返回画面{screen}")
def support_leaves(screen: str, terminal: Terminal) -> None:
    """After ten seconds."""
    frame = terminal.screen.leaves("support", 12.0)
    expect(frame.screen == screen, terminal, f"screen {screen} after the support page", frame)


@given("a battery with {count} percent and no mains", "电池电量{count}%且未接电源")
@when("the battery has {count} percent and the mains are off", "电池电量降到{count}%且未接电源")
def on_battery(percent: int, mains: Mains) -> None:
    """The plug at the terminal is out; it lives on its battery."""
    mains.off_with_battery_at(float(percent))


@when("the mains are connected", "接上电源")
def mains_connected(mains: Mains) -> None:
    """The plug is in again."""
    mains.connect()


@then("the terminal asks for power and shows {count} percent", "终端提示接电源并显示电量{count}%")
def asks_for_power(percent: int, terminal: Terminal) -> None:
    """Nothing is loaded before there is enough."""
    frame = expect_screen(terminal, ("upd_power",), expected="the update waits for power")
    expect(frame.fields["percent"] == str(percent), terminal, f"a charge of {percent} %", frame)
