"""Factory reset."""

from __future__ import annotations

from posrig.language.decorators import given, then, when
from posrig.language.parameters import Key, Role
from posrig.terminal.judging import expect, expect_screen
from posrig.terminal.models.terminal_r import resetting
from posrig.terminal.models.terminal_r.guessing import PUBLISHED
from posrig.terminal.models.terminal_r.signing_on import password_step
from posrig.terminal.terminal import Terminal
from posrig.terminal.typed import wrong_password

REFUSALS = ("reset_no", "reset_no_host", "reset_no_wait")
ADMIN = "99"


@when("the terminal is switched on with {key} held for {duration}", "按住{key}开机并保持{duration}", some=True)
def on_with_key(key: Key, seconds: float, terminal: Terminal) -> None:
    """The key is down before the power comes."""
    resetting.power_on_with_key(terminal, key, seconds)


@when("{key} is held for {duration} only {duration} after power-on", "按住{key}{duration}，但开机{duration}后才按下")
def key_too_late(key: Key, hold_s: float, after_s: float, terminal: Terminal) -> None:
    """Not down at power-on."""
    resetting.press_after_power_on(terminal, key, after_s, hold_s)


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


@then("the reset is done and a new admin password is asked for", "恢复出厂完成，要求设置管理员密码")
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


@when("the power is cut {duration} into the erasing", "开始清除{duration}后断电")
def cut_while_erasing(seconds: float, terminal: Terminal) -> None:
    """So long after the first picture of the progress."""
    resetting.cut_while_erasing(terminal, seconds)


@when("a new admin password is set", "设置新的管理员密码")
def new_admin(terminal: Terminal) -> None:
    """One that breaks no rule."""
    resetting.set_new_admin_password(terminal)


@when("the new admin password is the published default", "新管理员密码设为公开的初始密码")
def default_admin(terminal: Terminal) -> None:
    """12345678."""
    resetting.set_new_admin_password(terminal, PUBLISHED[8][0])


@then("the new admin password is refused", "新管理员密码被拒绝")
def admin_refused(terminal: Terminal) -> None:
    """Too simple; it is asked for again."""
    expect_screen(terminal, ("change_bad",))
    terminal.screen.leaves("change_bad", 5.0)
    expect_screen(terminal, ("reset_done",))


@when("the admin sets the terminal up for (the ){role}", "系统管理员重新设置终端并添加{role}")
def set_up(role: Role, terminal: Terminal) -> None:
    """New key of the time code, the operator added with a first password, which the operator changes."""
    resetting.set_up_again(terminal, role.operator)


@when("the admin signs on for the first time", "系统管理员首次签到")
def admin_first(terminal: Terminal) -> None:
    """With the new key of the time code that the screen shows."""
    resetting.first_sign_on_of_admin(terminal)


@then("the admin has to enrol a new key of the time code", "系统管理员须重新登记动态码密钥")
def seed_gone(terminal: Terminal) -> None:
    """The old one is gone: no code is asked for before a new key is shown."""
    password_step(terminal, ADMIN)
    expect_screen(terminal, ("enrol",), expected="a new key of the time code")


@then("the terminal's journal is empty", "终端流水为空")
def journal_empty(terminal: Terminal) -> None:
    """As the service tool reads it."""
    rows = terminal.journal()
    expect(not rows, terminal, f"an empty journal, it has {len(rows)} rows")
