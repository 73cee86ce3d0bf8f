"""What rooms hand to each other: a role, a try to get through all factors, a row of the journal. Knows no room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Literal

Purpose = Literal["sign_on", "unlock", "lift"]


class Role(Enum):
    CASHIER = "cashier"
    MANAGER = "manager"
    ADMIN = "admin"


@dataclass(slots=True)
class Attempt:
    """One try of one person to get through all factors. Dies with the page it belongs to."""

    purpose: Purpose
    done: Callable[[str], None]
    """What follows when all factors were right."""
    restart: Callable[[], None]
    """Back to the prompt for the id."""
    operator: str = ""
    code_tries: int = 0
    finger_tries: int = 0


@dataclass(frozen=True, slots=True)
class Transaction:
    """One row. ``amount`` in cents; ``original``: trace number of the sale that a void or refund belongs to."""

    trace: int
    type: str
    amount: int
    state: str
    original: int | None
    operator: str

    @property
    def number(self) -> str:
        return f"{self.trace:06d}"
