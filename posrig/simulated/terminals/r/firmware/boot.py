"""Start and self-test: 6 s boot, 4 s for six items; a failed item takes the terminal out of service (C06)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from posrig.simulated.terminals.r.firmware.pages import Page
from posrig.simulated.terminals.r.firmware.room import Room
from posrig.simulated.terminals.r.firmware.screens import width

if TYPE_CHECKING:
    from posrig.simulated.loop.scheduler import Timer
    from posrig.simulated.terminals.r.firmware.contracts.device import Device

BOOT_S = 6.0
SELF_TEST_S = 4.0
ITEMS = ("memory", "firmware", "keypad", "display", "clock", "security")
STARTED = (
    "light",
    "sign_on",
    "failures",
    "finger",
    "tamper",
    "restart",
    "journal",
    "transactions",
    "hostlink",
    "slots",
    "update",
)


class Boot(Room):
    def __init__(self, fw: Device) -> None:
        super().__init__(fw)
        self.failed_code: str | None = None
        self.through = False
        """The self-test was good and the rooms have started: link, journal, lock-outs are alive."""
        self._timer: Timer | None = None

    def power_on(self) -> None:
        fw = self.fw
        if not fw.slots.starting():
            return
        fw.board.service.emit("boot", version=fw.slots.version(), serial=fw.board.serial_number)
        fw.board.on_tamper = fw.tamper.happened
        fw.passwords.settle_ages()
        fw.factory_reset.power_on()
        self.begin()

    def begin(self) -> None:
        """The boot screen, from its start."""
        self.fw.keypad.listening = False
        self.fw.light.booting()
        self.fw.pages.show(BootPage(self.fw))
        self._timer = self.fw.board.after(BOOT_S, self.test)

    def stop(self) -> None:
        """The start makes way for the question of a factory reset."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def key_down(self, key: str) -> None:
        """Keys before the first page of work: only a held CLEAR matters."""
        self.fw.factory_reset.key_down(key)

    def key_up(self, key: str) -> None:
        self.fw.factory_reset.key_up(key)

    # the self-test

    def test(self) -> None:
        self.fw.factory_reset.too_late()
        self.fw.pages.show(SelfTestPage(self, self.finished))

    def test_by_menu(self) -> None:
        """4 in system."""
        self.fw.pages.show(SelfTestPage(self, self.fw.menus.system))

    def code_of(self, item: str) -> str | None:
        """What is wrong with an item."""
        code = self.fw.board.hardware_faults.get(item)
        if code is None and item == "firmware":
            code = self.fw.slots.image_fault()
        if code is None and item == ITEMS[-1]:
            code = next((code for part, code in self.fw.board.hardware_faults.items() if part not in ITEMS), None)
        return code

    def failed(self, item: str, code: str) -> None:
        """Out of service until a start whose self-test is good."""
        self.failed_code = code
        with self.fw.store.transaction():
            self.fw.lock_states.add_cause("C06", code)
            self.fw.log.add("self_test_no", "", f"{item} {code}")
        self.fw.board.service.emit("fault", part=item, code=code)
        self.fw.board.service.emit("lock", cause="C06", operator="")
        self.out_of_service()

    def out_of_service(self) -> None:
        self.fw.sign_on.close_session()
        self.fw.light.start()
        self.fw.keypad.listening = True
        self.show_failure()

    def show_failure(self) -> None:
        self.fw.pages.show(FailedPage(self))

    def finished(self) -> None:
        """All items were good: rooms start, the state before comes back."""
        fw = self.fw
        self.through = True
        fw.keypad.listening = True
        fw.board.nic.power_up()
        for name in STARTED:
            room: Room = getattr(fw, name)
            room.start()
        fw.slots.started_well()
        if not self.recovers():
            fw.home()

    def recovers(self) -> bool:
        """A transaction was cut: ``recover`` comes first, unless the terminal is locked. Then the lock is the first
        page, and the reversal goes out behind it when the link is up."""
        fw = self.fw
        if fw.tamper.tampered() or fw.factory_reset.unfinished():
            return False
        if fw.lock_states.locked():
            fw.journal.recover_open()
            return False
        return fw.transactions.recover()


class BootPage(Page):
    screen = "boot"

    def fields(self) -> dict[str, object]:
        return {"version": self.fw.slots.version(), "serial": self.fw.board.serial_number}


class SelfTestPage(Page):
    """One item each 2/3 s; the last three are on the screen."""

    screen = "self_test"
    tick_s = SELF_TEST_S / len(ITEMS)
    busy = True

    def __init__(self, room: Boot, then: Callable[[], None]) -> None:
        super().__init__(room.fw)
        self._room, self._then, self.done = room, then, 0

    def row(self, item: int) -> str:
        if item >= len(ITEMS):
            return ""
        word = self.fw.word
        result = word("test.good") if item < self.done else ".."
        name = word("test." + ITEMS[item])
        return name + " " * (int(word("test.width")) - width(name) - width(result)) + result

    def fields(self) -> dict[str, object]:
        first = min(max(self.done - 2, 0), len(ITEMS) - 3)
        rows = {f"row{n + 1}": self.row(first + n) for n in range(3)}
        return {"done": min(self.done + 1, len(ITEMS)), **rows}

    def on_tick(self) -> None:
        code = self._room.code_of(ITEMS[self.done])
        if code is not None:
            self._room.failed(ITEMS[self.done], code)
            return
        self.done += 1
        if not self.fw.keypad.listening:
            self.fw.light.booting()
        if self.done == len(ITEMS):
            self._then()


class FailedPage(Page):
    screen = "self_test_fail"

    def __init__(self, room: Boot) -> None:
        super().__init__(room.fw)
        self._room = room

    def fields(self) -> dict[str, object]:
        return {"code": self._room.failed_code}

    def key(self, key: str) -> None:
        if key == "F2":
            self.fw.menus.support()
