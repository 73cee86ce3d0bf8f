"""The operator lock: C01 by the menu, C03 by idle time. Kept in flash; one matrix of who unlocks for every way in.

Owner: the session goes on. Manager: the owner's session is over. Admin: the lock module opens, the lock stays until a
code or a manager lifts it. Everybody else is told who may, before any password is asked.
"""

from __future__ import annotations

from typing import Any

from posrig.simulated.terminals.r.firmware.pages import Ask, Entry, refusal
from posrig.simulated.terminals.r.firmware.records import Attempt, Role
from posrig.simulated.terminals.r.firmware.room import Room
from posrig.simulated.terminals.r.firmware.sign_on import ID_DIGITS


class Lock(Room):
    KEY = "lock"

    def kept(self) -> dict[str, Any] | None:
        """Cause, operator and time of the lock, from flash."""
        kept: dict[str, Any] | None = self.fw.store.get(self.KEY)
        return kept

    def forget(self) -> None:
        self.fw.store.delete(self.KEY)

    def locked(self) -> bool:
        return self.kept() is not None

    def owner(self) -> str:
        kept = self.kept()
        return str(kept["operator"]) if kept else ""

    def since(self) -> float:
        kept = self.kept()
        return float(kept["time"]) if kept else 0.0

    def ask(self) -> None:
        """3 in manage, for a cashier."""
        self.fw.pages.show(Ask(self.fw, "lock_ask", self.by_menu, self.fw.home))

    def by_menu(self) -> None:
        self.lock("C01")

    def by_idle(self) -> None:
        self.lock("C03")

    def lock(self, cause: str) -> None:
        """Lock for whoever is signed on, end the session, show it."""
        owner = self.fw.sign_on.operator
        if owner is None:
            return
        with self.fw.store.transaction():
            self.remember(cause, owner)
            self.fw.lock_states.add_cause(cause, owner)
            self.fw.log.add("lock", owner, cause)
        self.fw.board.service.emit("lock", cause=cause, operator=owner)
        self.fw.sign_on.close_session()
        self.fw.home()

    def remember(self, cause: str, owner: str) -> None:
        self.fw.store.put(self.KEY, {"cause": cause, "operator": owner, "time": self.fw.clock.timestamp()})

    def show(self) -> None:
        """The lock's page: an id starts an unlock."""
        self.fw.pages.show(self.page())

    def page(self) -> LockPage:
        return LockPage(self)

    def id_typed(self, operator: str) -> None:
        if not self.may_try(operator):
            self.fw.pages.show(refusal(self.fw, "lock_other", self.fw.home, {"operator": self.owner()}))
            return
        attempt = Attempt("unlock", self.identified, self.fw.home, operator)
        self.ask_password(attempt)

    def ask_password(self, attempt: Attempt) -> None:
        self.fw.sign_on.ask_password(attempt)

    def may_try(self, operator: str) -> bool:
        """Owner, manager, and the admin (for the lock module)."""
        return self.may_unlock(operator) or self.fw.roles.of(operator) is Role.ADMIN

    def may_unlock(self, operator: str) -> bool:
        return operator == self.owner() or self.fw.roles.of(operator) is Role.MANAGER

    def identified(self, operator: str) -> None:
        """All factors of this id were right, at a locked terminal."""
        if self.may_unlock(operator):
            self.unlock(operator)
        else:
            self.fw.lock_module.open_for(operator)

    def unlock(self, by: str) -> None:
        owner = self.owner()
        record = self.clear(by)
        if by == owner:
            self.fw.sign_on.open_session(by)
        self.show_unlocked(by, record)

    def clear(self, by: str) -> int:
        """Take the lock off; the record's number."""
        with self.fw.store.transaction():
            record = self.fw.log.add("unlock", self.actor(by))
            self.forget()
        self.fw.board.service.emit("unlock", by=by)
        return record

    def actor(self, by: str) -> str:
        """Who the log says it was."""
        return by

    def show_unlocked(self, by: str, record: int) -> None:
        """1 s, one long beep, then where the terminal's state leads."""
        self.fw.show_unlocked(by, record, self.fw.home)


class LockPage(Entry):
    """CANCEL and 60 s without a key only empty the field: nothing but a sign-on leads out."""

    def __init__(self, room: Lock) -> None:
        fields = {"operator": room.owner(), "time": room.fw.clock_text(room.since())}
        super().__init__(
            room.fw,
            "lock",
            ID_DIGITS,
            room.id_typed,
            self.clear,
            fields,
            least=ID_DIGITS,
            other_keys={"F2": room.fw.menus.support},
        )

    def clear(self) -> None:
        self.typed = ""
        self.fw.pages.repaint()
