"""Power, start and restart."""

from __future__ import annotations

from posrig.language.decorators import given, then, when
from posrig.language.parameters import Role
from posrig.terminal.judging import expect
from posrig.terminal.terminal import Terminal
from posrig.terminal.ways.cases import cases


@given("the terminal is switched off", "终端已关机")
def switched_off(terminal: Terminal) -> None:
    """No power: the state in which every scenario begins."""
    expect(not terminal.power.is_on, terminal, "the terminal is off")


@given("the terminal is switched on", "终端已开机")
@when("the terminal is switched on", "终端开机")
def switch_on(terminal: Terminal) -> None:
    """Supply on, start and self-test over."""
    cases(terminal).switch_on()


@given("(the ){role} is signed on", "{role}已签到", uses=("way sign on",))
def signed_on(role: Role, terminal: Terminal) -> None:
    """From power-off to the ready screen, with every factor of the role."""
    cases(terminal).ready(role.operator)


@given("nobody is signed on", "尚未有人签到", uses=("means signed off",))
def nobody_signed_on(terminal: Terminal) -> None:
    """From power-off to the screen that asks for a sign-on."""
    cases(terminal).signed_off()


@given("the power is cut and comes back", "断电后重新上电")
@when("the power is cut and comes back", "断电后重新上电")
def power_cut(terminal: Terminal) -> None:
    """A cut of the rig's least off-time, then the whole start."""
    cases(terminal).cut_power()


@when("the power is off for {duration}", "断电{duration}后重新上电", some=True)
def power_cut_for(off_s: float, terminal: Terminal) -> None:
    """A longer cut, then the whole start."""
    cases(terminal).cut_power(off_s)


@given("the power is cut", "断电")
@when("the power is cut", "断电")
def power_off(terminal: Terminal) -> None:
    """Off, and it stays off."""
    terminal.power.off()


@when("the power comes back", "恢复供电")
def power_on(terminal: Terminal) -> None:
    """On again, start over."""
    cases(terminal).switch_on()


@when("somebody brings the terminal home", "把终端带回首页")
def brings_home(terminal: Terminal) -> None:
    """Signed off or ready, from wherever it is: what runs is waited for, by keys or by power as the profile says."""
    cases(terminal).home()


@when("the terminal is switched on without waiting", "接通电源但不等待启动")
def power_on_only(terminal: Terminal) -> None:
    """On; the start is watched by the next steps."""
    terminal.power.on()


@then("the terminal asks for a sign-on", "终端要求签到", uses=("means signed off",))
def asks_for_sign_on(terminal: Terminal) -> None:
    """Nobody is signed on."""
    cases(terminal).asks_for_sign_on()


@when("(the ){role} restarts the terminal", "{role}重启终端", needs="restart", uses=("way restart",))
def restarts(role: Role, terminal: Terminal) -> None:
    """The way that the profile has for it."""
    cases(terminal).restart(role.operator)
