"""Which class each room is made from: a seeded defect is this table with one entry replaced."""

from __future__ import annotations

from dataclasses import dataclass

from posrig.simulated.terminals.esign.firmware.desk import Desk
from posrig.simulated.terminals.esign.firmware.glass import Glass
from posrig.simulated.terminals.esign.firmware.guesses import Guesses
from posrig.simulated.terminals.esign.firmware.locks import Locks
from posrig.simulated.terminals.esign.firmware.people import People
from posrig.simulated.terminals.esign.firmware.reset import Reset
from posrig.simulated.terminals.esign.firmware.sale import Sale
from posrig.simulated.terminals.esign.firmware.update import Update
from posrig.simulated.terminals.pages import Entry


@dataclass(frozen=True, slots=True)
class Parts:
    glass: type[Glass] = Glass
    entry: type[Entry] = Entry
    people: type[People] = People
    guesses: type[Guesses] = Guesses
    locks: type[Locks] = Locks
    sale: type[Sale] = Sale
    update: type[Update] = Update
    reset: type[Reset] = Reset
    desk: type[Desk] = Desk


SOUND = Parts()
