"""The page of work (idle), the menus, and the small pages around them. Every way to a function asks the same table."""

from __future__ import annotations

from collections.abc import Callable

from posrig.simulated.terminals.r.firmware.pages import DIGITS, ENTRY_TIMEOUT_S, Choice, Notice, Page, refusal
from posrig.simulated.terminals.r.firmware.room import Room

AMOUNT_DIGITS = 5
"""999.99 at most: the widest amount that the rows of ``refused`` hold."""
OF_THE_DAY = frozenset({"sale", "void", "refund"})
"""What asks for a sign-on of today."""


class Menus(Room):
    def guarded(self, function: str, act: Callable[[], None]) -> Callable[[], None]:
        """The act, or a refusal when the id has no right to it."""

        def run() -> None:
            if not self.fw.roles.may(self.fw.sign_on.operator, function):
                self.not_allowed()
            elif function in OF_THE_DAY and not self.fw.sign_on.of_today():
                self.fw.sign_on.new_day()
            else:
                act()

        return run

    def idle(self) -> None:
        self.fw.pages.show(IdlePage(self.fw))

    def open(self) -> None:
        """MENU at idle."""
        self.fw.pages.show(Choice(self.fw, "menu", self.menu_items(), self.fw.home))

    def menu_items(self) -> dict[str, Callable[[], None]]:
        work = self.fw.transactions
        return {
            "1": self.guarded("sale", self.fw.home),
            "2": self.guarded("void", work.void),
            "3": self.guarded("refund", work.refund),
            "4": self.guarded("settle", work.settle),
            "5": self.manage,
        }

    def manage(self) -> None:
        self.fw.pages.show(Choice(self.fw, "manage", self.manage_items(), self.open, service=True))

    def manage_items(self) -> dict[str, Callable[[], None]]:
        fw = self.fw
        return {
            "1": self.guarded("sign_off", fw.sign_on.sign_off),
            "2": self.guarded("own_password", fw.operators.open),
            "3": self.lock_item,
            "4": self.guarded("log", fw.log.open),
            "5": self.guarded("system", self.system),
        }

    def lock_item(self) -> None:
        """3 in manage: the question for a cashier, the lock module for 00 and 99."""
        if self.fw.roles.may(self.fw.sign_on.operator, "lock_module"):
            self.fw.lock_module.open()
        else:
            self.guarded("lock", self.fw.lock.ask)()

    def system(self) -> None:
        self.fw.pages.show(Choice(self.fw, "system", self.system_items(), self.manage, service=True))

    def system_items(self) -> dict[str, Callable[[], None]]:
        fw = self.fw
        return {
            "1": self.guarded("restart", fw.restart.ask),
            "2": self.guarded("update", fw.update.menu),
            "3": self.guarded("clock", self.clock),
            "4": self.guarded("self_test", fw.boot.test_by_menu),
            "5": self.guarded("backup", fw.backup.write),
        }

    def clock(self) -> None:
        """3 in system: the time as shown and in UTC. It is the host that sets it."""
        self.fw.pages.show(ClockPage(self.fw))

    def amount_entered(self, amount: int) -> None:
        """ENTER at idle."""
        self.guarded("sale", lambda: self.fw.transactions.sale(amount))()

    def not_allowed(self, then: Callable[[], None] | None = None) -> None:
        self.fw.pages.show(refusal(self.fw, "not_allowed", then or self.fw.home))

    def done(self, then: Callable[[], None]) -> None:
        """A change was made: 10 s or a key, one beep."""
        self.fw.pages.show(Notice(self.fw, "done", then))

    def none_yet(self, then: Callable[[], None]) -> None:
        """There is nothing to list."""
        self.fw.pages.show(Notice(self.fw, "none_yet", then))

    def version(self) -> None:
        """F1 at ``signed_off``."""
        fields = {"version": self.fw.slots.version(), "serial": self.fw.board.serial_number}
        self.fw.pages.show(Notice(self.fw, "version", self.fw.home, fields))

    def support(self) -> None:
        """F2 at ``signed_off``, ``lock``, ``locked_out``, ``host_lock``, ``self_test_fail``."""
        fields = {
            "phone": self.fw.parameter("phone", "400-000-0000"),
            "serial": self.fw.board.serial_number,
            "ref": self.reference(),
        }
        self.fw.pages.show(Notice(self.fw, "support", self.fw.home, fields))

    def reference(self) -> str:
        """What the caller reads out: the host lock's number, or the last four digits of the newest record."""
        kept = self.fw.store.get(self.fw.lock_states.HOST)
        return str(kept["ref"]) if kept else f"{(int(self.fw.store.get('log.next', 1)) - 1) % 10_000:04d}"


def money(cents: int) -> str:
    """``12.00``"""
    return f"{cents // 100}.{cents % 100:02d}"


class IdlePage(Page):
    """Ready for a sale: digits shift in as cents. What is typed goes with CLEAR, CANCEL, 60 s, or leaving."""

    screen = "idle"
    timeout_s = ENTRY_TIMEOUT_S
    typed = ""

    def fields(self) -> dict[str, object]:
        return {
            "time": self.fw.clock_text(self.fw.clock.timestamp()),
            "amount": money(int(self.typed or 0)),
            "operator": self.fw.sign_on.operator,
        }

    def next_tick_s(self) -> float:
        return 60.0 - self.fw.clock.timestamp() % 60.0

    def leave(self) -> None:
        self.typed = ""

    def clear(self) -> None:
        self.typed = ""
        self.fw.pages.repaint()

    def key(self, key: str) -> None:
        if key in DIGITS:
            self.take(key)
        elif key in ("CLEAR", "CANCEL"):
            self.clear()
        elif key == "ENTER":
            if int(self.typed or 0) > 0:
                self.fw.menus.amount_entered(int(self.typed))
        elif key == "MENU":
            self.fw.menus.open()

    def take(self, digit: str) -> None:
        if len(self.typed) < AMOUNT_DIGITS and (self.typed or digit != "0"):
            self.typed += digit
            self.fw.pages.repaint()

    def on_timeout(self) -> None:
        self.clear()


class ClockPage(Page):
    screen = "clock"
    service = True

    def fields(self) -> dict[str, object]:
        local, utc = self.fw.local(), self.fw.utc()
        trust = self.fw.word("clock.good" if self.fw.clock.trusted() else "clock.doubtful")
        return {
            "date": local.strftime("%Y-%m-%d"),
            "time": local.strftime("%H:%M"),
            "utc": utc.strftime("%H:%M"),
            "trust": trust,
        }

    def next_tick_s(self) -> float:
        return 60.0 - self.fw.clock.timestamp() % 60.0

    def key(self, key: str) -> None:
        if key in ("CANCEL", "ENTER"):
            self.fw.menus.system()
