"""The lock (function 22, button, idle time) and the host's lock. Whoever unlocks, the cashier's session goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from posrig.simulated.loop.scheduler import Timer
from posrig.simulated.terminals.esign.firmware.guesses import Guesses
from posrig.simulated.terminals.esign.firmware.people import SUPERVISOR, People
from posrig.simulated.terminals.pages import Core, Page

IDLE_S, UNLOCKED_S = 180.0, 1.0


class Locks:
    def __init__(self, core: Core, people: People, guesses: Guesses) -> None:
        self.core, self.people, self.guesses = core, people, guesses
        self._idle: Timer | None = None

    # state

    def lock(self) -> dict[str, Any] | None:
        """``operator`` (whose session waits) and ``at`` (12:34)."""
        found: dict[str, Any] | None = self.core.flash.get("lock")
        return found

    def keep_lock(self, lock: dict[str, Any] | None) -> None:
        self.core.flash.put(lock=lock)

    # what sets and lifts it

    def set(self, cause: str) -> None:
        at = self.core.board.rtc.read().strftime("%H:%M")
        self.keep_lock({"operator": self.people.session, "at": at})
        self.core.board.service.emit("lock", cause=cause, operator=self.people.session)
        self.core.home()

    def touched(self) -> None:
        """A key or the glass: the idle time begins anew."""
        if self._idle is not None:
            self._idle.cancel()
        self._idle = self.core.board.after(IDLE_S, self._idle_over)

    def _idle_over(self) -> None:
        if self.core.page.busy:
            self.touched()
        elif self.people.session is not None and self.lock() is None:
            self.set("idle")

    def lifted(self, by: str) -> None:
        lock = self.lock() or {}
        self.people.session = self.session_after(by, str(lock.get("operator")))
        self.keep_lock(None)
        self.core.board.service.emit("unlock", by=by)
        self.core.note("unlocked", UNLOCKED_S, ("", "解锁成功"))

    def session_after(self, by: str, cashier: str) -> str:
        """Whose session goes on."""
        return cashier

    def pushed(self, message: Mapping[str, Any]) -> None:
        """An unasked message of the host."""
        kind = message.get("type")
        if kind not in ("lock", "unlock"):
            return
        self.core.flash.put(host_lock=str(message.get("cause"))[:3] if kind == "lock" else None)
        if not self.core.page.busy:
            self.core.home()

    # pages

    def page(self) -> Page | None:
        """The page of the lock that counts now; None when there is none."""
        cause = self.core.flash.get("host_lock")
        if cause is not None:
            return self.host_page(cause)
        lock = self.lock()
        return None if lock is None else self.lock_page(lock)

    def host_page(self, cause: str) -> Page:
        return Page("host_lock", lambda: ("", "后台已锁定本机", "", f"原因 {cause}", "", "请联系收单机构"))

    def lock_page(self, lock: Mapping[str, Any]) -> Page:
        operator = str(lock["operator"])
        head = ("", "****** 终端已锁定 ******", f"操作员 {operator}  {lock['at']}", "", "请收银员输入密码")
        return self.guesses.prompt(
            "lock",
            head,
            operator,
            lambda: self.lifted(operator),
            self.core.home,
            stays_s=None,
            more={"FUNC": self.supervisor},
        )

    def supervisor(self) -> None:
        head = ("", "****** 终端已锁定 ******", "", "", "请主管输入密码")
        self.guesses.ask("lock_sup", head, SUPERVISOR, lambda: self.lifted(SUPERVISOR), self.core.home)
