"""Seeded defects of update, reset and entry."""

from __future__ import annotations

from dataclasses import replace

from posrig.simulated.terminals.esign.defects.registry import defect
from posrig.simulated.terminals.esign.firmware.parts import Parts
from posrig.simulated.terminals.esign.firmware.people import SUPERVISOR, after_reset
from posrig.simulated.terminals.esign.firmware.reset import KEPT, Reset
from posrig.simulated.terminals.esign.firmware.update import Update
from posrig.simulated.terminals.pages import Entry
from posrig.simulated.terminals.signed import Offer


class _TakesOlder(Update):
    def newer(self, offer: Offer) -> bool:
        return offer.version != "?"


@defect("e_update_older", "An older version installs", group="Update", rules=("E-UPD-2",), severity="critical")
def e_update_older(parts: Parts) -> Parts:
    return replace(parts, update=_TakesOlder)


class _NoPassword(Reset):
    def asked(self) -> None:
        self.confirm()


@defect(
    "e_reset_unasked",
    "The two keys at power-on reset without the system's password",
    group="Reset",
    rules=("E-RESET-1",),
    severity="critical",
)
def e_reset_unasked(parts: Parts) -> Parts:
    return replace(parts, reset=_NoPassword)


class _KeepsSupervisor(Reset):
    def erase(self) -> None:
        kept = self.core.flash.get("people", {}).get(SUPERVISOR)
        people = after_reset() | ({SUPERVISOR: kept} if kept else {})
        self.core.flash.erase(keep=KEPT, people=people)


@defect(
    "e_reset_keeps_password",
    "A factory reset keeps the supervisor's password",
    group="Reset",
    rules=("E-RESET-2",),
    severity="critical",
)
def e_reset_keeps_password(parts: Parts) -> Parts:
    return replace(parts, reset=_KeepsSupervisor)


class _LastDigitShown(Entry):
    def shown(self, typed: str) -> str:
        return super().shown(typed)[:-1] + typed[-1:] if self.secret else typed


@defect(
    "e_password_shown",
    "The last digit of a password is shown as it is",
    group="Entry",
    rules=("E-ENTRY-1",),
    severity="major",
)
def e_password_shown(parts: Parts) -> Parts:
    return replace(parts, entry=_LastDigitShown)
