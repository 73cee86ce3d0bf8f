"""Sales, voids, refunds, settlement; and the comparison of the terminal's journal with the host's."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

from posrig.terminal.contracts import Frame
from posrig.terminal.judging import expect, expect_screen, failure
from posrig.terminal.models.terminal_r.signing_on import enter_password, rest_from_notice
from posrig.terminal.terminal import JournalEntry, Terminal

ANSWER_WITHIN_S = 25.0
"""The terminal gives up waiting for the host after 20 s."""
MANAGER = "00"
RESULTS = ("approved", "refused", "net_down")
PENDING = ("open", "reversing")
"""States of a journal row that is not finished: its request or its reversal is under way."""


def enter_amount(terminal: Terminal, amount: Decimal) -> Frame:
    """The amount in cents, key by key, and ENTER."""
    type_amount(terminal, amount)
    terminal.keypad.press("ENTER")
    return terminal.screen.settled()


def type_amount(terminal: Terminal, amount: Decimal) -> None:
    """The amount in cents, key by key."""
    terminal.keypad.type_keys(str(int(amount * 100)))


def sale_result(terminal: Terminal) -> Frame:
    """Wait for the host's answer: `approved`, `refused` or `net_down`."""
    found = terminal.screen.seen_within(RESULTS, ANSWER_WITHIN_S)
    if found is None:
        raise failure(terminal, f"the host's answer or its absence is shown within {ANSWER_WITHIN_S:g} s")
    return found


def sell(terminal: Terminal, amount: Decimal) -> Frame:
    """A sale from the ready screen up to its result."""
    enter_amount(terminal, amount)
    return sale_result(terminal)


def sale_is_accepted(terminal: Terminal, amount: Decimal = Decimal("1.00")) -> Frame:
    """A small sale is approved and the ready screen comes back."""
    frame = sell(terminal, amount)
    expect(frame.screen == "approved", terminal, f"a sale of {amount} is approved", frame)
    return terminal.screen.leaves("approved", 5.0)


def sale_is_not_sent(terminal: Terminal, amount: Decimal) -> Frame:
    """The host was not reached, and the terminal says that the reversal waits."""
    frame = sell(terminal, amount)
    expect(frame.screen == "net_down", terminal, f"a sale of {amount} cannot be sent", frame)
    return rest_from_notice(terminal)


def interrupt_sale(terminal: Terminal, amount: Decimal, after_s: float, event: Callable[[], object]) -> None:
    """A sale, and so long after ENTER went down the event. ENTER is let go after it, as the finger would be."""
    type_amount(terminal, amount)
    terminal.keypad.down("ENTER")
    terminal.clock.sleep(after_s)
    event()
    terminal.keypad.up("ENTER")


def interrupt_settlement(terminal: Terminal, after_s: float, event: Callable[[], object]) -> None:
    """The question whether to settle, ENTER, and so long after it the event."""
    terminal.keypad.press_all(("MENU", "4"))
    expect_screen(terminal, ("settle",), expected="the question whether to settle")
    terminal.keypad.down("ENTER")
    terminal.clock.sleep(after_s)
    event()
    terminal.keypad.up("ENTER")


# void, refund, settlement


def approve(terminal: Terminal) -> Frame:
    """The manager's password at the question for the approval."""
    expect_screen(terminal, ("approve",), expected="the manager's approval is asked for")
    return enter_password(terminal, terminal.credentials.password(MANAGER).reveal())


def refund(terminal: Terminal, amount: Decimal) -> Frame:
    """MENU 3, the amount, the manager's approval, up to the result."""
    terminal.keypad.press_all(("MENU", "3"))
    expect_screen(terminal, ("refund",))
    enter_amount(terminal, amount)
    approve(terminal)
    return sale_result(terminal)


def void(terminal: Terminal, trace: int) -> Frame:
    """MENU 2, the trace number, the manager's approval, up to the result."""
    terminal.keypad.press_all(("MENU", "2"))
    expect_screen(terminal, ("void",))
    terminal.keypad.type_keys(str(trace))
    terminal.keypad.press("ENTER")
    approve(terminal)
    return sale_result(terminal)


