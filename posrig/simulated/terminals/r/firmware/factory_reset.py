"""Factory reset: CLEAR held at power-on, the admin's password, eight seconds of erasing, a new admin password.

Refused with an open batch, a host lock, a running lock-out, or tamper. Erasing goes step by step; a cut in between is
gone on with at the next start, so that there is never a half-erased terminal at work. Kept: record numbers, trace and
batch numbers, versions and slots, serial number and language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posrig.simulated.terminals.r.firmware.pages import Entry, Page, refusal
from posrig.simulated.terminals.r.firmware.passwords import put_operator
from posrig.simulated.terminals.r.firmware.room import Room
from posrig.simulated.terminals.r.firmware.storage import Store

if TYPE_CHECKING:
    from posrig.simulated.terminals.r.firmware.contracts.device import Device

HOLD_S = 5
HOLD_WITHIN_S = 1.0
"""CLEAR must be down this soon after power-on."""
ERASE_S = 8.0
STEPS = 10
ADMIN_ID = "99"
KEPT = (
    "language",
    "version",
    "log.next",
    "trace.next",
    "batch.next",
    "clock.latest",
    "failures.mark",
    "host.contact",
    "reset.",
    "slot",
    "keep.",
)
"""Keys of the store (or their beginnings) that outlive a reset."""


class FactoryReset(Room):
    PHASE, SOFT = "reset.phase", "reset.soft_start"

    def __init__(self, fw: Device) -> None:
        super().__init__(fw)
        self._open = True
        self._after_soft_start = False

    # holding CLEAR

    def power_on(self) -> None:
        self._after_soft_start = bool(self.fw.store.get(self.SOFT, False))
        if self._after_soft_start:
            self.fw.store.delete(self.SOFT)

    def expect_soft_start(self) -> None:
        """The restart chord holds CLEAR too: a soft restart must not be taken for CLEAR at power-on."""
        self.fw.store.put(self.SOFT, True)

    def too_late(self) -> None:
        self._open = False

    def key_down(self, key: str) -> None:
        in_time = self._open and self.fw.board.now <= HOLD_WITHIN_S
        if key == "CLEAR" and in_time and not self._after_soft_start and not self.fw.tamper.tampered():
            self.fw.boot.stop()
            self.fw.pages.show(HoldPage(self))

    def key_up(self, key: str) -> None:
        """Released early: a normal start."""
        if key == "CLEAR" and isinstance(self.fw.pages.current, HoldPage):
            self.start_normally()

    def start_normally(self) -> None:
        self._open = False
        self.fw.boot.begin()

    # the question

    def held(self) -> None:
        """Five seconds are over."""
        self._open = False
        fields = {"count": self.fw.journal.unsettled()}
        screen = self.refused_because()
        if screen is None:
            self.fw.keypad.listening = True
            self.ask()
            return
        self.fw.log.add("reset_no", "", screen.removeprefix("reset_no_"))
        self.fw.pages.show(refusal(self.fw, screen, self.start_normally, fields))

    def refused_because(self) -> str | None:
        """The screen of the first reason to refuse, or None."""
        if self.batch_open():
            return "reset_no"
        if self.fw.lock_states.host_locked():
            return "reset_no_host"
        if self.fw.failures.locked_out_ids():
            return "reset_no_wait"
        return None

    def batch_open(self) -> bool:
        return self.fw.journal.unsettled() > 0

    def ask(self) -> None:
        self.fw.pages.show(Entry(self.fw, "reset_ask", 8, self.code_typed, self.start_normally, least=1, secret=True))

    def code_typed(self, typed: str) -> None:
        if self.code_right(typed):
            self.begin()
            return
        if self.fw.failures.failed(ADMIN_ID, "sign_on_no") == 0:
            self.fw.pages.show(refusal(self.fw, "reset_no_wait", self.start_normally))
        else:
            left = {"left": self.fw.failures.tries_left(ADMIN_ID)}
            self.fw.pages.show(refusal(self.fw, "login_bad", self.ask, left))

    def code_right(self, typed: str) -> bool:
        return self.fw.passwords.right(ADMIN_ID, typed)

    # erasing

    def begin(self) -> None:
        with self.fw.store.transaction():
            self.fw.log.add("reset", ADMIN_ID, "begin")
            self.fw.store.put(self.PHASE, "erasing")
        self.erase()

    def unfinished(self) -> bool:
        return self.fw.store.get(self.PHASE) is not None

    def go_on(self) -> None:
        """After the erasing, or at a start with a reset that a cut stopped."""
        phase = self.fw.store.get(self.PHASE)
        self.fw.sign_on.close_session()
        if phase == "erasing":
            self.erase()
        elif phase == "new_admin":
            self.ask_new_admin()
        else:
            self.offer_restore()

    def erase(self) -> None:
        self.fw.keypad.listening = False
        self.fw.light.writing("reset", True)
        self.fw.pages.show(ErasingPage(self))

    def units(self) -> list[str]:
        """What is erased, in order; the key-value table last, as it holds the phase."""
        return [table for table in self.fw.store.tables() if table != "kv" and not table.startswith("sqlite_")]

    def erase_step(self, step: int) -> None:
        """Step 1 to 10: its share of the units."""
        units = self.units()
        with self.fw.store.transaction():
            for unit in units[(step - 1) * len(units) // STEPS : step * len(units) // STEPS]:
                self.fw.store.wipe(unit)

    def erased(self) -> None:
        store = self.fw.store
        with store.transaction():
            for unit in self.units():
                store.wipe(unit)
            for key in store.names():
                if not key.startswith(KEPT):
                    store.delete(key)
            store.put(self.PHASE, "new_admin")
            self.fw.log.add("reset", ADMIN_ID, "done")
        self.fw.light.writing("reset", False)
        self.fw.keypad.listening = True
        self.go_on()

    # the new admin password, the backup

    def ask_new_admin(self) -> None:
        """CANCEL and 60 s without a key ask again: there is no terminal without an admin."""
        self.fw.pages.show(
            Entry(self.fw, "reset_done", 8, self.new_admin_typed, self.ask_new_admin, least=1, secret=True)
        )

    def new_admin_typed(self, new: str) -> None:
        if not self.fw.passwords.acceptable(ADMIN_ID, new):
            self.fw.pages.show(refusal(self.fw, "change_bad", self.ask_new_admin))
            return
        with self.fw.store.transaction():
            self.put_admin(self.fw.store, new)
            self.fw.log.add("password", ADMIN_ID)
            self.fw.store.put(self.PHASE, "restore")
        self.go_on()

    def put_admin(self, store: Store, password: str) -> None:
        salt = f"{self.fw.board.rng():08x}{self.fw.board.rng():08x}"
        put_operator(store, ADMIN_ID, password, salt, changed=self.fw.clock.timestamp(), is_default=False)

    def offer_restore(self) -> None:
        if self.fw.backup.on_stick() is None:
            self.finish()
        else:
            self.fw.backup.ask_restore(self.finish)

    def finish(self) -> None:
        """A reset that was asked for at power-on came before the self-test: the start is made now, else nothing that
        starts with it (the network among others) would live before the next power cut."""
        self.fw.store.delete(self.PHASE)
        if self.fw.boot.through:
            self.fw.home()
        else:
            self.start_normally()


class HoldPage(Page):
    screen = "reset_hold"
    tick_s = 1.0

    def __init__(self, room: FactoryReset) -> None:
        super().__init__(room.fw)
        self._room, self.left = room, HOLD_S

    def fields(self) -> dict[str, object]:
        return {"left": self.left}

    def on_tick(self) -> None:
        self.left -= 1
        if self.left == 0:
            self._room.held()


class ErasingPage(Page):
    screen = "resetting"
    tick_s = ERASE_S / STEPS
    busy = True

    def __init__(self, room: FactoryReset) -> None:
        super().__init__(room.fw)
        self._room, self.done = room, 0

    def fields(self) -> dict[str, object]:
        return {"bar": "[" + "#" * self.done + "." * (STEPS - self.done) + "]"}

    def on_tick(self) -> None:
        self.done += 1
        if self.done < STEPS:
            self._room.erase_step(self.done)
        else:
            self._room.erased()
