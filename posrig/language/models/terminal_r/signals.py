"""Beeps, how long a page stands, the current that is drawn, and the records that the service port tells."""

from __future__ import annotations

from posrig.language.decorators import then
from posrig.language.parameters import ScreenId
from posrig.terminal.models.terminal_r import signals
from posrig.terminal.terminal import Terminal


@then("the screen {screen} stood for {duration}", "画面{screen}显示了{duration}")
def stood_for(screen: ScreenId, seconds: float, terminal: Terminal) -> None:
    """From its coming to the next page, by the service port's clock; it has gone by now."""
    signals.stood_for(terminal, screen, seconds)


@then("the screen {screen} came with {count} beep(s)", "画面{screen}响{count}声")
def came_with(screen: ScreenId, count: int, terminal: Terminal) -> None:
    """Beside the beep of the key that led to it."""
    signals.came_with(terminal, screen, count)


@then("the screen {screen} came with a long beep", "画面{screen}响一长声")
def came_with_long(screen: ScreenId, terminal: Terminal) -> None:
    """One, and no other."""
    signals.came_with(terminal, screen, 1, long=True)


@then("the terminal draws {count} to {count} mA", "终端电流在{count}至{count}毫安之间")
def draws(least_ma: int, most_ma: int, terminal: Terminal) -> None:
    """The supply's reading at this moment."""
    signals.draws(terminal, least_ma, most_ma)


@then("the service port told {count} record(s) of {text}", "维护口报告了{count}条{text}记录")
def records_told(count: int, event: str, terminal: Terminal) -> None:
    """In this scenario, by the event's code ("tamper"): also where nobody can read the log."""
    signals.records_told(terminal, event, count)
