"""Seeded defects of lock, unlock and lock-out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from posrig.simulated.terminals.counter.defects.registry import defect
from posrig.simulated.terminals.counter.firmware.attempts import Attempts
from posrig.simulated.terminals.counter.firmware.locks import Locks
from posrig.simulated.terminals.counter.firmware.parts import Parts
from posrig.simulated.terminals.counter.firmware.prompts import REFUSAL_S, Prompts
from posrig.simulated.terminals.counter.firmware.update import Update
from posrig.simulated.terminals.pages import Page


class _VolatileLock(Locks):
    kept: dict[str, Any] | None = None

    def key_lock(self) -> dict[str, Any] | None:
        return self.kept

    def keep_key_lock(self, lock: dict[str, Any] | None) -> None:
        self.kept = lock


@defect(
    "c_lock_in_ram",
    "The key switch's lock is gone after a power cut",
    group="Lock",
    rules=("C-LOCK-2",),
    severity="critical",
)
def c_lock_in_ram(parts: Parts) -> Parts:
    return replace(parts, locks=_VolatileLock)


class _StarLeaves(Locks):
    STARS = 3
    pressed = 0

    def leave(self) -> None:
        self.pressed += 1
        if self.pressed >= self.STARS:
            self.keep_key_lock(None)
            self.core.home()


@defect(
    "c_star_leaves_lock",
    "STAR pressed three times at the lock leaves it",
    group="Lock",
    rules=("C-LOCK-3",),
    severity="critical",
)
def c_star_leaves_lock(parts: Parts) -> Parts:
    return replace(parts, locks=_StarLeaves)


class _Anybody(Locks):
    def may_lift(self, number: str) -> bool:
        return True


@defect(
    "c_any_staff_unlocks",
    "Any staff member's password lifts the lock",
    group="Lock",
    rules=("C-LOCK-4",),
    severity="critical",
)
def c_any_staff_unlocks(parts: Parts) -> Parts:
    return replace(parts, locks=_Anybody)


class _KeyOverHost(Locks):
    """The newer lock covers the older, and its unlock lifts both."""

    def page(self) -> Page | None:
        lock = self.key_lock()
        return super().page() if lock is None else self.key_page(lock)

    def keep_key_lock(self, lock: dict[str, Any] | None) -> None:
        super().keep_key_lock(lock)
        if lock is None:
            self.core.flash.put(host_lock=None)


@defect(
    "c_host_lock_lifted_here", "A turn of the key covers the host's lock, and the staff lift both", group="Host lock",
    rules=("C-HOST-2",), severity="critical",
)  # fmt: skip
def c_host_lock_lifted_here(parts: Parts) -> Parts:
    return replace(parts, locks=_KeyOverHost)


class _FreeAtTheLock(Prompts):
    def refuse(self) -> None:
        if self.core.page.screen == "unlock_pwd":
            self.core.note("refused", REFUSAL_S, ("工号或密码错误", "", "还可以试3次"))
        else:
            super().refuse()


@defect(
    "c_free_guesses_at_lock",
    "Wrong passwords at the lock are not counted",
    group="Lock-out",
    rules=("C-STOP-1",),
    severity="critical",
)
def c_free_guesses_at_lock(parts: Parts) -> Parts:
    return replace(parts, prompts=_FreeAtTheLock)


class _CountInRam(Attempts):
    wrong = 0

    def count(self) -> int:
        return self.wrong

    def keep(self, wrong: int) -> None:
        self.wrong = wrong


@defect(
    "c_count_in_ram",
    "A power cut forgets the wrong passwords before it",
    group="Lock-out",
    rules=("C-STOP-2",),
    severity="major",
)
def c_count_in_ram(parts: Parts) -> Parts:
    return replace(parts, attempts=_CountInRam)


class _StickOverLock(Update):
    """Looks at every stick at once, and comes back from a refusal to a terminal without its lock."""

    def plugged(self) -> None:
        if self.core.board.usb.folder() is not None and not self.core.page.busy:
            self.check()

    def refuse(self, why: str) -> None:
        self.core.flash.put(key_lock=None)
        super().refuse(why)


@defect(
    "c_refused_stick_unlocks",
    "A stick that is refused at the lock leaves it open",
    group="Update",
    rules=("C-UPD-3",),
    severity="critical",
)
def c_refused_stick_unlocks(parts: Parts) -> Parts:
    return replace(parts, update=_StickOverLock)
