"""The payment host's books: every transaction once, its reversal once, batches compared at settlement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

MONEY_TYPES = ("sale", "refund", "void")


@dataclass
class Entry:
    """One transaction as the host knows it. ``state``: approved, refused, reversed, voided or settled."""

    trace: int
    type: str
    amount: int
    state: str
    original: int | None = None


class Ledger:
    """What the acquirer would swear to. Amounts in cents."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._reversed_before_seen: set[int] = set()
        self._closed: dict[int, list[tuple[int, str, int]]] = {}

    def book(self, message: Mapping[str, Any], *, approve: bool) -> bool:
        """Book a sale, refund or void; the same trace again changes nothing and gets the first answer."""
        entry = self._find(int(message["trace"]))
        if entry is None:
            entry = self._new(message, approve and self._allowed(message))
        return entry.state == "approved"

    def reverse(self, trace: int) -> bool:
        """Undo one approved transaction; True when this call did it. A second time, or for a refused one: no effect.

        A reversal that overtakes its transaction is remembered: the late transaction is then refused.
        """
        entry = self._find(trace)
        if entry is None:
            self._reversed_before_seen.add(trace)
            return False
        if entry.state != "approved":
            return False
        entry.state = "reversed"
        self._restore_original(entry)
        return True

    def settle(self, batch: int, lines: Sequence[Mapping[str, Any]]) -> bool:
        """Close the batch when the terminal's lines are the host's approved ones; else nothing is closed.

        A batch that is closed may come again under its number (its answer was lost): agreed when its lines are the
        same, and nothing happens.
        """
        theirs = sorted((int(line["trace"]), str(line["type"]), int(line["amount"])) for line in lines)
        if batch in self._closed:
            return theirs == self._closed[batch]
        mine = [entry for entry in self.entries if self._in_batch(entry)]
        if theirs != sorted((entry.trace, entry.type, entry.amount) for entry in mine):
            return False
        self._closed[batch] = theirs
        for entry in self.entries:
            if entry.state == "approved":
                entry.state = "settled"
        return True

    def totals(self) -> dict[str, int]:
        """Number and sum of what is in the open batch, by type."""
        mine = [entry for entry in self.entries if self._in_batch(entry)]
        return {"count": len(mine), "sum": sum(_signed(entry) for entry in mine)}

    def as_list(self) -> list[dict[str, Any]]:
        """For the bench act ``host.journal``."""
        keys = ("trace", "type", "amount", "state")
        return [{key: asdict(entry)[key] for key in keys} for entry in self.entries]

    def _in_batch(self, entry: Entry) -> bool:
        return entry.state == "approved" and entry.type != "void"

    def _find(self, trace: int) -> Entry | None:
        return next((entry for entry in self.entries if entry.trace == trace), None)

    def _new(self, message: Mapping[str, Any], approve: bool) -> Entry:
        original = message.get("original")
        entry = Entry(
            int(message["trace"]),
            str(message["type"]),
            int(message["amount"]),
            "approved" if approve else "refused",
            None if original is None else int(original),
        )
        self.entries.append(entry)
        sale = self._find(entry.original) if entry.original is not None else None
        if entry.state == "approved" and entry.type == "void" and sale is not None:
            sale.state = "voided"
        return entry

    def _allowed(self, message: Mapping[str, Any]) -> bool:
        return int(message["trace"]) not in self._reversed_before_seen

    def _restore_original(self, entry: Entry) -> None:
        sale = self._find(entry.original) if entry.original is not None else None
        if entry.type == "void" and sale is not None and sale.state == "voided":
            sale.state = "approved"


def _signed(entry: Entry) -> int:
    return -entry.amount if entry.type == "refund" else entry.amount
