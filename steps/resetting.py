"""Factory reset."""

from __future__ import annotations

from rigs.terminal.flows import resetting
from rigs.terminal.flows.judging import expect, expect_screen
from rigs.terminal.flows.signing_on import wrong_password
from rigs.terminal.terminal import Terminal
from steps.language import given, then, when
from steps.parameters import Key

REFUSALS = ("reset_no", "reset_no_host", "reset_no_wait")


@when("the terminal is switched on with {key} held for {duration}", "按住{key}开机并保持{duration}")
def on_with_key(key: Key, seconds: float, terminal: Terminal) -> None:
    """The key is down before the power comes."""
    resetting.power_on_with_key(terminal, key, seconds)


@given("the factory reset is asked for", "已进入恢复出厂设置")
@when("the factory reset is asked for", "进入恢复出厂设置")
def asked_for(terminal: Terminal) -> None:
    """From power-off: CLEAR held for its full time."""
    resetting.ask_for_reset(terminal)


@when("the admin confirms the reset with the code", "系统管理员输入密码确认恢复出厂")
def confirmed(terminal: Terminal) -> None:
    """The right code."""
    resetting.confirm_reset(terminal)


@when("the reset is confirmed with a wrong code", "用错误密码确认恢复出厂")
def wrong_code(terminal: Terminal) -> None:
    """Eight digits that are not the admin's."""
    resetting.confirm_reset(terminal, wrong_password(terminal, "99"))


@then("the reset is done and a new admin password is asked for", "恢复出厂完成,要求设置管理员密码")
def done(terminal: Terminal) -> None:
    """Erasing has ended."""
    expect_screen(terminal, ("reset_done",), within_s=resetting.ERASED_WITHIN_S)


@then("the reset is refused", "恢复出厂被拒绝")
def refused(terminal: Terminal) -> None:
    """With the reason, and nothing erased."""
    expect_screen(terminal, REFUSALS, within_s=8, expected="the reset is refused")


@then("the erasing has begun", "开始清除数据")
def erasing(terminal: Terminal) -> None:
    """The progress is shown."""
    frame = terminal.screen.seen_within(("resetting",), 5)
    expect(frame is not None, terminal, "the erasing begins")
