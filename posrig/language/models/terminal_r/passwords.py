"""Passwords: defaults, forced change, own change, age, what is refused as new."""

from __future__ import annotations

from posrig.language.decorators import given, then, when
from posrig.language.parameters import Role
from posrig.terminal.judging import expect_screen
from posrig.terminal.models.terminal_r import guessing, passwords
from posrig.terminal.models.terminal_r.starting import signed_off
from posrig.terminal.terminal import Terminal


@given("(the ){role} never chose a password", "{role}尚未修改过初始密码")
def never_chose(role: Role, terminal: Terminal) -> None:
    """A terminal from the shelf on which this operator has the published default; it is switched on."""
    passwords.with_default(terminal, role.operator)
    signed_off(terminal)


@given("(the ){role}'s password is {count} days old", "{role}的密码已使用{count}天")
def password_age(role: Role, days: int, terminal: Terminal) -> None:
    """A terminal from the shelf with a password of that age; it is switched on."""
    passwords.with_old_password(terminal, role.operator, days)
    signed_off(terminal)


@when("(the ){role} signs on with the default password", "{role}用初始密码签到")
def signs_on_with_default(role: Role, terminal: Terminal) -> None:
    """Number, published default, and the second step where it is asked for."""
    passwords.factors_with(terminal, role.operator, passwords.default_of(terminal, role.operator))


@when("(the ){role} gives every factor", "{role}完成全部验证步骤")
def gives_factors(role: Role, terminal: Terminal) -> None:
    """Number, the own password, the second step; what follows is judged by the next steps."""
    passwords.factors_with(terminal, role.operator)


@then("a new password must be chosen", "必须先修改密码")
def must_choose(terminal: Terminal) -> None:
    """The forced change is shown, and there is no session."""
    expect_screen(terminal, ("force_change",), expected="a new password must be chosen first")


@when("(the ){role} chooses a good new password", "{role}设置合格的新密码")
def chooses(role: Role, terminal: Terminal) -> None:
    """At the forced change; the harness makes one that breaks no rule."""
    passwords.change_as_forced(terminal, role.operator)


@when("(the ){role} changes the own password {count} time(s)", "{role}修改本人密码{count}次", some=True)
def changes_own(role: Role, count: int, terminal: Terminal) -> None:
    """By the menu, each time to another good one."""
    for _ in range(count):
        passwords.change_own(terminal, role.operator)


@then("(the ){role} cannot choose {text} as the new password", "{role}不能将新密码设为{text}")
def cannot_choose(role: Role, new: str, terminal: Terminal) -> None:
    """Refused as too simple, and another one is asked for."""
    passwords.is_refused_as_new(terminal, role.operator, new)


@then("(the ){role} cannot choose the default password again", "{role}不能再设回初始密码")
def cannot_choose_default(role: Role, terminal: Terminal) -> None:
    """The published default is never a new password."""
    passwords.is_refused_as_new(terminal, role.operator, passwords.default_of(terminal, role.operator))


@then("(the ){role}'s last {count} passwords are refused as new", "{role}最近{count}次用过的密码不能再用")
def last_refused(role: Role, count: int, terminal: Terminal) -> None:
    """Each of them, by the menu; the one before them is taken."""
    passwords.last_are_refused(terminal, role.operator, count)


@then(
    "no number from {text} to {text} opens with a published password",
    "操作员号{text}至{text}用公开的默认密码都不能签到",
)
def no_hidden_number(first: str, last: str, terminal: Terminal) -> None:
    """Every two-digit number of the range with the published defaults of its length: refused like any wrong one."""
    guessing.nobody_else_gets_in(terminal, [f"{number:02d}" for number in range(int(first), int(last) + 1)])
