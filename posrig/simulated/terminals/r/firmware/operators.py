"""Operators: list, add, delete, reset a password, change the own one, enrol a finger.

00 and 99 manage cashiers; only 99 manages 00; nobody deletes 99 or who is signed on. A password given by someone else
must be changed at first use.
"""

from __future__ import annotations

from collections.abc import Callable

from posrig.simulated.terminals.r.firmware.pages import Choice, Entry, Page, refusal
from posrig.simulated.terminals.r.firmware.records import Role
from posrig.simulated.terminals.r.firmware.room import Room

MAX_OPERATORS = 22


class Operators(Room):
    def open(self) -> None:
        """2 in manage; a cashier sees only the change of the own password."""
        if not self.fw.roles.may(self.fw.sign_on.operator, "operators"):
            self.ask_old(self.fw.menus.manage)
            return
        items = {
            "1": self.list,
            "2": self.add,
            "3": self.delete,
            "4": self.reset,
            "5": lambda: self.ask_old(self.open),
            "6": lambda: self.fw.finger.enrol(self.who(), self.open),
        }
        self.fw.pages.show(Choice(self.fw, "operators", items, self.fw.menus.manage, service=True))

    def who(self) -> str:
        return self.fw.sign_on.operator or ""

    def ids(self) -> list[str]:
        return [row[0] for row in self.fw.store.rows("SELECT id FROM operators ORDER BY id")]

    def may_manage(self, operator: str) -> bool:
        """99 manages everybody else, 00 manages cashiers."""
        role = self.fw.roles.of(operator)
        if self.fw.roles.of(self.who()) is Role.ADMIN:
            return role is not Role.ADMIN
        return role is Role.CASHIER

    def may_delete(self, operator: str) -> bool:
        """Never the last admin, never who is signed on."""
        return self.may_manage(operator) and operator != self.who()

    # list

    def list(self) -> None:
        self.fw.pages.show(ListPage(self, self.ids()))

    # add, delete, reset

    def _ask_id(self, screen: str, done: Callable[[str], None]) -> None:
        self.fw.pages.show(ServiceEntry(self.fw, screen, 2, done, self.open, least=2))

    def _ask_initial(self, screen: str, operator: str, done: Callable[[str], None]) -> None:
        digits = self.fw.roles.password_digits(operator)
        fields = {"operator": operator}
        self.fw.pages.show(ServiceEntry(self.fw, screen, digits, done, self.open, fields, least=digits, secret=True))

    def add(self) -> None:
        self._ask_id("op_add", self.add_id)

    def add_id(self, operator: str) -> None:
        if self.fw.passwords.known(operator) or not self.may_manage(operator) or len(self.ids()) >= MAX_OPERATORS:
            self.fw.menus.not_allowed(self.open)
            return
        self._ask_initial("op_first", operator, lambda given: self.give(operator, given, "op_add"))

    def reset(self) -> None:
        self._ask_id("op_reset", self.reset_id)

    def reset_id(self, operator: str) -> None:
        if not self.fw.passwords.known(operator) or not self.may_manage(operator):
            self.fw.menus.not_allowed(self.open)
            return
        self._ask_initial("op_first", operator, lambda given: self.give(operator, given, "op_reset"))

    def give(self, operator: str, password: str, what: str) -> None:
        with self.fw.store.transaction():
            self.fw.passwords.give_initial(operator, password)
            self.fw.log.add(what, self.who(), f"OP{operator}")
        self.fw.menus.done(self.open)

    def delete(self) -> None:
        self._ask_id("op_delete", self.delete_id)

    def delete_id(self, operator: str) -> None:
        if not self.fw.passwords.known(operator) or not self.may_delete(operator):
            self.fw.menus.not_allowed(self.open)
            return
        with self.fw.store.transaction():
            self.fw.store.run("DELETE FROM operators WHERE id = ?", operator)
            self.fw.log.add("op_delete", self.who(), f"OP{operator}")
        self.fw.menus.done(self.open)

    # the own password

    def ask_old(self, back: Callable[[], None]) -> None:
        digits = self.fw.roles.password_digits(self.who())
        self.fw.pages.show(
            ServiceEntry(self.fw, "pwd_old", digits, lambda old: self.old_typed(old, back), back, least=1, secret=True)
        )

    def old_typed(self, old: str, back: Callable[[], None]) -> None:
        if self.fw.passwords.right(self.who(), old):
            self.ask_new(back)
            return
        left = self.fw.failures.failed(self.who(), "sign_on_no")
        if left == 0:
            locked_out = self.who()
            self.fw.sign_on.close_session()
            self.fw.lock_states.show_lock_out(locked_out)
        else:
            self.fw.pages.show(refusal(self.fw, "login_bad", back, {"left": left}))

    def ask_new(self, back: Callable[[], None]) -> None:
        digits = self.fw.roles.password_digits(self.who())
        self.fw.pages.show(
            ServiceEntry(self.fw, "pwd_new", digits, lambda new: self.new_typed(new, back), back, least=1, secret=True)
        )

    def new_typed(self, new: str, back: Callable[[], None]) -> None:
        if not self.fw.passwords.acceptable(self.who(), new):
            self.fw.pages.show(refusal(self.fw, "change_bad", lambda: self.ask_new(back)))
            return
        with self.fw.store.transaction():
            self.fw.passwords.change(self.who(), new)
            self.fw.log.add("password", self.who())
        self.fw.menus.done(back)


class ServiceEntry(Entry):
    service = True


class ListPage(Page):
    """Three ids at a time would do; one a page says more: the id and its role."""

    screen = "op_list"
    service = True

    def __init__(self, room: Operators, ids: list[str]) -> None:
        super().__init__(room.fw)
        self._room, self._ids, self._at = room, ids, 0

    def fields(self) -> dict[str, object]:
        operator = self._ids[self._at]
        role = self.fw.word("role." + self.fw.roles.of(operator).value)
        return {"operator": operator, "role": role, "at": self._at + 1, "of": len(self._ids)}

    def key(self, key: str) -> None:
        if key == "CANCEL":
            self._room.open()
            return
        step = {"UP": -1, "DOWN": 1}.get(key, 0)
        self._at = min(max(self._at + step, 0), len(self._ids) - 1)
        self.fw.pages.repaint()
