"""The state of the reference model: everything that decides what terminal R does next, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Failures(NamedTuple):
    """Of one id: wrong tries in a row, and lock-outs in a row."""

    wrong: int
    row: int


@dataclass(frozen=True, slots=True)
class State:
    """Hashable; ``str()`` names it in reports."""

    page: str = "signed_off"
    typed: str = ""
    """Digits on show: an operator number or an amount in clear, stars for a secret."""
    who: str = ""
    """Whose sign-on is going on."""
    purpose: str = ""
    """sign_on, unlock, lift or host."""
    tries: int = 0
    """Wrong codes of this sign-on or unlock page."""
    user: str = ""
    """Who is signed on."""
    owner: str = ""
    """Who locked the terminal; empty: open."""
    cause: str = ""
    """C01 by menu, C03 by idle time."""
    failures: tuple[tuple[str, Failures], ...] = ()
    shown: str = ""
    """Whose lock-out is the terminal's page."""
    host: bool = False
    net: bool = True
    under: str = ""
    """The page under ``lock_soon``."""
    quiet: float = 0.0
    """Seconds since the last key, of the waits only."""
    entered: float = 0.0
    """When the page's own time began, in seconds of ``quiet``."""
    sold: bool = False
    newest: str = ""
    """The newest cause of a lock."""
    spent: tuple[str, ...] = ()
    """Whose time code was accepted, and ``code``: an unlock code was; ``challenge``: one was asked for before."""

    def count(self, operator: str) -> Failures:
        """The failures of an id."""
        return dict(self.failures).get(operator, Failures(0, 0))

    def __str__(self) -> str:
        parts = [self.page + (f"[{self.typed}]" if self.typed else "")]
        parts += [f"over {self.under}"] if self.under else []
        parts += [f"{self.purpose} {self.who}".strip()] if self.who or self.purpose else []
        parts += [f"try {self.tries + 1}"] if self.tries else []
        parts += [f"{self.user} signed on"] if self.user else []
        parts += [f"locked by {self.owner} {self.cause}"] if self.owner else []
        parts += [f"{who}: {f.wrong} wrong" + (f", {f.row} lock-outs" if f.row else "") for who, f in self.failures]
        parts += ["host lock"] if self.host else []
        parts += [] if self.net else ["no network"]
        parts += [f"{self.quiet:g} s quiet"] if self.quiet else []
        parts += ["unsettled"] if self.sold else []
        parts += [f"last {self.newest}"] if self.newest else []
        parts += [f"spent {' '.join(self.spent)}"] if self.spent else []
        return ", ".join(parts)
