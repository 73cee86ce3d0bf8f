"""Sign-on, second factor, lock-out."""

from __future__ import annotations

from posrig.language.decorators import given, then, when
from posrig.language.parameters import Role
from posrig.terminal.terminal import Terminal
from posrig.terminal.ways.cases import cases
from posrig.terminal.ways.proofs import shows_now as shows


@when("(the ){role} signs on", "{role}签到", uses=("way sign on",))
def signs_on(role: Role, terminal: Terminal) -> None:
    """Number, password and, where the role has it, the second step."""
    cases(terminal).sign_on(role.operator)


@when("(the ){role} tries to sign on", "{role}尝试签到", uses=("way sign on",))
def tries_to_sign_on(role: Role, terminal: Terminal) -> None:
    """With the right password; what comes of it is judged by the next steps."""
    cases(terminal).try_sign_on(role.operator)


@given(
    "(the ){role} has typed a wrong password {count} time(s)",
    "{role}已输错密码{count}次",
    uses=("way sign on",),
    some=True,
)
def has_typed_wrong(role: Role, count: int, terminal: Terminal) -> None:
    """From power-off: so many refusals, all waited out."""
    use = cases(terminal)
    use.signed_off()
    use.wrong_passwords(role.operator, count)
    use.rest()


@when("(the ){role} types a wrong password", "{role}输错密码", uses=("way sign on",))
def wrong_password(role: Role, terminal: Terminal) -> None:
    """One wrong password of the right length."""
    cases(terminal).wrong_passwords(role.operator, 1)


@when(
    "(the ){role} types a wrong password {count} time(s)", "{role}输错密码{count}次", uses=("way sign on",), some=True
)
def wrong_passwords(role: Role, count: int, terminal: Terminal) -> None:
    """So many wrong passwords, each refusal waited out."""
    cases(terminal).wrong_passwords(role.operator, count)


@when("(the ){role} signs off", "{role}签退", needs="sign_off", uses=("way sign off",))
def signs_off(role: Role, terminal: Terminal) -> None:
    """The way that the profile has for it."""
    cases(terminal).sign_off(role.operator)


@when("(the ){role} changes the password", "{role}修改密码", uses=("way change password",))
def changes_password(role: Role, terminal: Terminal) -> None:
    """By the way that the profile has for it; the new one is used from now on."""
    cases(terminal).change_password(role.operator)


@then("(the ){role} is signed on and ready", "{role}签到成功，终端就绪", uses=("means ready",))
def is_ready(role: Role, terminal: Terminal) -> None:
    """The ready screen shows this operator."""
    cases(terminal).is_ready(role.operator)


@then("(the ){role} is locked out", "{role}已被停用", uses=("means locked out",))
def is_locked_out(role: Role, terminal: Terminal) -> None:
    """The lock-out is shown, and the right password changes nothing (invariant 5)."""
    cases(terminal).is_locked_out(role.operator)


@when("(the ){role} types the password", "{role}输入密码")
def types_password(role: Role, terminal: Terminal) -> None:
    """The role's own password, at whatever prompt is shown."""
    cases(terminal).type_password(role.operator)


@when("(the ){role} types a wrong password there", "{role}在此输入错误密码")
def types_wrong_password(role: Role, terminal: Terminal) -> None:
    """A password of the right length that is not the role's, at whatever prompt is shown."""
    cases(terminal).type_password(role.operator, wrong=True)


@when(
    "(the ){role} types wrong passwords up to the limit",
    "{role}输错密码直到上限",
    uses=("way sign on", "policy wrong_passwords"),
)
def wrong_to_the_limit(role: Role, terminal: Terminal) -> None:
    """As many as the profile's policy allows before the lock-out."""
    cases(terminal).wrong_passwords(role.operator, terminal.profile.policy.wrong_passwords)


@given(
    "(the ){role} has typed all but one of the wrong passwords allowed",
    "{role}已输错密码，只差一次到上限",
    uses=("way sign on", "policy wrong_passwords"),
)
def one_before_the_limit(role: Role, terminal: Terminal) -> None:
    """From power-off: one less than the profile's policy allows, all waited out."""
    use = cases(terminal)
    use.signed_off()
    use.wrong_passwords(role.operator, terminal.profile.policy.wrong_passwords - 1)
    use.rest()


@then("the password is refused", "密码被拒绝", uses=("means refused",))
def password_refused(terminal: Terminal) -> None:
    """A screen that means refused is shown."""
    shows(terminal, "refused")


@then("nobody is signed on", "无人签到", uses=("means signed off",))
def nobody_is_signed_on(terminal: Terminal) -> None:
    """The screen that means signed off is shown."""
    cases(terminal).asks_for_sign_on()
