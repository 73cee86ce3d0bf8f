"""Sales that are left, cut or doubled: the journal equals the host, nothing is booked twice (13, 14)."""

from __future__ import annotations

from decimal import Decimal

from posrig.fuzzing.models.terminal_r.trials.trial import Circumstances, Trial, holds
from posrig.ground.faults import ConfigurationError
from posrig.terminal.judging import expect_screen
from posrig.terminal.models.terminal_r import selling
from posrig.terminal.models.terminal_r.signing_on import rest_from_notice, sign_on
from posrig.terminal.models.terminal_r.starting import (
    back_at_work,
    ready,
    restart_by_chord,
    signed_off,
    starts_seen,
    switch_on,
    until_before_daily_restart,
)
from posrig.terminal.terminal import Terminal

AMOUNT, SMALL, LEFT = Decimal("12.00"), Decimal("0.05"), Decimal("34.56")
CASHIER = "01"
LEFT_BY = {"CANCEL": ("CANCEL",), "CLEAR": ("CLEAR",), "the menu": ("MENU", "CANCEL")}
SETTLES_S = 40.0
"""After a start: a reversal that waits is sent, and answered."""


def _possible(chosen: Circumstances) -> bool:
    return chosen["event"] != "nothing" or chosen["after"] == "0.1 s"


def _do(terminal: Terminal, chosen: Circumstances) -> None:
    _cashier_is_ready(terminal, late=chosen["event"] == "daily restart")
    if chosen["left before by"] != "nothing":
        selling.type_amount(terminal, LEFT)
        terminal.keypad.press_all(LEFT_BY[chosen["left before by"]])
        rest_from_notice(terminal)
    _interrupted(terminal, chosen["event"], float(chosen["after"].removesuffix(" s")))
    terminal.clock.sleep(SETTLES_S)
    back_at_work(terminal, CASHIER)
    selling.sale_is_accepted(terminal, SMALL)
    for amount in (AMOUNT, SMALL):
        times = selling.booked(terminal, amount)
        holds(times <= 1, "journal", f"the host books {amount} at most once", f"{times} times")
    others = [f"{e.amount / 100:.2f}" for e in terminal.host_journal() if e.amount not in (AMOUNT * 100, SMALL * 100)]
    holds(not others, "journal", "the host books what was entered and confirmed", f"also {', '.join(others)}")
    selling.nothing_pending(terminal)
    selling.journals_agree(terminal)


def _cashier_is_ready(terminal: Terminal, *, late: bool) -> None:
    """``late``: five minutes before the daily restart; an earlier sign-on would be of another day."""
    if late:
        signed_off(terminal)
        until_before_daily_restart(terminal, 300.0)
        sign_on(terminal, CASHIER)
    else:
        ready(terminal, CASHIER)


def _interrupted(terminal: Terminal, event: str, after_s: float) -> None:
    if event == "nothing":
        selling.sale_is_accepted(terminal, AMOUNT)
    elif event == "power cut":
        selling.interrupt_sale(terminal, AMOUNT, after_s, terminal.power.off)
        switch_on(terminal)
    elif event == "restart by chord":
        terminal.do("host.set", answer="approve", delay_s=after_s + 2.0)  # the chord itself takes more than 2 s
        _type_and_enter(terminal)
        restart_by_chord(terminal)
        terminal.do("host.set", answer="approve", delay_s=0.0)
    elif event == "daily restart":
        terminal.do("host.set", answer="approve", delay_s=15.0)
        until_before_daily_restart(terminal, 100.0)
        expect_screen(terminal, ("daily",), expected="the daily restart is announced")
        terminal.keypad.press("CANCEL")
        until_before_daily_restart(terminal, 4.0 * after_s + 2.0)
        _type_and_enter(terminal)
        selling.sale_result(terminal)
        restarted = starts_seen(terminal) - 1
        holds(not restarted, "journal", "no daily restart comes inside a sale", "it restarts before the answer")
        terminal.do("host.set", answer="approve", delay_s=0.0)
        terminal.clock.sleep(SETTLES_S)
    else:
        line = terminal.network
        if line is None:
            raise ConfigurationError("this rig cannot cut the network", where="rig file, field network")
        selling.interrupt_sale(terminal, AMOUNT, after_s, line.disconnect)
        terminal.clock.sleep(selling.ANSWER_WITHIN_S)
        rest_from_notice(terminal)
        line.connect()


def _type_and_enter(terminal: Terminal) -> None:
    selling.type_amount(terminal, AMOUNT)
    terminal.keypad.press("ENTER")


def _refund(terminal: Terminal, chosen: Circumstances) -> None:
    ready(terminal, CASHIER)
    selling.sale_is_accepted(terminal, AMOUNT)
    if chosen["first"] != "none":
        selling.is_approved(terminal, selling.refund(terminal, Decimal(chosen["first"])), "a first refund")
    left = AMOUNT - Decimal(chosen["first"] if chosen["first"] != "none" else "0")
    wanted = left + Decimal(chosen["too much by"])
    selling.is_refused(terminal, selling.refund(terminal, wanted), "a refund of more than is left", "61")
    selling.journals_agree(terminal)


SALE = Trial(
    "sale",
    "sales left before, cut in the middle, and the next one",
    ("journal",),
    {
        "event": ("nothing", "power cut", "restart by chord", "line cut", "daily restart"),
        "after": ("0.1 s", "0.5 s", "0.9 s", "1.5 s", "2.5 s"),
        "left before by": ("nothing", *LEFT_BY),
    },
    _do,
    presses=32,
    weight=4,
    possible=_possible,
)
REFUND = Trial(
    "refund",
    "refunds of more than is left of a sale",
    ("journal",),
    {"first": ("none", "12.00", "5.00"), "too much by": ("0.01", "100.00")},
    _refund,
    presses=45,
    weight=2,
)
