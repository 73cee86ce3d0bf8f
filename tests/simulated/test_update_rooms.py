"""The update by network and by stick: every threat of the list, resume, power cuts, fallback; over real HTTPS."""

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

from posrig.simulated.terminals.r.firmware.update_checks import IMAGE_LIMIT, SCREENS, read_offer
from posrig.simulated.world import World
from posrig.simulated.world.packages import FAULTS, Package

SIZE = 600_000
UPDATE_S = 0.5 + SIZE / 1e6 + 3.0 + 20.0


def offer(terminal: Terminal, *faults: str, source: str = "net", **more: Any) -> Package:
    """Put a package before a terminal that was switched on; signed on as 99 it shows the offer."""
    package = terminal.world.package(size=SIZE, faults=faults, **more)
    if source == "stick":
        terminal.world.stick.write({"update.pkg": package.to_bytes()})
        terminal.world.stick.plug(True)
    else:
        terminal.world.offer(package)
    terminal.wait(1.0)
    return package


def offered(terminal: Terminal, *faults: str, **more: Any) -> Package:
    terminal.start()
    package = offer(terminal, *faults, **more)
    terminal.sign_on("99")
    assert terminal.screen == "upd_offer"
    return package


def until(terminal: Terminal, screen: str, within_s: float = 60.0) -> None:
    for _ in range(int(within_s / 0.1)):
        if terminal.screen == screen:
            return
        terminal.wait(0.1)
    raise AssertionError(f"{screen} not shown within {within_s} s, but {terminal.screens()[-6:]}")


@pytest.mark.parametrize("source", ["net", "stick"])
def test_a_good_update_installs_restarts_and_tells_the_truth(terminal: Terminal, source: str) -> None:
    offered(terminal, source=source)
    assert terminal.rows == ["UPDATE 2.5.0", "Now 2.4.1", "ENTER: install", "CANCEL: later"]
    terminal.press("ENTER")
    until(terminal, "upd_done", UPDATE_S + 1.0)
    assert terminal.rows == ["UPDATE DONE", "Now 2.5.0", "Restarting", ""]
    terminal.wait(20.0)
    assert terminal.screen == "signed_off"
    terminal.press("F1")
    assert terminal.rows[1] == "FW 2.5.0"
    assert [state for state in terminal.states("update") if state != "offered"] == [
        "downloading", "checking", "writing", "done", "confirmed",
    ]  # fmt: skip
    assert ("update_ok", "2.5.0") in terminal.logged()
    assert terminal.screens()[-8:-3][:4] == ["upd_get", "upd_check", "upd_write", "upd_done"]


def test_rows_of_the_progress_have_sixteen_columns(terminal: Terminal) -> None:
    offered(terminal)
    terminal.press("ENTER")
    until(terminal, "upd_done")
    bars = [frame for frame in terminal.heard.frames if frame[0] in ("DOWNLOADING", "INSTALLING")]
    assert len(bars) > 10
    assert all(len(row) <= 16 for frame in bars for row in frame)
    assert bars[0][1:3] == ["[..........] 0%", "0.0 / 0.6 MB"]


REFUSALS = {
    "unsigned": ("upd_no_sig", "signature"),
    "bad_signature": ("upd_no_sig", "signature"),
    "manifest_changed": ("upd_no_sig", "signature"),
    "key_without_right": ("upd_no_sig", "key"),
    "key_false_name": ("upd_no_sig", "signature"),
    "changed": ("upd_no_sig", "digest"),
    "extra_bytes": ("upd_no_sig", "size"),
    "cut_short": ("upd_no_sig", "size"),
    "oversize": ("upd_no_sig", "size"),
    "wrong_model": ("upd_no_model", "model"),
    "wrong_type": ("upd_no_model", "type"),
    "wrong_slot": ("upd_no_model", "slot"),
    "wrong_precursor": ("upd_no_old", "precursor"),
    "older": ("upd_no_old", "version"),
    "expired": ("upd_no_old", "expired"),
    "version_injection": ("upd_no_sig", "fields"),
    "name_injection": ("upd_no_sig", "fields"),
}


def test_every_fault_of_the_vendor_is_tried() -> None:
    assert set(REFUSALS) == set(FAULTS) - {"not_starting"}


