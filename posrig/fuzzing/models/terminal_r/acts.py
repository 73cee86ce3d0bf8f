"""What can be done to a terminal, each with a name that says it all: the inputs of the model and of the rig.

An act becomes key presses only when it is done (by the profile and the credentials), so that a finding in the archive
holds no password: "right password" is the name, never the digits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from posrig.ground.faults import ConfigurationError

Kind = Literal["keys", "hold", "chord", "operator", "secret", "wait", "pause", "day", "event"]


@dataclass(frozen=True, slots=True)
class Act:
    """One input. ``keys``: what is pressed, where that is fixed; ``seconds``: how long it waits or holds."""

    name: str
    kind: Kind
    keys: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def takes_s(self) -> float:
        """About how long it takes on a rig, for the planner."""
        return _TAKES_S.get(self.name, 0.2 * max(len(self.keys), 1) + self.seconds)


RIGHT, WRONG, SHORT, DEFAULT, LONG = (
    "right password", "wrong password", "password without its last digit", "default password", "20 wrong digits",
)  # fmt: skip
CODE, WRONG_CODE, USED_CODE = "time code", "wrong time code", "used time code"
UNLOCK, WRONG_UNLOCK, USED_UNLOCK = "unlock code", "wrong unlock code", "used unlock code"
EARLIER_UNLOCK, OTHER_UNLOCK = "unlock code of an earlier challenge", "unlock code of another terminal"
PASSWORDS = (RIGHT, WRONG, SHORT, DEFAULT, LONG)
CODES = (CODE, WRONG_CODE, USED_CODE)
UNLOCK_CODES = (UNLOCK, WRONG_UNLOCK, USED_UNLOCK, EARLIER_UNLOCK, OTHER_UNLOCK)
CUT, RESTART, NET_CUT, NET_BACK, HOST_LOCK, HOST_UNLOCK = (
    "power cut", "restart chord", "network cut", "network back", "host lock", "host unlock",
)  # fmt: skip
GUESSES = frozenset({WRONG, SHORT, DEFAULT, LONG, WRONG_CODE, USED_CODE, *UNLOCK_CODES} - {UNLOCK})
"""Charged to the ledger of the terminal by whoever does them."""
EVENTS = (CUT, RESTART, NET_CUT, NET_BACK, HOST_LOCK, HOST_UNLOCK)
HALF_HOUR, DAY, NOISE = "31 min", "24 h and 1 min", "5 min of host messages"
SALE, SIGN_OFF, LOCK, MODULE = "sale of 1.00", "sign off", "lock by menu", "lock module by menu"
FROM_MENU = {SIGN_OFF: ("MENU", "5", "1"), LOCK: ("MENU", "5", "3", "ENTER"), MODULE: ("MENU", "5", "3")}
_TAKES_S = {CUT: 14.0, RESTART: 14.0, NET_CUT: 2.0, NET_BACK: 4.0, HOST_LOCK: 3.0, HOST_UNLOCK: 3.0, CODE: 17.0}
_QUIET = re.compile(r"quiet for (\d+) s")
_TIMES = re.compile(r"(\S+) x(\d+)")
_HELD = re.compile(r"(\S+) held (\d+) s")


def act(name: str, keys: Sequence[str]) -> Act:
    """The act of a name; ``keys`` is the terminal's keypad.

    Names: a key; ``CANCEL x6``; ``ENTER held 3 s``; ``1+F1`` (together, then CLEAR); ``operator 01``; the passwords
    and codes above; ``quiet for 65 s`` (until so long after the last key); the events above.

    Raises:
        ConfigurationError: no act has this name, or it needs a key that the terminal does not have.
    """
    made = _made(name)
    if made is None:
        raise ConfigurationError(
            f"no act is called {name!r}",
            allowed="a key, 'CANCEL x6', 'ENTER held 3 s', '1+F1', 'operator 01', 'quiet for 65 s', "
            + ", ".join((*PASSWORDS, *CODES, *UNLOCK_CODES, *EVENTS, HALF_HOUR, DAY, NOISE, SALE, *FROM_MENU)),
        )
    missing = sorted(set(made.keys) - set(keys))
    if missing:
        raise ConfigurationError(
            f"the act {name!r} needs keys that the profile does not have: {' '.join(missing)}", allowed=" ".join(keys)
        )
    return made


def _made(name: str) -> Act | None:
    if name in (*PASSWORDS, *CODES, *UNLOCK_CODES):
        return Act(name, "secret")
    if name in EVENTS:
        return Act(name, "event")
    if name in (HALF_HOUR, NOISE):
        return Act(name, "pause", seconds=1860.0 if name == HALF_HOUR else 301.0)
    if name == DAY:
        return Act(name, "day", seconds=86_460.0)
    if name == SALE:
        return Act(name, "keys", ("1", "0", "0", "ENTER"))
    if name in FROM_MENU:
        return Act(name, "keys", FROM_MENU[name])
    if found := _QUIET.fullmatch(name):
        return Act(name, "wait", seconds=float(found[1]))
    if name.startswith("operator ") and re.fullmatch(r"\d\d", name[9:]):
        return Act(name, "operator", (*name[9:], "ENTER"))
    if found := _TIMES.fullmatch(name):
        return Act(name, "keys", (found[1],) * int(found[2]))
    if found := _HELD.fullmatch(name):
        return Act(name, "hold", (found[1],), float(found[2]))
    if "+" in name:
        first, _, second = name.partition("+")
        return Act(name, "chord", (first, second, "CLEAR")) if first and second and first != second else None
    return Act(name, "keys", (name,)) if re.fullmatch(r"[0-9]|\.|[A-Z]+\d?", name) else None


def chords(keys: Sequence[str]) -> tuple[str, ...]:
    """Every two keys together."""
    return tuple(f"{first}+{second}" for first, second in combinations(keys, 2))
