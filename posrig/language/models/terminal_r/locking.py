"""Locking and unlocking: acts, refusals, and the proof by a sale."""

from __future__ import annotations

from posrig.ground.secret import wrong_digits
from posrig.language.decorators import given, then, when
from posrig.language.parameters import Role
from posrig.terminal.judging import expect, expect_screen
from posrig.terminal.models.terminal_r import guessing, locking, watching
from posrig.terminal.models.terminal_r.signing_on import rest_from_notice, sign_on
from posrig.terminal.models.terminal_r.starting import ready
from posrig.terminal.terminal import Terminal
from posrig.terminal.typed import charge_guess


@given("the terminal of (the ){role} is locked by idleness", "{role}的终端因无操作自动锁定")
def locked_by_idleness(role: Role, terminal: Terminal) -> None:
    """From power-off: signed on, then left alone until the idle lock."""
    ready(terminal, role.operator)
    frame = locking.idle_until_locked(terminal)
    expect(frame.screen == "lock", terminal, "the terminal has locked itself", frame)


@when("(the ){role} asks to lock the terminal", "{role}选择锁定终端", needs="lock")
def asks_to_lock(role: Role, terminal: Terminal) -> None:
    """MENU 5 3: the question is shown."""
    terminal.keypad.press_all(("MENU", "5", "3"))
    expect_screen(terminal, ("lock_ask",), expected="the question whether to lock")


@when(
    "(the ){role} tries to unlock with the first {count} digits of the password", "{role}只输入密码前{count}位尝试解锁"
)
def tries_prefix(role: Role, count: int, terminal: Terminal) -> None:
    """A proper prefix of the password."""
    locking.try_unlock(terminal, role.operator, password=guessing.prefix(terminal, role.operator, count))


@when("(the ){role} tries to unlock with an empty password", "{role}不输密码直接尝试解锁")
def tries_empty(role: Role, terminal: Terminal) -> None:
    """Number, then ENTER twice."""
    charge_guess(terminal, role.operator)
    locking.try_unlock(terminal, role.operator, password="")


@then("(the ){role} cannot unlock with the first {count} digit(s) of the password", "{role}只输密码前{count}位不能解锁")
def prefix_refused(role: Role, count: int, terminal: Terminal) -> None:
    """A proper prefix is a wrong password."""
    guessing.unlock_is_refused(terminal, role.operator, guessing.prefix(terminal, role.operator, count))


@then("(the ){role} cannot unlock with {count} wrong digit(s)", "{role}输入{count}位错误数字不能解锁")
def long_refused(role: Role, count: int, terminal: Terminal) -> None:
    """Far more digits than the field holds: nothing overruns."""
    guessing.unlock_is_refused(terminal, role.operator, guessing.long_wrong(terminal, role.operator, count))


@then("(the ){role} cannot unlock with a wrong digit before the password", "{role}在密码前多输一位不能解锁")
def shifted_refused(role: Role, terminal: Terminal) -> None:
    """The end of what is typed is right, the beginning is not."""
    guessing.unlock_is_refused(terminal, role.operator, guessing.shifted(terminal, role.operator))


@then("no two keys together lead out of the lock", "任意两键同时按下都不能离开锁定画面")
def no_pair_leads_out(terminal: Terminal) -> None:
    """All 171 pairs of the 19 keys, half a second each; every picture meanwhile is looked at."""
    watching.nothing_but(
        terminal,
        watching.LOCK_PAGES,
        lambda: watching.press_pairs(terminal, 0.5, then="CANCEL"),
        "two keys together do not lead out of the lock",
    )


@then("no key held for {duration} leads out of the lock", "任一键按住{duration}都不能离开锁定画面")
def no_hold_leads_out(seconds: float, terminal: Terminal) -> None:
    """Each of the 19 keys alone."""
    watching.nothing_but(
        terminal,
        watching.LOCK_PAGES,
        lambda: watching.hold_each(terminal, seconds),
        "a held key does not lead out of the lock",
    )


@then("{count} presses of any one key lead nowhere from the lock", "任一键连按{count}次都不能离开锁定画面")
def no_repeat_leads_out(count: int, terminal: Terminal) -> None:
    """The same key again and again, each of the 19."""
    watching.nothing_but(
        terminal,
        watching.LOCK_PAGES,
        lambda: watching.press_each(terminal, count, then="CANCEL"),
        "no key leads out of the lock, however often it is pressed",
    )


@then("the unlocking is refused: only (the ){role} or a manager can unlock", "解锁被拒绝：只有{role}或主管可以解锁")
def only_owner(role: Role, terminal: Terminal) -> None:
    """The refusal names the owner."""
    frame = expect_screen(terminal, ("lock_other",), expected=f"only operator {role.operator} or a manager can unlock")
    expect(frame.fields["operator"] == role.operator, terminal, f"the refusal names operator {role.operator}", frame)
    rest_from_notice(terminal)


