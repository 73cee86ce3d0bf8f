"""The update and what goes wrong around it: damaged images, power cuts, odd manifests; over real HTTPS."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from payment_terminal import Terminal
from update_kit import UPDATE_S, offer, offered, until

from posrig.simulated.terminals.r.firmware.update_checks import IMAGE_LIMIT, SCREENS, read_offer
from posrig.simulated.world import World
from posrig.simulated.world.packages import Package


def test_an_image_changed_in_its_slot_is_found_at_the_next_start(terminal: Terminal) -> None:
    offered(terminal)
    terminal.press("ENTER")
    until(terminal, "upd_done")
    slot = terminal.fw.slots.area("b")
    terminal.cut()
    raw = bytearray(slot.read_bytes())
    raw[-1] ^= 1
    slot.write_bytes(raw)
    terminal.start()
    assert terminal.fw.slots.version() == "2.4.1"
    assert terminal.screen == "upd_back"


def test_a_damaged_only_image_takes_the_terminal_out_of_service(terminal: Terminal) -> None:
    terminal.start()
    slot = terminal.fw.slots.area("a")
    terminal.cut()
    slot.write_bytes(slot.read_bytes()[:-1] + b"?")
    terminal.start()
    assert terminal.rows[:2] == ["SELF-TEST FAILED", "Code E05"]


def test_an_image_that_does_not_start_is_given_up_after_three_starts(terminal: Terminal) -> None:
    offered(terminal, "not_starting")
    terminal.press("ENTER")
    until(terminal, "upd_done")
    boots = len(terminal.events("boot"))
    until(terminal, "upd_back", 60.0)
    version = terminal.fw.slots.version()
    assert terminal.rows[:3] == ["UPDATE FAILED", "2.5.0 won't run", "Back on 2.4.1"]
    assert re.fullmatch(r"Record \d{6}", terminal.rows[3])
    assert ("update_back", "2.5.0") in terminal.logged()
    assert len(terminal.events("boot")) == boots + 1, "the broken image shows nothing"
    terminal.press("ENTER")
    assert terminal.screen == "signed_off"
    terminal.cycle()
    assert (version, terminal.fw.slots.version()) == ("2.4.1", "2.4.1")
    assert terminal.screens().count("upd_back") == 1


@pytest.mark.parametrize("tenth", range(11))
def test_a_power_cut_at_any_moment_leaves_an_old_or_a_new_version_at_work(terminal: Terminal, tenth: int) -> None:
    offered(terminal)
    terminal.press("ENTER")
    terminal.wait(UPDATE_S * tenth / 10)
    terminal.cycle()
    assert terminal.screen == "signed_off"
    assert terminal.fw.slots.version() in ("2.4.1", "2.5.0")
    if terminal.fw.slots.version() == "2.4.1":
        terminal.wait(30.0)
        terminal.sign_on("99")
        assert terminal.screen == "upd_offer", "the offer is still there"
        terminal.press("ENTER")
        until(terminal, "upd_done")
        terminal.wait(20.0)
    assert terminal.fw.slots.version() == "2.5.0"
    terminal.cycle()
    assert terminal.fw.slots.version() == "2.5.0"


def test_a_download_goes_on_at_the_byte_after_a_power_cut(terminal: Terminal) -> None:
    offered(terminal)
    terminal.press("ENTER")
    terminal.wait(0.5)
    have = terminal.fw.update.staged_bytes()
    terminal.cycle()
    terminal.wait(30.0)
    terminal.sign_on("99")
    terminal.press("ENTER")
    until(terminal, "upd_done")
    assert [first for path, first in terminal.world.shelf.requests if path == "/image.bin"] == [0, have]


def test_a_lost_clock_takes_no_offer(terminal: Terminal) -> None:
    offered(terminal)
    terminal.wait(2.0)  # the host's time has come with the sign-on
    terminal.board.rtc.set(datetime(2000, 1, 1, tzinfo=UTC))
    terminal.press("ENTER")
    until(terminal, "upd_no_old", 10.0)
    assert terminal.logged()[-1] == ("update_no", "expired")


def test_an_update_changes_no_operator_counter_or_journal(terminal: Terminal) -> None:
    terminal.ready()
    terminal.press("12.00 ENTER")
    terminal.wait(3.0)
    terminal.press("MENU 4 ENTER")
    terminal.wait(3.0)
    terminal.sign_off()
    terminal.press("02 ENTER 1111 ENTER")
    terminal.wait(4.0)
    terminal.press("CANCEL")
    before = (terminal.journal(), terminal.fw.failures.tries_left("02"))
    offer(terminal)
    terminal.sign_on("99")
    terminal.press("ENTER")
    until(terminal, "upd_done")
    terminal.wait(20.0)
    assert (terminal.journal(), terminal.fw.failures.tries_left("02")) == before
    terminal.sign_on()
    assert terminal.screen == "idle"


def test_menu_says_when_there_is_nothing(terminal: Terminal) -> None:
    terminal.ready("99")
    terminal.press("MENU 5 5 2")
    assert terminal.rows == ["UPDATE", "No new version", "Now 2.4.1", ""]


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '{"manifest": 1, "signature": "AA=="}', '{"manifest": {}, "signature": "?"}']
)
def test_a_file_that_is_no_manifest_is_no_offer(terminal: Terminal, text: str) -> None:
    terminal.ready("99")
    terminal.world.offer(Package(text.encode(), b""))
    terminal.wait(2.0)
    assert terminal.screen == "idle"
    assert terminal.logged()[-1] == ("update_no", "format")


def test_a_false_server_is_shown_and_logged_before_anything_is_offered(terminal: Terminal) -> None:
    terminal.ready("99")
    terminal.world.shelf.delivery.certificate = "wrong"
    offer(terminal)
    assert terminal.screen == "net_down"
    assert terminal.logged()[-1] == ("certificate", "update")
    assert terminal.fw.update.offer() is None


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(["format", "model", "version", "size", "sha256", "key_id", "expires", "name", "slot"], ODD),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FIELDS, st.sampled_from(["", "AA==", "A" * 88, "?"]), st.booleans())
def test_any_manifest_is_refused_and_none_upsets_the_terminal(
    terminal: Terminal, fields: dict[str, Any], signature: str, known_key: bool
) -> None:
    if not terminal.board.powered:
        terminal.start()
    if known_key:
        fields["key_id"] = "firmware-1"
    read = read_offer("net", json.dumps({"manifest": fields, "signature": signature}))
    if read is not None:
        assert terminal.fw.update.reason(read, terminal.fw.update.staging()) in SCREENS
        assert len(read.version) <= 6
        assert 0 <= read.size <= IMAGE_LIMIT


def test_a_manifest_nested_without_end_is_no_offer() -> None:
    assert read_offer("net", "[" * 8000) is None
    assert read_offer("net", '{"manifest": ' + '{"a":' * 1300 + "1" + "}" * 1300 + ', "signature": ""}') is None


def test_writing_draws_its_current(terminal: Terminal) -> None:
    offered(terminal)
    terminal.press("ENTER")
    until(terminal, "upd_write")
    assert terminal.board.demand_ma == 300.0
    until(terminal, "upd_done")
    assert terminal.board.demand_ma < 200.0


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.floats(0.0, UPDATE_S + 12.0), min_size=1, max_size=3))
def test_however_often_the_power_fails_the_terminal_works_and_its_version_never_falls(
    world: World, tmp_path: Path, cuts: list[float]
) -> None:
    with Terminal(world, tmp_path) as terminal:
        offered(terminal)
        versions = ["2.4.1"]
        for cut_after_s in cuts:
            if terminal.screen == "upd_offer":
                terminal.press("ENTER")
            terminal.wait(cut_after_s)
            terminal.cycle()
            versions.append(terminal.fw.slots.version())
            assert terminal.screen == "signed_off"
            terminal.wait(31.0)
            terminal.sign_on("99")
        assert versions == sorted(versions)
        assert set(versions) <= {"2.4.1", "2.5.0"}
