"""The log's trial in ordinary steps: what happens, and the table of its records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from posrig.fuzzing.models.terminal_r.trials.records import Record, in_chinese
from posrig.fuzzing.models.terminal_r.trials.trial import Circumstances
from posrig.fuzzing.running.feature_file import Step
from posrig.fuzzing.search.findings import Finding

_ON = Step("when", "operator 02 signs on", "02号签到")
_OFF = Step("when", "operator 02 signs off", "02号签退")
_LOCKS = Step("when", "operator 02 locks the terminal", "02号锁定终端")
_EVENTS: dict[str, tuple[Sequence[Step], Sequence[Record]]] = {
    "sign-on and sign-off": ([_ON, _OFF], [("SIGN-ON", "OP02"), ("SIGN-OFF", "OP02")]),
    "a wrong password of 03": (
        [Step("when", "operator 03 types a wrong password", "03号输错密码")],
        [("SIGN-ON NO", "OP03 try {}")],
    ),
    "an unknown number": (
        [Step("when", 'someone types the unknown number "47" with any password',
              "有人用不存在的操作员号“47”和任意密码签到")],
        [("SIGN-ON NO", "OP47 try {}")],
    ),
    "a lock and the owner's unlock": (
        [_ON, _LOCKS, Step("when", "operator 02 unlocks the terminal", "02号解锁终端"), _OFF],
        [("SIGN-ON", "OP02"), ("LOCK", "OP02 C01"), ("UNLOCK", "OP02"), ("SIGN-OFF", "OP02")],
    ),
    "a lock and the manager's unlock": (
        [_ON, _LOCKS, Step("when", "the manager unlocks the terminal", "主管解锁终端")],
        [("SIGN-ON", "OP02"), ("LOCK", "OP02 C01"), ("UNLOCK", "OP00")],
    ),
    "a host lock and its end": (
        [Step("when", "the host locks the terminal", "后台锁定终端"),
         Step("when", "the host unlocks the terminal", "后台解锁终端")],
        [("LOCK", "host C04"), ("UNLOCK", "host C04")],
    ),
    "a restart": ([Step("when", "the terminal is restarted by the keys", "用组合键重启终端")], [("RESTART", "chord")]),
}  # fmt: skip
_TIMES_OF = ("first", "then", "last")


def log_steps(chosen: Circumstances, finding: Finding) -> list[Step] | None:
    """None: over the new year, with a password typed as a number, or when it is about a secret."""
    names = [chosen[name] for name in _TIMES_OF]
    if finding.oracle != "log" or chosen["year"] != "goes on" or not set(names) <= _EVENTS.keys():
        return None
    tries: Counter[str] = Counter()
    steps, records = [Step("given", "nobody is signed on", "尚未有人签到")], list[Record]()
    for name in names:
        done, told = _EVENTS[name]
        tries[name] += 1
        steps += done
        records += [(event, detail.format(tries[name])) for event, detail in told]
    table = tuple((one, in_chinese(one)) for one in records)
    said = Step("then", "the newest records of the log are", "日志中最新的记录依次为", tuple(en for en, _ in table),
                tuple(zh for _, zh in table))  # fmt: skip
    return [*steps, said]
