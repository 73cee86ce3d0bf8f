"""Sign-on, second factor, lock-out."""

from __future__ import annotations

from posrig.language.decorators import then, when
from posrig.language.parameters import Role
from posrig.terminal import typed
from posrig.terminal.judging import expect, expect_screen
from posrig.terminal.models.terminal_r import inner_prompts, likeness, signing_on, states, watching
from posrig.terminal.terminal import Terminal


@when("(the ){role} types the right password", "{role}输入正确的密码")
def right_password(role: Role, terminal: Terminal) -> None:
    """Number and password, no second step."""
    signing_on.password_step(terminal, role.operator)


@when("someone types the unknown number {text} with any password", "有人用不存在的操作员号{text}和任意密码签到")
def unknown_operator(operator: str, terminal: Terminal) -> None:
    """A number that no operator has, with a password of a cashier's length."""
    signing_on.unknown_operator(terminal, operator)


@when(
    "someone types the unknown number {text} with any password {count} time(s)",
    "有人用不存在的操作员号{text}和任意密码签到{count}次",
)
def unknown_operator_times(operator: str, count: int, terminal: Terminal) -> None:
    """So many times, each refusal waited out."""
    for _ in range(count):
        signing_on.unknown_operator(terminal, operator)


@then("the ready screen shows the host's time, {duration} ahead", "就绪画面显示后台时间，比原来快{duration}")
def shows_host_time(ahead_s: float, terminal: Terminal) -> None:
    """Wall time of the rig's zone, a minute of tolerance at the turn of the minute."""
    signing_on.shows_time(terminal, ahead_s)


@when("(the ){role} types the present time code", "{role}输入当前动态码", needs="second factor")
def present_code(role: Role, terminal: Terminal) -> None:
    """The authenticator's code of this moment."""
    signing_on.enter_time_code(terminal, typed.time_code(terminal, role.operator))


@when("(the ){role} types a wrong time code", "{role}输错动态码", needs="second factor")
def wrong_code(role: Role, terminal: Terminal) -> None:
    """Six digits that are not the present code."""
    signing_on.enter_time_code(terminal, typed.wrong_time_code(terminal, role.operator))


@when("(the ){role} guesses {count} time codes", "{role}连猜{count}个动态码", needs="second factor", some=True)
def guesses_codes(role: Role, count: int, terminal: Terminal) -> None:
    """Wrong ones, with the right password wherever it is asked for again; a lock-out ends it."""
    signing_on.guess_time_codes(terminal, role.operator, count)


@when("(the ){role} types the time code of {duration} ahead", "{role}输入{duration}后的动态码", needs="second factor")
def early_code(role: Role, ahead_s: float, terminal: Terminal) -> None:
    """A code that will be right then."""
    code = terminal.credentials.time_code(role.operator, terminal.clock.now() + ahead_s)
    signing_on.offer_time_code(terminal, role.operator, code.reveal())


@when("(the ){role} types the present time code of (the ){role}", "{role}输入{role}的当前动态码")
def foreign_code(role: Role, other: Role, terminal: Terminal) -> None:
    """Right for somebody else."""
    code = terminal.credentials.time_code(other.operator, terminal.clock.now())
    signing_on.offer_time_code(terminal, role.operator, code.reveal())


@when("(the ){role} types the time code of {duration} ago", "{role}输入{duration}前的动态码", needs="second factor")
def late_code(role: Role, age_s: float, terminal: Terminal) -> None:
    """A code that was right then."""
    code = terminal.credentials.time_code(role.operator, terminal.clock.now() - age_s)
    signing_on.offer_time_code(terminal, role.operator, code.reveal())


@when("(the ){role} types the time code that was used before", "{role}再次输入用过的动态码", needs="second factor")
def used_code(role: Role, terminal: Terminal) -> None:
    """The code of the last accepted window, again."""
    period = terminal.profile.policy.time_code_s
    then_s = terminal.used_windows[role.operator] * period
    code = terminal.credentials.time_code(role.operator, then_s)
    signing_on.offer_time_code(terminal, role.operator, code.reveal())


@then("the sign-on is refused with {count} tries left", "签到被拒绝，还可以试{count}次")
def refused_with(count: int, terminal: Terminal) -> None:
    """The refusal text, and the number it shows."""
    frame = terminal.screen.settled()
    expect(frame.screen == "login_bad", terminal, "the sign-on is refused", frame)
    expect(int(frame.fields["left"]) == count, terminal, f"{count} tries are left", frame)


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


