"""The log viewer: records as they are shown, newest first, and what must not stand in them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from rigs.terminal.contracts import Frame
from rigs.terminal.flows.judging import expect, expect_screen
from rigs.terminal.flows.passwords import to_ready
from rigs.terminal.flows.signing_on import sign_off, sign_on
from rigs.terminal.terminal import Terminal

READER = "00"
MOST_RECORDS = 1000


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One record as the screen shows it."""

    number: int
    time: str
    event: str
    detail: str

    def __str__(self) -> str:
        return f"{self.number:06d} {self.time} {self.event} | {self.detail}"


def _shown(frame: Frame) -> LogRecord:
    fields = frame.fields
    return LogRecord(int(fields["record"]), fields["time"], fields["event"], fields["detail"].strip())


def come_as_reader(terminal: Terminal, operator: str = READER) -> None:
    """Whoever is signed on signs off; the reader signs on, unlocking where that is needed."""
    frame = terminal.screen.settled()
    if frame.screen in ("menu", "manage", "log", "lockmod", "idle", "status", "operators"):
        frame = to_ready(terminal)
    if frame.screen == "idle" and frame.fields["operator"] == operator:
        return
    if frame.screen == "idle":
        sign_off(terminal)
    sign_on(terminal, operator)


def read(terminal: Terminal, most: int = MOST_RECORDS) -> tuple[LogRecord, ...]:
    """From the reader's ready screen and back: the newest records, newest first."""
    terminal.keypad.press_all(("MENU", "5", "4"))
    records = [_shown(expect_screen(terminal, ("log",), expected="the log viewer"))]
    while len(records) < most:
        terminal.keypad.press("UP")
        record = _shown(expect_screen(terminal, ("log",), expected="the log viewer"))
        if record.number == records[-1].number:
            break
        records.append(record)
    to_ready(terminal)
    return tuple(records)


def holds(terminal: Terminal, event: str, detail: str, *, most: int = 40) -> LogRecord:
    """The reader comes and finds such a record among the newest."""
    come_as_reader(terminal)
    records = read(terminal, most)
    found = next((r for r in records if r.event == event and r.detail.startswith(detail)), None)
    listed = "\n".join(map(str, records[:12]))
    expect(found is not None, terminal, f"a record {event!r} of {detail!r} in the log; the newest are\n{listed}")
    assert found is not None
    return found


def newest_are(terminal: Terminal, expected: list[tuple[str, str]]) -> None:
    """The newest records, oldest of them first, are exactly these (event, detail): one record each, none between.

    The reader's own sign-on comes after them and is left out.
    """
    come_as_reader(terminal)
    records = read(terminal, len(expected) + 1)
    found = [(r.event, r.detail) for r in reversed(records[1:])]
    listed = "\n".join(map(str, reversed(records)))
    expect(found == expected, terminal, f"the newest records are {expected}; the log shows\n{listed}")


def numbers_rise(terminal: Terminal, most: int) -> None:
    """Each record has the number of the one before plus one, and no earlier time on the same day."""
    come_as_reader(terminal)
    records = read(terminal, most)
    for newer, older in pairwise(records):
        expect(newer.number == older.number + 1, terminal, f"record {older.number + 1} follows {older}")
        expect(newer.time >= older.time, terminal, f"record {newer} is not before {older}")
