"""Seeded defects of update, reset and display."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from posrig.simulated.terminals.counter.defects.registry import defect
from posrig.simulated.terminals.counter.firmware.console import ROWS, Console
from posrig.simulated.terminals.counter.firmware.parts import Parts
from posrig.simulated.terminals.counter.firmware.reset import KEPT, Reset
from posrig.simulated.terminals.counter.firmware.staff import after_reset
from posrig.simulated.terminals.counter.firmware.update import Update
from posrig.simulated.terminals.signed import Offer


class _Trusting(Update):
    def signature_ok(self, offer: Offer) -> bool:
        return True


@defect(
    "c_update_unsigned",
    "A package on a stick installs without a valid signature",
    group="Update",
    rules=("C-UPD-2",),
    severity="critical",
)
def c_update_unsigned(parts: Parts) -> Parts:
    return replace(parts, update=_Trusting)


class _KeepsStaff(Reset):
    def erase(self) -> None:
        staff = {**after_reset(), **self.core.flash.get("staff", {})}
        self.core.flash.erase(keep=KEPT, staff=staff)


@defect(
    "c_reset_keeps_staff",
    "A factory reset keeps the staff and their passwords",
    group="Reset",
    rules=("C-RESET-2",),
    severity="critical",
)
def c_reset_keeps_staff(parts: Parts) -> Parts:
    return replace(parts, reset=_KeepsStaff)


class _StaleRows(Console):
    """A row that the new page does not have stays as it was."""

    def composed(self, rows: Sequence[str]) -> tuple[str, ...]:
        return (*rows, *self.shown[len(rows) : ROWS])


@defect(
    "c_stale_rows",
    "Rows of the page before stay under a short notice",
    group="Display",
    rules=("C-SHOW-1",),
    severity="minor",
)
def c_stale_rows(parts: Parts) -> Parts:
    return replace(parts, console=_StaleRows)
