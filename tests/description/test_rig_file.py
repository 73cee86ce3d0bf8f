"""The rig file: every mistake is one error with file, line, field and what is allowed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import filled, read_rig
from posrig.ground.faults import ConfigurationError
from posrig.rig.rig import Rig

RIG = SIMULATED.read_text("utf-8").replace("profiles/", f"{SIMULATED.parent}/profiles/")


def refused(tmp_path: Path, text: str) -> str:
    file = tmp_path / "rig.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError) as error:
        read_rig(file)
    return str(error.value)


def line_of(text: str, part: str) -> int:
    return next(number for number, row in enumerate(text.splitlines(), 1) if part in row)


def test_the_shipped_rig_file_is_sound() -> None:
    rig = read_rig(SIMULATED)
    assert rig.terminal.profile.is_file()
    assert rig.keypad.channels["ENTER"] == 1014


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("CLEAR: 1012", "CLEAR: 1011", ["channel 1011 is wired twice", "'.'", "'CLEAR'"]),
        ("channel: 2002", "channel: 2001", ["channel 2001 is wired twice", "network", "usb"]),
        ("voltage_v: 9.0", "voltage_v: 12.0", ["12.0 V", "max_voltage_v of 9.5 V", "allowed: 0 to 9.5 V"]),
        ("press_s: 0.1", "press_s: 4", ["keypad.press_s", "0.4"]),
        ("seed: 1", "sead: 1", ["unknown field", "did you mean 'seed'"]),
        ("kind: simulated ", "kind: fake ", ["clock.kind", "'real' or 'simulated'"]),
        ("resource: TCPIP::127.0.0.1::{supply}", "resource: http://{supply}", ["not a VISA resource name", "TCPIP"]),
        ("screen: tcp://127.0.0.1:{screen}", "screen: 127.0.0.1", ["is not an address", "tcp://127.0.0.1:4001"]),
        ("  off_s: 1.0", "  off_s: soon", ["power.off_s", "valid number", "'soon'"]),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, right: str, wrong: str, said: list[str]) -> None:
    assert right in RIG
    text = RIG.replace(right, wrong, 1)
    message = refused(tmp_path, text)
    for words in said:
        assert words in message
    assert "rig.yaml:" in message
    assert len(message.splitlines()) < 20


def test_the_line_is_the_line_of_the_field(tmp_path: Path) -> None:
    text = RIG.replace("press_s: 0.1", "press_s: 4")
    assert f"rig.yaml:{line_of(text, 'press_s: 4')}: keypad.press_s" in refused(tmp_path, text)


def test_a_missing_section_is_named(tmp_path: Path) -> None:
    assert "power: is missing" in refused(tmp_path, RIG.replace("power:", "powr:"))


def test_broken_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    assert "rig.yaml:2" in refused(tmp_path, "name: x\nkeypad: {a: 1, a: 2}\n")


def test_a_key_named_twice_is_refused(tmp_path: Path) -> None:
    assert "rig.yaml:" in refused(tmp_path, RIG + "\nname: again\n")


def test_a_rig_file_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "bench-3.yaml").write_text("name: x")
    with pytest.raises(ConfigurationError, match=r"bench-3\.yaml"):
        read_rig(tmp_path / "bench3.yaml")


def test_a_profile_that_is_not_there(tmp_path: Path) -> None:
    message = refused(tmp_path, RIG.replace("reference-r.yaml", "reference-q.yaml"))
    assert "reference-r.yaml" in message
    assert "field terminal.profile" in message


@given(st.text(max_size=300))
def test_no_text_at_all_gives_a_traceback(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(ConfigurationError):
        read_rig(file)


def test_addresses_are_filled_and_unknown_names_are_refused() -> None:
    assert filled("TCPIP::127.0.0.1::{supply}::SOCKET", {"supply": "4001"}) == "TCPIP::127.0.0.1::4001::SOCKET"
    with pytest.raises(ConfigurationError, match="suply"):
        filled("{suply}", {"supply": "4001"})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("voltage_v: 9.0", "voltage_v: true", "power.voltage_v: true stands where"),
        ('"0": 1001', '"0": false', "keypad.channels: false stands where"),
        ("  seed: 1", "  seed: true", "simulated.seed: true stands where"),
        ("name: simulated", r'name: "one\nrig two"', "holds what nobody sees"),
        ("name: simulated", r'name: "a\u202eb"', "holds what nobody sees"),
        ('serial_number: "12345678"', r'serial_number: "1234\u200b5678"', "holds what nobody sees"),
        ("[74, 78]", "[-1e17, 78]", "greater than or equal to -10000"),
        ("TCPIP::127.0.0.1::{supply}::SOCKET", "TCPIP::::::SOCKET", "is not a VISA resource name"),
    ],
)
def test_what_python_would_take_for_a_number_a_name_or_an_address_and_a_person_would_not(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    text = SIMULATED.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "rig.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigurationError) as told:
        read_rig(tmp_path / "rig.yaml")
    assert said in str(told.value)
    assert re.search(r"rig\.yaml:\d+", str(told.value))


def test_a_field_that_is_found_wrong_at_opening_is_told_with_file_and_line(tmp_path: Path) -> None:
    text = SIMULATED.read_text(encoding="utf-8")
    profile = SIMULATED.parent / "profiles/reference-r.yaml"
    text = text.replace("profiles/reference-r.yaml", str(profile)).replace("keysight-e36300", "nobody-e1")
    (tmp_path / "rig.yaml").write_text(text, encoding="utf-8")
    line = next(number for number, row in enumerate(text.splitlines(), 1) if "nobody-e1" in row)
    with pytest.raises(ConfigurationError) as told:
        Rig.open(read_rig(tmp_path / "rig.yaml"))
    assert f"rig.yaml:{line}, field instruments.supply.dialect" in told.value.where
