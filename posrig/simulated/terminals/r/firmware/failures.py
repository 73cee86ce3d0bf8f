"""Lock-out: five failures per id, kept over power loss, 30 minutes, escalation at the third in a row.

Every prompt counts here: sign-on, unlock, approval, reset, second factor, finger. Ids that nobody has are counted too,
so that they look the same. The time left is kept with the reading of the clock chip's counter at which it was right:
power-off time counts, setting the clock does not, and after a dead clock battery the count-down goes on where it was
last written. It never falls faster than true time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posrig.simulated.terminals.r.firmware.room import Room

if TYPE_CHECKING:
    from posrig.simulated.loop.scheduler import Timer
    from posrig.simulated.terminals.r.firmware.contracts.device import Device

MAX_FAILURES = 5
LOCK_OUT_S = 1800.0
CODE_ONLY_FROM = 3
"""The third lock-out of an id without a success in between has no timer."""
SAVE_EVERY_S = 60.0


class Failures(Room):
    def __init__(self, fw: Device) -> None:
        super().__init__(fw)
        self._timers: dict[str, Timer] = {}
        self._save: Timer | None = None

    def start(self) -> None:
        self.after_power_loss()
        for operator in self.locked_out_ids():
            self._watch(operator)

    def after_power_loss(self) -> None:
        """Bring what is left up to date and start counting from this power-on's reading of the counter."""
        self.save()

    def count(self, operator: str) -> int:
        row = self.fw.store.row("SELECT count FROM failures WHERE id = ?", operator)
        return int(row[0]) if row else 0

    def tries_left(self, operator: str) -> int:
        return max(MAX_FAILURES - self.count(operator), 0)

    def in_a_row(self, operator: str) -> int:
        row = self.fw.store.row("SELECT in_a_row FROM failures WHERE id = ?", operator)
        return int(row[0]) if row else 0

    def counted_for(self, operator: str) -> str:
        """Whose counter a failure of this id goes to."""
        return operator

    def failed(self, operator: str, what: str) -> int:
        """One failure: counter, log record, lock-out at the fifth. ``what`` is the event of the log. Tries left."""
        store = self.fw.store
        operator = self.counted_for(operator)
        with store.transaction():
            count = self.count(operator) + 1
            store.run(
                "INSERT INTO failures VALUES (?, ?, 0, 0) ON CONFLICT (id) DO UPDATE SET count = ?",
                operator,
                count,
                count,
            )
            self.fw.log.add(what, operator, str(count))
            if count >= MAX_FAILURES:
                self._lock_out(operator)
        return self.tries_left(operator)

    def succeeded(self, operator: str) -> None:
        """All factors of the id were right: its counter and its row of lock-outs start anew."""
        self.fw.store.run("DELETE FROM failures WHERE id = ?", operator)

    def _lock_out(self, operator: str) -> None:
        in_a_row = self.in_a_row(operator) + 1
        # the counter's reading goes with what is left, in one write
        self.save()
        self.fw.store.run("UPDATE failures SET left_s = ?, in_a_row = ? WHERE id = ?", LOCK_OUT_S, in_a_row, operator)
        self.fw.lock_states.add_cause("C02", operator, MAX_FAILURES)
        self.fw.log.add("lockout", operator, f"x{in_a_row}")
        until = "code" if self.code_only(operator) else f"{LOCK_OUT_S:.0f}s"
        self.fw.board.service.emit("lockout", operator=operator, until=until)
        self._watch(operator)

    def locked_out(self, operator: str) -> bool:
        return self.count(operator) >= MAX_FAILURES

    def locked_out_ids(self) -> list[str]:
        rows = self.fw.store.rows("SELECT id FROM failures WHERE count >= ? ORDER BY id", MAX_FAILURES)
        return [row[0] for row in rows]

    def code_only(self, operator: str) -> bool:
        return self.in_a_row(operator) >= CODE_ONLY_FROM

    def left_s(self, operator: str) -> float:
        """Seconds of lock-out left; for one that only a code lifts, as many as it was given."""
        row = self.fw.store.row("SELECT left_s FROM failures WHERE id = ?", operator)
        if row is None:
            return 0.0
        left = float(row[0])
        return left if self.code_only(operator) else max(left - self.elapsed_s(), 0.0)

    def elapsed_s(self) -> float:
        """True seconds since what is left was last written."""
        mark = float(self.fw.store.get("failures.mark", 0.0))
        return max(self.fw.clock.counter() - mark, 0.0)

    def save(self) -> None:
        """Write what is left now, with the counter's reading."""
        elapsed = self.elapsed_s()
        with self.fw.store.transaction():
            for operator in self.locked_out_ids():
                if not self.code_only(operator):
                    self.fw.store.run("UPDATE failures SET left_s = MAX(left_s - ?, 0) WHERE id = ?", elapsed, operator)
            self.fw.store.put("failures.mark", self.fw.clock.counter())

    def lift(self, operator: str, by: str) -> int:
        """Manager or code: the counter is cleared, their number in a row is kept. The record's number."""
        with self.fw.store.transaction():
            self.fw.store.run("UPDATE failures SET count = 0, left_s = 0 WHERE id = ?", operator)
            record = self.fw.log.add("lockout_off", by, f"OP{operator}")
        self._forget(operator)
        return record

    def lift_all_by_code(self, by: str) -> list[int]:
        """The unlock code ends every lock-out and its escalation. The records' numbers."""
        records = [self.lift(operator, by) for operator in self.locked_out_ids()]
        self.fw.store.run("DELETE FROM failures WHERE count = 0")
        return records

    def _watch(self, operator: str) -> None:
        self._forget(operator)
        if not self.code_only(operator):
            self._timers[operator] = self.fw.board.after(self.left_s(operator), lambda: self._over(operator))
        if self._save is None:
            self._save = self.fw.board.after(SAVE_EVERY_S, self._save_now)

    def _save_now(self) -> None:
        # a terminal whose clock battery is dead starts its counter at 0: it must not wait the whole time again
        self._save = None
        if self.locked_out_ids():
            self.save()
            self._save = self.fw.board.after(SAVE_EVERY_S, self._save_now)

    def _forget(self, operator: str) -> None:
        timer = self._timers.pop(operator, None)
        if timer is not None:
            timer.cancel()

    def _over(self, operator: str) -> None:
        left = self.left_s(operator)
        if left > 1e-3:
            self._timers[operator] = self.fw.board.after(left, lambda: self._over(operator))
            return
        with self.fw.store.transaction():
            self.fw.store.run("UPDATE failures SET count = 0, left_s = 0 WHERE id = ?", operator)
            self.fw.log.add("lockout_over", "", f"OP{operator}")
        self._forget(operator)
        self.fw.lock_states.lock_out_ended(operator)
