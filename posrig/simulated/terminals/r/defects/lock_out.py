"""Seeded defects of lock-out, and of what time does to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from posrig.simulated.terminals.r.defects.registry import defect
from posrig.simulated.terminals.r.firmware.failures import MAX_FAILURES, Failures
from posrig.simulated.terminals.r.firmware.lock_states import LockStates
from posrig.simulated.terminals.r.firmware.log import AuditLog, Record
from posrig.simulated.terminals.r.firmware.parts import Parts
from posrig.simulated.terminals.r.firmware.second_factor import SecondFactor
from posrig.simulated.terminals.r.firmware.sign_on import MANAGER_ID, SignOn
from posrig.simulated.terminals.r.firmware.storage import Store


def _clear_running(store: Store) -> None:
    store.run("DELETE FROM failures WHERE count < ?", MAX_FAILURES)


class _RamCounter(Failures):
    def after_power_loss(self) -> None:
        _clear_running(self.fw.store)
        super().after_power_loss()


@defect("lo_reset_by_power", "The failure counter is in RAM", group="Lock-out", rules=("R-LOCKOUT-2",))
def lo_reset_by_power(parts: Parts) -> Parts:
    return replace(parts, failures=_RamCounter)


class _ClearedOnLeaving(LockStates):
    def home(self) -> None:
        if self.fw.pages.current.screen == "login_id":
            _clear_running(self.fw.store)
        super().home()


@defect("lo_reset_by_cancel", "Leaving the sign-on screen clears the counter", group="Lock-out", rules=("R-LOCKOUT-7",))
def lo_reset_by_cancel(parts: Parts) -> Parts:
    return replace(parts, lock_states=_ClearedOnLeaving)


class _ClearedByOthers(Failures):
    def succeeded(self, operator: str) -> None:
        super().succeeded(operator)
        _clear_running(self.fw.store)


@defect(
    "lo_reset_by_other_user", "Another operator's success clears the counter", group="Lock-out", rules=("R-LOCKOUT-3",)
)
def lo_reset_by_other_user(parts: Parts) -> Parts:
    return replace(parts, failures=_ClearedByOthers)


class _WrongAccount(Failures):
    def counted_for(self, operator: str) -> str:
        return MANAGER_ID


@defect("lo_wrong_account", "Failures as 03 lock 00", group="Lock-out", rules=("R-LOCKOUT-3",))
def lo_wrong_account(parts: Parts) -> Parts:
    return replace(parts, failures=_WrongAccount)


class _FreeApproval(SignOn):
    def approval_refused(self) -> int:
        return self.fw.failures.tries_left(MANAGER_ID)


@defect(
    "lo_inner_prompt_free",
    "The manager's password inside refund and void is not counted",
    group="Lock-out",
    rules=("R-LOCKOUT-4",),
)
def lo_inner_prompt_free(parts: Parts) -> Parts:
    return replace(parts, sign_on=_FreeApproval)


class _NoEscalation(Failures):
    def code_only(self, operator: str) -> bool:
        return False


@defect(
    "lo_no_escalation", "The third lock-out in a row behaves like the first", group="Lock-out", rules=("R-LOCKOUT-5",)
)
def lo_no_escalation(parts: Parts) -> Parts:
    return replace(parts, failures=_NoEscalation)


class _WrongTries(SignOn):
    def tries_shown(self, left: int) -> int:
        return left + 1


@defect(
    "lo_shown_wrong", "The tries left on the screen disagree with the counter", group="Lock-out", rules=("R-LOCKOUT-6",)
)
def lo_shown_wrong(parts: Parts) -> Parts:
    return replace(parts, sign_on=_WrongTries)


# time


class _EndedByLostClock(Failures):
    def elapsed_s(self) -> float:
        lost = self.fw.clock.timestamp() < datetime(2010, 1, 1, tzinfo=UTC).timestamp()
        return 1e9 if lost else super().elapsed_s()


class _BelievesLostClock(SecondFactor):
    def clock_trusted(self) -> bool:
        return True

    def used(self, operator: str, step: int) -> bool:
        row = self.fw.store.row("SELECT last_step FROM operators WHERE id = ?", operator)
        return row is not None and int(row[0]) == step


@defect("time_rtc_loss", "A dead clock battery ends lock-outs and revives old codes", group="Time", rules=("R-TIME-1",))
def time_rtc_loss(parts: Parts) -> Parts:
    return replace(parts, failures=_EndedByLostClock, second_factor=_BelievesLostClock)


class _LocalTime(Failures):
    """Counts by the wall clock: an hour is lost or won when summer time begins or ends."""

    MARK = "defect.local_mark"

    def _local(self) -> float:
        return self.fw.local().replace(tzinfo=UTC).timestamp()

    def elapsed_s(self) -> float:
        return max(self._local() - float(self.fw.store.get(self.MARK, 0.0)), 0.0)

    def save(self) -> None:
        super().save()
        self.fw.store.put(self.MARK, self._local())


@defect("time_dst", "Summer time moves the end of a lock-out by an hour", group="Time", rules=("R-TIME-2",))
def time_dst(parts: Parts) -> Parts:
    return replace(parts, failures=_LocalTime)


class _SortedByText(AuditLog):
    def records(self) -> list[Record]:
        def text(record: Record) -> str:
            return datetime.fromtimestamp(record.time, UTC).strftime("%m-%d %H:%M:%S")

        return sorted(super().records(), key=text)


@defect("time_year_end", "A record of 31 December sorts after 1 January", group="Time", rules=("R-TIME-3",))
def time_year_end(parts: Parts) -> Parts:
    return replace(parts, log=_SortedByText)
