"""Seeded defects of transactions."""

from __future__ import annotations

from dataclasses import replace

from posrig.simulated.terminals.r.defects.registry import defect
from posrig.simulated.terminals.r.firmware.menus import IdlePage, Menus
from posrig.simulated.terminals.r.firmware.pages import Page
from posrig.simulated.terminals.r.firmware.parts import Parts
from posrig.simulated.terminals.r.firmware.records import Transaction
from posrig.simulated.terminals.r.firmware.transactions import Transactions


class _Repeats(Transactions):
    """A sale whose receipt was not printed is sent once more at the start, as a new one."""

    UNPRINTED = "defect.unprinted"

    def approved(self, transaction: Transaction, page: Page) -> None:
        self.fw.store.put(self.UNPRINTED, transaction.amount)
        super().approved(transaction, page)

    def printed(self, transaction: Transaction, page: Page) -> None:
        self.fw.store.delete(self.UNPRINTED)
        super().printed(transaction, page)

    def recover(self) -> bool:
        amount = self.fw.store.get(self.UNPRINTED)
        if amount is None:
            return super().recover()
        self.fw.store.delete(self.UNPRINTED)
        self.fw.home()
        self.fw.hostlink.when_linked(lambda: self.begin("sale", amount))
        return True


@defect(
    "txn_double_after_power",
    "A cut after the approval repeats the sale at the start",
    group="Transactions",
    rules=("R-SALE-1",),
)
def txn_double_after_power(parts: Parts) -> Parts:
    return replace(parts, transactions=_Repeats)


class _KeepingIdle(IdlePage):
    cancelled = ""

    def clear(self) -> None:
        self.cancelled = self.typed
        super().clear()

    def take(self, digit: str) -> None:
        if self.cancelled and not self.typed:
            self.typed, self.cancelled = self.cancelled, ""
        super().take(digit)


class _KeepingMenus(Menus):
    def idle(self) -> None:
        self.fw.pages.show(_KeepingIdle(self.fw))


@defect("txn_amount_kept", "A cancelled amount reappears in the next sale", group="Transactions", rules=("R-SALE-2",))
def txn_amount_kept(parts: Parts) -> Parts:
    return replace(parts, menus=_KeepingMenus)


class _RefundsAll(Transactions):
    def sale_for_refund(self, amount: int) -> Transaction | None:
        """The newest sale, however small, however often."""
        return next(iter(self.fw.journal.sales()), None)


@defect(
    "txn_refund_over",
    "A refund larger than the sale, or a second full one, is made",
    group="Transactions",
    rules=("R-SALE-3",),
)
def txn_refund_over(parts: Parts) -> Parts:
    return replace(parts, transactions=_RefundsAll)