@pytest.mark.parametrize("source", ["net", "stick"])
@pytest.mark.parametrize("fault", sorted(REFUSALS))
def test_a_faulty_package_is_refused_by_either_way_and_nothing_changes(
    terminal: Terminal, fault: str, source: str
) -> None:
    screen, reason = REFUSALS[fault]
    offered(terminal, fault, source=source)
    terminal.press("ENTER")
    until(terminal, screen, 10.0)
    assert terminal.rows[0] == "UPDATE REFUSED"
    assert terminal.rows[2] == "2.4.1 kept"
    assert re.fullmatch(r"Record \d{6}", terminal.rows[3])
    assert terminal.events("update")[-1]["reason"] == reason
    assert terminal.logged()[-1] == ("update_no", reason)
    assert int(terminal.rows[3][-6:]) == len(terminal.logged())
    terminal.wait(4.0)
    assert terminal.screen == "idle"
    assert not terminal.fw.update.staging().exists(), "a refused package is deleted"
    terminal.cycle()
    terminal.sign_on("99")
    terminal.wait(1.0)
    assert terminal.fw.slots.version() == "2.4.1"
    assert "writing" not in terminal.states("update")


def test_the_same_version_again_is_refused(terminal: Terminal) -> None:
    offered(terminal, version="2.4.1")
    terminal.press("ENTER")
    until(terminal, "upd_no_old", 10.0)


def test_2_10_is_newer_than_2_9(world: World, tmp_path: Path) -> None:
    with Terminal(world, tmp_path, version="2.9.0") as terminal:
        offered(terminal, version="2.10.0")
        terminal.press("ENTER")
        until(terminal, "upd_done")


@pytest.mark.parametrize("operator", ["01", "00"])
def test_nobody_but_the_administrator_sees_the_offer(terminal: Terminal, operator: str) -> None:
    terminal.start()
    offer(terminal)
    terminal.sign_on(operator)
    terminal.wait(2.0)
    assert terminal.screen == "idle"
    terminal.press("ENTER")
    assert "upd_offer" not in terminal.screens()


def test_an_offer_comes_up_while_the_administrator_is_there(terminal: Terminal) -> None:
    terminal.ready("99")
    offer(terminal)
    assert terminal.screen == "upd_offer"


def test_later_means_until_the_next_sign_on(terminal: Terminal) -> None:
    offered(terminal)
    terminal.press("CANCEL")
    assert terminal.screen == "idle"
    terminal.press("MENU 5 1")
    terminal.wait(31.0)
    terminal.sign_on("99")
    assert terminal.screen == "upd_offer"


def test_an_open_batch_stops_the_update_until_it_is_settled(terminal: Terminal) -> None:
    terminal.ready()
    terminal.press("12.00 ENTER")
    terminal.wait(3.0)
    terminal.cycle()
    offer(terminal)
    terminal.sign_on("99")
    terminal.press("ENTER")
    assert terminal.rows == ["UPDATE REFUSED", "1 unsettled", "Settle first", ""]
    terminal.wait(30.0)
    assert terminal.states("update") == ["offered"]


def test_power_lost_while_loading_is_waited_for_before_writing(terminal: Terminal) -> None:
    offered(terminal)
    terminal.press("ENTER")
    terminal.board.battery.percent, terminal.board.battery.mains = 12.0, False
    until(terminal, "upd_power", 10.0)
    assert "writing" not in terminal.states("update")
    terminal.board.battery.mains = True
    until(terminal, "upd_done")


def test_low_battery_waits_for_power(terminal: Terminal) -> None:
    offered(terminal)
    terminal.board.battery.percent, terminal.board.battery.mains = 12.0, False
    terminal.press("ENTER")
    assert terminal.rows == ["UPDATE", "Battery 12%", "Connect power", "Needs 30%"]
    terminal.wait(30.0)
    assert terminal.screen == "upd_power"
    terminal.board.battery.mains = True
    until(terminal, "upd_done")


@pytest.mark.parametrize("source", ["net", "stick"])
def test_a_download_pauses_and_goes_on_at_the_byte(terminal: Terminal, source: str) -> None:
    offered(terminal, source=source)
    unplug = terminal.world.nic.cable if source == "net" else terminal.world.stick.plug
    terminal.press("ENTER")
    terminal.wait(0.5)
    unplug(False)
    until(terminal, "upd_pause", 1.0)
    have = terminal.fw.update.staged_bytes()
    assert 0 < have < SIZE
    assert terminal.rows[2] == f"Goes on at {have * 100 // SIZE}%"
    terminal.wait(120.0)
    assert terminal.screen == "upd_pause"
    unplug(True)
    until(terminal, "upd_done")
    assert terminal.screens().count("upd_get") == 2
    if source == "net":
        assert [first for path, first in terminal.world.shelf.requests if path == "/image.bin"] == [0, have]


