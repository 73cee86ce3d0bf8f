"""Sale, void, refund, settlement, and what happens at power-on to a transaction that a power cut interrupted.

Order of every transaction: reversals and a settlement that wait go first; the journal is written; the request is sent;
the answer is written; only then it is shown and the receipt printed. No answer means a reversal, never a second try
(of a settlement: the same one again).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from posrig.simulated.terminals.r.firmware.pages import Ask, Entry, Notice, Page, refusal, success
from posrig.simulated.terminals.r.firmware.payment_pages import AmountPage, WaitPage, money
from posrig.simulated.terminals.r.firmware.records import Transaction
from posrig.simulated.terminals.r.firmware.room import Room

if TYPE_CHECKING:
    from posrig.simulated.terminals.r.firmware.contracts.device import Device

CARD = "6212345678901232"
"""The test card in the reader. It is sent to the host and shown to nobody."""
RECOVER_S = 15.0
"""How long ``recover`` waits for the link before it lets the terminal go on with the reversal pending."""
CODE_NO_SALE = "25"
"""Refused by the terminal itself: no such sale (as ISO 8583 field 39)."""
CODE_TOO_MUCH = "61"
"""Refused by the terminal itself: more than the sale."""
WAIT_SCREENS: Mapping[str, str] = {"sale": "sale_wait", "void": "void_wait", "refund": "refund_wait"}


class Transactions(Room):
    def __init__(self, fw: Device) -> None:
        super().__init__(fw)
        self.current: Transaction | None = None

    def busy(self) -> bool:
        return self.current is not None

    # sale

    def sale(self, amount: int) -> None:
        self.after_waiting(lambda: self.begin("sale", amount))

    def after_waiting(self, go_on: Callable[[], None]) -> None:
        """The host must know of the last reversal, and have answered the last settlement, before it hears of a new
        transaction."""
        if not self.fw.journal.waiting():
            go_on()
            return
        page = self._waiting_page()
        self.fw.pages.show(page)
        self.fw.journal.send_waiting(
            lambda: self._if_shown(page, go_on), lambda _why: self._if_shown(page, self.net_down)
        )

    def begin(self, kind: str, amount: int, original: int | None = None) -> None:
        self.current = self.fw.journal.begin(kind, amount, self.fw.sign_on.operator or "", original)
        self.send(self.current)

    def send(self, transaction: Transaction) -> None:
        page = WaitPage(self.fw, WAIT_SCREENS[transaction.type], self._fields(transaction))
        self.fw.pages.show(page)
        self.fw.hostlink.request(
            self.message(transaction),
            lambda answer: self.answered(transaction, answer, page),
            lambda _why: self.unanswered(transaction, page),
        )

    def message(self, transaction: Transaction) -> dict[str, Any]:
        return {
            "type": transaction.type,
            "trace": transaction.trace,
            "amount": transaction.amount,
            "original": transaction.original,
            "operator": transaction.operator,
            "card": CARD,
        }

    # answer

    def answered(self, transaction: Transaction, answer: dict[str, Any], page: Page) -> None:
        if answer.get("trace") != transaction.trace or not isinstance(answer.get("approved"), bool):
            self.unanswered(transaction, page)
        elif answer["approved"]:
            self.approved(transaction, page)
        else:
            self.refused(transaction, str(answer.get("code", ""))[:4], page)

    def approved(self, transaction: Transaction, page: Page) -> None:
        self.fw.journal.finish(transaction, "approved")
        shown = success(self.fw, "approved", lambda: self.printed(transaction, shown), self._fields(transaction))
        if self._is_shown(page):
            self.fw.pages.show(shown)
        else:
            # a host lock has taken the screen meanwhile: the customer gets the receipt all the same
            self.printed(transaction, shown)

    def printed(self, transaction: Transaction, page: Page) -> None:
        self.current = None
        self.fw.board.service.emit("receipt", text=self.receipt(transaction))
        self._if_shown(page, self.fw.home)

    def refused(self, transaction: Transaction, code: str, page: Page) -> None:
        self.fw.journal.finish(transaction, "refused")
        self.current = None
        self._if_shown(page, lambda: self.show_refused(transaction.amount, code))

    def show_refused(self, amount: int, code: str) -> None:
        fields = {"code": code, "amount": money(amount)}
        self.fw.pages.show(refusal(self.fw, "refused", self.fw.home, fields))

    def unanswered(self, transaction: Transaction, page: Page) -> None:
        """Nobody knows whether the host has booked it: it is reversed, now or at the next chance."""
        self.fw.journal.finish(transaction, "reversing")
        self.current = None
        self._if_shown(page, self.net_down)
        if self.fw.board.nic.attached:
            self.fw.journal.send_waiting(_nothing, _ignore)

    def net_down(self) -> None:
        pending = {"count": self.fw.journal.waiting()}
        self.fw.pages.show(Notice(self.fw, "net_down", self.fw.home, pending))

    def receipt(self, transaction: Transaction) -> str:
        what = f"{transaction.type.upper()} {money(transaction.amount)}"
        return f"{what} #{transaction.number} CARD {self.masked(CARD)} OP{transaction.operator} APPROVED"

    def masked(self, card: str) -> str:
        """First six and last four digits, the most that PCI DSS 3.4.1 lets a receipt show."""
        return card[:6] + "*" * (len(card) - 10) + card[-4:]

    # void and refund: the manager's approval was asked for by the menu's own way, here is what follows

    def void(self) -> None:
        self.fw.pages.show(Entry(self.fw, "void", 6, self._void_chosen, self.fw.menus.open, least=1))

    def _void_chosen(self, typed: str) -> None:
        self.fw.sign_on.approval(lambda: self.void_sale(int(typed)), self.fw.home)

    def void_sale(self, trace: int) -> None:
        self.after_waiting(lambda: self._void_now(trace))

    def _void_now(self, trace: int) -> None:
        sale = self.fw.journal.find(trace)
        if sale is None or not self.may_void(sale):
            self.show_refused(sale.amount if sale else 0, CODE_NO_SALE)
            return
        self.begin("void", sale.amount, sale.trace)

    def may_void(self, sale: Transaction) -> bool:
        """A sale of the open batch that nothing was given back of."""
        return sale.type == "sale" and sale.state == "approved" and not self.fw.journal.refunds_of(sale)

    def refund(self) -> None:
        self.fw.pages.show(AmountPage(self.fw, "refund", self._refund_chosen, self.fw.menus.open))

    def _refund_chosen(self, amount: int) -> None:
        self.fw.sign_on.approval(lambda: self.refund_sale(amount), self.fw.home)

    def refund_sale(self, amount: int) -> None:
        self.after_waiting(lambda: self._refund_now(amount))

    def _refund_now(self, amount: int) -> None:
        sale = self.sale_for_refund(amount)
        if sale is None:
            self.show_refused(amount, CODE_TOO_MUCH if self.fw.journal.sales() else CODE_NO_SALE)
            return
        self.begin("refund", amount, sale.trace)

    def sale_for_refund(self, amount: int) -> Transaction | None:
        """The newest sale of at least that amount that was not refunded yet: each sale is refunded once at most."""
        fitting = (
            sale for sale in self.fw.journal.sales() if sale.amount >= amount and not self.fw.journal.refunds_of(sale)
        )
        return next(fitting, None)

    # settlement

    def settle(self) -> None:
        """A settlement whose answer is not known is finished first: until then nobody knows what the batch holds."""
        self.after_waiting(self.ask_to_settle)

    def ask_to_settle(self) -> None:
        batch = self.fw.journal.batch()
        fields = {"count": len(batch), "amount": money(self.total(batch))}
        self.fw.pages.show(Ask(self.fw, "settle", self.upload, self.fw.home, fields))

    def total(self, batch: list[Transaction]) -> int:
        """Cents; refunds count against sales. May be below zero: then what is shown is the amount without its sign."""
        return abs(sum(-row.amount if row.type == "refund" else row.amount for row in batch))

    def upload(self) -> None:
        """Without a line nothing is begun: the batch stays open, and sales go on."""
        page = WaitPage(self.fw, "settle_wait", {})
        self.fw.pages.show(page)
        if self.fw.board.nic.attached:
            self.fw.journal.begin_settlement(self.fw.sign_on.operator or "")
            self.send_settlement(page)
        else:
            self.net_down()

    def send_settlement(self, page: Page) -> None:
        self.fw.journal.send_waiting(
            lambda: self._if_shown(page, self.settled), lambda _why: self._if_shown(page, self.net_down)
        )

    def settled(self) -> None:
        rows = self.fw.journal.settled_rows
        if rows is None:
            self.fw.pages.show(refusal(self.fw, "settle_no", self.fw.home))
        else:
            self.fw.pages.show(success(self.fw, "settle_done", self.fw.home, {"count": rows}))

    # power-on

    def recover(self) -> bool:
        self.fw.journal.recover_open()
        if not self.fw.journal.waiting():
            return self.fw.update.report_back()
        page = self._waiting_page()
        self.fw.pages.show(page)
        self.fw.board.after(RECOVER_S, lambda: self._if_shown(page, self.net_down))
        self.fw.hostlink.when_linked(lambda: self._recover_now(page))
        return True

    def _recover_now(self, page: Page) -> None:
        if self.fw.journal.settling() is not None:
            self.send_settlement(page)
            return
        home = lambda: self._if_shown(page, self.fw.home)  # noqa: E731 - a callback
        self.fw.journal.send_waiting(home, lambda _why: self._if_shown(page, self.net_down))

    def _waiting_page(self) -> WaitPage:
        reversals = self.fw.journal.reversals()
        if reversals:
            return WaitPage(self.fw, "recover", self._fields(reversals[-1]))
        return WaitPage(self.fw, "settle_wait", {})

    # helpers

    def _fields(self, transaction: Transaction) -> dict[str, object]:
        return {"amount": money(transaction.amount), "trace": transaction.number}

    def _is_shown(self, page: Page) -> bool:
        return self.fw.pages.beneath is page

    def _if_shown(self, page: Page, act: Callable[[], None]) -> None:
        """A lock that took the screen meanwhile keeps it."""
        if self._is_shown(page):
            act()


def _nothing() -> None:
    return


def _ignore(_why: str) -> None:
    return
