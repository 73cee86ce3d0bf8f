"""The firmware object: made at each power-on from its parts, thrown away at each power cut."""

from __future__ import annotations

from posrig.simulated.hardware.board import Board
from posrig.simulated.terminals.contacts import Contacts
from posrig.simulated.terminals.esign.firmware.parts import SOUND, Parts
from posrig.simulated.terminals.esign.firmware.reset import HOLD_S
from posrig.simulated.terminals.esign.firmware.sale import Signing
from posrig.simulated.terminals.pages import Busy, Core

BOOT_S, FALLEN_S = 4.0, 3.0
BOOT_MA, IDLE_MA = 420.0, 180.0
GLASS = "glass"


class Firmware:
    def __init__(self, board: Board, parts: Parts = SOUND) -> None:
        self.board = board
        self.glass = parts.glass(board)
        self.core = core = Core(board, self.glass.paint, parts.entry)
        core.home = self.home
        self.contacts = Contacts(board, self._changed)
        self.people = parts.people(core)
        self.guesses = parts.guesses(core, self.people)
        self.locks = parts.locks(core, self.people, self.guesses)
        self.sale = parts.sale(core)
        self.update = parts.update(core, self.guesses)
        self.reset = parts.reset(core, self.guesses, self.contacts)
        self.desk = parts.desk(core, self.people, self.guesses, self.locks, self.sale, self.update)
        self.finger = Contacts(board, self._touched)
        self._at = (0, 0)
        self._booted = False
        self._chord = False

    # what the board calls

    def power_on(self) -> None:
        self.board.load(BOOT_MA)
        self.board.service.emit("boot", version=self.update.version(), serial=self.board.serial_number)
        rows = (
            "",
            "电子签名终端 E320",
            f"版本 V{self.update.version()}",
            f"机号 {self.board.serial_number}",
            "",
            "正在启动...",
        )
        self.core.show(Busy("boot", lambda: rows))
        self.board.after(BOOT_S, self._boot_over)

    def contact(self, key: str, closed: bool) -> None:
        self.contacts.edge(key, closed)

    def touch(self, x: int, y: int, down: bool) -> None:
        """One finger: where it came down last counts."""
        if down:
            self._at = (x, y)
        self.finger.edge(GLASS, down)

    def discard(self) -> None:
        """Nothing is open in the flash between two events."""

    # start

    def _boot_over(self) -> None:
        """Keys that are held now are held for a reset: all else waits until they are let go or it is asked for."""
        if self.reset.held():
            self._chord = True
            self.board.after(HOLD_S - BOOT_S, self._begin)
        else:
            self._begin()

    def _begin(self) -> None:
        if self._booted:
            return
        self._booted = True
        asked = self._chord and self.reset.held()
        self.board.load(IDLE_MA)
        nic = self.board.nic
        nic.on_push, nic.on_link = self.locks.pushed, self._linked
        nic.power_up()
        if self.reset.unfinished():
            self.reset.go_on()
        elif (failed := self.update.fallen_back()) is not None:
            rows = ("", "新版本无法启动", f"V{failed}", "", f"已恢复 V{self.update.version()}")
            self.core.note("update_back", FALLEN_S, rows)
        elif asked and self.guesses.left_s() == 0:
            self.reset.asked()
        else:
            self.home()

    def home(self) -> None:
        """The host's lock before everything, then the stop after wrong passwords, the lock, work."""
        lock = self.locks.page()
        if lock is not None and lock.screen == "host_lock":
            self.core.show(lock)
        elif self.guesses.left_s() > 0:
            self.core.show(self.guesses.page())
        elif lock is not None:
            self.core.show(lock)
        else:
            self.desk.open()

    def _linked(self, up: bool) -> None:
        self.board.service.emit("link", state="up" if up else "down")
        if up:
            self.sale.reverse()

    # keys and glass

    def _changed(self, key: str, down: bool) -> None:
        if not self._booted:
            if self._chord and not down:
                self._begin()
        elif down:
            self._key(key)

    def _key(self, key: str) -> None:
        self.board.service.emit("key", code="*" if self.core.page.secret else key, edge="down")
        self.board.beep("short")
        self.locks.touched()
        self.core.key(key)

    def _touched(self, _name: str, down: bool) -> None:
        if not down or not self._booted:
            return
        key = self.glass.hit(*self._at)
        if key is not None:
            self._key(key)
        elif isinstance(self.core.page, Signing):
            self.core.page.stroke()
            self.core.repaint()
