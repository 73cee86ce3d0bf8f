"""Which class each room is made from: a seeded defect is this table with one entry replaced."""

from __future__ import annotations

from dataclasses import dataclass

from posrig.simulated.terminals.counter.firmware.attempts import Attempts
from posrig.simulated.terminals.counter.firmware.console import Console
from posrig.simulated.terminals.counter.firmware.desk import Desk
from posrig.simulated.terminals.counter.firmware.locks import Locks
from posrig.simulated.terminals.counter.firmware.prompts import Prompts
from posrig.simulated.terminals.counter.firmware.reset import Reset
from posrig.simulated.terminals.counter.firmware.sale import Sale
from posrig.simulated.terminals.counter.firmware.staff import Staff
from posrig.simulated.terminals.counter.firmware.update import Update
from posrig.simulated.terminals.pages import Entry


@dataclass(frozen=True, slots=True)
class Parts:
    console: type[Console] = Console
    entry: type[Entry] = Entry
    staff: type[Staff] = Staff
    attempts: type[Attempts] = Attempts
    prompts: type[Prompts] = Prompts
    locks: type[Locks] = Locks
    sale: type[Sale] = Sale
    update: type[Update] = Update
    reset: type[Reset] = Reset
    desk: type[Desk] = Desk


SOUND = Parts()
