"""Factory reset, tamper, backup: refused when it must be, whole or gone on with, and nothing of before survives."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from firmware_kit import PASSWORDS, Terminal, totp
from firmware_rules import service_file
from hypothesis import given, settings
from hypothesis import strategies as st


def hold(terminal: Terminal, for_s: float = 5.5) -> None:
    terminal.cut()
    terminal.wait(1)
    terminal.contact("CLEAR", True)
    terminal.power_on()
    terminal.wait(for_s)
    terminal.contact("CLEAR", False)
    terminal.wait(0.1)


def asked(tmp_path: Path) -> Terminal:
    terminal = Terminal(tmp_path)
    hold(terminal)
    assert terminal.screen == "reset_ask"
    return terminal


def test_held_key_admin_code_new_password(tmp_path: Path) -> None:
    terminal = asked(tmp_path)
    assert [row[2] for row in terminal.frames if row[0] == "FACTORY RESET"] == [f"{n} s more" for n in (5, 4, 3, 2, 1)]
    terminal.keys(PASSWORDS["99"], "ENTER")
    assert terminal.lines[1] == "[..........]"
    assert terminal.milliamps[-1] == 300
    terminal.wait(4.1)
    assert terminal.lines[1] == "[#####.....]"
    terminal.wait(4.1)
    assert terminal.screen == "reset_done"
    assert terminal.milliamps[-1] == 120
    terminal.keys("12345678", "ENTER")
    assert terminal.screen == "change_bad"
    terminal.wait(3.1)
    terminal.keys("40718263", "ENTER")
    assert terminal.screen == "boot"
    terminal.wait(10.1)
    assert terminal.screen == "signed_off"
    for operator in ("01", "02", "03"):
        terminal.keys(operator, "ENTER", PASSWORDS[operator], "ENTER")
        assert terminal.screen == "login_bad"
        terminal.wait(3.1)
        terminal.keys("CANCEL")
    terminal.keys("99", "ENTER", "40718263", "ENTER")
    assert terminal.screen == "enrol"
    seed = terminal.lines[1] + terminal.lines[2]
    terminal.keys("ENTER", totp(seed, int(terminal.rtc.read().timestamp()) // 30), "ENTER")
    assert terminal.screen == "idle"


@pytest.mark.parametrize("for_s", [0.5, 2.0, 4.9])
def test_early_release_is_a_normal_start(tmp_path: Path, for_s: float) -> None:
    terminal = Terminal(tmp_path)
    hold(terminal, for_s)
    assert terminal.screen == "boot"
    terminal.wait(10.1)
    assert terminal.screen == "signed_off"


def test_a_late_clear_asks_nothing(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.cut()
    terminal.power_on()
    terminal.wait(2)
    terminal.press("CLEAR", 6)
    terminal.wait(4)
    assert terminal.screen == "signed_off"


def test_cancel_goes_on_with_the_start(tmp_path: Path) -> None:
    terminal = asked(tmp_path)
    terminal.keys("CANCEL")
    assert terminal.screen == "boot"
    terminal.wait(10.1)
    terminal.sign_on("01")
    assert terminal.screen == "idle"


def test_wrong_codes_count_as_the_admins_and_end_in_a_refusal(tmp_path: Path) -> None:
    terminal = asked(tmp_path)
    for left in (4, 3, 2, 1):
        terminal.keys("00000000", "ENTER")
        assert terminal.lines[2] == f"Tries left: {left}"
        terminal.wait(3.1)
    terminal.keys("00000000", "ENTER")
    assert terminal.lines[:2] == ["RESET REFUSED", "Locked out"]
    terminal.wait(14)
    hold(terminal)
    assert terminal.lines[:2] == ["RESET REFUSED", "Locked out"]


@pytest.mark.parametrize(
    ("prepare", "row"),
    [
        (lambda fw: fw.lock_states.set_host_lock("4821"), "Locked by host"),
        (lambda fw: [fw.failures.failed("03", "sign_on_no") for _ in range(5)], "Locked out"),
    ],
    ids=["host lock", "lock-out"],
)
def test_refused(tmp_path: Path, prepare: Callable[[object], object], row: str) -> None:
    terminal = Terminal(tmp_path)
    prepare(terminal.fw)
    hold(terminal)
    assert terminal.lines[:2] == ["RESET REFUSED", row]
    terminal.wait(13.2)
    assert terminal.screen in ("host_lock", "signed_off")


def test_an_open_batch_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal(tmp_path)
    monkeypatch.setattr(terminal.parts.journal, "unsettled", lambda _: 3)
    hold(terminal)
    assert terminal.lines[:3] == ["RESET REFUSED", "3 unsettled", "Settle first"]


@given(cuts=st.lists(st.floats(0.0, 9.0), min_size=1, max_size=4))
@settings(max_examples=30, deadline=None)
def test_a_cut_at_any_instant_leaves_old_or_new(tmp_path_factory: pytest.TempPathFactory, cuts: list[float]) -> None:
    terminal = asked(tmp_path_factory.mktemp("flash"))
    terminal.keys(PASSWORDS["99"], "ENTER")
    for cut in cuts:
        terminal.wait(cut)
        terminal.power_cycle()
        assert terminal.screen in ("resetting", "reset_done")
    terminal.wait(8.1)
    assert terminal.screen == "reset_done"
    assert terminal.fw is not None
    assert terminal.fw.operators.ids() == []


def test_a_reset_takes_an_operator_lock_with_it(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on("01")
    terminal.keys("MENU", "53", "ENTER")
    hold(terminal)
    terminal.keys(PASSWORDS["99"], "ENTER")
    terminal.wait(8.1)
    terminal.keys("40718263", "ENTER")
    terminal.wait(10.1)
    assert terminal.screen == "signed_off"


def test_record_numbers_go_on_over_a_reset(tmp_path: Path) -> None:
    terminal = asked(tmp_path)
    assert terminal.fw is not None
    terminal.fw.log.add("sign_on", "01")
    terminal.keys(PASSWORDS["99"], "ENTER")
    terminal.wait(8.1)
    numbers = [record.number for record in terminal.fw.log.records()]
    assert numbers == [3]


# tamper


def test_tamper_is_for_ever(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on("01")
    terminal.tampered = True
    terminal.on_tamper()
    assert terminal.screen == "tamper"
    assert [fields["cause"] for fields in terminal.seen("lock")] == ["C07"]
    terminal.keys("ENTER", "CANCEL", "MENU", "F1", "F2", "01", "ENTER")
    assert terminal.screen == "tamper"
    for _ in range(3):
        terminal.power_cycle()
        assert terminal.screen == "tamper"
    hold(terminal)
    terminal.wait(6)
    assert terminal.screen == "tamper"
    assert terminal.fw is not None
    assert terminal.fw.second_factor.seed("00") is None


def test_tamper_without_power_is_seen_at_the_next_start(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.cut()
    terminal.tampered = True
    terminal.power_on()
    terminal.wait(10.1)
    assert terminal.screen == "tamper"
    assert [fields["what"] for fields in terminal.seen("log")] == ["tamper"]
    terminal.tampered = False
    terminal.power_cycle()
    assert terminal.screen == "tamper"


@pytest.mark.parametrize(
    ("tamper", "serial", "text"),
    [(2, "12345678", None), (0, "12345678", None), (1, "87654321", None), (1, "12345678", "{}"), (1, "12345678", "[]"), (1, "12345678", "null"),
     (1, "12345678", '{"serial": "12345678", "tamper": true, "date": "", "code": "é"}')],
)  # fmt: skip
def test_a_service_file_of_another_tamper_or_terminal_changes_nothing(
    tmp_path: Path, tamper: int, serial: str, text: str | None
) -> None:
    terminal = Terminal(tmp_path / "flash")
    terminal.tampered = True
    terminal.on_tamper()
    terminal.usb.stick = tmp_path
    service_file(terminal, tamper, serial)
    if text is not None:
        (tmp_path / "service-r.json").write_text(text)
    terminal.power_cycle()
    assert terminal.screen == "tamper"


def test_the_right_service_file_brings_it_back_with_the_second_factor_to_enrol(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "flash")
    terminal.tampered = True
    terminal.on_tamper()
    terminal.usb.stick = tmp_path
    service_file(terminal, 1)
    assert terminal.screen == "tamper"
    terminal.power_cycle()
    assert terminal.screen == "signed_off"
    terminal.keys("00", "ENTER", PASSWORDS["00"], "ENTER")
    assert terminal.screen == "enrol"


# backup


def backed_up(tmp_path: Path) -> Terminal:
    terminal = Terminal(tmp_path / "flash")
    terminal.usb.stick = tmp_path / "stick"
    terminal.usb.stick.mkdir()
    terminal.sign_on("99")
    terminal.keys("MENU", "555")
    assert terminal.screen == "backup_done"
    return terminal


def test_a_backup_holds_no_secret(tmp_path: Path) -> None:
    terminal = backed_up(tmp_path)
    assert terminal.usb.stick is not None
    text = "".join(file.read_text() for file in terminal.usb.stick.iterdir())
    assert set(json.loads(text)) == {"when", "parameters", "operators"}
    assert json.loads(text)["operators"] == ["00", "01", "02", "03", "04", "05", "99"]
    assert not any(password in text for password in PASSWORDS.values())


def test_a_reset_offers_to_restore_it(tmp_path: Path) -> None:
    terminal = backed_up(tmp_path)
    terminal.wait(2.1)
    assert terminal.fw is not None
    hold(terminal)
    terminal.keys(PASSWORDS["99"], "ENTER")
    terminal.wait(8.1)
    terminal.keys("40718263", "ENTER")
    assert terminal.lines[0] == "RESTORE BACKUP?"
    terminal.power_cycle()
    assert terminal.screen == "restore_ask"
    terminal.keys("ENTER")
    assert terminal.screen == "signed_off"
    assert terminal.fw.operators.ids() == ["00", "01", "02", "03", "04", "05", "99"]
    terminal.keys("01", "ENTER", PASSWORDS["01"], "ENTER")
    assert terminal.screen == "login_bad"


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"when": "now", "parameters": {}, "operators": []}', '{"when": "2026-01-09", "parameters": 1, "operators": []}',
     '"x"', "null", '{"when": 5, "parameters": {}, "operators": []}', "\ufeff\x00"],
)  # fmt: skip
def test_a_broken_backup_is_no_backup(tmp_path: Path, content: str) -> None:
    terminal = backed_up(tmp_path)
    assert terminal.usb.stick is not None
    assert terminal.fw is not None
    next(terminal.usb.stick.iterdir()).write_text(content)
    assert terminal.fw.backup.on_stick() is None


@given(
    parameters=st.dictionaries(st.sampled_from(["idle_lock_min", "zone", "phone", "update_keys"]), st.one_of(st.integers(), st.text(max_size=20), st.none())),
    operators=st.lists(st.one_of(st.text(max_size=3), st.integers(), st.none()), max_size=5),
)  # fmt: skip
@settings(max_examples=50, deadline=None)
def test_no_backup_brings_in_nonsense(
    tmp_path_factory: pytest.TempPathFactory, parameters: dict[str, object], operators: list[object]
) -> None:
    terminal = Terminal(tmp_path_factory.mktemp("flash"))
    assert terminal.fw is not None
    terminal.fw.backup.restore({"when": "", "parameters": parameters, "operators": operators})
    assert 1 <= terminal.fw.idle_lock.minutes() <= 15
    assert terminal.fw.local() is not None
    assert terminal.fw.parameter("update_keys") is None
    assert all(len(operator) == 2 and operator.isdigit() for operator in terminal.fw.operators.ids())


def test_backup_without_a_stick_is_refused(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.sign_on("99")
    terminal.keys("MENU", "555")
    assert terminal.screen == "no_stick"