def is_approved(terminal: Terminal, frame: Frame, what: str) -> None:
    expect(frame.screen == "approved", terminal, f"{what} is approved", frame)
    terminal.screen.leaves("approved", 5.0)


def is_refused(terminal: Terminal, frame: Frame, what: str, code: str) -> None:
    expect(frame.screen == "refused", terminal, f"{what} is refused", frame)
    expect(frame.fields["code"] == code, terminal, f"{what} is refused with code {code}", frame)
    terminal.screen.leaves("refused", 5.0)


def settle(terminal: Terminal) -> Frame:
    """MENU 4 ENTER, up to `settle_done`, `settle_no` or `net_down`."""
    terminal.keypad.press_all(("MENU", "4"))
    expect_screen(terminal, ("settle",), expected="the question whether to settle")
    terminal.keypad.press("ENTER")
    found = terminal.screen.seen_within(("settle_done", "settle_no", "net_down"), ANSWER_WITHIN_S)
    if found is None:
        raise failure(terminal, "the settlement ends")
    return found


def settle_batch(terminal: Terminal, count: int) -> None:
    """The batch is settled, and it held so many records."""
    frame = settle(terminal)
    expect(frame.screen == "settle_done", terminal, "the batch is settled", frame)
    expect(frame.fields["count"] == str(count), terminal, f"the batch held {count} records", frame)
    terminal.screen.leaves("settle_done", 5.0)


def last_sale(terminal: Terminal) -> int:
    """Trace number of the newest sale in the terminal's journal."""
    traces = [entry.trace for entry in terminal.journal() if entry.type == "sale"]
    if not traces:
        raise failure(terminal, "a sale in the terminal's journal")
    return max(traces)


# journal and host


def journals_agree(terminal: Terminal) -> None:
    """Journal equals host: each approved sale once, each unanswered one reversed or completed (invariant 13)."""
    own, host = settled(terminal.journal()), settled(terminal.host_journal())
    if own != host:
        only_own = sorted(set(own) - set(host))
        only_host = sorted(set(host) - set(own))
        raise failure(
            terminal,
            "the terminal's journal equals the host's\n"
            f"only in the terminal: {_listed(only_own)}\nonly at the host:     {_listed(only_host)}",
        )


def settled(entries: tuple[JournalEntry, ...]) -> list[tuple[int, str, str]]:
    """What counts in the end, as (trace, type, amount): approved and not reversed nor refused."""
    return sorted((e.trace, e.type, f"{e.amount / 100:.2f}") for e in entries if e.state == "approved")


def nothing_pending(terminal: Terminal) -> None:
    """No request without an answer and no reversal that waits: everything is finished one way or the other."""
    rows = [(e.trace, e.type, e.state) for e in terminal.journal() if e.state in PENDING]
    expect(not rows, terminal, f"no transaction is left open; open are {rows}")


def booked(terminal: Terminal, amount: Decimal) -> int:
    """How many sales of this amount stand in the host's books."""
    standing = ("approved", "settled")
    cents = amount * 100
    return sum(e.type == "sale" and e.amount == cents and e.state in standing for e in terminal.host_journal())


def traces_rise(terminal: Terminal, count: int) -> None:
    """The numbers on the approvals of this scenario rise and never repeat; there were so many of them."""
    shown = [frame.fields["trace"] for frame in terminal.screen.history() if frame.screen == "approved"]
    traces = [trace for before, trace in pairwise(("", *shown)) if trace != before]
    expect(len(traces) == count, terminal, f"{count} approvals were shown; the numbers were {', '.join(traces)}")
    expect(
        traces == sorted(set(traces)), terminal, f"trace numbers rise and never repeat; they were {', '.join(traces)}"
    )


def _listed(rows: list[tuple[int, str, str]]) -> str:
    return "; ".join(f"{kind} #{trace:06d} {amount}" for trace, kind, amount in rows) or "nothing"
