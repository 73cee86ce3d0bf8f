"""Fingerprint in place of the time code."""

from __future__ import annotations

from posrig.language.decorators import given, then, when
from posrig.language.parameters import Role
from posrig.terminal.judging import expect, expect_screen
from posrig.terminal.models.terminal_r import fingers
from posrig.terminal.models.terminal_r.passwords import to_ready
from posrig.terminal.models.terminal_r.signing_on import rest_from_notice
from posrig.terminal.models.terminal_r.starting import signed_off
from posrig.terminal.terminal import Terminal

MODEL = "terminal_r"
"""The terminal model whose own use cases these sentences call."""


@given("(the ){role} has enrolled a finger", "{role}已登记指纹", needs="second factor")
def has_enrolled(role: Role, terminal: Terminal) -> None:
    """A terminal from the shelf that knows the finger; it is switched on."""
    fingers.enrolled(terminal, role.operator)
    signed_off(terminal)


@when("(the ){role} enrols a finger by the menu", "{role}从菜单登记指纹", needs="second factor")
def enrols(role: Role, terminal: Terminal) -> None:
    """MENU 5 2 6, then the finger; the ready screen is shown again."""
    fingers.enrol_by_menu(terminal, role.operator)
    to_ready(terminal)


@when("(the ){role} touches the sensor", "{role}按指纹")
def touches(role: Role, terminal: Terminal) -> None:
    """The enrolled, living finger of this operator."""
    fingers.touch(terminal, fingers.template(role.operator))


@when("a stranger touches the sensor", "陌生人按指纹")
def stranger_touches(terminal: Terminal) -> None:
    """A living finger that nobody enrolled; a refusal shown before is waited out."""
    rest_from_notice(terminal)
    fingers.touch(terminal, fingers.STRANGE)


@when("a copy of (the ){role}'s finger touches the sensor", "用{role}的假指纹按压传感器")
def copy_touches(role: Role, terminal: Terminal) -> None:
    """The right pattern, not alive; a refusal shown before is waited out."""
    rest_from_notice(terminal)
    fingers.touch(terminal, fingers.template(role.operator), alive=False)


@given("the fingerprint sensor is dead", "指纹传感器已失效")
@when("the fingerprint sensor dies", "指纹传感器失效")
def sensor_dead(terminal: Terminal) -> None:
    """From now on."""
    terminal.do("finger.dead", dead=True)


@then("a finger is asked for", "要求按指纹")
def finger_asked(terminal: Terminal) -> None:
    """The sensor's page of the second step."""
    expect_screen(terminal, ("finger",), within_s=4.0, expected="a finger is asked for")


@then("the finger is refused with {count} tries left", "指纹被拒绝，还可以试{count}次")
def finger_refused(count: int, terminal: Terminal) -> None:
    """The refusal and the number it shows."""
    frame = expect_screen(terminal, ("finger_bad",), expected="the finger is refused")
    expect(int(frame.fields["left"]) == count, terminal, f"{count} tries are left", frame)


@then("the time code is asked for", "要求输入动态码")
def code_asked(terminal: Terminal) -> None:
    """Not the finger: the time code's page."""
    expect_screen(terminal, ("twofa",), within_s=4.0, expected="the time code is asked for")
