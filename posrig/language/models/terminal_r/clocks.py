"""The calendar, the clock chip and its battery, the host's time."""

from __future__ import annotations

from posrig.language.decorators import given, then, when
from posrig.language.parameters import Role
from posrig.terminal.judging import expect, expect_screen
from posrig.terminal.models.terminal_r import clocks
from posrig.terminal.models.terminal_r.locking import read_status
from posrig.terminal.terminal import Terminal


@given("it is {text} UTC", "现在是UTC时间{text}")
def begins_at(when_: str, terminal: Terminal) -> None:
    """From power-off: the scenario takes place then ("2026-03-28 20:00")."""
    clocks.begin_at(terminal, when_)


@when("it becomes {text} UTC", "到了UTC时间{text}")
def becomes(when_: str, terminal: Terminal) -> None:
    """Nobody touches the terminal until then."""
    clocks.sleep_until(terminal, when_)


@given("the clock battery is dead", "时钟电池已耗尽")
@when("the clock battery dies", "时钟电池耗尽")
def battery_dead(terminal: Terminal) -> None:
    """The chip begins at 2000-01-01 at each power-on from now on."""
    terminal.do("rtc.battery", dead=True)


@when("(the ){role} types the time code of the lost clock", "{role}按丢失的时钟输入动态码", needs="second factor")
def code_of_lost_clock(role: Role, terminal: Terminal) -> None:
    """Right for the day that the terminal believes it is."""
    clocks.code_of_lost_clock(terminal, role.operator)


@then("the terminal's clock agrees with the host's", "终端时钟与后台一致")
def clock_agrees(terminal: Terminal) -> None:
    """The clock page; the admin is signed on."""
    clocks.clock_is(terminal, 0.0)


@then("the terminal's clock is {duration} ahead of true time", "终端时钟比标准时间快{duration}")
def clock_is_ahead(seconds: float, terminal: Terminal) -> None:
    """The clock page; the admin is signed on."""
    clocks.clock_is(terminal, seconds)


@then("the ready screen shows the time {text}", "就绪画面显示时间{text}")
def ready_time(shown: str, terminal: Terminal) -> None:
    """Wall time of the terminal's zone."""
    clocks.ready_shows_time(terminal, shown)


@then("a new sign-on is asked for when a sale is tried", "交易时要求重新签到")
def new_day(terminal: Terminal) -> None:
    """A sign-on holds for its date."""
    terminal.keypad.press_all(("1", "0", "0", "ENTER"))
    expect_screen(terminal, ("new_day",), expected="another day asks for a new sign-on")
    frame = terminal.screen.leaves("new_day", 5.0)
    expect(frame.screen == "signed_off", terminal, "nobody is signed on", frame)


@then("at least {duration} of the lock-out are left", "停用至少还剩{duration}")
def lockout_left_at_least(seconds: float, terminal: Terminal) -> None:
    """The count-down on the screen."""
    frame = expect_screen(terminal, ("locked_out",))
    minutes, rest = frame.fields["wait"].split(":")
    shown = int(minutes) * 60 + int(rest)
    expect(shown >= seconds, terminal, f"at least {seconds:g} s are left, shown are {shown} s", frame)


@then("the idle time on the status page is {count} min", "状态页显示自动锁定{count}分钟")
def idle_time_is(minutes: int, terminal: Terminal) -> None:
    """The lock module's status page; the manager or the admin is signed on."""
    status = read_status(terminal)
    expect(status.idle_lock_min == minutes, terminal, f"an idle time of {minutes} min, it is {status.idle_lock_min}")


@then("the record on the screen was made at {text}", "画面上的日志记录时间为{text}")
def record_time(shown: str, terminal: Terminal) -> None:
    """Wall time of the terminal's zone, to the minute."""
    frame = expect_screen(terminal, ("log",))
    expect(frame.fields["time"] == shown, terminal, f"a record of {shown}", frame)


@then(
    "the record on the screen was made at {text} or later and has a lower number",
    "画面上的日志记录时间为{text}或之后且编号更小",
)
def record_before(shown: str, terminal: Terminal) -> None:
    """Before midnight; the records before it in this scenario were made after midnight and have higher numbers."""
    frame = expect_screen(terminal, ("log",))
    newest = max(int(f.fields["record"]) for f in terminal.screen.history() if f.screen == "log")
    expect(frame.fields["time"] >= shown, terminal, f"a record of {shown} or later", frame)
    expect(int(frame.fields["record"]) < newest, terminal, f"a number below {newest}", frame)
