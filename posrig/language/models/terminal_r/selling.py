"""Sales, the host's answers, journal and host side by side."""

from __future__ import annotations

from decimal import Decimal

from posrig.language.decorators import given, then, when
from posrig.language.models.terminal_r.network import line
from posrig.terminal.judging import expect, expect_screen
from posrig.terminal.models.terminal_r import selling
from posrig.terminal.models.terminal_r.locking import leave_and_sign_on
from posrig.terminal.terminal import Terminal


@given("a sale of {amount} was approved", "已成功消费{amount}")
@when("a sale of {amount} is made", "消费{amount}")
def sale_made(amount: Decimal, terminal: Terminal) -> None:
    """Amount, ENTER, approved, ready again."""
    selling.sale_is_accepted(terminal, amount)


@when("a sale of {amount} is sent", "发出消费{amount}的交易")
def sale_sent(amount: Decimal, terminal: Terminal) -> None:
    """Amount and ENTER; the answer is left to come."""
    selling.enter_amount(terminal, amount)
    expect_screen(terminal, ("sale_wait",), expected="the sale waits for the host")


@then("a sale of {amount} is approved", "消费{amount}成功")
def sale_approved(amount: Decimal, terminal: Terminal) -> None:
    """The terminal sells."""
    selling.sale_is_accepted(terminal, amount)


@then("a sale of {amount} is refused with code {text}", "消费{amount}被拒绝，代码为{text}")
def sale_refused(amount: Decimal, code: str, terminal: Terminal) -> None:
    """The host declines, and the code is shown."""
    frame = selling.sell(terminal, amount)
    expect(frame.screen == "refused", terminal, f"a sale of {amount} is refused", frame)
    expect(frame.fields["code"] == code, terminal, f"the refusal shows code {code}", frame)
    terminal.screen.leaves("refused", 5.0)


@when("a sale of {amount} is interrupted after {duration}: the power is cut", "消费{amount}按确认后{duration}断电")
def sale_cut_by_power(amount: Decimal, after_s: float, terminal: Terminal) -> None:
    """ENTER goes down; so long after it the supply is off."""
    selling.interrupt_sale(terminal, amount, after_s, terminal.power.off)


@when("a sale of {amount} is interrupted after {duration}: the network is cut", "消费{amount}按确认后{duration}断网")
def sale_cut_from_network(amount: Decimal, after_s: float, terminal: Terminal) -> None:
    """ENTER goes down; so long after it the line is open."""
    selling.interrupt_sale(terminal, amount, after_s, line(terminal).disconnect)


@when("a settlement is interrupted after {duration}: the power is cut", "结算按确认后{duration}断电")
def settlement_cut(after_s: float, terminal: Terminal) -> None:
    """ENTER goes down at the question; so long after it the supply is off."""
    selling.interrupt_settlement(terminal, after_s, terminal.power.off)


@then("a sale of {amount} cannot be sent", "消费{amount}无法发出")
def sale_not_sent(amount: Decimal, terminal: Terminal) -> None:
    """The host is not reached or not trusted; the terminal says so and is ready again."""
    selling.sale_is_not_sent(terminal, amount)


@when("the answer comes or fails", "等待应答或超时")
def answer_awaited(terminal: Terminal) -> None:
    """`approved`, `refused` or `net_down`; then the page after it."""
    frame = selling.sale_result(terminal)
    terminal.screen.leaves(str(frame.screen), 12.0)


@when("a refund of {amount} is made", "退货{amount}")
@then("a refund of {amount} is approved", "退货{amount}成功")
def refund_approved(amount: Decimal, terminal: Terminal) -> None:
    """MENU 3, amount, the manager's approval."""
    selling.is_approved(terminal, selling.refund(terminal, amount), f"a refund of {amount}")


@then("a refund of {amount} is refused with code {text}", "退货{amount}被拒绝，代码为{text}")
def refund_refused(amount: Decimal, code: str, terminal: Terminal) -> None:
    """With the manager's approval, and nothing goes to the host."""
    selling.is_refused(terminal, selling.refund(terminal, amount), f"a refund of {amount}", code)


@when("the last sale is voided", "撤销上一笔消费")
def last_voided(terminal: Terminal) -> None:
    """MENU 2, trace number, the manager's approval."""
    selling.is_approved(terminal, selling.void(terminal, selling.last_sale(terminal)), "a void")


@then("a void of the last sale is refused with code {text}", "撤销上一笔消费被拒绝，代码为{text}")
def void_refused(code: str, terminal: Terminal) -> None:
    """With the manager's approval."""
    selling.is_refused(terminal, selling.void(terminal, selling.last_sale(terminal)), "a void", code)


