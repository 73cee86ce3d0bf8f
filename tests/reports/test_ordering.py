"""R8: where an event stands in a timeline, by what was ordered and when it was learned."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from posrig.evidence.judged import judged_rows
from posrig.evidence.ordering import Orders, Placed, in_order
from posrig.terminal.contracts import Frame
from posrig.terminal.judging import drawn


@dataclass
class Told:
    at: float
    kind: str
    text: str


def shown(orders: Orders, events: list[Told], *more: Placed) -> list[str]:
    return [one.text for one in in_order([*more, *orders.placed(events)])]


@given(st.lists(st.lists(st.sampled_from(["screen", "service"]), max_size=3), min_size=1, max_size=6), st.data())
def test_a_press_stands_before_all_that_came_after_its_order(presses: list[list[str]], data: st.DataObject) -> None:
    """Whatever the clocks of pictures and lines say."""
    orders, events, wanted = Orders(), list[Told](), list[str]()
    for number, effects in enumerate(presses):
        orders.give("key", float(number), len(events))
        wanted += [str(number), *(f"{number}.{place}" for place in range(len(effects)))]
        stamps = st.floats(number - 1, number + 1)
        events += [Told(data.draw(stamps), kind, f"{number}.{place}") for place, kind in enumerate(effects)]
        events.append(Told(number + 0.004, "key", str(number)))
    assert shown(orders, events) == wanted
    placed = orders.placed(events)
    assert all(one.time_s == int(one.text) for one in placed if one.kind == "key"), "the time of the order"


def test_a_chord_stands_at_its_first_key_and_a_step_before_what_it_orders() -> None:
    orders = Orders()
    orders.give("key", 1.0, 1)  # refused afterwards: no event tells of it
    orders.give("key", 2.0, 2)
    orders.give("key", 2.0, 2)
    events = [Told(0, "screen", "a"), Told(1, "screen", "b"), Told(1.9, "screen", "c"), Told(2.1, "key", "CLEAR+.")]
    step = Placed(2.0, "step", "When", (2, 0))
    assert shown(orders, events, step) == ["a", "b", "When", "CLEAR+.", "c"]


def test_what_was_not_ordered_stays_where_it_came_in() -> None:
    orders = Orders()
    orders.give("key", 1.0, 0)
    orders.give("power", 3.0, 3)
    events = [
        Told(1.1, "key", "1 down"), Told(1.2, "screen", "a"), Told(1.3, "key", "1 up"), Told(3.0, "screen", "b"),
        Told(3.0, "power", "on, 9 V"), Told(4.0, "screen", "c"), Told(4.1, "power", "off"),
    ]  # fmt: skip
    assert shown(orders, events) == ["1 down", "a", "1 up", "on, 9 V", "b", "c", "off"]


@given(st.lists(st.text("AB锁0 |", max_size=6), min_size=1, max_size=6))
def test_any_picture_that_a_failure_quotes_is_found_again(rows: list[str]) -> None:
    frame = Frame(tuple(rows), None, None, {}, 0.0)
    found = judged_rows(f"expected: x\nfound:    y\n{drawn(frame)}\nkeys so far: 1")
    assert found == tuple(row.rstrip() for row in rows)


def test_a_failure_without_a_picture_has_none() -> None:
    assert judged_rows("expected: 3\nfound: 4") is None