@then("the lock shows (the ){role} as its owner", "锁定画面显示{role}为锁定人")
def lock_owner(role: Role, terminal: Terminal) -> None:
    """The operator number on the lock screen."""
    frame = expect_screen(terminal, ("lock",))
    expect(frame.fields["operator"] == role.operator, terminal, f"the lock names operator {role.operator}", frame)


@when("(the ){role} sets the idle lock to {count} min", "{role}将自动锁定时间设为{count}分钟", needs="lock_module")
def sets_idle_time(role: Role, minutes: int, terminal: Terminal) -> None:
    """4 in the lock module; what comes of it is judged by the next steps."""
    locking.set_idle_time(terminal, minutes)


@then("the new idle time is taken", "新的自动锁定时间已生效")
def idle_time_taken(terminal: Terminal) -> None:
    """The terminal says so; any key goes on."""
    expect_screen(terminal, ("done",), expected="the new idle time is taken")
    terminal.keypad.press("CANCEL")


@then("the new idle time is refused and {count} min stay", "新的自动锁定时间被拒绝，仍为{count}分钟")
def idle_time_refused(minutes: int, terminal: Terminal) -> None:
    """Refused, and the status page shows the old one."""
    expect_screen(terminal, ("not_allowed",), expected="the new idle time is refused")
    rest_from_notice(terminal)
    terminal.keypad.press("CANCEL")
    status = locking.read_status(terminal)
    expect(status.idle_lock_min == minutes, terminal, f"the idle time is still {minutes} min")


@then("the lock shows the time of {duration} ago", "锁定画面显示的是{duration}前的时间")
def lock_time(age_s: float, terminal: Terminal) -> None:
    """Wall time of the shop when it was locked, within a minute."""
    locking.shows_lock_time(terminal, age_s)


@then("the status page says that the terminal is open", "锁定状态页显示未锁")
def status_open(terminal: Terminal) -> None:
    """The page of the lock module; a manager or the admin is signed on."""
    status = locking.read_status(terminal)
    expect(status.now in ("OFF", "未锁"), terminal, f"the status page says open, it says {status.now!r}")


@then("the status page says that the terminal is locked", "锁定状态页显示已锁")
def status_locked(terminal: Terminal) -> None:
    """The page of the lock module."""
    status = locking.read_status(terminal)
    expect(status.now in ("ON", "已锁"), terminal, f"the status page says locked, it says {status.now!r}")


@then("the cause page shows {text}", "原因页显示{text}")
def cause_is(cause: str, terminal: Terminal) -> None:
    """The cause code C01 to C07."""
    shown = locking.read_cause(terminal)
    expect(shown == cause, terminal, f"the cause page shows {cause}, it shows {shown}")


@then("the status page shows an idle lock of {count} min", "锁定状态页显示自动锁定时间为{count}分钟")
def status_idle_time(minutes: int, terminal: Terminal) -> None:
    """The page of the lock module."""
    status = locking.read_status(terminal)
    expect(status.idle_lock_min == minutes, terminal, f"an idle lock of {minutes} min, it shows {status.idle_lock_min}")


@when("(the ){role} enters the unlock code from the help desk", "{role}输入客服提供的解锁码")
def unlock_by_code(role: Role, terminal: Terminal) -> None:
    """Challenge read from the screen, code computed by the help desk, eight digits."""
    locking.unlock_by_code(terminal)


@when("(the ){role} enters a wrong unlock code", "{role}输错解锁码")
def wrong_unlock_code(role: Role, terminal: Terminal) -> None:
    """Eight digits that are not the answer to the challenge."""
    rest_from_notice(terminal)
    right = terminal.unlock_code(locking.ask_challenge(terminal))
    locking.offer_unlock_code(terminal, wrong_digits(len(right.reveal()), right))


@when("the admin enters an unlock code made for serial number {text}", "系统管理员输入为机号{text}生成的解锁码")
def foreign_unlock_code(serial_number: str, terminal: Terminal) -> None:
    """The right answer for another terminal."""
    challenge = locking.ask_challenge(terminal)
    locking.offer_unlock_code(terminal, terminal.unlock_code(challenge, serial_number=serial_number).reveal())


@then("the unlock code is refused", "解锁码被拒绝")
def unlock_code_refused(terminal: Terminal) -> None:
    """Refused, and a new challenge follows."""
    expect_screen(terminal, ("unlock_bad",), expected="the unlock code is refused")


@when("(the ){role} signs on from the lock module", "{role}从锁定模块退出后签到")
@when("(the ){role} takes over", "{role}接班签到")
def takes_over(role: Role, terminal: Terminal) -> None:
    """Whoever is signed on signs off, then this role signs on."""
    locking.leave_and_sign_on(terminal, role.operator)


@when("(the ){role} signs on at the lock screen", "{role}在锁定画面签到")
def signs_on_at_lock(role: Role, terminal: Terminal) -> None:
    """The admin's way into the lock module of a locked terminal."""
    sign_on(terminal, role.operator)
