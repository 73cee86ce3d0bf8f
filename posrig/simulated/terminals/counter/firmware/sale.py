"""A sale: amount, host, receipt. What the host may have booked without our knowing is reversed at the next start."""

from __future__ import annotations

from typing import Any

from posrig.simulated.terminals.counter.firmware.staff import Staff, supervises
from posrig.simulated.terminals.pages import Busy, Core

DONE_S, REFUSAL_S, HOST_S = 3.0, 3.0, 20.0


class Sale:
    def __init__(self, core: Core, staff: Staff) -> None:
        self.core, self.staff = core, staff

    def start(self, typed: str) -> None:
        """``typed`` is the amount in cents."""
        amount = int(typed)
        if supervises(self.staff.on_duty or "9"):
            self.refuse("主管不能收款")
        elif amount == 0:
            self.core.home()
        elif not self.core.board.nic.attached:
            self.refuse("网络不通")
        else:
            self._send(amount)

    def _send(self, amount: int) -> None:
        trace = int(self.core.flash.get("trace", 0)) + 1
        line = {"trace": trace, "type": "sale", "amount": amount, "state": "sent"}
        self.core.flash.put(trace=trace, journal=[*self.journal(), line])
        self.core.show(Busy("sale", lambda: ("正在交易", money(amount), "", "请稍候...")))
        message = {"type": "sale", "trace": trace, "amount": amount, "terminal": self.core.board.serial_number}
        self.core.board.nic.request(message, self._answered, self._failed, timeout_s=HOST_S)

    def _answered(self, answer: dict[str, Any]) -> None:
        approved = answer.get("approved") is True
        self._state("approved" if approved else "refused")
        if not approved:
            self.refuse("后台拒绝")
            return
        amount = self.journal()[-1]["amount"]
        self.core.note("sale_done", DONE_S, ("交易成功", money(amount), "", "请取凭条"))

    def _failed(self, _why: str) -> None:
        self._state("to_reverse")
        self.refuse("后台无应答")
        self.reverse()

    def reverse(self) -> None:
        """Undo at the host what was sent and never answered; again until it has answered."""
        open_ = [line for line in self.journal() if line["state"] in ("sent", "to_reverse")]
        if open_ and self.core.board.nic.attached and not self.core.page.busy:
            message = {"type": "reversal", "original": open_[0]["trace"], "terminal": self.core.board.serial_number}
            self.core.board.nic.request(message, lambda _: self._reversed(open_[0]["trace"]), lambda _: None)

    def _reversed(self, trace: int) -> None:
        lines = [{**line, "state": "reversed"} if line["trace"] == trace else line for line in self.journal()]
        self.core.flash.put(journal=lines)
        self.reverse()

    def refuse(self, why: str) -> None:
        self.core.note("sale_no", REFUSAL_S, ("交易失败", why))

    def journal(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.core.flash.get("journal", [])
        return found

    def _state(self, state: str) -> None:
        *before, last = self.journal()
        self.core.flash.put(journal=[*before, {**last, "state": state}])


def money(cents: int) -> str:
    """``12.00``."""
    return f"{cents // 100}.{cents % 100:02d}"
