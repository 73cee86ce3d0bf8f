"""The journal: every transaction, written before its request is sent; reversals until the host has answered them.

States: ``open`` (request may be on its way) -> ``approved`` or ``refused``; without an answer ``reversing`` ->
``reversed``; an approved sale can become ``voided``; settlement makes the batch's approved ones ``settled``.

A settlement is numbered and written down before it is sent. Until the host has answered it is asked again under the
same number, over any restart, and nothing new is sold: nobody knows yet which batch a new sale would belong to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from posrig.simulated.terminals.r.firmware.records import Transaction
from posrig.simulated.terminals.r.firmware.room import Room
from posrig.simulated.terminals.r.firmware.storage import Store

if TYPE_CHECKING:
    from posrig.simulated.terminals.r.firmware.contracts.device import Device

TRACE = "trace.next"
BATCH = "batch.next"
"""Keys of the store that a factory reset keeps."""
SETTLING = "settlement"
_TABLE = """CREATE TABLE IF NOT EXISTS journal (trace INTEGER PRIMARY KEY, type TEXT, amount INTEGER, state TEXT,
    original INTEGER, operator TEXT, time REAL)"""
_COLUMNS = "trace, type, amount, state, original, operator"


class Journal(Room):
    def __init__(self, fw: Device) -> None:
        super().__init__(fw)
        fw.store.create(_TABLE)
        self._waiting_for: list[tuple[Callable[[], None], Callable[[str], None]]] = []
        self.settled_rows: int | None = None
        """How many rows the last answered settlement closed; None when host and terminal did not agree."""

    def next_trace(self) -> int:
        """The next number, used up by this call; it goes on over restarts and over a factory reset."""
        trace = int(self.fw.store.get(TRACE, 1))
        self.fw.store.put(TRACE, trace + 1)
        return trace

    # rows

    def begin(self, kind: str, amount: int, operator: str, original: int | None = None) -> Transaction:
        """Write the row that says: from now on the host may have booked this."""
        with self.fw.store.transaction():
            trace = self.next_trace()
            row = (trace, kind, amount, "open", original, operator)
            self.fw.store.run(
                f"INSERT INTO journal ({_COLUMNS}, time) VALUES (?, ?, ?, ?, ?, ?, ?)", *row, self._time()
            )
        self._tell(trace, "open")
        return Transaction(*row)

    def finish(self, transaction: Transaction, state: str) -> None:
        """The new state of a row, and of the sale that an approved void cancels: both or neither."""
        with self.fw.store.transaction():
            self._set(transaction.trace, state)
            if transaction.type == "void" and state == "approved" and transaction.original is not None:
                self._set(transaction.original, "voided")
        self._tell(transaction.trace, state)

    def find(self, trace: int) -> Transaction | None:
        found = self._select("trace = ?", trace)
        return found[0] if found else None

    def everything(self) -> list[Transaction]:
        return self._select("1")

    def open_ones(self) -> list[Transaction]:
        return self._select("state = 'open'")

    def reversals(self) -> list[Transaction]:
        """Those whose reversal the host has not confirmed, oldest first."""
        return self._select("state = 'reversing'")

    def batch(self) -> list[Transaction]:
        """What the next settlement uploads."""
        return self._select("state = 'approved' AND type IN ('sale', 'refund')")

    def refunds_of(self, sale: Transaction) -> list[Transaction]:
        return self._select(
            "type = 'refund' AND original = ? AND state IN ('open', 'approved', 'settled', 'reversing')", sale.trace
        )

    def sales(self) -> list[Transaction]:
        """Sales that stand, newest first."""
        return self._select("type = 'sale' AND state IN ('approved', 'settled')")[::-1]

    def unsettled(self) -> int:
        return len(self.batch()) + len(self.open_ones()) + len(self.reversals())

    def settle(self) -> int:
        """Empty the batch; how many rows it had."""
        count = len(self.batch())
        self.fw.store.run("UPDATE journal SET state = 'settled' WHERE state = 'approved'")
        return count

    # settlement

    def begin_settlement(self, operator: str) -> None:
        """Write that from now on the host may have closed the batch of this number."""
        with self.fw.store.transaction():
            number = int(self.fw.store.get(BATCH, 1))
            self.fw.store.put(BATCH, number + 1)
            self.fw.store.put(SETTLING, {"batch": number, "operator": operator})

    def settling(self) -> dict[str, Any] | None:
        """Number and operator of a settlement whose answer is not known."""
        kept: dict[str, Any] | None = self.fw.store.get(SETTLING)
        return kept

    def settlement_of(self, batch: int) -> dict[str, Any]:
        """The message that asks the host to close it; asked twice, it closes once."""
        lines = [{"trace": row.trace, "type": row.type, "amount": row.amount} for row in self.batch()]
        return {"type": "settle", "batch": batch, "lines": lines}

    # what waits for the host

    def recover_open(self) -> None:
        """At power-on: a row that is still open has no known answer, so it has to be reversed."""
        for transaction in self.open_ones():
            self.finish(transaction, "reversing")

    def waiting(self) -> int:
        """Reversals and a settlement that the host has not confirmed."""
        return len(self.reversals()) + (self.settling() is not None)

    def send_waiting(self, done: Callable[[], None], failed: Callable[[str], None]) -> None:
        """Send what waits, one by one; ``done`` when nothing waits any more. Calls meanwhile share the outcome."""
        self._waiting_for.append((done, failed))
        if len(self._waiting_for) == 1:
            self._send_next()

    def reversal_of(self, transaction: Transaction) -> dict[str, Any]:
        """The message that undoes it."""
        return {"type": "reversal", "original": transaction.trace, "amount": transaction.amount}

    def _send_next(self) -> None:
        waiting, settling = self.reversals(), self.settling()
        if waiting:
            first = waiting[0]
            self._ask(self.reversal_of(first), lambda answer: self._on_answer(first, answer))
        elif settling is not None:
            self._ask(self.settlement_of(int(settling["batch"])), self._on_settlement)
        else:
            self._outcome("")

    def _ask(self, message: dict[str, Any], on_answer: Callable[[dict[str, Any]], None]) -> None:
        self.fw.hostlink.request(message, on_answer, self._outcome)

    def _on_answer(self, transaction: Transaction, answer: dict[str, Any]) -> None:
        if answer.get("done") is not True or answer.get("original") != transaction.trace:
            self._outcome("protocol")
            return
        self.finish(transaction, "reversed")
        self.fw.log.add("reversal", result=f"#{transaction.number}")
        self._send_next()

    def _on_settlement(self, answer: dict[str, Any]) -> None:
        settling, agree = self.settling(), answer.get("agree")
        if settling is None or not isinstance(agree, bool):
            self._outcome("protocol")
            return
        with self.fw.store.transaction():
            self.fw.store.delete(SETTLING)
            self.settled_rows = self.settle() if agree else None
            what, result = ("settled", f"{self.settled_rows} rows") if agree else ("settle_no", "")
            self.fw.log.add(what, str(settling["operator"]), result)
        self._send_next()

    def _outcome(self, failure: str) -> None:
        waiting, self._waiting_for = self._waiting_for, []
        for done, failed in waiting:
            if failure:
                failed(failure)
            else:
                done()

    def _set(self, trace: int, state: str) -> None:
        self.fw.store.run("UPDATE journal SET state = ? WHERE trace = ?", state, trace)

    def _select(self, where: str, *values: object) -> list[Transaction]:
        rows: Sequence[tuple[Any, ...]] = self.fw.store.rows(
            f"SELECT {_COLUMNS} FROM journal WHERE {where} ORDER BY trace", *values
        )
        return [Transaction(*row) for row in rows]

    def _tell(self, trace: int, state: str) -> None:
        self.fw.board.service.emit("txn", trace=f"{trace:06d}", state=state)

    def _time(self) -> float:
        return self.fw.clock.timestamp()


def listing(store: Store) -> list[dict[str, Any]]:
    """What the service tool reads (bench act ``terminal.journal``), from a terminal with or without power."""
    store.create(_TABLE)
    rows = store.rows("SELECT trace, type, amount, state FROM journal ORDER BY trace")
    return [dict(zip(("trace", "type", "amount", "state"), row, strict=True)) for row in rows]
