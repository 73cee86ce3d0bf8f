"""The firmware object: made at each power-on from its parts, thrown away at each power cut."""

from __future__ import annotations

from typing import Any

from posrig.simulated.hardware.board import Board
from posrig.simulated.loop.scheduler import Timer
from posrig.simulated.terminals.contacts import Contacts
from posrig.simulated.terminals.counter.firmware.locks import TURN_S
from posrig.simulated.terminals.counter.firmware.parts import SOUND, Parts
from posrig.simulated.terminals.pages import Busy, Core, Page

BOOT_S, FALLEN_S, TICK_S = 3.0, 3.0, 60.0
BOOT_MA, IDLE_MA = 300.0, 140.0
SWITCH = "KEYSWITCH"


class Firmware:
    def __init__(self, board: Board, parts: Parts = SOUND) -> None:
        self.board = board
        self.console = parts.console(board)
        self.core = core = Core(board, self.console.paint, parts.entry)
        core.home = self.home
        self.staff = parts.staff(core)
        self.attempts = parts.attempts(core)
        self.prompts = parts.prompts(core, self.staff, self.attempts)
        self.locks = parts.locks(core, self.staff, self.prompts)
        self.sale = parts.sale(core, self.staff)
        self.update = parts.update(core)
        self.reset = parts.reset(core)
        self.desk = parts.desk(core, self.staff, self.prompts, self.sale, self.update, self.reset)
        self.contacts = Contacts(board, self._changed)
        self._turning: Timer | None = None

    # what the board calls

    def power_on(self) -> None:
        self.board.load(BOOT_MA)
        rows = ("柜台终端 C21", f"版本 V{self.update.version()}", f"机号 {self.board.serial_number}", "", "正在启动...")
        self.core.show(Busy("boot", lambda: rows))
        self.board.after(BOOT_S, self._booted)

    def contact(self, key: str, closed: bool) -> None:
        self.contacts.edge(key, closed)

    def discard(self) -> None:
        """Nothing is open in the flash between two events."""

    # inside

    def _booted(self) -> None:
        self.board.load(IDLE_MA)
        nic, self.board.usb.on_change = self.board.nic, self.update.plugged
        nic.on_push, nic.on_link = self._pushed, self._linked
        nic.power_up()
        if self.reset.unfinished():
            self.reset.go_on()
        elif (failed := self.update.fallen_back()) is not None:
            rows = ("新版本无法启动", f"V{failed}", "", f"已恢复 V{self.update.version()}")
            self.core.note("stick_back", FALLEN_S, rows)
        else:
            self.home()

    def home(self) -> None:
        """The host's lock before everything, then the stop after wrong passwords, the key switch, work."""
        lock = self.locks.page()
        if lock is not None and lock.screen == "host_lock":
            self.core.show(lock)
        elif self.attempts.left_s() > 0:
            self._stopped()
        elif lock is not None:
            self.core.show(lock)
        else:
            self.desk.open()

    def _stopped(self) -> None:
        def rows() -> tuple[str, ...]:
            return ("终端已停用", "", "密码错误次数过多", f"请等待{-(-self.attempts.left_s() // TICK_S):.0f}分钟")

        next_s = self.attempts.left_s() % TICK_S or TICK_S
        page = Page("stopped", rows, stays_s=next_s, then=self.home)
        page.keys_extend = False
        self.core.show(page)

    def _pushed(self, message: dict[str, Any]) -> None:
        self.locks.pushed(message)

    def _linked(self, up: bool) -> None:
        if up:
            self.sale.reverse()

    def _changed(self, key: str, down: bool) -> None:
        if key == SWITCH:
            self._switch(down)
        elif down:
            self.core.key(key)

    def _switch(self, turned: bool) -> None:
        if self._turning is not None:
            self._turning.cancel()
        self._turning = self.board.after(TURN_S, self.locks.turned) if turned else None
