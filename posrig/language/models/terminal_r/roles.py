"""Roles: who may do what, what no menu hides, who cannot be deleted."""

from __future__ import annotations

from posrig.language.decorators import then, when
from posrig.language.parameters import Role, ScreenId
from posrig.terminal.judging import expect_screen
from posrig.terminal.models.terminal_r import menus, passwords
from posrig.terminal.models.terminal_r.signing_on import enter_password
from posrig.terminal.terminal import Terminal
from posrig.terminal.typed import present_password


@then("the menu {screen} hides nothing", "菜单{screen}没有隐藏功能")
def hides_nothing(menu: ScreenId, terminal: Terminal) -> None:
    """From the ready screen: no key that the menu does not show leads anywhere, pressed, held or past its ends."""
    menus.nothing_hidden(terminal, menu)


@then("no key of the ready screen but MENU opens a page", "就绪画面除菜单键外任何按键都不打开其他画面")
def ready_keys(terminal: Terminal) -> None:
    """Every key short and long, function keys in a row."""
    menus.ready_keys_do_nothing(terminal)


@then("no function key with another key opens a page", "功能键与其他键同时按下不打开其他画面")
def ready_pairs(terminal: Terminal) -> None:
    """F1 and F2 with each other key, at the ready screen."""
    menus.pairs_open_nothing(terminal)


@then("the function is refused for want of the right", "无权限，操作被拒绝")
def not_allowed(terminal: Terminal) -> None:
    """Refused, and the ready screen or the menu comes back."""
    expect_screen(terminal, ("not_allowed",), expected="the function is refused: no right to it")


@when("(the ){role} deletes operator {text}", "{role}删除操作员{text}", needs="operators")
def deletes(role: Role, operator: str, terminal: Terminal) -> None:
    """By the operators' menu; what comes of it is judged by the next steps."""
    menus.delete_operator(terminal, operator)


@then("operator {text} is deleted", "操作员{text}已删除")
def deleted(operator: str, terminal: Terminal) -> None:
    """The terminal says so; the ready screen is shown again."""
    expect_screen(terminal, ("done",), expected=f"operator {operator} is deleted")
    passwords.to_ready(terminal)


@when("the manager approves", "主管授权")
def approves(terminal: Terminal) -> None:
    """The manager's password at the approval, no time code."""
    expect_screen(terminal, ("approve",), expected="the manager's approval is asked for")
    enter_password(terminal, present_password(terminal, "00").reveal())


@when("the manager approves with the default password", "主管用初始密码授权")
def approves_with_default(terminal: Terminal) -> None:
    """The published one, at the approval."""
    expect_screen(terminal, ("approve",), expected="the manager's approval is asked for")
    enter_password(terminal, passwords.default_of(terminal, "00"))


@when(
    "(the ){role} gives operator {text} the first password {text}",
    "{role}将操作员{text}的密码重置为{text}",
    needs="operators",
)
def gives_first(role: Role, operator: str, first: str, terminal: Terminal) -> None:
    """By the operators' menu; its owner must change it at the next sign-on."""
    passwords.give_initial(terminal, operator, first)


@when("operator {text} signs on with the password {text}", "操作员{text}用密码{text}签到")
def signs_on_with(operator: str, password: str, terminal: Terminal) -> None:
    """Number, this password, and the second step where it is asked for."""
    passwords.factors_with(terminal, operator, password)
