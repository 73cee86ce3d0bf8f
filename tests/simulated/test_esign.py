"""The electronic-signature terminal as docs/terminals.md describes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_terminals import EsignHands

from posrig.simulated.terminals.esign.firmware.glass import BUTTONS
from posrig.simulated.terminals.esign.kind import FACE, KIND, PADS
from posrig.simulated.wires.photograph import panel
from posrig.simulated.world.world import World


@pytest.fixture
def esign(world: World, tmp_path: Path) -> Iterator[EsignHands]:
    with EsignHands(world, tmp_path) as hands:
        yield hands


def test_a_sale_needs_a_signature(esign: EsignHands) -> None:
    esign.sign_on()
    esign.keys("1250", "OK")
    esign.wait(1.5)
    assert esign.screen == "sign"
    esign.keys("OK")
    assert esign.screen == "sign"
    esign.touch(120, 200)
    esign.touch(130, 210)
    assert "已签 2 笔" in esign.text()
    esign.keys("CLEAR", "OK")
    assert esign.screen == "sign"
    esign.keys("5")  # its pad lies on the glass
    esign.touch(200, 20)  # the button
    assert esign.screen == "sale_done"
    assert ("receipt", {"text": "000001 12.50"}) in esign.heard.events
    assert [line["state"] for line in esign.world.host.ledger.as_list()] == ["approved"]


@pytest.mark.parametrize("cut", [False, True])
def test_a_sale_without_a_signature_is_reversed(esign: EsignHands, cut: bool) -> None:
    esign.sign_on()
    esign.keys("300", "OK")
    esign.wait(1.5)
    if cut:
        esign.cycle()
    else:
        esign.wait(60.0)
    esign.wait(2.0)
    assert [line["state"] for line in esign.world.host.ledger.as_list()] == ["reversed"]
    assert [line["state"] for line in esign.model.journal(esign.board)] == ["reversed"]


def test_buttons_move_from_page_to_page_and_lead_on(esign: EsignHands) -> None:
    esign.touch(120, 160)
    assert esign.screen == "login"
    esign.keys("01", "OK", "2580", "OK")
    esign.touch(40, 150)
    assert esign.screen == "menu"
    esign.touch(120, 300)
    assert esign.screen == "menu2"
    esign.touch(120, 270)
    assert esign.screen == "version"
    assert "V2.4.1" in esign.text()
    places = {button.label: {b.box for page in BUTTONS.values() for b in page if b.label == button.label}
              for page in BUTTONS.values() for button in page}  # fmt: skip
    assert {"锁定", "版本"} <= {label for label, boxes in places.items() if len(boxes) > 1}


def test_a_pad_touches_what_lies_there(esign: EsignHands) -> None:
    """On the second menu page the pad of 1 lies on nothing, that of 4 on the change of the password."""
    esign.sign_on()
    esign.touch(40, 150)
    esign.touch(120, 300)
    esign.keys("1")
    assert esign.screen == "menu2"
    esign.keys("4")
    assert esign.screen == "new_pwd"


def test_the_picture_is_240_by_320_and_shows_text_and_buttons(esign: EsignHands) -> None:
    picture = panel(esign.heard.rows, FACE.dots, esign.heard.boxes)
    assert picture.size == (240, 320)
    x, y, width, height = BUTTONS["welcome"][0].box
    assert all(picture.getpixel((x + n, y)) for n in range(width))
    assert picture.crop((x + 2, y + 2, x + width - 2, y + height - 2)).getbbox() is not None  # its label


def test_the_session_goes_on_after_either_unlock_and_over_a_power_cut(esign: EsignHands) -> None:
    esign.sign_on("02")
    for unlock in (lambda: esign.keys("1470", "OK"), esign.supervisor):
        esign.lock()
        assert "操作员 02" in esign.text()
        esign.cycle()
        unlock()
        esign.wait(1.2)
        assert esign.screen == "ready"
        assert "操作员 02" in esign.text()


def test_the_key_room_may_name_a_role_that_types_no_number(world: World, tmp_path: Path) -> None:
    given = {"01": "2580", "supervisor": "482913", "system": "73918264"}
    with EsignHands(world, tmp_path, passwords=given) as t:
        t.sign_on()
        t.lock()
        t.supervisor()
        t.wait(1.2)
        assert t.screen == "ready"


def test_idle_time_locks(esign: EsignHands) -> None:
    esign.sign_on()
    esign.wait(170.0)
    esign.keys("5")
    esign.wait(170.0)
    assert esign.screen == "ready"
    esign.wait(11.0)
    assert esign.screen == "lock"


def test_the_hosts_lock_is_the_hosts_alone(esign: EsignHands) -> None:
    esign.sign_on()
    esign.host("lock")
    for key in KIND.keys:
        esign.press(key)
    esign.cycle()
    assert esign.screen == "host_lock"
    esign.host("unlock")
    assert esign.screen == "welcome"


def test_the_stop_lasts_two_minutes_power_or_not(esign: EsignHands) -> None:
    esign.sign_on()
    esign.lock()
    for _ in range(4):
        esign.keys("9999", "OK")
        esign.wait(2.2)
    esign.cycle()
    esign.keys("9999", "OK")
    assert esign.screen == "stopped"
    esign.wait(60.0)
    esign.cycle()
    esign.wait(30.0)
    assert esign.screen == "stopped"
    esign.wait(30.0)
    assert esign.screen == "lock"


def test_an_update_over_the_network_restarts_by_itself(esign: EsignHands) -> None:
    esign.sign_on()
    esign.update()
    esign.wait(10.0)
    assert esign.storage()["version"] == "2.5.0"
    assert esign.screen == "welcome"
    assert esign.screens.count("boot") == 2


@pytest.mark.parametrize(
    "fault",
    ["unsigned", "bad_signature", "manifest_changed", "key_without_right", "wrong_model", "wrong_type", "wrong_slot",
     "name_injection", "version_injection", "older", "expired", "wrong_precursor", "changed"],
)  # fmt: skip
def test_a_bad_package_is_refused(esign: EsignHands, fault: str) -> None:
    esign.sign_on()
    esign.update("2.5.0", fault)
    assert "update_no" in esign.screens
    esign.wait(5.0)
    assert esign.screen == "ready"
    assert esign.storage()["version"] == "2.4.1"


def test_an_image_that_does_not_start_is_given_up(esign: EsignHands) -> None:
    esign.sign_on()
    esign.update("2.5.0", "not_starting")
    esign.wait(12.0)
    assert "update_back" in esign.screens
    assert esign.storage()["version"] == "2.4.1"


@pytest.mark.parametrize("lost", ["cable", "power"])
def test_a_download_that_is_cut_changes_nothing(esign: EsignHands, lost: str) -> None:
    esign.sign_on()
    esign.world.shelf.put(esign.world.package("2.5.0", size=2_000_000))
    esign.keys("FUNC", "66", "OK", esign.passwords["00"], "OK")
    esign.wait(2.0)
    esign.keys("OK")
    esign.wait(1.0)
    assert esign.screen == "update_get"
    if lost == "cable":
        esign.world.nic.cable(False)
        assert esign.screen == "update_no"
        esign.wait(4.5)
        assert esign.screen == "ready"
    else:
        esign.cycle()
        assert esign.screen == "welcome"
    assert esign.storage()["version"] == "2.4.1"


@pytest.mark.parametrize(
    ("seconds", "keys"),
    [(3.0, ("CANCEL", "FUNC")), (4.5, ("CANCEL", "FUNC")), (6.0, ("CANCEL",)), (6.0, ("FUNC", "OK"))],
)
def test_only_the_two_keys_held_long_enough_ask_for_a_reset(
    esign: EsignHands, seconds: float, keys: tuple[str, ...]
) -> None:
    esign.hold_at_power_on(seconds, *keys)
    esign.wait(5.0)
    assert "reset_pwd" not in esign.screens
    assert esign.screen == "welcome"


def test_a_reset_leaves_first_passwords_that_have_to_be_changed(esign: EsignHands) -> None:
    esign.sign_on()
    esign.lock()
    esign.reset()
    assert esign.screen == "welcome"
    esign.keys("OK", "01", "OK", "2580", "OK")
    assert esign.screen == "refused"
    esign.wait(2.2)
    esign.keys("OK", "01", "OK", "0000", "OK")
    assert esign.screen == "new_pwd"


def test_a_reset_that_a_power_cut_interrupts_is_finished_first(esign: EsignHands) -> None:
    esign.hold_at_power_on(5.5, "CANCEL", "FUNC")
    esign.keys(esign.passwords["99"], "OK", "OK")
    assert esign.screen == "resetting"
    esign.cycle()
    esign.wait(12.0)
    assert esign.screen == "welcome"
    assert esign.storage()["operators"] == ["00", "01", "02", "99"]
    esign.keys("OK", "01", "OK", "2580", "OK")
    assert esign.screen == "refused"


def test_a_secret_is_nowhere_on_glass_or_service_port(esign: EsignHands) -> None:
    esign.sign_on()
    esign.lock()
    esign.supervisor()
    for secret in (esign.passwords["01"], esign.passwords["00"]):
        assert all(secret not in row for frame in esign.heard.frames for row in frame)
    codes = [str(fields["code"]) for event, fields in esign.heard.events if event == "key"]
    assert esign.passwords["01"] not in "".join(codes)


STEP = st.one_of(
    st.tuples(st.just("key"), st.sampled_from(KIND.keys)),
    st.tuples(st.just("touch"), st.tuples(st.integers(0, 239), st.integers(0, 319))),
    st.tuples(st.just("wait"), st.sampled_from([0.5, 3.5, 61.0, 200.0])),
    st.tuples(st.just("cut"), st.none()),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, max_size=40))
def test_nothing_but_a_password_leaves_the_lock(world: World, tmp_path: Path, steps: list[tuple[str, object]]) -> None:
    with EsignHands(world, tmp_path) as t:
        t.sign_on()
        t.lock()
        for act, what in steps:
            if act == "key":
                t.press(str(what))
            elif act == "touch":
                t.touch(*what)  # type: ignore[misc]
            elif act == "wait":
                t.wait(float(str(what)))
            else:
                t.cycle()
            assert t.screen in ("lock", "lock_sup", "refused", "stopped")


def test_every_digit_of_the_keyboard_has_its_pad() -> None:
    assert set(PADS) == set("0123456789")
    assert set(PADS) <= set(KIND.keys)
