"""Fingerprint: 00 and 99 may enrol a finger and use it in place of the time code.

It never replaces the password, never opens a host lock or a lock-out. Three refusals fall back to the time code; a dead
sensor falls back at once and is logged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from posrig.simulated.terminals.r.firmware.pages import ENTRY_TIMEOUT_S, Page, refusal
from posrig.simulated.terminals.r.firmware.room import Room

if TYPE_CHECKING:
    from posrig.simulated.terminals.r.firmware.records import Attempt

TRIES = 3


class FingerRoom(Room):
    def start(self) -> None:
        self.fw.board.finger.on_touch = self._touched

    def enrolled(self, operator: str) -> str | None:
        row = self.fw.store.row("SELECT finger FROM operators WHERE id = ?", operator)
        return str(row[0]) if row and row[0] else None

    def offered(self, attempt: Attempt) -> bool:
        """An enrolled id, at a sign-on or an unlock; not to lift a lock-out, not under a host lock."""
        return (
            self.enrolled(attempt.operator) is not None
            and attempt.purpose != "lift"
            and not self.fw.lock_states.host_locked()
            and not self.fw.failures.locked_out_ids()
        )

    def ask(self, attempt: Attempt) -> None:
        if self.fw.board.finger.working:
            self.fw.pages.show(FingerPage(self, attempt))
        else:
            self.sensor_dead(attempt)

    def sensor_dead(self, attempt: Attempt) -> None:
        self.fw.log.add("finger_dead", attempt.operator)
        self.fw.second_factor.ask_code(attempt)

    def accept(self, operator: str, template: str, alive: bool) -> bool:
        return alive and template == self.enrolled(operator)

    def touched(self, attempt: Attempt, template: str, alive: bool) -> None:
        if self.accept(attempt.operator, template, alive):
            self.fw.sign_on.complete(attempt)
            return
        left = self.fw.failures.failed(attempt.operator, "finger_no")
        attempt.finger_tries += 1
        if left == 0:
            self.fw.sign_on.locked_out(attempt)
            return
        over = attempt.finger_tries >= TRIES
        then = self.fw.second_factor.ask_code if over else self.ask
        left = min(left, TRIES - attempt.finger_tries)
        self.fw.pages.show(refusal(self.fw, "finger_bad", lambda: then(attempt), {"left": left}))

    def enrol(self, operator: str, back: Callable[[], None]) -> None:
        """From the operators' menu: the next living finger becomes this id's."""
        if self.fw.board.finger.working:
            self.fw.pages.show(EnrolFingerPage(self, operator, back))
        else:
            self.fw.menus.not_allowed(back)

    def _touched(self, template: str, alive: bool) -> None:
        page = self.fw.pages.current
        if isinstance(page, (FingerPage, EnrolFingerPage)):
            page.touched(template, alive)


class FingerPage(Page):
    screen = "finger"
    timeout_s = ENTRY_TIMEOUT_S
    tick_s = 1.0

    def __init__(self, room: FingerRoom, attempt: Attempt) -> None:
        super().__init__(room.fw)
        self._room, self._attempt = room, attempt

    def key(self, key: str) -> None:
        if key == "CLEAR":
            self.fw.second_factor.ask_code(self._attempt)
        elif key == "CANCEL":
            self.fw.sign_on.again(self._attempt)

    def on_tick(self) -> None:
        if not self.fw.board.finger.working:
            self._room.sensor_dead(self._attempt)

    def touched(self, template: str, alive: bool) -> None:
        self._room.touched(self._attempt, template, alive)

    def on_timeout(self) -> None:
        self.fw.sign_on.again(self._attempt)


class EnrolFingerPage(Page):
    screen = "finger_enrol"
    timeout_s = ENTRY_TIMEOUT_S
    service = True

    def __init__(self, room: FingerRoom, operator: str, back: Callable[[], None]) -> None:
        super().__init__(room.fw)
        self._operator, self._back = operator, back

    def key(self, key: str) -> None:
        if key == "CANCEL":
            self._back()

    def touched(self, template: str, alive: bool) -> None:
        if not alive:
            self.fw.board.beep("refusal", 3)
            return
        with self.fw.store.transaction():
            self.fw.store.run("UPDATE operators SET finger = ? WHERE id = ?", template, self._operator)
            self.fw.log.add("finger_set", self._operator)
        self.fw.menus.done(self._back)

    def on_timeout(self) -> None:
        self._back()
