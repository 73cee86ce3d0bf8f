"""Which class each room of the firmware is made from: a seeded defect is this table with one entry replaced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rigs.simulated.board import Board
from rigs.simulated.firmware.backup import Backup
from rigs.simulated.firmware.boot import Boot
from rigs.simulated.firmware.clock import Clock
from rigs.simulated.firmware.factory_reset import FactoryReset
from rigs.simulated.firmware.failures import Failures
from rigs.simulated.firmware.finger import FingerRoom
from rigs.simulated.firmware.hostlink import Hostlink
from rigs.simulated.firmware.idle_lock import IdleLock
from rigs.simulated.firmware.journal import Journal
from rigs.simulated.firmware.keypad import Keypad
from rigs.simulated.firmware.light import Light
from rigs.simulated.firmware.lock import Lock
from rigs.simulated.firmware.lock_module import LockModule
from rigs.simulated.firmware.lock_states import LockStates
from rigs.simulated.firmware.log import AuditLog
from rigs.simulated.firmware.menus import Menus
from rigs.simulated.firmware.operators import Operators
from rigs.simulated.firmware.pages import Pages
from rigs.simulated.firmware.passwords import Passwords
from rigs.simulated.firmware.restart import Restart
from rigs.simulated.firmware.roles import Roles
from rigs.simulated.firmware.second_factor import SecondFactor
from rigs.simulated.firmware.sign_on import SignOn
from rigs.simulated.firmware.slots import Slots
from rigs.simulated.firmware.tamper import Tamper
from rigs.simulated.firmware.transactions import Transactions
from rigs.simulated.firmware.update import Update


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