@when(
    "(the ){role} types a wrong manager password {count} time(s) at {text}",
    "{role}在{text}处输错主管密码{count}次",
    some=True,
)
def wrong_approvals(role: Role, count: int, prompt: str, terminal: Terminal) -> None:
    """The prompt of a function (refund, void) from this operator's ready screen, again and again."""
    inner_prompts.fail(terminal, prompt, "00", count)


@when(
    "(the ){role} types a wrong password {count} time(s) at {text}", "{role}在{text}处输错本人密码{count}次", some=True
)
def wrong_at_prompt(role: Role, count: int, prompt: str, terminal: Terminal) -> None:
    """The prompt for the own password behind the menu, again and again."""
    inner_prompts.fail(terminal, prompt, role.operator, count)


@then("the refusals of (the ){role} at {text} count down to the lock-out", "{role}在{text}处的剩余次数逐次递减直至停用")
def counts_down(role: Role, prompt: str, terminal: Terminal) -> None:
    """The number shown is the number of tries that are really left: after the last one the lock-out comes."""
    inner_prompts.counts_down(terminal, prompt, role.operator)


@then("no wait lifts the lock-out", "停用不会自动到期")
def no_time_left(terminal: Terminal) -> None:
    """No time is shown, and a day changes nothing."""
    states.has_no_end(terminal)


@then(
    "the refusals of the unknown number {text} and of operator {text} are alike, {count} times",
    "不存在的操作员号{text}与操作员{text}的{count}次拒绝完全相同",
)
def refusals_alike(unknown: str, known: str, count: int, terminal: Terminal) -> None:
    """Pictures, beeps and times of both, side by side; the fifth is the lock-out."""
    likeness.are_alike(terminal, known, unknown, count)


@then(
    "CANCEL, CLEAR and ENTER in any order do not skip the second step", "取消、清除、确认键任意组合都不能跳过第二步验证"
)
def no_order_skips(terminal: Terminal) -> None:
    """All 27 orders of three, each with the manager's right password before it."""
    inner_prompts.no_order_skips_second_step(terminal, "00")


@then("no other key skips the second step", "其他任何按键都不能跳过第二步验证")
def no_key_skips(terminal: Terminal) -> None:
    """Each key alone, held a second; every picture meanwhile is looked at."""
    watching.nothing_but(
        terminal,
        ("twofa", "twofa_bad", "login_id", "login_pwd", "signed_off"),
        lambda: watching.hold_each(terminal, 1.0),
        "no key skips the second step",
    )


@when("somebody types half of a password at {text}", "有人在{text}处只输入部分密码")
def half_typed(prompt: str, terminal: Terminal) -> None:
    """The prompt is opened and half of the digits are typed."""
    inner_prompts.type_half(terminal, prompt)


@then("the next person finds {text} empty", "下一个人看到{text}的输入栏为空")
def prompt_empty(prompt: str, terminal: Terminal) -> None:
    """The prompt is opened again: no star and no digit of before."""
    inner_prompts.is_empty(terminal, prompt)


@then("the entry field shows {text}", "输入栏显示{text}")
def entry_shows(text: str, terminal: Terminal) -> None:
    """Exactly this, without the places that wait for a digit."""
    frame = terminal.screen.settled()
    shown = frame.fields.get("entry", "").replace("_", "")
    expect(shown == text, terminal, f"the entry field shows {text!r}", frame)


@then("no digit of a password is ever shown at {text}", "{text}处任何时刻都不显示密码数字")
def never_shown(prompt: str, terminal: Terminal) -> None:
    """Digit by digit, every repaint is looked at, not only the picture at rest."""
    inner_prompts.masks_every_digit(terminal, prompt)


@then("the second step is asked for", "要求第二步验证")
def second_step_asked(terminal: Terminal) -> None:
    """The password alone opens nothing."""
    expect_screen(terminal, ("twofa", "finger"), expected="the second step is asked for")


@then("the time code is refused", "动态码被拒绝")
def code_refused(terminal: Terminal) -> None:
    """One text for wrong, late and used codes."""
    expect_screen(terminal, ("twofa_bad",), expected="the time code is refused")