def test_cancel_at_the_pause_ends_it(terminal: Terminal) -> None:
    offered(terminal)
    terminal.press("ENTER")
    terminal.wait(0.5)
    terminal.world.nic.cable(False)
    terminal.press("CANCEL")
    assert terminal.screen == "idle"
    terminal.world.nic.cable(True)
    terminal.wait(30.0)
    assert terminal.screen == "idle"


def test_a_server_that_cuts_every_answer_is_resumed_to_the_end(terminal: Terminal) -> None:
    offered(terminal)
    terminal.world.shelf.delivery.cut_after = 200_000
    terminal.press("ENTER")
    until(terminal, "upd_done")
    firsts = [first for path, first in terminal.world.shelf.requests if path == "/image.bin"]
    assert firsts == [0, 200_000, 400_000]


def test_a_server_that_never_sends_is_given_up(terminal: Terminal) -> None:
    offered(terminal)
    terminal.world.shelf.delivery.cut_after = 0
    terminal.press("ENTER")
    until(terminal, "net_down", 30.0)
    assert terminal.fw.slots.version() == "2.4.1"


@pytest.mark.parametrize(
    ("how", "screen", "log"),
    [
        ({"certificate": "wrong"}, "net_down", ("certificate", "update")),
        ({"redirect": "https://127.0.0.1/"}, "net_down", ("net_down", "update")),
        ({"flip_at": 200_000}, "upd_no_sig", ("update_no", "digest")),
        ({"endless": True}, "upd_no_sig", ("update_no", "size")),
        ({"mix_after": 200_000}, "upd_no_sig", ("update_no", "digest")),
    ],
)
def test_a_false_or_hostile_server_changes_nothing(
    terminal: Terminal, how: dict[str, Any], screen: str, log: tuple[str, str]
) -> None:
    offered(terminal)
    terminal.world.shelf.other_image = terminal.world.package("2.6.0", size=SIZE).image
    for name, value in how.items():
        setattr(terminal.world.shelf.delivery, name, value)
    terminal.press("ENTER")
    until(terminal, screen, 30.0)
    assert terminal.logged()[-1] == log
    assert terminal.fw.slots.version() == "2.4.1"
    assert terminal.fw.update.staged_bytes() <= SIZE + 1


def test_two_versions_mixed_by_a_resume_are_refused(terminal: Terminal) -> None:
    offered(terminal)
    terminal.press("ENTER")
    terminal.wait(0.5)
    terminal.world.nic.cable(False)
    terminal.world.shelf.files["/image.bin"] = terminal.world.package("2.6.0", size=SIZE).image
    terminal.world.nic.cable(True)
    until(terminal, "upd_no_sig", 30.0)
    assert terminal.logged()[-1] == ("update_no", "digest")


@pytest.mark.parametrize("source", ["net", "stick"])
def test_a_file_replaced_between_check_and_write_is_not_what_gets_installed(terminal: Terminal, source: str) -> None:
    package = offered(terminal, source=source)
    other = terminal.world.package("2.6.0", size=SIZE)
    terminal.world.shelf.other_image = other.image
    terminal.world.shelf.delivery.replace_after_check = True
    terminal.press("ENTER")
    until(terminal, "upd_check")
    terminal.world.stick.write({"update.pkg": other.to_bytes()})
    until(terminal, "upd_done")
    assert terminal.fw.slots.read("b") == package.image


def test_what_was_staged_is_checked_again_as_written(terminal: Terminal) -> None:
    offered(terminal)
    terminal.press("ENTER")
    until(terminal, "upd_write")
    terminal.wait(1.0)
    staged = terminal.fw.update.staging()
    staged.write_bytes(terminal.world.package("2.6.0", size=SIZE).image)
    until(terminal, "upd_no_sig", 30.0)
    assert terminal.logged()[-1] == ("update_no", "written")
    terminal.cycle()
    assert terminal.fw.slots.version() == "2.4.1"


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
