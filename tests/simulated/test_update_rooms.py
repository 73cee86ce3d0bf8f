"""The update by network and by stick: every threat of the list, resume; over real HTTPS."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from payment_terminal import Terminal
from update_kit import SIZE, UPDATE_S, offer, offered, until

from posrig.simulated.world import World
from posrig.simulated.world.packages import FAULTS


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
