"""Restart: by the menu, by the chord, and every 24 hours with three minutes' warning. The last never in a sale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posrig.simulated.terminals.r.firmware.pages import Ask, Page
from posrig.simulated.terminals.r.firmware.room import Room

if TYPE_CHECKING:
    from posrig.simulated.terminals.r.firmware.contracts.device import Device

DAY_S = 86_400.0
WARNING_S = 180.0
RESTARTING_S = 1.0


class Restart(Room):
    def __init__(self, fw: Device) -> None:
        super().__init__(fw)
        self.due = DAY_S
        """Seconds of the quartz since power-on: neither the clock chip nor summer time moves it."""
        self._running = False

    def start(self) -> None:
        self.fw.board.after(self.due - WARNING_S - self.fw.board.now, self.warn)

    def ask(self) -> None:
        self.fw.pages.show(Ask(self.fw, "restart_ask", self.by_menu, self.fw.menus.system))

    def by_menu(self) -> None:
        self.now("menu")

    def chord(self) -> None:
        """CLEAR and '.' for 2 s, from any screen; an open sale is reversed at the start, as after a power cut."""
        self.now("chord")

    def must_wait(self) -> bool:
        return self.fw.transactions.busy()

    def now(self, why: str) -> None:
        if self._running:
            return
        self._running = True
        self.fw.log.add("restart", self.fw.sign_on.operator or "", why)
        self.fw.factory_reset.expect_soft_start()
        self.fw.keypad.listening = False
        self.fw.pages.show(RestartingPage(self.fw))

    # every 24 hours

    def warn(self) -> None:
        """``daily`` over whatever is shown."""
        if not self._running:
            self.fw.pages.cover(DailyPage(self))
            self.fw.board.after(self.due - self.fw.board.now, self.day_is_over)

    def day_is_over(self) -> None:
        if self.must_wait() or self.fw.pages.beneath.busy:
            self.fw.board.after(1.0, self.day_is_over)
        else:
            self.now("daily")


class RestartingPage(Page):
    screen = "restarting"
    timeout_s = RESTARTING_S
    keys_extend = False
    busy = True

    def on_timeout(self) -> None:
        self.fw.board.restart()


class DailyPage(Page):
    """F1 restarts now; any other key returns to the work beneath and is not acted on."""

    screen = "daily"
    tick_s = 1.0

    def __init__(self, room: Restart) -> None:
        super().__init__(room.fw)
        self._room = room

    def enter(self) -> None:
        self.fw.board.beep("short")

    def fields(self) -> dict[str, object]:
        minutes, seconds = divmod(max(round(self._room.due - self.fw.board.now), 0), 60)
        return {"wait": f"{minutes:02d}:{seconds:02d}"}

    def key(self, key: str) -> None:
        if key == "F1" and not self._room.must_wait():
            self._room.now("daily")
        else:
            self.fw.pages.uncover()
