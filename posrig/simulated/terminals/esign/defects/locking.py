"""Seeded defects of lock and lock-out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from posrig.simulated.loop.scheduler import Timer
from posrig.simulated.terminals.esign.defects.registry import defect
from posrig.simulated.terminals.esign.firmware.glass import BUTTONS, Glass
from posrig.simulated.terminals.esign.firmware.guesses import REFUSAL_S, Guesses
from posrig.simulated.terminals.esign.firmware.locks import Locks
from posrig.simulated.terminals.esign.firmware.parts import Parts
from posrig.simulated.terminals.pages import Keys, Page


class _WrittenLate(Locks):
    """The flash is written behind: what is newer than five seconds is gone with the power."""

    BEHIND_S = 5.0
    pending: Timer | None = None
    newest: dict[str, Any] | None = None

    def lock(self) -> dict[str, Any] | None:
        return self.newest if self.pending is not None and self.pending.pending else super().lock()

    def keep_lock(self, lock: dict[str, Any] | None) -> None:
        if self.pending is not None:
            self.pending.cancel()
        self.newest = lock
        self.pending = self.core.board.after(self.BEHIND_S, lambda: self.core.flash.put(lock=self.newest))


@defect(
    "e_lock_written_late",
    "A power cut in the first five seconds loses the lock",
    group="Lock",
    rules=("E-LOCK-2",),
    severity="critical",
)
def e_lock_written_late(parts: Parts) -> Parts:
    return replace(parts, locks=_WrittenLate)


class _FeedLeaves(Locks):
    """The paper key reprints the slip at the lock too, and goes back to where it is used to go."""

    def lock_page(self, lock: Mapping[str, Any]) -> Page:
        def feed() -> None:
            self.people.session = str(lock["operator"])
            self.keep_lock(None)
            self.core.home()

        page = super().lock_page(lock)
        handled = page.key
        page.key = lambda key: feed() if key == "FEED" else handled(key)  # type: ignore[method-assign]
        return page


@defect(
    "e_feed_leaves_lock",
    "The paper key at the lock leads to the ready page",
    group="Lock",
    rules=("E-LOCK-3",),
    severity="critical",
)
def e_feed_leaves_lock(parts: Parts) -> Parts:
    return replace(parts, locks=_FeedLeaves)


class _StaysActive(Glass):
    """The buttons of the menu from which the terminal was locked are not seen any more, and still work."""

    beneath: Page | None = None

    def paint(self, page: Page) -> None:
        if page.screen == "lock" and isinstance(self.page, Keys):
            self.beneath = self.page
        elif page.screen not in ("lock", "refused", "lock_sup"):
            self.beneath = None
        super().paint(page)

    def hit(self, x: int, y: int) -> str | None:
        if self.page.screen == "lock" and self.beneath is not None:
            for button in BUTTONS[self.beneath.screen]:
                if button.holds(x, y):
                    self.beneath.key(button.key)
                    return None
        return super().hit(x, y)


@defect(
    "e_buttons_under_lock",
    "The menu's buttons still work under the lock page",
    group="Lock",
    rules=("E-LOCK-3",),
    severity="critical",
)
def e_buttons_under_lock(parts: Parts) -> Parts:
    return replace(parts, glass=_StaysActive)


class _SupervisorsSession(Locks):
    def session_after(self, by: str, cashier: str) -> str:
        return by


@defect(
    "e_unlock_changes_session",
    "After the supervisor's unlock the session is the supervisor's",
    group="Lock",
    rules=("E-LOCK-5",),
    severity="major",
)
def e_unlock_changes_session(parts: Parts) -> Parts:
    return replace(parts, locks=_SupervisorsSession)


class _HostLockOpens(Locks):
    """OK at the host's lock asks for the supervisor, who lifts that lock too."""

    def host_page(self, cause: str) -> Page:
        return Keys("host_lock", super().host_page(cause).rows, {"OK": self.supervisor})

    def lifted(self, by: str) -> None:
        if self.core.flash.get("host_lock") is None:
            super().lifted(by)
            return
        self.core.flash.put(host_lock=None)
        self.core.home()


@defect(
    "e_host_lock_lifted_here",
    "The supervisor's password lifts the host's lock",
    group="Host lock",
    rules=("E-HOST-2",),
    severity="critical",
)
def e_host_lock_lifted_here(parts: Parts) -> Parts:
    return replace(parts, locks=_HostLockOpens)


class _FreeForTheSupervisor(Guesses):
    def refuse(self) -> None:
        if self.core.page.screen == "lock_sup":
            self.core.note("refused", REFUSAL_S, ("", "密码错误", "", "剩余次数: 4"))
        else:
            super().refuse()


@defect(
    "e_free_guesses_at_lock",
    "Wrong supervisor's passwords at the lock are not counted",
    group="Lock-out",
    rules=("E-STOP-1",),
    severity="critical",
)
def e_free_guesses_at_lock(parts: Parts) -> Parts:
    return replace(parts, guesses=_FreeForTheSupervisor)
