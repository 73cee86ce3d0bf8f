"""The log: who, what, when and with what result; what must not stand in it."""

from __future__ import annotations

from rigs.terminal.flows import logbook
from rigs.terminal.terminal import Terminal
from steps.language import then


@then("the log holds {text} of {text}", "日志中有{text}记录,操作员为{text}")
def log_holds(event: str, detail: str, terminal: Terminal) -> None:
    """The manager signs on and reads the newest 40 records: one of this event by this operator is there."""
    logbook.holds(terminal, event, detail)
