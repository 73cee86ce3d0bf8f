"""Everything that keeps the terminal from work, in its order, and the page that follows from it.

tamper, failed self-test, unfinished reset, host lock (C04), network lock (C05), lock-out on show, operator lock. All of
them live in flash; :meth:`LockStates.home` is the one place that decides which page the state calls for.
"""

from __future__ import annotations

from posrig.simulated.terminals.r.firmware.pages import Page
from posrig.simulated.terminals.r.firmware.records import Attempt
from posrig.simulated.terminals.r.firmware.room import Room
from posrig.simulated.terminals.r.firmware.sign_on import MANAGER_ID, SignedOffPage

ADMIN_ID = "99"
CAUSES_KEPT = 50


class LockStates(Room):
    HOST, NET, SHOWN = "host_lock", "net_lock", "lock_out_shown"

    def home(self) -> None:
        """Show the page of the present state. Ends a session that the state does not allow."""
        fw = self.fw
        if fw.tamper.tampered():
            fw.tamper.show()
        elif fw.boot.failed_code is not None:
            fw.boot.show_failure()
        elif fw.factory_reset.unfinished():
            fw.factory_reset.go_on()
        elif self.host_locked():
            self._blocked(HostLockPage(self))
        elif self.net_locked():
            self._blocked(NetLockPage(self))
        elif self.lock_out_on_show() is not None:
            fw.pages.show(LockedOutPage(self, str(self.lock_out_on_show())))
        elif fw.lock.locked():
            fw.sign_on.close_session()
            fw.lock.show()
        elif fw.sign_on.operator is None:
            fw.pages.show(SignedOffPage(fw))
        elif not fw.update.offer_waiting():
            fw.menus.idle()

    def _blocked(self, page: Page) -> None:
        self.fw.sign_on.close_session()
        self.fw.pages.show(page)

    def locked(self) -> bool:
        """A sale is refused whoever comes (status page: ON)."""
        return self.fw.lock.locked() or self.host_locked() or self.net_locked()

    def lock_module_opens(self) -> bool:
        """Something an unlock code lifts is there: the lock module opens by itself for the admin."""
        return self.fw.lock.locked() or self.host_locked() or bool(self.fw.failures.locked_out_ids())

    def home_now(self) -> None:
        """A state came from outside: show it at once, unless work is going on that must not be cut (it ends in
        ``home`` by itself)."""
        if not (self.fw.pages.beneath.busy or self.fw.transactions.busy() or not self.fw.keypad.listening):
            self.home()

    # host lock (C04)

    def host_locked(self) -> bool:
        return self.fw.store.get(self.HOST) is not None

    def set_host_lock(self, ref: str, cause: str = "C04") -> None:
        """The host says so. Kept before anything is shown; a second message changes nothing."""
        if self.host_locked():
            return
        with self.fw.store.transaction():
            self.fw.store.put(self.HOST, {"cause": cause, "ref": ref, "time": self.fw.clock.timestamp()})
            self.add_cause(cause, f"Ref {ref}")
            self.fw.log.add("lock", "host", cause)
        self.fw.board.service.emit("lock", cause=cause, operator="host")
        self.home_now()

    def clear_host_lock(self, by: str = "host") -> int:
        """By the host, or by the unlock code; by nobody else. The record's number, 0 when there was no host lock."""
        if not self.host_locked():
            return 0
        with self.fw.store.transaction():
            self.fw.store.delete(self.HOST)
            record = self.fw.log.add("unlock", by, "C04")
        self.fw.board.service.emit("unlock", by=by)
        if by == "host":
            self.home_now()
        return record

    # network lock (C05)

    def net_locked(self) -> bool:
        return self.fw.store.get(self.NET) is not None

    def set_net_lock(self, last_contact: float) -> None:
        """No host contact for the set time. ``last_contact``: seconds since the epoch."""
        if self.net_locked():
            return
        with self.fw.store.transaction():
            self.fw.store.put(self.NET, {"last": last_contact})
            self.add_cause("C05", "")
            self.fw.log.add("lock", "host", "C05")
        self.fw.board.service.emit("lock", cause="C05", operator="")
        self.home_now()

    def net_contact(self) -> None:
        """The host answered: the network lock ends, somebody has to sign on."""
        if not self.net_locked():
            return
        with self.fw.store.transaction():
            self.fw.store.delete(self.NET)
            self.fw.log.add("unlock", "host", "C05")
        self.fw.board.service.emit("unlock", by="host")
        self.home_now()

    # lock-out (C02)

    def lock_out_on_show(self) -> str | None:
        """The id whose lock-out is the terminal's page; over a restart too, until CANCEL or its end."""
        operator = self.fw.store.get(self.SHOWN)
        return operator if operator is not None and self.fw.failures.locked_out(operator) else None

    def show_lock_out(self, operator: str) -> None:
        self.fw.store.put(self.SHOWN, operator)
        self.fw.pages.show(refusal_page(self, operator))

    def leave_lock_out(self) -> None:
        """CANCEL: the id stays locked out, others may work."""
        self.fw.store.delete(self.SHOWN)
        self.home()

    def lock_out_ended(self, operator: str) -> None:
        if self.fw.store.get(self.SHOWN) == operator:
            self.fw.store.delete(self.SHOWN)
            if isinstance(self.fw.pages.current, LockedOutPage):
                self.home()

    def ask_manager(self, operator: str) -> None:
        """F1 at ``locked_out``: a manager lifts it; where only a code does, the admin's or manager's lock module."""
        if all(self.fw.failures.locked_out(by) and self.fw.failures.code_only(by) for by in (MANAGER_ID, ADMIN_ID)):
            self.fw.lock_module.unlock_without_sign_on()
            return
        attempt = Attempt("lift", lambda by: self.identified_for_lift(operator, by), lambda: self.ask_manager(operator))
        self.fw.sign_on.ask_id(attempt, self.home)

    def identified_for_lift(self, operator: str, by: str) -> None:
        if by == ADMIN_ID or (by == MANAGER_ID and self.fw.failures.code_only(operator)):
            self.fw.lock_module.open_for(by)
        elif by == MANAGER_ID:
            self.fw.store.delete(self.SHOWN)
            record = self.fw.failures.lift(operator, by)
            self.fw.board.service.emit("unlock", by=by)
            self.fw.show_unlocked(by, record, self.home)
        else:
            self.fw.menus.not_allowed(self.home)

    # causes

    def add_cause(self, cause: str, operator: str, count: int = 0) -> None:
        """One record per lock; the last 50 are kept."""
        store = self.fw.store
        number = store.run(
            "INSERT INTO causes (time, cause, operator, count) VALUES (?, ?, ?, ?)",
            self.fw.clock.timestamp(),
            cause,
            operator,
            count,
        )
        store.run("DELETE FROM causes WHERE number <= ?", number - CAUSES_KEPT)

    def causes(self) -> list[tuple[float, str, str, int]]:
        """(time, cause, operator, count), newest first."""
        rows = self.fw.store.rows("SELECT time, cause, operator, count FROM causes ORDER BY number DESC")
        return [(float(time), str(cause), str(operator), int(count)) for time, cause, operator, count in rows]

    def ask_admin(self, typed: str = "") -> None:
        """A digit or ENTER at ``host_lock``: the admin may come to the lock module, nobody else."""
        attempt = Attempt("unlock", self.identified_at_host_lock, self.ask_admin)
        self.fw.sign_on.ask_id(attempt, self.home, typed)

    def identified_at_host_lock(self, operator: str) -> None:
        if self.may_pass_host_lock(operator):
            self.fw.lock_module.open_for(operator)
        else:
            self.fw.menus.not_allowed(self.home)

    def may_pass_host_lock(self, operator: str) -> bool:
        return operator == ADMIN_ID


