"""Sign-on, second factor, lock-out."""

from __future__ import annotations

from rigs.terminal.flows import signing_on
from rigs.terminal.flows.judging import expect, expect_screen
from rigs.terminal.flows.starting import signed_off
from rigs.terminal.terminal import Terminal
from steps.language import given, then, when
from steps.parameters import Role


@when("(the ){role} signs on", "{role}签到")
def signs_on(role: Role, terminal: Terminal) -> None:
    """Number, password and, where the role has it, the second step."""
    signing_on.sign_on(terminal, role.operator)


@when("(the ){role} types the right password", "{role}输入正确的密码")
def right_password(role: Role, terminal: Terminal) -> None:
    """Number and password, no second step."""
    signing_on.password_step(terminal, role.operator)


@given("(the ){role} has typed a wrong password {count} time(s)", "{role}已输错密码{count}次")
def has_typed_wrong(role: Role, count: int, terminal: Terminal) -> None:
    """From power-off: so many refusals, all waited out."""
    signed_off(terminal)
    signing_on.try_wrong_passwords(terminal, role.operator, count)


@when("(the ){role} types a wrong password", "{role}输错密码")
def wrong_password(role: Role, terminal: Terminal) -> None:
    """One wrong password of the right length."""
    signing_on.try_wrong_passwords(terminal, role.operator, 1)


@when("(the ){role} types a wrong password {count} time(s)", "{role}输错密码{count}次")
def wrong_passwords(role: Role, count: int, terminal: Terminal) -> None:
    """So many wrong passwords, each refusal waited out."""
    signing_on.try_wrong_passwords(terminal, role.operator, count)


@when("someone types the unknown number {text} with any password", "有人用不存在的操作员号{text}和任意密码签到")
def unknown_operator(operator: str, terminal: Terminal) -> None:
    """A number that no operator has, with a password of a cashier's length."""
    signing_on.password_step(terminal, operator, password="7391")


@when("(the ){role} types the present time code", "{role}输入当前动态码")
def present_code(role: Role, terminal: Terminal) -> None:
    """The authenticator's code of this moment."""
    signing_on.enter_time_code(terminal, signing_on.time_code(terminal, role.operator))


@when("(the ){role} types a wrong time code", "{role}输错动态码")
def wrong_code(role: Role, terminal: Terminal) -> None:
    """Six digits that are not the present code."""
    code = terminal.credentials.time_code(role.operator, terminal.clock.now()).reveal()
    signing_on.enter_time_code(terminal, "".join(str((int(d) + 1) % 10) for d in code))


@when("(the ){role} types the time code of {duration} ago", "{role}输入{duration}前的动态码")
def late_code(role: Role, age_s: float, terminal: Terminal) -> None:
    """A code that was right then."""
    code = terminal.credentials.time_code(role.operator, terminal.clock.now() - age_s)
    signing_on.enter_time_code(terminal, code.reveal())


@when("(the ){role} types the time code that was used before", "{role}再次输入用过的动态码")
def used_code(role: Role, terminal: Terminal) -> None:
    """The code of the last accepted window, again."""
    period = terminal.profile.policy.time_code_s
    then_s = terminal.used_windows[role.operator] * period
    signing_on.enter_time_code(terminal, terminal.credentials.time_code(role.operator, then_s).reveal())


@when("(the ){role} signs off", "{role}签退")
def signs_off(role: Role, terminal: Terminal) -> None:
    """MENU 5 1."""
    signing_on.sign_off(terminal)


@then("(the ){role} is signed on and ready", "{role}签到成功,终端就绪")
def is_ready(role: Role, terminal: Terminal) -> None:
    """The ready screen shows this operator."""
    frame = expect_screen(terminal, ("idle",), within_s=5, expected=f"the ready screen of operator {role.operator}")
    expect(frame.fields["operator"] == role.operator, terminal, f"the ready screen of operator {role.operator}", frame)


@then("the sign-on is refused with {count} tries left", "签到被拒绝,还可以试{count}次")
def refused_with(count: int, terminal: Terminal) -> None:
    """The refusal text, and the number it shows."""
    frame = terminal.screen.settled()
    expect(frame.screen == "login_bad", terminal, "the sign-on is refused", frame)
    expect(int(frame.fields["left"]) == count, terminal, f"{count} tries are left", frame)


@then("(the ){role} is locked out", "{role}已被停用")
def is_locked_out(role: Role, terminal: Terminal) -> None:
    """The lock-out is shown, and the right password changes nothing (invariant 5)."""
    expect_screen(terminal, ("locked_out",), within_s=5, expected=f"operator {role.operator} is locked out")


@then("about {duration} of the lock-out are left", "停用剩余约{duration}")
def lockout_left(seconds: float, terminal: Terminal) -> None:
    """The count-down on the screen, within 5 s."""
    frame = expect_screen(terminal, ("locked_out",))
    minutes, rest = frame.fields["wait"].split(":")
    shown = int(minutes) * 60 + int(rest)
    expect(abs(shown - seconds) <= 5, terminal, f"about {seconds:g} s are left, shown are {shown} s", frame)


@when("the manager lifts the lock-out", "主管解除停用")
def manager_lifts(terminal: Terminal) -> None:
    """F1 at the lock-out, then the manager's sign-on with the time code."""
    expect_screen(terminal, ("locked_out",))
    terminal.keypad.press("F1")
    terminal.screen.settled()
    signing_on.password_step(terminal, "00")
    signing_on.second_factor(terminal, "00")


@then("the second step is asked for", "要求第二步验证")
def second_step_asked(terminal: Terminal) -> None:
    """The password alone opens nothing."""
    expect_screen(terminal, ("twofa", "finger"), expected="the second step is asked for")


@then("the time code is refused", "动态码被拒绝")
def code_refused(terminal: Terminal) -> None:
    """One text for wrong, late and used codes."""
    expect_screen(terminal, ("twofa_bad",), expected="the time code is refused")
