"""Sales, the host's answers, journal and host side by side."""

from __future__ import annotations

from decimal import Decimal

from rigs.terminal.flows import selling
from rigs.terminal.flows.judging import expect, expect_screen
from rigs.terminal.terminal import Terminal
from steps.language import given, then, when


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


@then("a sale of {amount} is refused with code {text}", "消费{amount}被拒绝,代码为{text}")
def sale_refused(amount: Decimal, code: str, terminal: Terminal) -> None:
    """The host declines, and the code is shown."""
    frame = selling.sell(terminal, amount)
    expect(frame.screen == "refused", terminal, f"a sale of {amount} is refused", frame)
    expect(frame.fields["code"] == code, terminal, f"the refusal shows code {code}", frame)
    terminal.screen.leaves("refused", 5.0)


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
