"""Operators: cashiers 01 to 10 of four digits, the supervisor 00 of six, the system 99 of eight. Who is signed on."""

from __future__ import annotations

import hashlib
from typing import Any

from posrig.simulated.terminals.pages import Core

SUPERVISOR, SYSTEM = "00", "99"
FIRST: dict[str, str] = {"01": "0000", "02": "0000", SUPERVISOR: "123456", SYSTEM: "88888888"}
"""What a terminal has after a factory reset; a cashier's first password has to be changed at the first sign-on."""


def digits(operator: str) -> int:
    """Of a password."""
    return {SUPERVISOR: 6, SYSTEM: 8}.get(operator, 4)


def entry_of(operator: str, password: str) -> dict[str, Any]:
    salt = hashlib.sha256(f"esign {operator}".encode()).hexdigest()[:16]
    return {"salt": salt, "digest": _digest(salt, password)}


def after_reset() -> dict[str, Any]:
    return {operator: entry_of(operator, password) for operator, password in FIRST.items()}


class People:
    def __init__(self, core: Core) -> None:
        self.core = core
        self.session: str | None = None
        """The cashier who is signed on; gone with the power, save that a lock remembers whom it interrupted."""

    def cashier(self, operator: str) -> bool:
        return operator not in (SUPERVISOR, SYSTEM)

    def knows(self, operator: str, password: str) -> bool:
        entry = self._all().get(operator)
        return entry is not None and entry["digest"] == _digest(entry["salt"], password)

    def is_first(self, operator: str) -> bool:
        return operator in FIRST and self.knows(operator, FIRST[operator])

    def set_password(self, operator: str, password: str) -> None:
        self.core.flash.put(people={**self._all(), operator: entry_of(operator, password)})

    def weak(self, operator: str, password: str) -> bool:
        return len(password) != digits(operator) or len(set(password)) == 1 or self.knows(operator, password)

    def _all(self) -> dict[str, Any]:
        found: dict[str, Any] = self.core.flash.get("people", {})
        return found


def _digest(salt: str, password: str) -> str:
    return hashlib.sha256(f"{salt}:{password}".encode()).hexdigest()
