"""The log: who, what, when and with what result; what must not stand in it."""

from __future__ import annotations

from posrig.language.decorators import then, when
from posrig.language.parameters import Role
from posrig.terminal.models.terminal_r import logbook, signing_on
from posrig.terminal.terminal import Terminal

MODEL = "terminal_r"
"""The terminal model whose own use cases these sentences call."""


@then("the log holds {text} of {text}", "日志中有{text}记录，操作员为{text}")
def log_holds(event: str, detail: str, terminal: Terminal) -> None:
    """The manager signs on and reads the newest 40 records: one of this event by this operator is there."""
    logbook.holds(terminal, event, detail)


@then("somewhere in the log there is {text} of {text}", "翻遍日志仍能找到{text}记录，操作员为{text}")
def log_holds_somewhere(event: str, detail: str, terminal: Terminal) -> None:
    """The manager goes back record by record to the oldest."""
    logbook.holds(terminal, event, detail, most=logbook.MOST_RECORDS)


@then("the newest records of the log are", "日志中最新的记录依次为")
def newest_records(datatable: list[list[str]], terminal: Terminal) -> None:
    """A table: event and detail, oldest first. One record for each event, none between; spaces do not count."""
    logbook.newest_are(terminal, datatable)


@then("the last {count} record numbers rise one by one", "最近{count}条记录编号逐一递增")
def numbers_rise(count: int, terminal: Terminal) -> None:
    """No gap, no number twice, no record before its predecessor."""
    logbook.numbers_rise(terminal, count)


@then("the log viewer ends at the first and at the newest record", "日志翻到首条和末条即止")
def viewer_ends(terminal: Terminal) -> None:
    """UP and DOWN past both ends."""
    logbook.viewer_ends(terminal)


@then("the record shown at unlocking is {text} of {text}", "解锁时显示的记录编号对应{text}，操作员为{text}")
def record_at_unlock(event: str, detail: str, terminal: Terminal) -> None:
    """The number on the `unlocked` screen is the record's."""
    logbook.record_shown_at_unlock(terminal, event, detail)


@then("the record {text} of {text} has the present time", "{text}记录的时间为当前时间，操作员为{text}")
def record_time(event: str, detail: str, terminal: Terminal) -> None:
    """Wall time of the shop."""
    logbook.has_present_time(terminal, event, detail)


@when("somebody is refused {count} sign-ons", "有人连续{count}次签到失败")
def noise(count: int, terminal: Terminal) -> None:
    """Numbers that nobody has, four tries each: noise that costs an attacker nothing but keys."""
    logbook.make_noise(terminal, count)


@when("(the ){role} types a password as operator number", "{role}误将密码输入到操作员号栏")
def password_as_number(role: Role, terminal: Terminal) -> None:
    """As long as a password of this role, by chance: the keys in the evidence would tell the real one."""
    signing_on.password_as_number(terminal, role.operator)


@then("no password stands in the log, on a screen or on the service port", "日志、画面和维护口中均无密码")
def no_secret(terminal: Terminal) -> None:
    """The manager reads the whole log; then every picture and every service line of the scenario is searched."""
    logbook.no_secret_anywhere(terminal)
