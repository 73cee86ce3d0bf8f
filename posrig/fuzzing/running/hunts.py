"""What the search of a scope and the search of a trial have in common: the report, the archive, doubts of the rig."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from posrig.fuzzing.running.plan import Plan, Scope, Spent
from posrig.fuzzing.search.findings import FindingArchive, archive_name
from posrig.fuzzing.search.search import Progress, SearchResult
from posrig.ground.faults import RigFault
from posrig.rig.rig import Rig
from posrig.rig.soundness import blamed, doubts

IN_DOUBT = "rig in doubt"
"""The verdict of what showed while something spoke against the rig: no finding."""
Tell = Callable[[Scope, Progress, Spent], None]


@dataclass(frozen=True)
class ScopeReport:
    """What came of one scope."""

    scope: Scope
    result: SearchResult
    presses: int
    seconds: float
    possible: int
    """(state, act) pairs that have a meaning."""
    uncovered: Counter[str]
    """How many of them were never done, by this run or an earlier one, by act."""

    @property
    def covered(self) -> int:
        """How many of them were done."""
        return self.possible - self.uncovered.total()


def note_first(spent: Spent) -> None:
    """Something showed, for the first time in the run or not."""
    if spent.first_finding is None:
        spent.first_finding = spent.presses


def check_rig(rig: Rig) -> None:
    """Raises RigFault when something speaks against the rig: what showed is then no finding. ConfigurationError: the
    profile has not known this terminal."""
    against = doubts(rig)
    if against:
        if all(doubt.configuration for doubt in against):
            raise blamed(against, "something that the model does not know")
        raise RigFault(
            f"something showed while the rig was in doubt, so it is no finding: {'; '.join(against)}",
            instrument="rig",
            todo="run posrig check, then search again",
        )


def archive_of(rig: Rig, plan: Plan, scope: Scope, *, begin: bool = True) -> FindingArchive | None:
    """Where the findings of a scope are kept; ``begin``: also when there are none yet.

    Raises:
        ConfigurationError: it is about another firmware.
    """
    if plan.findings is None:
        return None
    folder, terminal = folder_of(plan, scope), rig.profile.data.model
    if not begin and not (folder / archive_name(terminal, plan.firmware)).exists():
        return None
    return FindingArchive.in_folder(folder, terminal=terminal, firmware=plan.firmware)


def folder_of(plan: Plan, scope: Scope) -> Path:
    """The folder of a scope below the plan's; only where the plan keeps findings."""
    assert plan.findings is not None
    return plan.findings / scope.name.replace(" ", "-")
