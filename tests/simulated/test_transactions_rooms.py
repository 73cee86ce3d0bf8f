"""Sale, void, refund, settlement, and the journal against the host's books: through keys, over real TLS."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from payment_terminal import PASSWORDS, Terminal
from wcwidth import wcswidth

from posrig.simulated.terminals.r.firmware.transactions import CARD
from posrig.simulated.world import World

APPROVAL = f"{PASSWORDS['00']} ENTER"


def test_a_sale_is_asked_for_approved_printed_and_over(terminal: Terminal) -> None:
    terminal.ready()
    terminal.press("12.00 ENTER")
    assert terminal.rows == ["SALE 12.00", "#000001", "Asking host ...", "Please wait"]
    assert terminal.journal() == [(1, "sale", 1200, "open")], "written before the request has left"
    assert terminal.host_journal() == []
    terminal.wait(1.0)
    assert terminal.rows == ["APPROVED", "12.00  #000001", "Printing ...", ""]
    assert terminal.events("receipt") == []
    terminal.wait(1.0)
    assert terminal.screen == "idle"
    assert terminal.journal() == terminal.host_journal() == [(1, "sale", 1200, "approved")]
    assert terminal.states("txn") == ["open", "approved"]


def test_a_declined_sale_says_the_code_and_takes_nothing(terminal: Terminal) -> None:
    terminal.ready()
    terminal.world.change_host(answer="decline", code="51")
    terminal.press("12.00 ENTER")
    terminal.wait(1.0)
    assert terminal.rows == ["REFUSED", "Code 51", "12.00 not taken", ""]
    assert terminal.events("beep")[-1] == {"kind": "refusal", "n": 3}
    terminal.wait(3.0)
    assert terminal.screen == "idle"
    assert terminal.journal() == terminal.host_journal() == [(1, "sale", 1200, "refused")]


def test_receipt_and_lines_hold_no_card_number(terminal: Terminal) -> None:
    terminal.ready()
    terminal.press("12.00 ENTER")
    terminal.wait(3.0)
    receipt = str(terminal.events("receipt")[0]["text"])
    assert "621234******1232" in receipt
    assert CARD not in repr(terminal.heard.events) + repr(terminal.heard.frames)


def test_a_silent_host_is_answered_with_a_reversal(terminal: Terminal) -> None:
    terminal.ready()
    terminal.world.change_host(answer="silent")
    terminal.press("12.00 ENTER")
    terminal.wait(20.5)
    assert terminal.rows == ["NO NETWORK", "Sale not sent", "Reversal waits", "1 pending"]
    assert terminal.journal() == [(1, "sale", 1200, "reversing")], "until the host has confirmed it"
    terminal.world.change_host(answer="approve")
    terminal.wait(3700)
    assert terminal.journal() == terminal.host_journal() == [(1, "sale", 1200, "reversed")]


@pytest.mark.parametrize("answer", ["silent", "garbage"])
def test_the_next_sale_waits_for_the_reversal(terminal: Terminal, answer: str) -> None:
    terminal.ready()
    terminal.world.change_host(answer=answer)
    terminal.press("12.00 ENTER")
    terminal.wait(45)
    terminal.world.change_host(answer="approve")
    terminal.press("CLEAR")
    terminal.press("5.00 ENTER")
    assert terminal.rows == ["LAST SALE OPEN", "12.00  #000001", "Reversing ...", ""]
    terminal.wait(1.0)
    assert terminal.rows[:2] == ["SALE 5.00", "#000002"]
    terminal.wait(3.0)
    assert (
        terminal.journal() == terminal.host_journal() == [(1, "sale", 1200, "reversed"), (2, "sale", 500, "approved")]
    )


def test_without_link_a_sale_is_not_taken_and_is_reversed_later(terminal: Terminal) -> None:
    terminal.ready()
    terminal.world.nic.cable(False)
    terminal.press("12.00 ENTER")
    assert terminal.screen == "net_down"
    terminal.wait(30)
    terminal.world.nic.cable(True)
    terminal.wait(5)
    assert terminal.journal() == [(1, "sale", 1200, "reversed")]
    assert terminal.host_journal() == [], "the host never heard of it"


@pytest.mark.parametrize(("after_s", "host"), [(0.05, []), (0.4, [(1, "sale", 1200, "reversed")])])
def test_a_power_cut_while_waiting_is_reversed_at_the_next_start(
    terminal: Terminal, after_s: float, host: list[tuple[int, str, int, str]]
) -> None:
    terminal.ready()
    terminal.press("12.00 ENTER")
    terminal.wait(after_s)
    terminal.cycle(linked=False)
    assert terminal.rows == ["LAST SALE OPEN", "12.00  #000001", "Reversing ...", ""]
    terminal.wait(4.0)
    assert terminal.screen == "signed_off"
    assert terminal.journal() == [(1, "sale", 1200, "reversed")]
    assert terminal.host_journal() == host


def test_a_power_cut_while_printing_leaves_one_approved_sale(terminal: Terminal) -> None:
    terminal.ready()
    terminal.press("12.00 ENTER")
    terminal.wait(1.0)
    assert terminal.screen == "approved"
    terminal.cycle()
    assert "recover" not in terminal.screens()
    assert terminal.journal() == terminal.host_journal() == [(1, "sale", 1200, "approved")]


def test_recovery_without_link_lets_the_terminal_go_on(terminal: Terminal) -> None:
    terminal.ready()
    terminal.press("12.00 ENTER")
    terminal.wait(0.4)
    terminal.cut()
    terminal.world.nic.cable(False)
    terminal.cycle(linked=False)
    assert terminal.screen == "recover"
    terminal.wait(15.5)
    assert terminal.rows == ["NO NETWORK", "Sale not sent", "Reversal waits", "1 pending"]
    terminal.wait(11)
    assert terminal.screen == "signed_off"
    terminal.world.nic.cable(True)
    terminal.wait(5)
    assert terminal.journal() == terminal.host_journal() == [(1, "sale", 1200, "reversed")]


def test_cancelled_digits_do_not_come_back(terminal: Terminal) -> None:
    terminal.ready()
    terminal.press("12.34 CANCEL 5 ENTER")
    terminal.wait(3.0)
    assert terminal.journal() == [(1, "sale", 5, "approved")]


def test_the_manager_cannot_sell(terminal: Terminal) -> None:
    terminal.ready("00")
    terminal.press("12.00 ENTER")
    terminal.wait(5.0)
    assert terminal.journal() == []


def test_a_refund_needs_the_manager_and_its_sale_and_goes_once(terminal: Terminal) -> None:
    terminal.ready()
    terminal.press("12.00 ENTER")
    terminal.wait(3.0)
    terminal.press("MENU 3 12.00 ENTER")
    assert terminal.screen == "approve"
    terminal.press(APPROVAL)
    terminal.wait(3.0)
    assert terminal.journal()[-1] == (2, "refund", 1200, "approved")
    terminal.press(f"MENU 3 12.00 ENTER {APPROVAL}")
    assert terminal.rows == ["REFUSED", "Code 61", "12.00 not taken", ""]
    terminal.wait(5.0)
    assert len(terminal.journal()) == len(terminal.host_journal()) == 2


@pytest.mark.parametrize("amount", ["12.01", "999.99"])
def test_a_refund_larger_than_the_sale_is_refused(terminal: Terminal, amount: str) -> None:
    terminal.ready()
    terminal.press("12.00 ENTER")
    terminal.wait(3.0)
    terminal.press(f"MENU 3 {amount} ENTER {APPROVAL}")
    assert terminal.rows[:2] == ["REFUSED", "Code 61"]
    terminal.wait(5.0)
    assert len(terminal.host_journal()) == 1


def test_a_wrong_approval_refunds_nothing(terminal: Terminal) -> None:
    terminal.ready()
    terminal.press("12.00 ENTER")
    terminal.wait(3.0)
    terminal.press("MENU 3 12.00 ENTER 111111 ENTER")
    terminal.wait(5.0)
    assert len(terminal.journal()) == 1


def test_a_void_cancels_its_sale_once(terminal: Terminal) -> None:
    terminal.ready()
    terminal.press("12.00 ENTER")
    terminal.wait(3.0)
    terminal.press(f"MENU 2 1 ENTER {APPROVAL}")
    terminal.wait(3.0)
    assert terminal.journal() == terminal.host_journal() == [(1, "sale", 1200, "voided"), (2, "void", 1200, "approved")]
    terminal.press(f"MENU 2 1 ENTER {APPROVAL}")
    assert terminal.rows[:2] == ["REFUSED", "Code 25"]
    terminal.wait(4.0)
    terminal.press(f"MENU 3 5.00 ENTER {APPROVAL}")
    assert terminal.rows[:2] == ["REFUSED", "Code 25"], "nothing is left to refund"


def test_an_unanswered_void_leaves_the_sale_standing_on_both_sides(terminal: Terminal) -> None:
    terminal.ready()
    terminal.press("12.00 ENTER")
    terminal.wait(3.0)
    terminal.world.change_host(answer="silent")
    terminal.press(f"MENU 2 1 ENTER {APPROVAL}")
    terminal.wait(1)
    assert terminal.host_journal()[0][3] == "voided"
    terminal.wait(45)
    terminal.world.change_host(answer="approve")
    terminal.wait(3700)
    assert (
        terminal.journal() == terminal.host_journal() == [(1, "sale", 1200, "approved"), (2, "void", 1200, "reversed")]
    )


def test_settlement_empties_the_batch_and_opens_the_sign_off(terminal: Terminal) -> None:
    terminal.ready()
    for _ in range(2):
        terminal.press("12.00 ENTER")
        terminal.wait(3.0)
    terminal.sign_off()
    assert terminal.rows[:2] == ["SIGN OFF", "2 unsettled"]
    terminal.wait(4.0)
    terminal.press("MENU 4")
    assert terminal.rows == ["SETTLE BATCH?", "2 records", "Sum 24.00", "ENTER / CANCEL"]
    terminal.press("ENTER")
    terminal.wait(3.0)
    assert [state for *_, state in terminal.journal()] == ["settled"] * 2
    assert terminal.journal() == terminal.host_journal()
    terminal.sign_off()
    assert terminal.screen == "signed_off"


def test_a_settlement_without_an_answer_is_finished_before_the_next_sale(terminal: Terminal) -> None:
    terminal.ready()
    terminal.press("12.00 ENTER")
    terminal.wait(3.0)
    terminal.world.change_host(answer="silent")
    terminal.press("MENU 4 ENTER")
    terminal.wait(21)
    assert terminal.rows == ["NO NETWORK", "Sale not sent", "Reversal waits", "1 pending"]
    assert (terminal.journal()[0][3], terminal.host_journal()[0][3]) == ("approved", "settled")
    terminal.wait(10.5)
    terminal.press("5.00 ENTER")
    assert terminal.rows[0] == "SETTLEMENT"
    terminal.wait(25)
    assert len(terminal.journal()) == 1, "nothing is sold while nobody knows which batch it belongs to"
    terminal.world.change_host(answer="approve")
    terminal.wait(10.5)
    terminal.press("5.00 ENTER")
    terminal.wait(4)
    assert terminal.journal() == terminal.host_journal() == [(1, "sale", 1200, "settled"), (2, "sale", 500, "approved")]


def test_a_settlement_that_never_left_is_none(terminal: Terminal) -> None:
    terminal.ready()
    terminal.press("12.00 ENTER")
    terminal.wait(3.0)
    terminal.world.nic.cable(False)
    terminal.press("MENU 4 ENTER")
    assert terminal.rows[3] == "0 pending"
    terminal.world.nic.cable(True)
    terminal.wait(12)
    assert terminal.journal() == terminal.host_journal() == [(1, "sale", 1200, "approved")]


def test_totals_that_differ_keep_the_batch(terminal: Terminal) -> None:
    terminal.ready()
    terminal.press("12.00 ENTER")
    terminal.wait(3.0)
    terminal.world.host.ledger.reverse(1)
    terminal.press("MENU 4 ENTER")
    terminal.wait(1.0)
    assert terminal.rows == ["NOT SETTLED", "Totals differ", "Batch kept", ""]
    assert terminal.journal() == [(1, "sale", 1200, "approved")]


def test_trace_numbers_go_on_after_restarts(terminal: Terminal) -> None:
    for _ in range(2):
        terminal.cycle()
        terminal.sign_on()
        terminal.wait(2)
        terminal.press("1.00 ENTER")
        terminal.wait(3)
    assert [trace for trace, *_ in terminal.journal()] == [1, 2]


def test_a_host_lock_during_a_sale_comes_after_it_and_the_money_is_booked_once(terminal: Terminal) -> None:
    terminal.ready()
    terminal.press("12.00 ENTER")
    terminal.world.push({"type": "lock", "cause": "C04", "reference": "4821"})
    terminal.wait(5.0)
    assert terminal.screen == "host_lock"
    assert terminal.journal() == terminal.host_journal() == [(1, "sale", 1200, "approved")]
    assert len(terminal.events("receipt")) == 1


EVENTS = ["sale", "settle", "cut", "cable", "silent", "approve", "garbage", "decline", "restart"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(EVENTS), st.sampled_from([0.1, 0.31, 0.5, 0.9, 1.5, 2.5, 21.0])),
        min_size=3,
        max_size=9,
    )
)
def test_whatever_happens_the_journal_equals_the_host_in_the_end(
    world: World, tmp_path: Path, story: list[tuple[str, float]]
) -> None:
    with Terminal(world, tmp_path) as terminal:
        terminal.ready()
        plugged = True
        for event, then_s in story:
            if event == "sale":
                if terminal.screen == "signed_off":
                    terminal.sign_on()
                terminal.press("CLEAR 1.00 ENTER")
            elif event == "settle":
                terminal.press("MENU 4 ENTER")
            elif event == "cable":
                plugged = not plugged
                world.nic.cable(plugged)
            elif event == "cut":
                terminal.cycle(linked=False)
            elif event == "restart":
                terminal.board.restart()
            else:
                world.change_host(answer=event)
            terminal.wait(then_s)
        world.nic.cable(True)
        world.change_host(answer="approve")
        terminal.cycle()
        terminal.wait(30)
        traces = [trace for trace, *_ in terminal.journal()]
        assert traces == sorted(set(traces))
        stands = ("approved", "settled")
        assert {row for row in terminal.journal() if row[3] in stands} == {
            row for row in terminal.host_journal() if row[3] in stands
        }, "each approved sale once on both sides, in the same batch, and nothing else taken"
        assert all(state in (*stands, "refused", "reversed") for *_, state in terminal.journal()), (
            "nothing is left open"
        )


def test_a_factory_reset_empties_the_journal_and_trace_numbers_go_on(terminal: Terminal) -> None:
    terminal.ready()
    terminal.press("12.00 ENTER")
    terminal.wait(3.0)
    terminal.press("MENU 4 ENTER")
    terminal.wait(3.0)
    terminal.cut()
    terminal.board.contact("CLEAR", True)
    terminal.board.power(True)
    terminal.wait(6.0)
    terminal.board.contact("CLEAR", False)
    terminal.wait(0.1)
    assert terminal.screen == "reset_ask"
    terminal.press(f"{PASSWORDS['99']} ENTER")
    terminal.wait(9.0)
    assert terminal.screen == "reset_done"
    assert terminal.journal() == []
    assert terminal.fw.journal.next_trace() == 2
    assert terminal.fw.slots.version() == "2.4.1"


def test_every_frame_of_the_flows_fits_in_chinese(world: World, tmp_path: Path) -> None:
    with Terminal(world, tmp_path, language="zh") as terminal:
        terminal.ready()
        terminal.press("999.99 ENTER")
        terminal.wait(3.0)
        terminal.press(f"MENU 3 999.99 ENTER {APPROVAL}")
        terminal.wait(3.0)
        terminal.press(f"MENU 2 1 ENTER {APPROVAL}")
        terminal.wait(4.0)
        terminal.press("1.00 ENTER")
        terminal.wait(3.0)
        terminal.press(f"MENU 2 3 ENTER {APPROVAL}")
        terminal.wait(3.0)
        terminal.press("MENU 4 ENTER")
        terminal.wait(3.0)
        terminal.world.change_host(answer="silent")
        terminal.press("5.00 ENTER")
        terminal.wait(25.0)
        shown = set(terminal.screens())
        assert shown >= {
            "refund",
            "refund_wait",
            "void",
            "void_wait",
            "settle",
            "settle_wait",
            "settle_done",
            "net_down",
        }
        assert [row for frame in terminal.heard.frames for row in frame if wcswidth(row) > 16] == []
