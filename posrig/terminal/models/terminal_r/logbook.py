"""The log viewer: records as they are shown, newest first, and what must not stand in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from posrig.ground.faults import ConfigurationError
from posrig.ground.secret import Secret
from posrig.terminal.contracts import Frame
from posrig.terminal.judging import expect, expect_screen, failure
from posrig.terminal.models.terminal_r.passwords import to_ready
from posrig.terminal.models.terminal_r.signing_on import (
    enter_operator,
    enter_password,
    password_step,
    rest_from_notice,
    second_factor,
    sign_off,
    sign_on,
)
from posrig.terminal.terminal import Terminal
from posrig.terminal.typed import charge_guess

READER = "00"
MOST_RECORDS = 1000
NOBODY = tuple(f"{number:02d}" for number in range(6, 99))
"""Numbers that no operator has."""


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


def come_as_reader(terminal: Terminal, operator: str = READER) -> bool:
    """Whoever is signed on signs off and the reader signs on, unless it is the reader already (False)."""
    frame = rest_from_notice(terminal)
    if frame.screen in ("menu", "manage", "log", "lockmod", "idle", "status", "operators"):
        frame = to_ready(terminal)
    if frame.screen == "idle" and frame.fields["operator"] == operator:
        return False
    if frame.screen == "idle":
        sign_off(terminal)
    elif frame.screen in ("locked_out", "login_id"):
        terminal.keypad.press("CANCEL")
    password_step(terminal, operator)
    second_factor(terminal, operator)
    if rest_from_notice(terminal).screen == "signed_off":  # the reader has unlocked a cashier's terminal
        sign_on(terminal, operator)
    to_ready(terminal)
    return True


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
    """The reader comes and finds such a record among the newest; the newest of them."""
    come_as_reader(terminal)
    records = read(terminal, most)
    found = next((r for r in records if r.event == event and _spaced(r.detail).startswith(_spaced(detail))), None)
    if found is None:
        raise failure(terminal, f"a record {event!r} of {detail!r} in the log; the newest are\n{_listed(records)}")
    return found


def newest_are(terminal: Terminal, expected: Sequence[Sequence[str]]) -> None:
    """The newest records, oldest of them first, are exactly these (event, detail): one each, none between.

    The sign-on of a reader who came for this is after them and is left out.
    """
    own = 1 if come_as_reader(terminal) else 0
    records = read(terminal, len(expected) + own)
    found = [[r.event, _spaced(r.detail)] for r in reversed(records[own:])]
    wanted = [[event, _spaced(detail)] for event, detail in expected]
    expect(found == wanted, terminal, f"the newest records are {wanted}; the log shows\n{_listed(records)}")


def numbers_rise(terminal: Terminal, most: int) -> None:
    """Each record has the number of the one before plus one, and no earlier time (within one day)."""
    come_as_reader(terminal)
    records = read(terminal, most)
    for newer, older in pairwise(records):
        expect(newer.number == older.number + 1, terminal, f"record {older.number + 1} follows {older}")
        expect(newer.time >= older.time, terminal, f"record {newer} is not before {older}")


def viewer_ends(terminal: Terminal) -> None:
    """DOWN at the newest and UP at the oldest stay; DOWN leads back to the newest by the same records."""
    come_as_reader(terminal)
    terminal.keypad.press_all(("MENU", "5", "4", "DOWN"))
    newest = _shown(expect_screen(terminal, ("log",)))
    terminal.keypad.press_all(["UP"] * (newest.number + 2))
    oldest = _shown(expect_screen(terminal, ("log",)))
    expect(oldest.number == 1, terminal, "UP ends at record 1")
    terminal.keypad.press_all(["DOWN"] * (newest.number + 2))
    again = _shown(expect_screen(terminal, ("log",)))
    expect(again == newest, terminal, f"DOWN ends at record {newest.number}")
    to_ready(terminal)


def record_shown_at_unlock(terminal: Terminal, event: str, detail: str) -> None:
    """The number that the last `unlocked` screen named is in the log as this event of this operator."""
    shown = [frame.fields["record"] for frame in terminal.screen.history() if frame.screen == "unlocked"]
    expect(bool(shown), terminal, "an unlocking was shown")
    record = holds(terminal, event, detail)
    expect(record.number == int(shown[-1]), terminal, f"record {shown[-1]} is {event} of {detail}; it is {record}")


def has_present_time(terminal: Terminal, event: str, detail: str) -> None:
    """The record's time is the wall time of the shop, within two minutes."""
    record = holds(terminal, event, detail)
    zone, now = ZoneInfo(terminal.zone), terminal.clock.now()
    right = [datetime.fromtimestamp(now - 60 * back, zone).strftime("%H:%M") for back in range(3)]
    expect(record.time in right, terminal, f"the record {record} has the time {right[0]}")


def make_noise(terminal: Terminal, count: int) -> None:
    """So many refused sign-ons with numbers that nobody has: what anybody can do who stands at the terminal.

    At most four for each number: a lock-out would be an event of another kind.
    """
    if count > 4 * len(NOBODY):
        raise ConfigurationError(f"{count} refused sign-ons", allowed=f"at most {4 * len(NOBODY)}")
    for turn in range(count):
        rest_from_notice(terminal)
        enter_operator(terminal, NOBODY[turn // 4])
        charge_guess(terminal, NOBODY[turn // 4])
        frame = enter_password(terminal, "1")
        expect(frame.screen == "login_bad", terminal, "the sign-on is refused", frame)
    rest_from_notice(terminal)
    terminal.keypad.press("CANCEL")


def no_secret_anywhere(terminal: Terminal) -> None:
    """No password of this rig or scenario, and no wrong one that was typed in its place, stands in any picture or
    service line since the scenario began. The reader goes through the whole log first."""
    come_as_reader(terminal)
    read(terminal)
    secrets = [
        *terminal.credentials.passwords.values(),
        *(secret for chosen in terminal.changed_passwords.values() for secret in chosen),
    ]
    # from the streams: the timeline, which is kept, hides what a screen that asks for a secret shows
    texts = [" | ".join(frame.lines) for frame in terminal.screen.history()]
    lines = terminal.service.since(0)
    texts += [" ".join((line.event, *line.fields.values())) for line in lines]
    codes = [line.fields.get("code", "") for line in lines if line.event == "key" and line.fields.get("edge") == "down"]
    keys = "".join(code if len(code) == 1 else "|" for code in codes)
    typed = [Secret(wrong, "wrong password that was typed") for wrong in terminal.typed_wrong]
    for secret in (*secrets, *typed):
        # alone: a password of four digits may well be a part of a record's number
        alone = re.compile(rf"(?<!\d){secret.reveal()}(?!\d)")
        expect(not any(map(alone.search, texts)), terminal, f"the {secret.label} stands in no picture and no line")
    for secret in secrets:
        expect(secret.reveal() not in keys, terminal, f"the service port does not tell the {secret.label} key by key")


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _listed(records: Sequence[LogRecord]) -> str:
    return "\n".join(map(str, records[:20]))
