"""Sales, voids, refunds, settlement; and the comparison of the terminal's journal with the host's."""

from __future__ import annotations

from decimal import Decimal

from rigs.terminal.contracts import Frame
from rigs.terminal.flows.judging import expect, failure
from rigs.terminal.terminal import JournalEntry, Terminal

ANSWER_WITHIN_S = 25.0
"""The terminal gives up waiting for the host after 20 s."""


def enter_amount(terminal: Terminal, amount: Decimal) -> Frame:
    """The amount in cents, key by key, and ENTER."""
    terminal.keypad.type_keys(str(int(amount * 100)))
    terminal.keypad.press("ENTER")
    return terminal.screen.settled()


def sale_result(terminal: Terminal) -> Frame:
    """Wait for the host's answer: `approved`, `refused` or `net_down`."""
    found = terminal.screen.seen_within(("approved", "refused", "net_down"), ANSWER_WITHIN_S)
    if found is None:
        raise failure(terminal, f"the sale is approved or refused within {ANSWER_WITHIN_S:g} s")
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
    return sorted((e.trace, e.type, f"{e.amount:.2f}") for e in entries if e.state == "approved")


def _listed(rows: list[tuple[int, str, str]]) -> str:
    return "; ".join(f"{kind} #{trace:06d} {amount}" for trace, kind, amount in rows) or "nothing"
