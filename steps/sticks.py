"""The USB stick: what lies on it, when it goes in and out, backup and restore."""

from __future__ import annotations

from fixtures.world import Stick
from posrig.language.decorators import given, then, when
from posrig.terminal.judging import expect, expect_screen
from posrig.terminal.models.terminal_r import servicing, updating
from posrig.terminal.terminal import Terminal

MODEL = "terminal_r"
"""The terminal model whose own use cases these sentences call."""


@given("an empty stick is plugged in", "已插入空U盘")
@when("an empty stick is plugged in", "插入空U盘")
def empty_stick(stick: Stick) -> None:
    """Nothing on it."""
    stick.holds({})
    stick.plug_in(wait=False)


@when("the stick is pulled out", "拔出U盘")
def pulled(stick: Stick) -> None:
    """Whatever the terminal is doing."""
    stick.pull_out()


@when("the stick is plugged in again", "重新插入U盘")
def plugged(stick: Stick) -> None:
    """With what lies on it."""
    stick.plug_in()


@when("the package on the stick is replaced by version {text}", "U盘上的更新包被替换为版本{text}")
def replaced(version: str, terminal: Terminal) -> None:
    """Under the terminal's hands: the stick stays plugged in."""
    updating.stick_with(terminal, version=version)


@when(
    "the package on the stick is replaced by version {text} with the fault {text}",
    "U盘上的更新包被替换为版本{text}、带缺陷{text}",
)
def replaced_by_faulty(version: str, fault: str, terminal: Terminal) -> None:
    """Under the terminal's hands: the stick stays plugged in."""
    updating.stick_with(terminal, version=version, faults=[fault])


@when("a stick with the file {text} that says {text} is plugged in", "插入内含文件{text}、内容为{text}的U盘")
def stick_with_file(name: str, content: str, stick: Stick) -> None:
    """Any file, as text."""
    stick.pull_out(wait=False)
    stick.holds({name: content.encode()})
    stick.plug_in()


@when("the admin makes a backup", "系统管理员做备份")
def back_up(terminal: Terminal) -> None:
    """MENU 5 5 5; the note passes by itself."""
    frame = servicing.back_up(terminal)
    expect(frame.screen == "backup_done", terminal, "the backup is written", frame)
    terminal.screen.leaves("backup_done", 5.0)
    terminal.keypad.press_all(("CANCEL", "CANCEL", "CANCEL"))
    expect_screen(terminal, ("idle",))


@when("the admin tries to make a backup", "系统管理员尝试备份")
def tries_to_back_up(terminal: Terminal) -> None:
    """MENU 5 5 5."""
    servicing.back_up(terminal)


@then("no password and no seed stands on the stick", "U盘上没有任何密码或密钥种子")
def no_secret_on_stick(terminal: Terminal) -> None:
    """Every file, byte by byte, for every operator."""
    servicing.stick_holds_no_secret(terminal)


@when("the backup is taken back", "恢复备份")
def restored(terminal: Terminal) -> None:
    """ENTER at the question."""
    expect_screen(terminal, ("restore_ask",), expected="the question whether to restore the backup")
    terminal.keypad.press("ENTER")
    terminal.screen.settled()


@then("the backup is offered back", "提示可恢复备份")
def offered_back(terminal: Terminal) -> None:
    """After the new admin password."""
    expect_screen(terminal, ("restore_ask",), expected="the question whether to restore the backup")


@then("no backup is offered back", "不提示恢复备份")
def not_offered_back(terminal: Terminal) -> None:
    """What lies on the stick is no backup."""
    frame = terminal.screen.settled()
    expect(frame.screen == "signed_off", terminal, "nothing is offered: the sign-on is asked for", frame)
