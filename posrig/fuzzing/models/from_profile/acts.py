"""What can be done to a terminal, by what its profile says: keys, ways, factors at prompts, waits, power, the host.

No act holds a password: it becomes presses by the profile and the credentials when it is done (doing.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from posrig.description.profile import Profile
from posrig.ground.faults import ConfigurationError

Kind = Literal[
    "keys", "hold", "chord", "number", "secret", "way", "passes", "alone", "lock-out over", "cut", "host", "offer",
    "stick", "touch",
]  # fmt: skip
RIGHT, WRONG, SHORT, OLD = (
    "right password", "wrong password", "password without its last digit", "password from before the reset",
)  # fmt: skip
CODE, WRONG_CODE = "time code", "wrong time code"
UNLOCK, WRONG_UNLOCK = "unlock code", "wrong unlock code"
NEW = "new password"
GUESSES = (WRONG, SHORT, OLD, WRONG_CODE, WRONG_UNLOCK)
"""Secrets that the terminal must refuse."""
CUT, PASSES, WAITED = "power cut", "wait until it goes by itself", "wait until the lock-out is over"
HOST_LOCK, HOST_UNLOCK = "host lock", "host unlock"
STICK_IN, STICK_OUT = "stick in", "stick out"
SOUND = "sound"
FAULTS = (SOUND, "older", "unsigned", "wrong_model", "cut_short")
"""Packages that are offered (docs/update-package.md): each but the sound one must be refused."""
LONG_S = 3.0
TIMES = 6
MARGIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Act:
    """One input of the search. ``what``: the number, the way, the package or the text on the glass."""

    name: str
    kind: Kind
    keys: tuple[str, ...] = ()
    seconds: float = 0.0
    what: str = ""

    @property
    def guess(self) -> bool:
        """The terminal counts it as a wrong password or code."""
        return self.name in GUESSES


def key(name: str) -> Act:
    return Act(name, "keys", (name,))


def burst(name: str) -> Act:
    return Act(f"{name} x{TIMES}", "keys", (name,) * TIMES)


def hold(name: str, seconds: float = LONG_S) -> Act:
    return Act(f"{name} held {seconds:g} s", "hold", (name,), seconds)


def chords(keys: Iterable[str]) -> Iterator[Act]:
    """Every two keys together."""
    for pair in combinations(keys, 2):
        yield Act("+".join(pair), "chord", pair)


def number(one: str) -> Act:
    return Act(f"number {one}", "number", what=one)


def secret(name: str) -> Act:
    return Act(name, "secret")


def way(name: str) -> Act:
    """The keys of a way, up to the first thing that is asked on it."""
    return Act(f"way {name}", "way", what=name)


def offer(fault: str) -> Act:
    return Act(f"offer a package: {fault}", "offer", what=fault)


def touch(text: str) -> Act:
    return Act(f"touch {text}", "touch", what=text)


def alone(seconds: float) -> Act:
    return Act(f"left alone for {seconds:g} s", "alone", seconds=seconds)


EVENTS = {
    CUT: Act(CUT, "cut"), PASSES: Act(PASSES, "passes"), WAITED: Act(WAITED, "lock-out over"),
    HOST_LOCK: Act(HOST_LOCK, "host"), HOST_UNLOCK: Act(HOST_UNLOCK, "host"),
    STICK_IN: Act(STICK_IN, "stick"), STICK_OUT: Act(STICK_OUT, "stick"),
}  # fmt: skip


def texts(profile: Profile) -> tuple[str, ...]:
    """Words that stand alone in a row of a page: on a glass they may be buttons."""
    found: dict[str, None] = {}
    for screen in profile.screens.values():
        for row in (row for rows in screen.rows.values() for row in rows if "{" not in row):
            words = [word for word in re.split(r"\s{2,}", row.strip()) if word]
            alone_there = row.startswith("  ") or len(words) > 1
            found.update((word, None) for word in words if alone_there and not word.isdigit() and len(word) <= 8)
    return tuple(found)


def checked(acts: Iterable[Act], profile: Profile) -> dict[str, Act]:
    """By name. Raises ConfigurationError for a key that the profile does not have."""
    found = {act.name: act for act in acts}
    for act in found.values():
        missing = sorted(set(act.keys) - set(profile.keys))
        if missing:
            raise ConfigurationError(
                f"the act {act.name!r} needs keys that the profile does not have: {' '.join(missing)}",
                where=str(profile.source.path), allowed=" ".join(profile.keys),
            )  # fmt: skip
    return found
