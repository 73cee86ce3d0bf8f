"""The host link: sign-on data, locks from the back office, echo, the network lock, a false host."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from payment_terminal import PASSWORDS, SEED, Terminal

from posrig.simulated.terminals.r.firmware.transactions import CARD

DAY_S = 86_400.0


def host_lock(terminal: Terminal) -> None:
    terminal.world.push({"type": "lock", "cause": "C04", "reference": "4821"})


@pytest.mark.parametrize("offset_s", [-3600.0, 90.0, 86_400.0])
def test_sign_on_sets_the_clock_by_the_host_and_logs_it(terminal: Terminal, offset_s: float) -> None:
    terminal.start()
    terminal.world.change_host(time_offset_s=offset_s)
    terminal.sign_on()
    terminal.wait(2.0)
    assert abs(terminal.board.rtc.read() - terminal.world.host.time()) < timedelta(seconds=2)
    assert [what for what, _ in terminal.logged()] == ["sign_on", "clock"]


def test_a_clock_that_is_right_is_left_alone(terminal: Terminal) -> None:
    terminal.ready()
    assert [what for what, _ in terminal.logged()] == ["sign_on"]


def test_no_host_no_change(terminal: Terminal) -> None:
    terminal.world.change_host(time_offset_s=500.0, parameters={"idle_lock_min": 9})
    terminal.world.nic.cable(False)
    terminal.start()
    before = terminal.board.rtc.read().timestamp() - terminal.clock.now
    terminal.sign_on()
    terminal.wait(30.0)
    assert terminal.board.rtc.read().timestamp() - terminal.clock.now == pytest.approx(before, abs=0.001)
    assert terminal.fw.parameter("idle_lock_min") == 5


def test_sign_on_takes_over_parameters_that_make_sense(terminal: Terminal) -> None:
    terminal.world.change_host(
        zone="Asia/Shanghai",
        parameters={"idle_lock_min": 7, "net_lock_h": 0, "phone": "x" * 99, "lock": "gone", "zone": "Mars/Olympus"},
    )
    terminal.ready()
    assert terminal.fw.parameter("idle_lock_min") == 7
    assert terminal.fw.parameter("zone") == "Asia/Shanghai"
    assert terminal.fw.parameter("net_lock_h") is None
    assert terminal.fw.parameter("phone") is None
    assert terminal.fw.parameter("lock") is None
    assert ("parameter", "idle_lock_min") in terminal.logged()


def test_an_unknown_zone_or_time_is_not_taken(terminal: Terminal) -> None:
    terminal.ready()
    before = terminal.board.rtc.read().timestamp() - terminal.clock.now
    for time, zone in [("soon", "../etc"), (None, None), ("2026-01-01T00:00:00", "")]:
        terminal.fw.hostlink.take_time(time)
        terminal.fw.hostlink.take_zone(zone)
    assert terminal.board.rtc.read().timestamp() - terminal.clock.now == pytest.approx(before, abs=0.001)
    assert terminal.fw.parameter("zone") == "Europe/Berlin"


@pytest.mark.parametrize("keys", ["", "01", "01 ENTER 48", "01 ENTER 4826 ENTER", "01 ENTER 4826 ENTER MENU 5"])
def test_a_host_lock_comes_at_once_whatever_is_shown(terminal: Terminal, keys: str) -> None:
    terminal.start()
    terminal.press(keys)
    host_lock(terminal)
    terminal.wait(0.2)
    assert terminal.rows == ["LOCKED BY HOST", "Cause C04", "Call service", "Ref 4821"]
    terminal.cycle()
    assert terminal.screen == "host_lock"


def test_a_host_lock_that_was_sent_while_the_link_was_down_comes_with_the_link(terminal: Terminal) -> None:
    terminal.ready()
    terminal.world.nic.cable(False)
    host_lock(terminal)
    terminal.wait(60.0)
    assert terminal.screen == "idle"
    terminal.world.nic.cable(True)
    terminal.wait(2.5)
    assert terminal.screen == "host_lock"


def test_a_host_lock_that_was_sent_while_the_terminal_was_off_comes_at_the_start(terminal: Terminal) -> None:
    terminal.ready()
    terminal.cut()
    host_lock(terminal)
    terminal.start()
    assert terminal.screen == "host_lock"


def test_the_host_takes_its_lock_off_again(terminal: Terminal) -> None:
    terminal.ready()
    host_lock(terminal)
    terminal.wait(1.0)
    terminal.world.push({"type": "unlock"})
    terminal.wait(1.0)
    assert terminal.screen == "signed_off"
    assert [event["by"] for event in terminal.events("unlock")] == ["host"]


def test_an_hourly_echo_keeps_contact(terminal: Terminal) -> None:
    terminal.start()
    terminal.wait(3 * 3600.0)
    echoes = [message for message in terminal.world.host.seen if message["type"] == "echo"]
    assert len(echoes) == 3
    terminal.wait(2 * DAY_S)
    assert terminal.events("lock") == []


def test_a_day_without_contact_locks_and_the_link_opens(terminal: Terminal) -> None:
    terminal.ready()
    terminal.world.nic.cable(False)
    terminal.wait(DAY_S - 600.0)
    assert terminal.events("lock")[-1:] != [{"cause": "C05", "operator": ""}]
    terminal.wait(700.0)
    assert terminal.screen == "net_lock"
    assert terminal.rows[2].startswith("Last 26-")
    terminal.press("F1")
    terminal.wait(30.0)
    assert terminal.screen == "net_lock", "F1 without a link changes nothing"
    terminal.cycle()
    assert terminal.screen == "net_lock"
    terminal.world.nic.cable(True)
    terminal.wait(3.0)
    assert terminal.screen != "net_lock"
    assert terminal.fw.sign_on.operator is None, "link back, and somebody has to sign on"


def test_the_days_pass_while_the_power_is_off_and_the_link_gets_its_chance(terminal: Terminal) -> None:
    terminal.ready()
    terminal.cut()
    terminal.wait(3 * DAY_S)
    terminal.start()
    assert "net_lock" not in terminal.screens()
    terminal.cut()
    terminal.world.nic.cable(False)
    terminal.wait(3 * DAY_S)
    terminal.start()
    terminal.wait(31.0)
    assert terminal.screen == "net_lock"


def test_setting_the_clock_neither_locks_nor_unlocks(terminal: Terminal) -> None:
    terminal.ready()
    terminal.world.nic.cable(False)
    terminal.board.rtc.set(terminal.board.rtc.read() + timedelta(days=400))
    terminal.wait(3600.0)
    assert "net_lock" not in terminal.screens()
    terminal.board.rtc.set(terminal.board.rtc.read() - timedelta(days=800))
    terminal.wait(DAY_S)
    assert terminal.screen == "net_lock"


def test_a_false_host_is_not_spoken_to_and_is_logged(terminal: Terminal) -> None:
    terminal.ready()
    terminal.world.change_host(certificate="wrong")
    terminal.press("12.00 ENTER")
    terminal.wait(1.0)
    assert terminal.screen == "net_down"
    assert ("certificate", "host") in terminal.logged()
    assert [message["type"] for message in terminal.world.host.seen].count("sale") == 0


@pytest.mark.parametrize(
    "message", [{}, {"type": 7}, {"type": "lock"}, {"type": "lock", "reference": "9" * 99}, {"type": "x"}]
)
def test_odd_pushes_do_not_harm(terminal: Terminal, message: dict[str, Any]) -> None:
    terminal.ready()
    terminal.world.push(message)
    terminal.wait(1.0)
    assert terminal.screen == ("host_lock" if message.get("type") == "lock" else "idle")
    assert all(len(row) <= 16 for row in terminal.rows)


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-13-01", 5, [], {}])
def test_an_odd_time_of_the_host_is_not_taken(terminal: Terminal, time: Any) -> None:
    terminal.ready()
    terminal.fw.hostlink.take_time(time)
    assert terminal.board.rtc.read().year == 2026


@pytest.mark.parametrize("reference", ["解锁编号", "\x1b[2J", "12345678", None, 7, {"a": 1}])
def test_an_odd_reference_does_not_spoil_the_screen(terminal: Terminal, reference: Any) -> None:
    terminal.ready()
    terminal.world.push({"type": "lock", "reference": reference})
    terminal.wait(1.0)
    assert terminal.screen == "host_lock"
    assert terminal.rows[3].isascii()
    assert terminal.rows[3].isprintable()
    assert len(terminal.rows[3]) <= 8


def test_noise_of_the_host_does_not_put_off_the_idle_lock(terminal: Terminal) -> None:
    terminal.ready()
    terminal.world.noise(400.0, 5.0)
    terminal.wait(301.0)
    assert terminal.screen == "lock"


def test_nothing_secret_goes_over_the_service_port(terminal: Terminal) -> None:
    terminal.ready("99")
    terminal.press("MENU 5 1")
    terminal.sign_on("01")
    terminal.wait(2.0)
    terminal.press("12.00 ENTER")
    terminal.wait(3.0)
    said = repr(terminal.heard.events)
    assert not [secret for secret in (*PASSWORDS.values(), SEED, CARD) if secret in said]


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
MESSAGES = st.fixed_dictionaries(
    {"type": st.sampled_from(["lock", "unlock", "update", "noise", "x"]) | ODD},
    optional=dict.fromkeys(
        ["cause", "reference", "time", "zone", "parameters", "trace", "approved", "done", "original"], ODD
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MESSAGES)
def test_whatever_the_host_says_the_terminal_goes_on(terminal: Terminal, message: dict[str, Any]) -> None:
    """As a push, as sign-on data, as the answer to a sale, to a reversal and to a settlement."""
    if not terminal.board.powered:
        terminal.ready()
    fw = terminal.fw
    fw.hostlink.push(dict(message))
    fw.hostlink._take_over(dict(message))
    sale = fw.journal.begin("sale", 100, "01")
    fw.transactions.answered(sale, dict(message), fw.pages.current)
    fw.journal._on_answer(sale, dict(message))
    fw.journal.begin_settlement("01")
    fw.journal._on_settlement(dict(message))
    terminal.wait(1.0)
    assert all(len(row) <= 16 for row in terminal.rows)
    found = fw.journal.find(sale.trace)
    assert found is not None
    assert found.state != "open"