@then("a void of trace number {count} is refused with code {text}", "撤销流水号{count}被拒绝，代码为{text}")
def void_of_refused(trace: int, code: str, terminal: Terminal) -> None:
    """A number of no sale."""
    selling.is_refused(terminal, selling.void(terminal, trace), f"a void of #{trace:06d}", code)


@when("the batch of {count} record(s) is settled", "结算{count}笔")
@then("the batch of {count} record(s) can be settled", "可以结算{count}笔")
def batch_settled(count: int, terminal: Terminal) -> None:
    """MENU 4 ENTER; the terminal and the host agree on the number."""
    selling.settle_batch(terminal, count)


@when("the cashier settles, whatever comes of it", "收银员发起结算，不论结果")
def settles(terminal: Terminal) -> None:
    """MENU 4 ENTER up to an answer or its absence."""
    frame = selling.settle(terminal)
    terminal.screen.leaves(str(frame.screen), 12.0)


@when("the admin takes over after settlement of {count} record(s)", "结算{count}笔后系统管理员接班签到")
def admin_after_settlement(count: int, terminal: Terminal) -> None:
    """The batch is settled, the cashier signs off, the admin signs on."""
    selling.settle_batch(terminal, count)
    leave_and_sign_on(terminal, "99")


@then("the terminal's journal holds {count} transaction(s)", "终端流水共有{count}笔")
def journal_holds(count: int, terminal: Terminal) -> None:
    """Settled ones included, as the service tool reads it."""
    rows = terminal.journal()
    expect(len(rows) == count, terminal, f"{count} transactions in the journal, it holds {len(rows)}")


@then("no transaction is left open", "没有未完结的交易")
def nothing_open(terminal: Terminal) -> None:
    """Neither a request without an answer nor a reversal that waits."""
    selling.nothing_pending(terminal)


@then("the host has booked a sale of {amount} {count} time(s)", "后台记账消费{amount}共{count}次")
def booked_times(amount: Decimal, count: int, terminal: Terminal) -> None:
    """Standing in the host's books: approved and not reversed."""
    found = selling.booked(terminal, amount)
    expect(found == count, terminal, f"a sale of {amount} is booked {count} times, the host has it {found} times")


@then("the host has booked no sale of {amount}", "后台没有消费{amount}的记账")
def booked_never(amount: Decimal, terminal: Terminal) -> None:
    """Never taken, or reversed."""
    found = selling.booked(terminal, amount)
    expect(found == 0, terminal, f"no sale of {amount} is booked, the host has it {found} times")


@then("the host has booked a sale of {amount} at most once", "后台最多记账一次消费{amount}")
def booked_at_most_once(amount: Decimal, terminal: Terminal) -> None:
    """Never twice."""
    found = selling.booked(terminal, amount)
    expect(found <= 1, terminal, f"a sale of {amount} is booked once at most, the host has it {found} times")


@then("{count} trace numbers were given and they rise", "共产生{count}个流水号且只增不重")
def traces_rise(count: int, terminal: Terminal) -> None:
    """On the approvals that were shown in this scenario."""
    selling.traces_rise(terminal, count)


@when("the amount {amount} is typed", "输入金额{amount}")
def amount_typed(amount: Decimal, terminal: Terminal) -> None:
    """Key by key; no ENTER."""
    selling.type_amount(terminal, amount)


@given("the host declines sales with code {text}", "后台以代码{text}拒绝交易")
def host_declines(code: str, terminal: Terminal) -> None:
    """From now on."""
    terminal.do("host.set", answer="decline", code=code)


@given("the host answers after {duration}", "后台延迟{duration}应答")
def host_slow(seconds: float, terminal: Terminal) -> None:
    """From now on."""
    terminal.do("host.set", delay_s=seconds)


@given("the host does not answer", "后台不应答")
def host_silent(terminal: Terminal) -> None:
    """From now on."""
    terminal.do("host.set", answer="silent")


@when("the host answers again", "后台恢复应答")
def host_answers(terminal: Terminal) -> None:
    """Approves at once, from now on."""
    terminal.do("host.set", answer="approve", delay_s=0.0)


@then("the terminal's journal equals the host's", "终端流水与后台一致")
def journals_agree(terminal: Terminal) -> None:
    """Each approved sale once; each unanswered one reversed or completed, never both (invariant 13)."""
    selling.journals_agree(terminal)
