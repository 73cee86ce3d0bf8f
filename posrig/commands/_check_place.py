"""What a rig stands on, for ``posrig check``: room on the disk, the ledger's budgets and dates, the PC's own clock."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from posrig.commands._check_trials import Row
from posrig.description.rig_file import RigDescription
from posrig.ground.faults import PosrigError, RigFault
from posrig.safety.incidents import incident_folder
from posrig.safety.ledger import Ledger

FREE_BYTES = 200_000_000
"""A run of all scenarios writes less than a tenth of this; evidence of a full disk cannot be made again."""
LOW = 0.1
"""A budget with less than this share left is named; the run that needs it would end in a safety abort."""


def place(description: RigDescription, ledger: Ledger | None) -> list[Row]:
    """A row each: disk, ledger, the PC's clock."""
    trials: tuple[tuple[str, Callable[[], str]], ...] = (
        ("free disk", _disk),
        ("ledger", lambda: _ledger(description, ledger)),
        ("clock of this PC", lambda: _clock(ledger)),
    )
    return [_row(part, trial) for part, trial in trials]


def _row(part: str, trial: Callable[[], str]) -> Row:
    try:
        return Row(part, trial(), True)
    except PosrigError as exc:
        return Row(part, exc.found, False, exc.todo)


def _disk() -> str:
    """Where incidents and, by default, reports are written."""
    folder = incident_folder().absolute()
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(there).free
    if free < FREE_BYTES:
        raise RigFault(
            f"{free / 1e6:,.0f} MB free at {there}; {FREE_BYTES / 1e6:,.0f} MB are wanted",
            instrument="disk",
            todo="remove old reports, or put reports and ledger elsewhere",
        )
    return f"{free / 1e9:,.1f} GB free at {there}"


def _ledger(description: RigDescription, ledger: Ledger | None) -> str:
    if ledger is None:
        return "none can be written here: a simulated rig does without"
    overdue = [service for service in ledger.services() if service.due_on and service.due_on < date.today().isoformat()]
    if overdue:
        named = ", ".join(f"{s.subject} {s.kind} {s.part} (due {s.due_on})" for s in overdue)
        raise RigFault(
            f"service is overdue: {named}",
            instrument="ledger",
            todo="have it serviced and say so: posrig ledger --serviced NAME KIND PART --due DATE",
        )
    low = ledger.nearly_used(LOW)
    if low:
        raise RigFault(
            f"nearly used up: {', '.join(low)}",
            instrument="ledger",
            todo="have the part serviced (posrig ledger --serviced), wait for the next day, or raise the limit",
        )
    limits = [name for name, limit in description.limits if limit is not None]
    return f"{Path(ledger.path).name}: {len(limits)} limits in the rig file, all with room; nothing overdue"


def _clock(ledger: Ledger | None) -> str:
    """Set back, it would give the guesses of a day a second time and put evidence before what it follows."""
    today = datetime.now(UTC).date().isoformat()
    newest = ledger.newest_day() if ledger is not None else ""
    if newest > today:
        raise RigFault(
            f"it says {today}, and the ledger has counted on {newest} already",
            instrument="clock",
            todo="set the clock of this PC by NTP; budgets of a day stay those of the later day",
        )
    return f"{today} UTC, not before the ledger's newest day"
