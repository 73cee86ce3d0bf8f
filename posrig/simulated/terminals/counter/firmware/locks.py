"""The two locks: the key switch's, lifted by who was on duty or a supervisor, and the host's, lifted by the host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from posrig.simulated.terminals.counter.firmware.prompts import KEYS, Prompts
from posrig.simulated.terminals.counter.firmware.staff import DIGITS, Staff, supervises
from posrig.simulated.terminals.pages import Core, Page

TURN_S = 0.5
"""The key has to be held against its spring for so long."""
UNLOCKED_S, OTHER_S = 1.0, 3.0


class Locks:
    def __init__(self, core: Core, staff: Staff, prompts: Prompts) -> None:
        self.core, self.staff, self.prompts = core, staff, prompts

    # state

    def key_lock(self) -> dict[str, Any] | None:
        """``by`` (who was on duty, or empty) and ``at`` (12:34) of a lock by the key switch."""
        found: dict[str, Any] | None = self.core.flash.get("key_lock")
        return found

    def host_lock(self) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self.core.flash.get("host_lock")
        return found

    def keep_key_lock(self, lock: dict[str, Any] | None) -> None:
        self.core.flash.put(key_lock=lock)

    # what sets and lifts them

    def turned(self) -> None:
        """The key was turned: locked, whatever is shown; turned again it changes nothing."""
        if self.key_lock() is None:
            at = self.core.board.rtc.read().strftime("%H:%M")
            self.keep_key_lock({"by": self.staff.on_duty or "", "at": at})
            self.staff.on_duty = None
        self._come()

    def pushed(self, message: Mapping[str, Any]) -> None:
        """An unasked message of the host."""
        kind = message.get("type")
        if kind == "lock":
            self.core.flash.put(host_lock={"cause": str(message.get("cause"))[:3]})
            self.staff.on_duty = None
            self._come()
        elif kind == "unlock" and self.host_lock() is not None:
            self.core.flash.put(host_lock=None)
            self._come()

    def _come(self) -> None:
        """A lock comes over everything but work that must not be cut."""
        if not self.core.page.busy:
            self.core.home()

    def may_lift(self, number: str) -> bool:
        lock = self.key_lock() or {}
        return supervises(number) or number == lock.get("by")

    def lift(self, number: str) -> None:
        """Who was on duty works on; a supervisor leaves the terminal signed off."""
        if not self.may_lift(number):
            self.core.note("lock_other", OTHER_S, ("钥匙已锁", "", "只有当班人员或主管", "可以解锁"))
            return
        self.keep_key_lock(None)
        self.staff.on_duty = None if supervises(number) else number
        self.core.note("unlocked", UNLOCKED_S, ("解锁成功",))

    # pages

    def page(self) -> Page | None:
        """The page of the lock that counts now; None when there is none."""
        if (host := self.host_lock()) is not None:
            return self.host_page(host)
        return None if (lock := self.key_lock()) is None else self.key_page(lock)

    def host_page(self, lock: Mapping[str, Any]) -> Page:
        return Page("host_lock", lambda: ("后台已锁定", "", f"原因代码 {lock['cause']}", "请联系网点", "电话 95580"))

    def key_page(self, lock: Mapping[str, Any]) -> Page:
        who = f"{lock['by'] or '------'} {lock['at']}"
        return self.core.entry(
            "key_lock",
            lambda typed: ("==== 钥匙已锁 ====", who, "请输入工号:", typed, "", "", "", "           #键确认"),
            self._number,
            self.leave,
            most=DIGITS,
            keys=KEYS,
            stays_s=None,
        )

    def _number(self, number: str) -> None:
        self.prompts.password("unlock", "==== 钥匙已锁 ====", number, self.lift, self.core.home)

    def leave(self) -> None:
        """STAR with nothing typed: the lock stays."""
