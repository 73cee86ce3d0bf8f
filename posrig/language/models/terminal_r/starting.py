"""Power, start and restart."""

from __future__ import annotations

from posrig.language.decorators import given, then, when
from posrig.language.parameters import Role
from posrig.terminal.judging import expect
from posrig.terminal.models.terminal_r import starting
from posrig.terminal.models.terminal_r.signing_on import sign_on
from posrig.terminal.terminal import Terminal


@when("the power is cut and comes back without the host", "断电后重新上电，此时后台不应答")
def power_cut_without_host(terminal: Terminal) -> None:
    """A cut, the start, and as long as the terminal waits for the host in vain."""
    terminal.power.off()
    terminal.power.on()
    terminal.clock.sleep(starting.start_time_s(terminal) + starting.RECOVERS_WITHIN_S)


@when("the clock battery dies and the power is cut", "时钟电池耗尽并断电")
def clock_and_power_cut(terminal: Terminal) -> None:
    """The chip starts at 2000-01-01."""
    terminal.do("rtc.battery", dead=True)
    starting.cut_power(terminal)


@when("the terminal is restarted by the keys", "用组合键重启终端")
def restart_by_keys(terminal: Terminal) -> None:
    """CLEAR and '.' together for 2 s."""
    starting.restart_by_chord(terminal)


@when("(the ){role} restarts the terminal from the menu", "{role}从菜单重启终端", needs="restart")
def restart_by_menu(role: Role, terminal: Terminal) -> None:
    """MENU 5 5 1 ENTER; the role must be signed on."""
    starting.restart_by_menu(terminal)


@when("all terminals of the rack are switched off for {duration} and on again", "全部终端关机{duration}后再全部开机")
def restart_rack(wait_s: float, terminal: Terminal) -> None:
    """All off, the wait, all on, each up in time; this rig holds one terminal (several: tests/e2e)."""
    starting.restart_all([terminal], wait_s)


@given("(the ){role} signs on {duration} after the start", "开机{duration}后{role}签到")
def signs_on_late(role: Role, seconds: float, terminal: Terminal) -> None:
    """From power-off: 24 h after the start comes the daily restart."""
    starting.signed_off(terminal)
    terminal.clock.sleep(seconds)
    sign_on(terminal, role.operator)


@when("(the ){role} is back at work", "{role}重新开始工作")
def back_at_work(role: Role, terminal: Terminal) -> None:
    """Signs on where nobody is, unlocks what has locked itself; who is still signed on goes on."""
    starting.back_at_work(terminal, role.operator)


@when("it is {duration} before the daily restart", "距每日定时重启还有{duration}")
def before_daily(left_s: float, terminal: Terminal) -> None:
    """24 h after the last power-on it is due."""
    starting.until_before_daily_restart(terminal, left_s)


@given("the daily restart is announced", "已提示每日定时重启")
def daily_announced(terminal: Terminal) -> None:
    """From power-off: nobody touches the terminal for a day."""
    starting.switch_on(terminal)
    starting.until_daily_warning(terminal)


@then("the terminal restarts by itself within {duration}", "终端在{duration}内自动重启")
def restarts_by_itself(seconds: float, terminal: Terminal) -> None:
    """And the start after it ends well."""
    starting.wait_for_start(terminal, seconds)


@then("the services are up", "各项服务已恢复")
def services_up(terminal: Terminal) -> None:
    """The terminal has attached to its network since it was switched on."""
    terminal.clock.sleep(terminal.profile.timings.network_attach_s + 1.0)
    starting.link_is_up(terminal)


@then("the terminal is up again within {duration}", "终端在{duration}内重新就绪")
def up_within(seconds: float, terminal: Terminal) -> None:
    """A screen that takes keys is shown within the time."""
    frame = terminal.screen.first_not_in(starting.STARTING, seconds)
    expect(frame is not None, terminal, f"the start is over within {seconds:g} s")


@then("the self-test is passed on the way", "启动过程中自检通过")
def self_test_seen(terminal: Terminal) -> None:
    """The self-test was shown and ended without a fault (each start and each daily restart)."""
    shown = [frame.screen for frame in terminal.screen.history()]
    expect("self_test" in shown, terminal, f"the self-test is shown at the start; shown were {_distinct(shown)}")
    expect("self_test_fail" not in shown, terminal, "the self-test is passed")


@then("the terminal has started {count} time(s)", "终端共启动过{count}次")
def started_times(count: int, terminal: Terminal) -> None:
    """Boot screens of this scenario: an event that did not happen proves nothing."""
    boots = starting.starts_seen(terminal)
    expect(boots == count, terminal, f"the terminal has started {count} times; it did {boots} times")


def _distinct(names: list[str | None]) -> str:
    return ", ".join(dict.fromkeys(name or "an unknown screen" for name in names)) or "nothing"
