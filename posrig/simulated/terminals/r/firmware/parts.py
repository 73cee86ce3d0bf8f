"""Which class each room of the firmware is made from: a seeded defect is this table with one entry replaced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from posrig.simulated.hardware.board import Board
from posrig.simulated.terminals.r.firmware.backup import Backup
from posrig.simulated.terminals.r.firmware.boot import Boot
from posrig.simulated.terminals.r.firmware.clock import Clock
from posrig.simulated.terminals.r.firmware.factory_reset import FactoryReset
from posrig.simulated.terminals.r.firmware.failures import Failures
from posrig.simulated.terminals.r.firmware.finger import FingerRoom
from posrig.simulated.terminals.r.firmware.hostlink import Hostlink
from posrig.simulated.terminals.r.firmware.idle_lock import IdleLock
from posrig.simulated.terminals.r.firmware.journal import Journal
from posrig.simulated.terminals.r.firmware.keypad import Keypad
from posrig.simulated.terminals.r.firmware.light import Light
from posrig.simulated.terminals.r.firmware.lock import Lock
from posrig.simulated.terminals.r.firmware.lock_module import LockModule
from posrig.simulated.terminals.r.firmware.lock_states import LockStates
from posrig.simulated.terminals.r.firmware.log import AuditLog
from posrig.simulated.terminals.r.firmware.menus import Menus
from posrig.simulated.terminals.r.firmware.operators import Operators
from posrig.simulated.terminals.r.firmware.pages import Pages
from posrig.simulated.terminals.r.firmware.passwords import Passwords
from posrig.simulated.terminals.r.firmware.restart import Restart
from posrig.simulated.terminals.r.firmware.roles import Roles
from posrig.simulated.terminals.r.firmware.second_factor import SecondFactor
from posrig.simulated.terminals.r.firmware.sign_on import SignOn
from posrig.simulated.terminals.r.firmware.slots import Slots
from posrig.simulated.terminals.r.firmware.tamper import Tamper
from posrig.simulated.terminals.r.firmware.transactions import Transactions
from posrig.simulated.terminals.r.firmware.update import Update


def as_built(board: Board) -> Board:
    return board


@dataclass(frozen=True, slots=True)
class Parts:
    """``dataclasses.replace(parts, lock=MyLock)`` is a terminal with another lock."""

    board: Callable[[Board], Board] = as_built
    """What the firmware gets instead of its board (hardware that answers wrongly)."""
    pages: type[Pages] = Pages
    keypad: type[Keypad] = Keypad
    light: type[Light] = Light
    clock: type[Clock] = Clock
    log: type[AuditLog] = AuditLog
    roles: type[Roles] = Roles
    passwords: type[Passwords] = Passwords
    failures: type[Failures] = Failures
    second_factor: type[SecondFactor] = SecondFactor
    finger: type[FingerRoom] = FingerRoom
    sign_on: type[SignOn] = SignOn
    lock: type[Lock] = Lock
    lock_states: type[LockStates] = LockStates
    lock_module: type[LockModule] = LockModule
    idle_lock: type[IdleLock] = IdleLock
    menus: type[Menus] = Menus
    operators: type[Operators] = Operators
    boot: type[Boot] = Boot
    restart: type[Restart] = Restart
    factory_reset: type[FactoryReset] = FactoryReset
    backup: type[Backup] = Backup
    tamper: type[Tamper] = Tamper
    journal: type[Journal] = Journal
    transactions: type[Transactions] = Transactions
    hostlink: type[Hostlink] = Hostlink
    slots: type[Slots] = Slots
    update: type[Update] = Update


STANDARD = Parts()
