"""Presses against what the terminal gave back: which were missed, which doubled, and what cannot be told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from posrig.terminal.contracts import ServiceLine
from posrig.terminal.press_log import KEPT, MUST_S, Press, PressLog, compared

KEYS = st.sampled_from(["1", "2", "5", "ENTER"])


def presses(text: str) -> list[Press]:
    return [Press(key) for key in text.split()]


def missed(pressed: str, given_back: str) -> dict[str, int]:
    return {key: n for (key, _), n in compared(presses(pressed), given_back.split(" ")).missed.items()}


def doubled(pressed: str, given_back: str) -> dict[str, int]:
    return {key: n for (key, _), n in compared(presses(pressed), given_back.split(" ")).doubled.items()}


def test_a_press_between_two_that_were_given_back_is_missed() -> None:
    assert missed("1 5 2", "1 2") == {"5": 1}
    assert missed("1 5 5 5 2", "1 5 2") == {"5": 2}
    assert missed("1 5 2 5 3", "1 2 3") == {"5": 2}


def test_before_the_first_and_after_the_last_answer_nothing_is_said() -> None:
    assert missed("5 5 1", "1") == {}
    assert missed("1 5 5 5", "1") == {}
    assert missed("1 5 2", "") == {}


def test_what_follows_the_last_answer_is_missed_once_all_was_read() -> None:
    assert compared(presses("1 5 5"), ["1", "5"], settled=True).missed == {("5", False): 1}
    assert not compared(presses("1 5 5"), ["1", "5", "\n"], settled=True).missed
    assert not compared(presses("5 5"), [], settled=True).missed


def test_a_press_around_a_start_is_not_missed() -> None:
    assert missed("1 5 2", "1 \n 2") == {}
    assert missed("1 5 2 5 3", "1 2 \n 3") == {"5": 1}


def test_an_answer_too_many_is_doubled() -> None:
    assert doubled("1 5 2", "1 5 5 2") == {"5": 1}
    assert doubled("1 5", "1 5 7") == {"7": 1}
    assert missed("1 5 2", "1 5 5 2") == {}


def test_a_press_that_need_not_be_given_back_is_not_missed() -> None:
    pressed = [Press("1"), Press("5", must=False), Press("2")]
    assert not compared(pressed, ["1", "2"]).missed


def test_two_keys_together_are_given_back_in_any_order() -> None:
    pair = [Press("1"), *(Press(key, must=False, beside=("CLEAR", ".")) for key in ("CLEAR", ".")), Press("2")]
    for answers in (["1", ".", "CLEAR", "2"], ["1", "CLEAR", ".", "2"], ["1", ".", "2"], ["1", "2"]):
        found = compared(pair, answers)
        assert not found.missed, answers
        assert not found.doubled, answers
    assert compared(pair, ["1", ".", "CLEAR", "5", "2"]).doubled == {("5", False): 1}, "a third key"


def test_a_star_goes_to_the_press_that_must_be_given_back() -> None:
    """CLEAR held at the start is not given back; the keys of the code that is asked for then are."""
    pressed = [Press("CLEAR", must=False), Press("4", secret=True), Press("9", secret=True), Press("ENTER")]
    assert not compared(pressed, ["*", "*", "*"], settled=True).missed


def test_stars_answer_any_key_and_a_secret_stays_one() -> None:
    pressed = [Press("1"), Press("7", secret=True), Press("7", secret=True), Press("ENTER")]
    assert not compared(pressed, ["1", "*", "*", "*"]).missed  # the page of the secret took ENTER too
    assert compared(pressed, ["1", "*", "ENTER"]).missed == {("7", True): 1}


@given(st.lists(KEYS, max_size=30), st.sets(st.integers(1, 28)))
def test_as_many_are_missed_as_were_taken_away_inside(keys: list[str], taken: set[int]) -> None:
    away = {place for place in taken if place < len(keys) - 1}
    answers = [key for place, key in enumerate(keys) if place not in away]
    found = compared([Press(key) for key in keys], answers)
    # at the ends it may be told of a neighbour of the same key instead, where nothing is said
    assert sum(found.missed.values()) <= len(away)
    assert not found.doubled
    distinct = [Press(f"{place}") for place in range(len(keys))]
    answers = [f"{place}" for place in range(len(keys)) if place not in away]
    assert sum(compared(distinct, answers).missed.values()) == len(away)


@given(st.lists(KEYS, min_size=1, max_size=30), st.data())
def test_one_more_answer_is_one_doubled(keys: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(keys) - 1))
    found = compared([Press(key) for key in keys], [*keys[: place + 1], *keys[place:]])
    assert not found.missed
    assert found.doubled == {(keys[place], False): 1}


def test_a_scenario_that_was_not_kept_whole_is_not_judged() -> None:
    log = PressLog()
    for _ in range(KEPT + 1):
        log.press(Press("1"))
    assert log.answers() is None
    log.clear()
    assert log.answers() is not None


def test_lines_that_are_no_accepted_key_are_no_answers() -> None:
    log = PressLog()
    for key in ("1", "5", "2"):
        log.press(Press(key))
    for event, fields in (
        ("key", {"code": "1", "edge": "down"}),
        ("key", {"code": "1", "edge": "up"}),
        ("beep", {"kind": "short"}),
        ("key", {"code": "2", "edge": "down"}),
    ):
        log.line(ServiceLine(1, 0.0, event, fields))
    answers = log.answers()
    assert answers is not None
    assert answers.missed == {("5", False): 1}
    assert MUST_S > 0.023, "debounce and bounces"


def test_v8_a_worn_key_in_a_secret_is_missed_and_not_the_enter_that_was_answered() -> None:
    """While a secret is asked for every answer is a star: only the clock tells whose it is."""
    log = PressLog()
    for number, key in enumerate(["1", "5", "5", "2"]):
        log.press(Press(key, secret=True, at=10.0 + number))
        if key != "5":
            log.line(ServiceLine(number, 10.02 + number, "key", {"code": "*", "edge": "down"}))
    log.press(Press("ENTER", at=14.0))
    log.line(ServiceLine(9, 14.02, "key", {"code": "*", "edge": "down"}))
    found = log.answers(settled=True)
    assert found is not None
    assert found.missed == {("5", True): 2}


def test_v8_by_the_order_of_arrival_where_the_terminals_clock_is_wrong() -> None:
    log = PressLog()
    for number, key in enumerate(["1", "5", "5", "2"]):
        log.press(Press(key, secret=True, at=10.0 + number))
        if key != "5":
            log.line(ServiceLine(number, 99_999.0 + number, "key", {"code": "*", "edge": "down"}))
    log.press(Press("ENTER", at=14.0))
    log.line(ServiceLine(9, 99_999.9, "key", {"code": "*", "edge": "down"}))
    found = log.answers(settled=True)
    assert found is not None
    assert found.missed == {("5", True): 2}
