"""The opened case."""

from __future__ import annotations

from posrig.language.decorators import given, then, when
from posrig.terminal.models.terminal_r import servicing
from posrig.terminal.terminal import Terminal

MODEL = "terminal_r"
"""The terminal model whose own use cases these sentences call."""


@given("the case was opened", "机壳曾被打开")
@when("the case is opened", "机壳被打开")
def opened(terminal: Terminal) -> None:
    """The sensor fires, with or without power."""
    terminal.do("terminal.tamper")
    terminal.clock.sleep(0.5)


@then("the terminal is out of use for ever", "终端永久停用")
def out_of_use(terminal: Terminal) -> None:
    """The page of the tampered terminal; keys, holds and waiting lead nowhere."""
    servicing.is_tampered(terminal)


@when("the service file for tamper {count} is on the stick", "U盘上有第{count}次拆机的服务文件")
def service_file(number: int, terminal: Terminal) -> None:
    """The repair centre's, made for this terminal; it is read at the next start."""
    servicing.plug_service_file(terminal, number)


@when(
    "the service file for tamper {count} of the terminal {text} is on the stick",
    "U盘上有机号{text}第{count}次拆机的服务文件",
)
def foreign_service_file(number: int, serial_number: str, terminal: Terminal) -> None:
    """Rightly made, for another terminal."""
    servicing.plug_service_file(terminal, number, serial_number)
