"""Causes C01 to C07, and the rules of unlock codes."""

from __future__ import annotations

from fixtures.world import Parts
from posrig.language.decorators import given, then, when
from posrig.language.parameters import Role, ScreenId
from posrig.terminal.judging import expect, expect_screen
from posrig.terminal.models.terminal_r import causes
from posrig.terminal.terminal import Terminal

MODEL = "terminal_r"
"""The terminal model whose own use cases these sentences call."""


@given("a terminal with cause {text}", "一台因{text}锁定的终端")
def with_cause(cause: str, terminal: Terminal) -> None:
    """From power-off: C01 menu, C02 passwords, C03 idle, C04 host, C05 network, C06 self-test, C07 tamper."""
    causes.bring_about(terminal, cause)


@then("the screen {screen} names the cause {text}", "画面{screen}显示原因{text}")
def screen_names_cause(screen: ScreenId, text: str, terminal: Terminal) -> None:
    """The state's own screen, and the text that tells the cause."""
    frame = expect_screen(terminal, (screen,), within_s=5.0, expected=f"screen {screen}")
    expect(any(text in line for line in frame.lines), terminal, f"the screen tells the cause: {text!r}", frame)


@then("the cause page shows {text} by {text}", "原因页显示{text}，操作员为{text}")
def cause_page(cause: str, who: str, terminal: Terminal) -> None:
    """The newest record: code and who; 00 or 99 is at the lock module or signed on."""
    causes.cause_page_says(terminal, cause, who)


@then("the records of causes, newest first, are {text}", "原因记录由新到旧为{text}")
def kept_causes(listed: str, terminal: Terminal) -> None:
    """One record for each lock, read with DOWN: "C03 C01"."""
    causes.kept_causes_are(terminal, listed.split())


@when("(the ){role} enters the code of an earlier challenge", "{role}输入上一个挑战码对应的解锁码")
def earlier_challenge(role: Role, terminal: Terminal) -> None:
    """Two challenges of one day; the code of the first at the second."""
    causes.code_of_another_challenge(terminal)


@when("(the ){role} enters the code of {count} day(s) ago", "{role}输入{count}天前的解锁码")
def earlier_day(role: Role, days: int, terminal: Terminal) -> None:
    """This terminal and this challenge, another day."""
    causes.code_of_another_day(terminal, days)


@when("(the ){role} enters tomorrow's code", "{role}输入明天的解锁码")
def tomorrow(role: Role, terminal: Terminal) -> None:
    """This terminal and this challenge, the next day."""
    causes.code_of_another_day(terminal, -1)


@when("(the ){role} enters the unlock code that was used before", "{role}再次输入用过的解锁码")
def used_again(role: Role, terminal: Terminal) -> None:
    """The last code that was accepted, at the present challenge."""
    causes.used_code_again(terminal)


@then("{count} challenges in a row differ", "连续{count}个挑战码互不相同")
def challenges_differ(count: int, terminal: Terminal) -> None:
    """From the lock module of a locked terminal."""
    causes.challenges_differ(terminal, count)


@then("no unlock code is asked for", "不要求输入解锁码")
def no_code(terminal: Terminal) -> None:
    """3 in the lock module of an open terminal shows the status."""
    terminal.keypad.press("3")
    expect_screen(terminal, ("status",), expected="the status page: there is nothing to unlock")


@when("the keypad is repaired", "键盘已修复")
def keypad_repaired(parts: Parts) -> None:
    """The part that failed the self-test is good again."""
    parts.mend("keypad")
