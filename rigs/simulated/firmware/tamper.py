"""Tamper (C07): the case sensor erases the keys; nothing but that page is shown from then on, whatever is restarted."""

from __future__ import annotations

from rigs.simulated.firmware.pages import Page
from rigs.simulated.firmware.room import Room


class Tamper(Room):
    KEY = "keep.tampered"

    def start(self) -> None:
        if self.fw.board.tampered and not self.remembered():
            self.happened()

    def tampered(self) -> bool:
        """The sensor's own latch, or what the store remembers of it."""
        return self.fw.board.tampered or self.remembered()

    def remembered(self) -> bool:
        return bool(self.fw.store.get(self.KEY, False))

    def happened(self) -> None:
        if self.remembered():
            return
        with self.fw.store.transaction():
            self.fw.store.put(self.KEY, True)
            self.erase_keys()
            self.fw.lock_states.add_cause("C07", "")
            self.fw.log.add("tamper", "")
        self.fw.board.service.emit("lock", cause="C07", operator="")
        if self.fw.keypad.listening:
            self.fw.home()

    def erase_keys(self) -> None:
        """Seeds and fingers of the second factor: with them go the rights of 00 and 99."""
        self.fw.store.run("UPDATE operators SET seed = NULL, finger = NULL")

    def show(self) -> None:
        self.fw.sign_on.close_session()
        self.fw.pages.show(TamperPage(self.fw))


class TamperPage(Page):
    screen = "tamper"
