"""The audit log: each security event once, by the right actor, with rising numbers (19); no secret anywhere (20)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping

from posrig.fuzzing.models.terminal_r.trials.trial import Broken, Circumstances, Trial
from posrig.ground.faults import ProductFailure
from posrig.terminal.judging import expect_screen
from posrig.terminal.models.terminal_r import logbook
from posrig.terminal.models.terminal_r.clocks import begin_at, sleep_until
from posrig.terminal.models.terminal_r.locking import lock, unlock
from posrig.terminal.models.terminal_r.signing_on import (
    enter_operator,
    enter_password,
    password_as_number,
    rest_from_notice,
    sign_off,
    sign_on,
    try_wrong_passwords,
)
from posrig.terminal.models.terminal_r.starting import restart_by_chord, signed_off
from posrig.terminal.terminal import Terminal
from posrig.terminal.typed import charge_guess

Record = tuple[str, str]
Event = Callable[[Terminal, "Counter[str]"], list[Record]]
IN_CHINESE: Mapping[str, str] = {
    "SIGN-ON": "签到", "SIGN-ON NO": "签到失败", "SIGN-OFF": "签退", "LOCK": "锁定", "UNLOCK": "解锁",
    "RESTART": "重启", "chord": "组合键",
}  # fmt: skip
"""How a terminal that speaks Chinese says events and details."""
FLOOD = 130
"""More refusals than the ring's share of cheap records would let pass with the defect that is looked for."""


def _wrong(operator: str) -> Event:
    def do(terminal: Terminal, tries: Counter[str]) -> list[Record]:
        tries[operator] += 1
        if operator in terminal.credentials.passwords:
            try_wrong_passwords(terminal, operator, 1)
        else:
            enter_operator(terminal, operator)
            charge_guess(terminal, operator)
            enter_password(terminal, "4")
        rest_from_notice(terminal)
        terminal.keypad.press("CANCEL")
        return [("SIGN-ON NO", f"OP{operator} try {tries[operator]}")]

    return do


def _password_as_number(terminal: Terminal, tries: Counter[str]) -> list[Record]:
    """Not the real one: the keys in the evidence would tell it."""
    typed = password_as_number(terminal, "03")
    rest_from_notice(terminal)
    terminal.keypad.press("CANCEL")
    tries[typed[:2]] += 1
    return [("SIGN-ON NO", f"OP{typed[:2]} try {tries[typed[:2]]}")]


def _session(terminal: Terminal, _tries: Counter[str]) -> list[Record]:
    sign_on(terminal, "02")
    sign_off(terminal)
    return [("SIGN-ON", "OP02"), ("SIGN-OFF", "OP02")]


def _own_unlock(terminal: Terminal, _tries: Counter[str]) -> list[Record]:
    sign_on(terminal, "02")
    lock(terminal)
    unlock(terminal, "02")
    sign_off(terminal)
    return [("SIGN-ON", "OP02"), ("LOCK", "OP02 C01"), ("UNLOCK", "OP02"), ("SIGN-OFF", "OP02")]


def _manager_unlock(terminal: Terminal, _tries: Counter[str]) -> list[Record]:
    sign_on(terminal, "02")
    lock(terminal)
    unlock(terminal, "00")
    return [("SIGN-ON", "OP02"), ("LOCK", "OP02 C01"), ("UNLOCK", "OP00")]


def _host_lock(terminal: Terminal, _tries: Counter[str]) -> list[Record]:
    terminal.do("host.lock", cause="C04")
    expect_screen(terminal, ("host_lock",), within_s=5.0)
    terminal.do("host.unlock")
    expect_screen(terminal, ("signed_off",), within_s=5.0)
    return [("LOCK", "host C04"), ("UNLOCK", "host C04")]


def _restart(terminal: Terminal, _tries: Counter[str]) -> list[Record]:
    restart_by_chord(terminal)
    return [("RESTART", "chord")]


def in_chinese(record: Record) -> Record:
    """The record as a terminal that speaks Chinese shows it.

    >>> in_chinese(("SIGN-ON NO", "OP03 try 2"))
    ('签到失败', '操作员03 第2次')
    """
    event, detail = (IN_CHINESE.get(text, text) for text in record)
    detail = re.sub(r"OP(\d\d)", r"操作员\1", detail)
    return event, re.sub(r"try (\d+)", r"第\1次", detail).replace("host ", "后台 ")


def as_shown(terminal: Terminal, record: Record) -> Record:
    """The record in the language that the terminal shows."""
    return in_chinese(record) if terminal.screen.settled().language == "zh" else record


EVENTS: Mapping[str, Event] = {
    "sign-on and sign-off": _session,
    "a wrong password of 03": _wrong("03"),
    "an unknown number": _wrong("47"),
    "a lock and the owner's unlock": _own_unlock,
    "a lock and the manager's unlock": _manager_unlock,
    "a password typed as number": _password_as_number,
    "a host lock and its end": _host_lock,
    "a restart": _restart,
}


def _do(terminal: Terminal, chosen: Circumstances) -> None:
    if chosen["year"] != "goes on":
        begin_at(terminal, "2026-12-31 23:50")
    signed_off(terminal)
    tries: Counter[str] = Counter()
    expected = EVENTS[chosen["first"]](terminal, tries)
    if chosen["year"] != "goes on":
        rest_from_notice(terminal)
        sleep_until(terminal, "2027-01-01 00:05")
    for name in ("then", "last"):
        expected += EVENTS[chosen[name]](terminal, tries)
    rest_from_notice(terminal)
    try:
        logbook.newest_are(terminal, [as_shown(terminal, record) for record in expected])
    except ProductFailure as failure:
        seen = failure.found.partition("the log shows\n")[2].partition("\nfound:")[0].replace("\n", "; ")
        raise Broken("log", "each security event is one record, in order, by who did it", seen) from None
    _no_secret(terminal)


def _no_secret(terminal: Terminal) -> None:
    try:
        logbook.no_secret_anywhere(terminal)
    except ProductFailure as failure:
        expected = failure.found.splitlines()[0].removeprefix("expected: ")
        raise Broken("secrets", expected, "it stands there") from None


def _flood(terminal: Terminal, chosen: Circumstances) -> None:
    signed_off(terminal)
    EVENTS[chosen["before"]](terminal, Counter())
    logbook.make_noise(terminal, FLOOD)
    logbook.holds(terminal, *as_shown(terminal, ("SIGN-ON", "OP02")), most=logbook.MOST_RECORDS)


LOG = Trial(
    "log",
    "the log's newest records after drawn events; no secret anywhere",
    ("log", "secrets"),
    {
        "first": tuple(EVENTS),
        "then": tuple(EVENTS),
        "last": tuple(EVENTS),
        "year": ("goes on", "turns after the first"),
    },
    _do,
    presses=85,
    guesses=1,
    weight=4,
)
FLOODED = Trial(
    "log flood",
    "the log after many refusals",
    ("log",),
    {"before": ("sign-on and sign-off", "a lock and the manager's unlock")},
    _flood,
    presses=900,
    guesses=FLOOD,
    weight=4,
)
