"""Who works here: staff numbers of six digits, passwords as salted digests, who is signed on now."""

from __future__ import annotations

import hashlib
import itertools
from typing import Any

from posrig.simulated.terminals.flash import Flash
from posrig.simulated.terminals.pages import Core

DIGITS = 6
"""Of a staff number, and of a password."""
SUPERVISOR = "900001"
"""The one number that a terminal always has."""
DEFAULT = "888888"
"""The published first password: it signs nobody on, it only leads to a new one."""


def supervises(number: str) -> bool:
    """Numbers of supervisors begin with 9."""
    return number.startswith("9")


def entry_of(number: str, password: str, *, first: bool = False) -> dict[str, Any]:
    """What is stored of a person. ``first``: the password was given by somebody else."""
    salt = hashlib.sha256(f"counter {number}".encode()).hexdigest()[:16]
    return {"salt": salt, "digest": _digest(salt, password), "first": first}


def after_reset() -> dict[str, Any]:
    """The staff of a terminal that knows nobody."""
    return {SUPERVISOR: entry_of(SUPERVISOR, DEFAULT, first=True)}


class Staff:
    def __init__(self, core: Core) -> None:
        self.flash: Flash = core.flash
        self.on_duty: str | None = None
        """Signed on; gone with the power."""

    def knows(self, number: str, password: str) -> bool:
        entry = self._all().get(number)
        return entry is not None and entry["digest"] == _digest(entry["salt"], password)

    def must_change(self, number: str) -> bool:
        return bool(self._all()[number]["first"])

    def set_password(self, number: str, password: str, *, first: bool = False) -> None:
        self.flash.put(staff={**self._all(), number: entry_of(number, password, first=first)})

    def weak(self, number: str, password: str) -> bool:
        """Not six digits, one digit repeated, a run, the number itself, the published one, or the present one."""
        steps = {(int(b) - int(a)) % 10 for a, b in itertools.pairwise(password)}
        simple = len(password) != DIGITS or steps in ({0}, {1}, {9})
        return simple or password in (number, DEFAULT) or self.knows(number, password)

    def _all(self) -> dict[str, Any]:
        found: dict[str, Any] = self.flash.get("staff", {})
        return found


def _digest(salt: str, password: str) -> str:
    return hashlib.sha256(f"{salt}:{password}".encode()).hexdigest()
