"""What somebody leaves in the middle: a prompt that is not answered, a reset or an update that loses its power."""

from __future__ import annotations

from posrig.language.decorators import given, then, when
from posrig.language.parameters import Role
from posrig.terminal.terminal import Terminal
from posrig.terminal.ways import halfway
from posrig.terminal.ways.cases import cases


@when(
    "(the ){role} types the password at the sign-on and does not submit it", "{role}签到时输入密码但不确认",
    uses=("way sign on",),
)  # fmt: skip
def half_at_sign_on(role: Role, terminal: Terminal) -> None:
    """So far that one key would be enough."""
    halfway.type_half(terminal, "sign on", role.operator)


@when(
    "(the ){role} types the password at the lock and does not submit it", "{role}在锁定画面输入密码但不确认",
    needs="unlock", uses=("way unlock",),
)  # fmt: skip
def half_at_lock(role: Role, terminal: Terminal) -> None:
    """The same at the prompt of the unlock."""
    halfway.type_half(terminal, "unlock", role.operator)


@when("somebody gives up", "放弃操作", uses=("key cancel",))
def gives_up(terminal: Terminal) -> None:
    """The key that leaves a page; what passes by itself is waited out."""
    halfway.give_up(terminal)


@when("an entry is left alone until it times out", "输入到一半便无人操作，直到超时", uses=("time entry_s",))
def times_out(terminal: Terminal) -> None:
    """As long as the profile says, and a little longer."""
    terminal.clock.sleep(terminal.profile.timings.entry_s + 2.0)


@then("no digit of the password is shown", "密码的数字不显示")
def no_digit(terminal: Terminal) -> None:
    """Stars alone, on a picture that the profile knows."""
    halfway.no_digit_is_shown(terminal)


@then("the prompt of the sign-on is empty for (the ){role}", "{role}签到时密码栏为空", uses=("way sign on",))
def sign_on_empty(role: Role, terminal: Terminal) -> None:
    """Nothing is left of what somebody typed before."""
    halfway.nothing_is_left(terminal, "sign on", role.operator)


@then(
    "the prompt of the lock is empty for (the ){role}", "{role}解锁时密码栏为空", needs="unlock", uses=("way unlock",)
)
def lock_empty(role: Role, terminal: Terminal) -> None:
    """Nothing is left of what somebody typed before."""
    halfway.nothing_is_left(terminal, "unlock", role.operator)


@when(
    "somebody signs on with a number like that of (the ){role} that nobody has",
    "有人用与{role}相似但不存在的号码签到",
    uses=("way sign on", "means refused"),
)
def nobodys_number(role: Role, terminal: Terminal) -> None:
    """As many digits, and any password of the right length."""
    halfway.sign_on_as_nobody(terminal, role.operator)


@then("it is refused", "操作被拒绝", uses=("means refused",))
def refused(terminal: Terminal) -> None:
    """A refusal is shown, or the lock-out."""
    halfway.is_refused(terminal)


@when("the power is cut while the terminal is being reset", "恢复出厂过程中断电",
      uses=("way factory reset", "means resetting"))  # fmt: skip
def cut_in_reset(terminal: Terminal) -> None:
    """The whole way of a reset, until the screen that erases is shown; then the power is gone and stays away."""
    use = cases(terminal)
    halfway.cut_while(terminal, "factory reset", use.first_of("factory reset"), "resetting")


@when("the power is cut while the update is installed", "更新过程中断电", uses=("way update", "means updating"))
def cut_in_update(terminal: Terminal) -> None:
    """The whole way of an update, until the screen that installs is shown; then the power is gone and stays away."""
    use = cases(terminal)
    halfway.cut_while(terminal, "update", use.first_of("update"), "updating")


@when("the update is asked for and the power is cut at once", "查询更新后立即断电", uses=("way update",))
def cut_at_prompt(terminal: Terminal) -> None:
    """At the prompt for a password, or where the way ends without one."""
    halfway.cut_while(terminal, "update", cases(terminal).first_of("update"), halfway.PASSWORD)


@when(
    "the factory reset is asked for and the power is cut at once", "查询恢复出厂后立即断电", uses=("way factory reset",)
)
def cut_at_reset_prompt(terminal: Terminal) -> None:
    """At the prompt for a password: nothing may be erased."""
    halfway.cut_while(terminal, "factory reset", cases(terminal).first_of("factory reset"), halfway.PASSWORD)


@when(
    "(the ){role} types wrong passwords at the lock up to the limit", "{role}在锁定画面输错密码直到上限",
    needs="unlock", uses=("way unlock", "policy wrong_passwords"),
)  # fmt: skip
def wrong_at_lock_limit(role: Role, terminal: Terminal) -> None:
    """As many as the profile's policy allows before the lock-out."""
    halfway.wrong_at_the_lock(terminal, role.operator, terminal.profile.policy.wrong_passwords)


@when(
    "(the ){role} types all but one of the wrong passwords at the lock", "{role}在锁定画面输错密码，只差一次到上限",
    needs="unlock", uses=("way unlock", "policy wrong_passwords"),
)  # fmt: skip
def wrong_at_lock_but_one(role: Role, terminal: Terminal) -> None:
    """One less; all waited out."""
    halfway.wrong_at_the_lock(terminal, role.operator, terminal.profile.policy.wrong_passwords - 1)
    cases(terminal).rest()


@given("the terminal may be reset", "终端可以恢复出厂", uses=("way factory reset", "after reset"))
def may_be_reset(terminal: Terminal) -> None:
    """A word for the reader, and a need: after it somebody must be able to sign on."""


@then("nobody but (the ){role} is signed on", "除{role}外无人签到")
def nobody_but(role: Role, terminal: Terminal) -> None:
    """The ready screen of this operator, or nobody's."""
    cases(terminal).nobody_but(role.operator)


@when("the time of the lock-out has passed", "停用时间已过", uses=("policy lockout_min",))
def lock_out_passed(terminal: Terminal) -> None:
    """As long as the profile's policy says, and a little longer."""
    terminal.clock.sleep(terminal.profile.policy.lockout_min * 60.0 + 3.0)


@when("half of the time of the lock-out has passed", "停用时间已过一半", uses=("policy lockout_min",))
def half_passed(terminal: Terminal) -> None:
    """Half of it, by the profile's policy."""
    terminal.clock.sleep(terminal.profile.policy.lockout_min * 30.0)


@when(
    "nobody touches the terminal until it locks itself",
    "无人操作直到终端自动锁定",
    uses=("policy idle_lock_default_min",),
)
def idle(terminal: Terminal) -> None:
    """As long as the profile's policy says, and a little longer."""
    terminal.clock.sleep(terminal.profile.policy.idle_lock_default_min * 60.0 + 5.0)
