"""The scopes of a search: each a part of the terminal's behaviour small enough to be covered edge by edge."""

from __future__ import annotations

from collections.abc import Sequence

from posrig.description.profile import Profile
from posrig.fuzzing.models.terminal_r.acts import (
    CODE,
    CUT,
    DAY,
    DEFAULT,
    EARLIER_UNLOCK,
    HALF_HOUR,
    HOST_LOCK,
    HOST_UNLOCK,
    LOCK,
    LONG,
    MODULE,
    NET_BACK,
    NET_CUT,
    NOISE,
    OTHER_UNLOCK,
    RESTART,
    RIGHT,
    SALE,
    SHORT,
    SIGN_OFF,
    UNLOCK,
    USED_CODE,
    USED_UNLOCK,
    WRONG,
    WRONG_CODE,
    WRONG_UNLOCK,
    chords,
)
from posrig.fuzzing.models.terminal_r.lock_model import Scope
from posrig.fuzzing.models.terminal_r.rules import Bounds
from posrig.fuzzing.models.terminal_r.trials.known import TRIALS, scope_of
from posrig.ground.faults import ConfigurationError

_QUESTION, _ENTRY, _WARNING, _LOCKED = "quiet for 12 s", "quiet for 65 s", "quiet for 295 s", "quiet for 305 s"


def scopes(profile: Profile) -> tuple[Scope, ...]:
    """Every scope of the model, in the order of a whole run."""
    return (
        Scope(
            "lock",
            ("operator 01", "operator 02", "operator 00", RIGHT, SHORT, DEFAULT, LONG, CODE, LOCK, SIGN_OFF, "CANCEL",
             "CANCEL x6", "ENTER", "MENU", CUT, RESTART, NOISE, _WARNING, _LOCKED),
            Bounds(failures={"01": 1}),
            "locking by menu and by idle time, unlocking by owner and manager",
            weight=4,
        ),
        Scope(
            "typing",
            ("operator 01", "operator 00", RIGHT, CODE, "0", "1", "CLEAR", "CANCEL", "ENTER", "F2", LOCK, SALE,
             _ENTRY, CUT),
            Bounds(failures={"01": 1, "00": 1}, digits=True, together=1),
            "digits left in fields, amounts, sales",
            weight=2,
        ),
        Scope(
            "lock-out",
            ("operator 01", "operator 03", RIGHT, WRONG, "CANCEL", CUT, HALF_HOUR, SIGN_OFF),
            Bounds(failures={"01": 5, "03": 1}, lock_outs=1),
            "counting, locking out; other operators meanwhile",
            weight=2,
        ),
        Scope(
            "second step",
            ("operator 00", "operator 01", RIGHT, WRONG, CODE, WRONG_CODE, USED_CODE, "CANCEL", "CLEAR", "ENTER",
             SIGN_OFF, CUT, NET_CUT, NET_BACK, _ENTRY),
            Bounds(failures={"00": 1}, codes=True),
            "the manager's time code, used codes, no network",
            weight=2,
        ),
        Scope(
            "guessing",
            ("operator 00", RIGHT, WRONG, CODE, WRONG_CODE, "CANCEL", CUT, HALF_HOUR),
            Bounds(failures={"00": 5}, lock_outs=1),
            "wrong passwords and time codes of the manager, up to the lock-out",
            weight=2,
        ),
        Scope(
            "host lock",
            ("operator 99", "operator 00", "operator 01", RIGHT, CODE, UNLOCK, LOCK, MODULE, SIGN_OFF, "CANCEL", "1",
             "2", "3", CUT, HOST_LOCK, HOST_UNLOCK),
            Bounds(causes=True),
            "host lock, status and cause page",
            weight=2,
        ),
        Scope(
            "unlock code",
            ("operator 99", "operator 00", "operator 01", RIGHT, CODE, UNLOCK, WRONG_UNLOCK, USED_UNLOCK,
             EARLIER_UNLOCK, OTHER_UNLOCK, LOCK, SIGN_OFF, "CANCEL", "3", CUT),
            Bounds(codes=True),
            "the help desk's code: once, for one challenge of one terminal",
            weight=2,
        ),
        Scope(
            "menus",
            ("operator 01", "operator 00", "operator 99", RIGHT, CODE, *profile.keys, "ENTER held 3 s", NOISE,
             _QUESTION, _ENTRY, _WARNING, _LOCKED),
            Bounds(),
            "every key in every menu, the idle time on every page",
            weight=2,
        ),
        Scope(
            "escalation",
            ("operator 01", RIGHT, WRONG, "CANCEL", CUT, HALF_HOUR),
            Bounds(failures={"01": 5}, lock_outs=3),
            "the third lock-out in a row",
            weight=3,
        ),
        Scope(
            "lifting",
            ("operator 01", "operator 00", "operator 99", RIGHT, WRONG, CODE, UNLOCK, "CANCEL", "F1", "3", CUT),
            Bounds(failures={"01": 5}, lock_outs=1),
            "a lock-out lifted by manager, administrator and code",
        ),
        Scope(
            "day",
            ("operator 01", "operator 00", RIGHT, CODE, LOCK, HOST_LOCK, CUT, HALF_HOUR, DAY),
            Bounds(),
            "the restart every 24 hours",
            weight=2,
        ),
        Scope(
            "numbers",
            (*(f"operator {number:02d}" for number in range(100)), DEFAULT, "CANCEL"),
            Bounds(failures={f"{number:02d}": 1 for number in range(100)}, together=1),
            "each operator number with a published password",
            weight=7,
        ),
        Scope(
            "chords",
            ("operator 01", RIGHT, LOCK, *chords(profile.keys)),
            Bounds(digits=True),
            "every two keys together where the terminal is locked",
            weight=4,
        ),
    )  # fmt: skip


def chosen(profile: Profile, names: Sequence[str]) -> tuple[Scope, ...]:
    """The scopes and trials of these names, all when none is named. Raises ConfigurationError."""
    known = {scope.name: scope for scope in (*scopes(profile), *map(scope_of, TRIALS))}
    for name in names:
        if name not in known:
            raise ConfigurationError(f"there is no scope {name!r}", allowed=", ".join(known))
    return tuple(known[name] for name in names) if names else tuple(known.values())


def own(scope: object) -> Scope:
    """A scope that this room has made."""
    assert isinstance(scope, Scope)
    return scope
