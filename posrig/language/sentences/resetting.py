"""Factory reset."""

from __future__ import annotations

from posrig.language.decorators import given, then, when
from posrig.language.parameters import Key, Role
from posrig.terminal.terminal import Terminal
from posrig.terminal.ways.cases import cases
from posrig.terminal.ways.proofs import was_asked


@given("the terminal was reset", "终端已恢复出厂", uses=("way factory reset",))
@when("the terminal is reset", "终端恢复出厂", uses=("way factory reset",))
def reset_whole(terminal: Terminal) -> None:
    """The way that the profile has for it, all erased."""
    cases(terminal).factory_reset()


@then("the old password of (the ){role} is refused", "{role}的旧密码被拒绝", uses=("means refused",))
def old_refused(role: Role, terminal: Terminal) -> None:
    """What the role had when the scenario began, at a sign-on or where else it is asked for."""
    cases(terminal).old_password_is_refused(role.operator)


@then("the password of (the ){role} was asked for", "要求过{role}的密码")
def asked_for(role: Role, terminal: Terminal) -> None:
    """A screen of this scenario asked for it."""
    was_asked(terminal, role.name)


@when(
    "the terminal is switched on with {key} and {key} held for {duration}",
    "按住{key}和{key}开机并保持{duration}",
    some=True,
)
def on_with_keys(first: Key, second: Key, seconds: float, terminal: Terminal) -> None:
    """Both are down before the power comes."""
    terminal.keypad.down(first)
    terminal.keypad.down(second)
    terminal.power.on()
    terminal.clock.sleep(seconds)
    terminal.keypad.release_all()
    terminal.screen.settled()
