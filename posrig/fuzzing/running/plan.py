"""How a run over a terminal is done: what it may spend, what it searches, what judges, where findings are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from posrig.fuzzing.machines.device import BudgetSpent
from posrig.ground.faults import ConfigurationError
from posrig.rig.rig import Rig
from posrig.safety.ledger import Kind


class Scope(Protocol):
    """One part of a terminal's behaviour, as a model chooses it; without acts: a trial."""

    @property
    def name(self) -> str: ...

    @property
    def acts(self) -> Sequence[str]:
        """What is done, by name."""

    @property
    def about(self) -> str: ...

    @property
    def weight(self) -> int:
        """Its share of a run's presses."""


Left = Callable[[Kind], "int | None"]
"""How many more acts of a kind the ledger of the terminal allows; None: no limit."""


@dataclass(frozen=True)
class Limits:
    """What a run may spend: real key presses, minutes of the wall clock, wrong passwords and codes, power cycles.
    None is no limit; a run may well do without wrong passwords or power cycles (0).

    Raises:
        ConfigurationError: neither presses nor minutes are given, or one of them is not above zero.
    """

    presses: int | None = None
    minutes: float | None = None
    wrong_passwords: int | None = None
    power_cycles: int | None = None

    def __post_init__(self) -> None:
        if self.presses is None and self.minutes is None:
            raise ConfigurationError("a run without a budget would never end", todo="give --presses or --minutes")
        for name, limit in (("presses", self.presses), ("minutes", self.minutes)):
            if limit is not None and not limit > 0:
                raise ConfigurationError(f"a budget of {limit:g} {name} allows no search", allowed=f"{name} above zero")
        for name, limit in (("wrong passwords", self.wrong_passwords), ("power cycles", self.power_cycles)):
            if limit is not None and limit < 0:
                raise ConfigurationError(f"a budget of {limit:g} {name}", allowed="0 or more")


@dataclass
class Spent:
    """What a run has cost the terminal."""

    presses: int = 0
    walked_back: int = 0
    refreshes: int = 0
    resets: int = 0
    power_cycles: int = 0
    wrong_passwords: int = 0
    first_finding: int | None = None
    """Presses until the first finding showed."""
    screens: set[str] = field(default_factory=set)


class GuessesSpent(BudgetSpent):
    """No more wrong passwords or codes may be typed; everything else may go on."""


class PowerSpent(BudgetSpent):
    """No more power cycles; everything else may go on as long as the terminal need not be taken anew."""


@dataclass(frozen=True)
class Allowance:
    """Asked before each act that a terminal counts or that wears it: the run's own limits, and the ledger's of this
    serial number. Both hold also while a finding is judged: a locked-out terminal is no price for a verdict."""

    limits: Limits
    spent: Spent
    left: Left = lambda _kind: None

    def check_guess(self) -> None:
        """Raises GuessesSpent."""
        self._check("wrong passwords", self.limits.wrong_passwords, self.spent.wrong_passwords, GuessesSpent)
        for kind in (Kind.WRONG_PASSWORD, Kind.WRONG_CODE):
            self._check_ledger(kind, GuessesSpent)

    def check_power_cycle(self) -> None:
        """Raises PowerSpent."""
        self._check("power cycles", self.limits.power_cycles, self.spent.power_cycles, PowerSpent)
        self._check_ledger(Kind.POWER, PowerSpent)

    @staticmethod
    def _check(what: str, limit: int | None, spent: int, error: type[BudgetSpent]) -> None:
        if limit is not None and spent >= limit:
            raise error(f"{spent} of {limit} {what} used")

    def _check_ledger(self, kind: Kind, error: type[BudgetSpent]) -> None:
        left = self.left(kind)
        if left is not None and left < 1:
            raise error(f"the ledger of this terminal allows no {kind.value} more")


@dataclass(frozen=True)
class Plan:
    """How a run is done. ``findings``: the folder of the archive and of the kept coverage; None keeps nothing."""

    scopes: Sequence[Scope]
    limits: Limits
    oracles: Sequence[str] = ()
    seed: int = 0
    defects: tuple[str, ...] = ()
    findings: Path | None = None
    firmware: str = ""
    most_findings: int = 10
    stop_at_first: bool = False
    longest: int | None = None
    """Acts after which the terminal is taken anew."""
    afresh: bool = False
    """Do not begin with what earlier runs left uncovered, but with everything."""
    left: Left = lambda _kind: None
    twin: Rig | None = None
    """A simulated terminal on which what was found is shortened first, where it shows there too."""

    def judges(self, oracle: str) -> bool:
        """Whether the oracle is switched on."""
        return not self.oracles or oracle in self.oracles