def refusal_page(states: LockStates, operator: str) -> Page:
    """``locked_out`` as it is shown after a refusal: three beeps."""
    page = LockedOutPage(states, operator)
    states.fw.board.beep("refusal", 3)
    return page


class HostLockPage(Page):
    screen = "host_lock"

    def __init__(self, states: LockStates) -> None:
        super().__init__(states.fw)
        self._states = states

    def fields(self) -> dict[str, object]:
        kept = self.fw.store.get(LockStates.HOST) or {}
        return {"cause": kept.get("cause", "C04"), "ref": kept.get("ref", "")}

    def key(self, key: str) -> None:
        if key.isdigit():
            self._states.ask_admin(key)
        elif key == "ENTER":
            self._states.ask_admin()
        elif key == "F2":
            self.fw.menus.support()


class NetLockPage(Page):
    screen = "net_lock"

    def __init__(self, states: LockStates) -> None:
        super().__init__(states.fw)

    def fields(self) -> dict[str, object]:
        kept = self.fw.store.get(LockStates.NET) or {}
        return {"last": self.fw.date_text(float(kept.get("last", 0.0)))}

    def key(self, key: str) -> None:
        if key == "F1":
            self.fw.hostlink.try_again()


class LockedOutPage(Page):
    """Counts down; ``--:--`` where only a code lifts it."""

    screen = "locked_out"
    tick_s = 1.0

    def __init__(self, states: LockStates, operator: str) -> None:
        super().__init__(states.fw)
        self._states, self._operator = states, operator

    def fields(self) -> dict[str, object]:
        failures = self.fw.failures
        if failures.code_only(self._operator):
            return {"wait": "--:--"}
        minutes, seconds = divmod(int(failures.left_s(self._operator) + 0.999), 60)
        return {"wait": f"{minutes:02d}:{seconds:02d}"}

    def next_tick_s(self) -> float | None:
        if self.fw.failures.code_only(self._operator):
            return None
        # at the whole second of what is left, so that the picture never lags behind
        return (self.fw.failures.left_s(self._operator) % 1.0) or 1.0

    def key(self, key: str) -> None:
        if key == "F1":
            self._states.ask_manager(self._operator)
        elif key == "F2":
            self.fw.menus.support()
        elif key == "CANCEL":
            self._states.leave_lock_out()
