"""The counter terminal as docs/terminals.md describes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_terminals import CounterHands

from posrig.simulated.bench_acts import BenchError
from posrig.simulated.hardware.board import Provision
from posrig.simulated.terminals import catalogue
from posrig.simulated.terminals.counter.kind import KIND
from posrig.simulated.world.world import World


@pytest.fixture
def counter(world: World, tmp_path: Path) -> Iterator[CounterHands]:
    with CounterHands(world, tmp_path) as hands:
        yield hands


def test_a_sale_is_booked_on_both_sides(counter: CounterHands) -> None:
    counter.sign_on()
    counter.keys("1250", "HASH")
    counter.wait(1.5)
    assert counter.screen == "sale_done"
    assert "12.50" in counter.text()
    assert counter.world.host.ledger.as_list() == counter.model.journal(counter.board)


def test_what_the_host_booked_unheard_is_reversed_at_the_next_start(counter: CounterHands) -> None:
    counter.sign_on()
    counter.keys("700", "HASH")
    counter.wait(0.3)
    counter.cycle()
    counter.wait(3.0)
    assert [line["state"] for line in counter.model.journal(counter.board)] == ["reversed"]
    assert [line["state"] for line in counter.world.host.ledger.as_list()] == ["reversed"]


def test_no_sale_for_a_supervisor_or_without_the_line(counter: CounterHands) -> None:
    counter.sign_on("900001")
    counter.keys("100", "HASH")
    assert "主管不能收款" in counter.text()
    counter.wait(3.5)
    counter.keys("STAR", "1")
    counter.sign_on()
    counter.world.nic.cable(False)
    counter.keys("100", "HASH")
    assert "网络不通" in counter.text()
    assert counter.model.journal(counter.board) == []


def test_who_may_lift_the_key_switchs_lock(counter: CounterHands) -> None:
    counter.sign_on("100001")
    counter.turn()
    assert "100001" in counter.text()
    counter.unlock("100002")
    assert counter.screen == "lock_other"
    counter.wait(3.0)
    counter.unlock("100001")
    assert counter.screen == "ready"
    counter.turn()
    counter.unlock("900001")
    assert counter.screen == "closed"


def test_a_short_turn_of_the_key_locks_nothing(counter: CounterHands) -> None:
    counter.sign_on()
    counter.press("KEYSWITCH", 0.3)
    counter.wait(2.0)
    assert counter.screen == "ready"


def test_a_turn_during_a_sale_locks_after_it(counter: CounterHands) -> None:
    counter.sign_on()
    counter.keys("500", "HASH")
    counter.board.contact("KEYSWITCH", True)
    counter.wait(0.6)
    assert counter.screen == "sale"
    counter.wait(1.0)
    assert counter.screen == "sale_done"
    counter.wait(3.0)
    assert counter.screen == "key_lock"


def test_the_hosts_lock_is_the_hosts_alone(counter: CounterHands) -> None:
    counter.sign_on()
    counter.host("lock")
    for key in KIND.keys:
        counter.press(key, 0.7)
    assert counter.screen == "host_lock"
    counter.cycle()
    assert counter.screen == "host_lock"
    counter.host("unlock")
    assert counter.screen == "key_lock"  # one of the keys above was the key switch


def test_the_stop_lasts_five_minutes_power_or_not_and_counts_every_prompt(counter: CounterHands) -> None:
    counter.sign_on()
    counter.keys("STAR", "3")
    counter.who("900001", "111111")
    counter.wait(3.2)
    counter.turn()
    for _ in range(3):
        counter.wrong()
    assert counter.screen == "stopped"
    assert "请等待5分钟" in counter.text()
    counter.wait(200.0)
    counter.cycle()
    assert counter.screen == "stopped"
    counter.wait(60.0)
    assert counter.screen == "stopped"
    counter.wait(60.0)
    assert counter.screen == "key_lock"


def test_an_update_by_stick_runs_after_the_power_cut(counter: CounterHands) -> None:
    counter.sign_on()
    counter.update()
    assert counter.screen == "stick_done"
    counter.keys("HASH", "STAR")
    counter.turn()
    assert counter.screen == "stick_done"
    counter.cycle()
    assert counter.screen == "key_lock"
    assert counter.storage()["version"] == "2.5.0"


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("unsigned", "签名无效"), ("bad_signature", "签名无效"), ("manifest_changed", "签名无效"),
        ("key_without_right", "签名无效"), ("key_false_name", "签名无效"), ("wrong_model", "机型不符"),
        ("wrong_type", "机型不符"), ("wrong_slot", "机型不符"), ("name_injection", "机型不符"),
        ("version_injection", "机型不符"), ("older", "版本过旧"), ("expired", "版本过旧"),
        ("wrong_precursor", "版本过旧"), ("changed", "文件损坏"), ("extra_bytes", "文件损坏"),
        ("cut_short", "文件损坏"), ("oversize", "文件损坏"),
    ],
)  # fmt: skip
def test_a_bad_package_is_refused_and_says_why(counter: CounterHands, fault: str, why: str) -> None:
    counter.sign_on()
    counter.keys("STAR", "3")
    counter.who("900001")
    counter.stick("2.5.0", fault)
    assert counter.screen == "stick_no"
    assert why in counter.text()
    counter.wait(5.0)
    assert counter.screen == "ready"
    assert counter.storage()["version"] == "2.4.1"


def test_a_power_cut_while_writing_leaves_the_old_version(counter: CounterHands) -> None:
    counter.sign_on()
    counter.keys("STAR", "3")
    counter.who("900001")
    counter.stick()
    counter.keys("HASH")
    counter.wait(4.0)
    counter.cycle()
    assert counter.storage()["version"] == "2.4.1"
    assert counter.screen == "closed"


def test_an_image_that_does_not_start_is_given_up(counter: CounterHands) -> None:
    counter.sign_on()
    counter.update("2.5.0", "not_starting")
    counter.board.power(False)
    counter.wait(1.0)
    counter.board.power(True)
    counter.wait(4.0)
    assert counter.screen == "stick_back"
    assert counter.storage()["version"] == "2.4.1"


@pytest.mark.parametrize("cut_after_s", [None, 1.0])
def test_a_reset_leaves_the_supervisor_who_needs_a_new_password(
    counter: CounterHands, cut_after_s: float | None
) -> None:
    counter.sign_on()
    counter.keys("STAR", "4")
    counter.who("900001")
    counter.keys("HASH")
    counter.wait(cut_after_s or 4.2)
    counter.cycle()
    if cut_after_s:
        counter.wait(4.2)
        assert counter.screen == "reset_done"
        counter.cycle()
    counter.keys("HASH")
    counter.who("900001", "888888")
    assert counter.screen == "new_pwd"
    counter.keys("123456", "HASH")
    assert counter.screen == "pwd_weak"
    counter.wait(3.2)
    counter.keys("HASH")
    counter.who("900001", "888888")
    counter.keys("271829", "HASH", "271829", "HASH")
    counter.wait(2.2)
    assert counter.screen == "ready"
    assert counter.storage()["operators"] == ["900001"]


def test_staff_numbers_have_six_digits(tmp_path: Path, world: World) -> None:
    with pytest.raises(BenchError, match=r"'01'.*6 digits"):
        catalogue.model_of("counter").provision(tmp_path, Provision(passwords={"01": "1234"}), world.trust("1"))


STEP = st.one_of(
    st.tuples(st.just("key"), st.sampled_from(KIND.keys)),
    st.tuples(st.just("wait"), st.sampled_from([0.5, 3.5, 61.0])),
    st.tuples(st.just("cut"), st.none()),
    st.tuples(st.just("stick"), st.booleans()),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, max_size=40))
def test_nothing_but_a_password_leaves_the_lock(world: World, tmp_path: Path, steps: list[tuple[str, object]]) -> None:
    with CounterHands(world, tmp_path) as t:
        t.sign_on()
        t.turn()
        for act, what in steps:
            if act == "key":
                t.press(str(what), 0.6)
            elif act == "wait":
                t.wait(float(str(what)))
            elif act == "cut":
                t.cycle()
            else:
                t.world.stick.plug(bool(what))
            assert t.screen in ("key_lock", "unlock_pwd", "refused", "stopped", "boot")
