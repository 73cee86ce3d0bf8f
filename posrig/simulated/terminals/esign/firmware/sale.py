"""A sale: amount, host, the holder's signature on the glass, slip. Without a signature it is reversed."""

from __future__ import annotations

from typing import Any

from posrig.simulated.terminals.pages import Busy, Core, Notice, Page

SIGN_S, DONE_S, REFUSAL_S, HOST_S = 60.0, 2.0, 3.0, 20.0
OPEN = ("sent", "unsigned", "to_reverse")


class Signing(Page):
    """The whole glass takes the signature, save its two buttons. Every touch is a stroke."""

    busy = True
    keys_extend = False

    def __init__(self, sale: Sale, amount: int) -> None:
        super().__init__("sign", self.picture, stays_s=SIGN_S, then=sale.unsigned)
        self.sale, self.amount, self.strokes = sale, amount, 0

    def picture(self) -> tuple[str, ...]:
        what = "请签名" if self.strokes == 0 else f"已签 {self.strokes} 笔"
        return (f"消费 {money(self.amount)}", "", "", "", what)

    def key(self, key: str) -> None:
        if key == "CLEAR":
            self.strokes = 0
        elif key == "OK" and self.strokes:
            self.sale.signed()

    def stroke(self) -> None:
        self.strokes += 1


class Sale:
    def __init__(self, core: Core) -> None:
        self.core = core

    def start(self, typed: str) -> None:
        """``typed`` is the amount in cents."""
        amount = int(typed)
        if amount == 0:
            self.core.home()
        elif not self.core.board.nic.attached:
            self.refuse("通讯失败")
        else:
            self._send(amount)

    def _send(self, amount: int) -> None:
        trace = int(self.core.flash.get("trace", 0)) + 1
        line = {"trace": trace, "type": "sale", "amount": amount, "state": "sent"}
        self.core.flash.put(trace=trace, journal=[*self.journal(), line])
        self.core.show(Busy("sale", lambda: ("", "正在处理", "", money(amount))))
        message = {"type": "sale", "trace": trace, "amount": amount, "terminal": self.core.board.serial_number}
        self.core.board.nic.request(message, self._answered, self._failed, timeout_s=HOST_S)

    def _answered(self, answer: dict[str, Any]) -> None:
        if answer.get("approved") is not True:
            self._state("refused")
            self.refuse("交易被拒绝")
            return
        self._state("unsigned")
        self.core.show(Signing(self, self.journal()[-1]["amount"]))

    def _failed(self, _why: str) -> None:
        self._state("to_reverse")
        self.refuse("通讯失败")
        self.reverse()

    def signed(self) -> None:
        self._state("approved")
        self.feed()
        amount = self.journal()[-1]["amount"]
        self.core.note("sale_done", DONE_S, ("", "交易成功", "", money(amount)))

    def unsigned(self) -> None:
        self._state("to_reverse")
        self.refuse("未签名, 已撤销")
        self.reverse()

    def feed(self) -> None:
        """Print the slip of the last sale that was signed."""
        done = [line for line in self.journal() if line["state"] == "approved"]
        if done:
            self.core.board.service.emit("receipt", text=f"{done[-1]['trace']:06d} {money(done[-1]['amount'])}")

    def last(self) -> None:
        """The last sale, for five seconds."""
        lines = self.journal()
        rows = ("无交易",) if not lines else (f"流水 {lines[-1]['trace']:06d}", f"金额 {money(lines[-1]['amount'])}")
        self.core.show(Notice("query", lambda: ("", "交易查询", "", *rows), stays_s=5.0, then=self.core.home))

    def reverse(self) -> None:
        """Undo at the host what is not done: after a failure, and at each start when the line is there."""
        open_ = [line for line in self.journal() if line["state"] in OPEN]
        if open_ and not self.core.page.busy and self.core.board.nic.attached:
            trace = open_[0]["trace"]
            message = {"type": "reversal", "original": trace, "terminal": self.core.board.serial_number}
            self.core.board.nic.request(message, lambda _: self._reversed(trace), lambda _: None)

    def _reversed(self, trace: int) -> None:
        lines = [{**line, "state": "reversed"} if line["trace"] == trace else line for line in self.journal()]
        self.core.flash.put(journal=lines)
        self.reverse()

    def refuse(self, why: str) -> None:
        self.core.note("sale_no", REFUSAL_S, ("", "交易失败", "", why))

    def journal(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.core.flash.get("journal", [])
        return found

    def _state(self, state: str) -> None:
        *before, last = self.journal()
        self.core.flash.put(journal=[*before, {**last, "state": state}])


def money(cents: int) -> str:
    """``12.00``."""
    return f"{cents // 100}.{cents % 100:02d}"
