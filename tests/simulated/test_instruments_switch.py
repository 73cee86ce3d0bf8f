"""The switch unit over the wire, and what its relays do to the keys."""

from __future__ import annotations

import pytest
from rig_process import RigProcess


def edges(rig: RigProcess) -> list[tuple[str, str]]:
    pairs = [line.split()[3:] for line in rig.lines() if " edge " in line]
    return [(key.removeprefix("key="), closed.removeprefix("closed=")) for key, closed in pairs]


def test_close_open_and_read_back(rig: RigProcess) -> None:
    assert rig.scpi("switch", "ROUT:CLOS (@1001,1003:1005);CLOS? (@1001:1006)") == "1,0,1,1,1,0"
    assert rig.scpi("switch", "ROUT:OPEN (@1003);OPEN? (@1001,1003)") == "0,1"
    assert rig.scpi("switch", "CLOS:EXCL (@2001);:ROUT:CLOS? (@1001,1005,2001)") == "0,0,1"
    assert rig.scpi("switch", "ROUT:OPEN:ALL;:ROUT:CLOS? (@2001)") == "0"


@pytest.mark.parametrize("command", ["*RST", "ROUT:OPEN:ALL", "SYST:CPON 1", "SYST:CPON ALL", "ROUT:OPEN:ALL 1"])
def test_ways_to_open_all(rig: RigProcess, command: str) -> None:
    assert rig.scpi(
        "switch", f"ROUT:CLOS (@1001,1020);:{command};:ROUT:CLOS? (@1001,1020);*ESR?".replace(":*", "*")
    ) == ("0,0;+0")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("ROUT:CLOS (@1021)", 112),
        ("ROUT:CLOS (@1000)", 112),
        ("ROUT:CLOS (@3001)", 111),
        ("ROUT:CLOS (@101)", 111),
        ("ROUT:CLOS (@1001,1099)", 112),
        ("ROUT:CLOS", -109),
        ("ROUT:CLOS (@)", -109),
        ("ROUT:CLOS (@1001", -171),
        ("ROUT:CLOS 1001", -108),
        ("SYST:CTYP? 9", -222),
        ("ROUT:CLOS? (@1:999999)", 112),
    ],
)
def test_unknown_channels_are_errors_and_close_nothing(rig: RigProcess, command: str, code: int) -> None:
    rig.wire("switch").write(command)
    assert rig.scpi("switch", "SYST:ERR?").startswith(f"{code:+d},")
    assert "1" not in rig.scpi("switch", "ROUT:CLOS? (@1001:1020)")


def test_cycles_count_closings_only(rig: RigProcess) -> None:
    rig.scpi("switch", "DIAG:REL:CYCL:CLE (@1007,1008);*OPC?")
    for _ in range(3):
        rig.scpi("switch", "ROUT:CLOS (@1007);CLOS (@1007);OPEN (@1007);*OPC?")
    assert rig.scpi("switch", "DIAG:REL:CYCL? (@1007,1008)") == "+3,+0"


def test_a_relay_takes_its_time_once_per_command(rig: RigProcess) -> None:
    start = rig.now()
    rig.scpi("switch", "ROUT:CLOS (@1001:1010);*OPC?")
    assert rig.now() - start == pytest.approx(0.004, abs=1e-5)
    rig.scpi("switch", "ROUT:CLOS (@1001:1010);*OPC?")
    assert rig.now() - start == pytest.approx(0.004, abs=1e-5)


def test_each_press_bounces_and_settles(rig: RigProcess) -> None:
    rig.power()
    rig.lines()
    counts = set()
    for _ in range(20):
        rig.scpi("switch", "ROUT:CLOS (@1005);*OPC?")
        rig.advance(0.02)
        down = edges(rig)
        rig.scpi("switch", "ROUT:OPEN (@1005);*OPC?")
        rig.advance(0.02)
        up = edges(rig)
        assert down[-1] == ("4", "true")
        assert up[-1] == ("4", "false")
        for series, first in ((down, "true"), (up, "false")):
            assert [closed for _, closed in series][::2] == [first] * ((len(series) + 1) // 2)
            counts.add(len(series))
    assert counts == {1, 3, 5}


def test_contacts_settle_within_three_milliseconds(rig: RigProcess) -> None:
    rig.power()
    rig.lines()
    for _ in range(20):
        start = rig.now()
        rig.scpi("switch", "ROUT:CLOS (@1005);*OPC?")
        rig.advance(0.02)
        times = [float(line.split()[1]) for line in rig.lines()]
        assert 0.003 <= times[0] - start <= 0.0045
        assert times[-1] - times[0] <= 0.0035
        rig.scpi("switch", "ROUT:OPEN (@1005);*OPC?")
        rig.advance(0.02)
        rig.lines()


def test_a_key_held_at_power_on(rig: RigProcess) -> None:
    rig.scpi("switch", "ROUT:CLOS (@1012);*OPC?")
    rig.advance(0.1)
    assert rig.lines() == []
    rig.power()
    rig.advance(0.002)
    lines = rig.lines()
    assert [line.split()[2] for line in lines] == ["power", "boot", "edge"]
    assert lines[-1].endswith("key=CLEAR closed=true")


def test_a_stuck_relay_lies_to_the_read_back(rig: RigProcess) -> None:
    rig.power()
    rig.act("relay.fault", channel=1001, fault="stuck_open")
    rig.lines()
    assert rig.scpi("switch", "ROUT:CLOS (@1001);CLOS? (@1001)") == "1"
    rig.advance(0.1)
    assert edges(rig) == []
    rig.act("relay.fault", channel=1001, fault=None)
    assert edges(rig) == [("0", "true")]
    rig.act("relay.fault", channel=1001, fault="stuck_closed")
    assert rig.scpi("switch", "ROUT:OPEN (@1001);CLOS? (@1001)") == "0"
    rig.advance(0.1)
    assert edges(rig) == []
    rig.act("relay.fault", channel=1001, fault=None)
    assert edges(rig) == [("0", "false")]


def test_relay_faults_are_checked(rig: RigProcess) -> None:
    assert "1001 to 1020" in rig.refused("relay.fault", channel=7, fault="stuck_open")
    assert "stuck_open, stuck_closed, loses, doubles" in rig.refused("relay.fault", channel=1001, fault="welded")


def felt(rig: RigProcess, key: str) -> int:
    return int(rig.act("keys.felt")[key])


def press(rig: RigProcess, channel: int, hold_s: float = 0.1) -> None:
    rig.scpi("switch", f"ROUT:CLOS (@{channel});*OPC?")
    rig.advance(hold_s)
    rig.scpi("switch", f"ROUT:OPEN (@{channel});*OPC?")
    rig.advance(0.08)


def test_the_key_lines_are_felt_once_a_press_whatever_the_contact_bounces(rig: RigProcess) -> None:
    other = felt(rig, "4")
    for hold_s in (0.01, 0.02, 0.03, 0.1, 0.4):
        before = felt(rig, "3")
        for _ in range(20):
            press(rig, 1004, hold_s)
        assert felt(rig, "3") - before == 20, hold_s
    assert felt(rig, "4") == other


def test_a_worn_contact_loses_each_third_press_and_the_coil_counts_it(rig: RigProcess) -> None:
    rig.power()
    rig.act("relay.fault", key="3", fault="loses", every=3)
    before, felt_before = int(float(rig.scpi("switch", "DIAG:REL:CYCL? (@1004)"))), felt(rig, "3")
    rig.lines()
    for _ in range(6):
        press(rig, 1004)
    assert int(float(rig.scpi("switch", "DIAG:REL:CYCL? (@1004)"))) - before == 6
    assert felt(rig, "3") - felt_before == 4
    assert edges(rig).count(("3", "true")) >= 4
    rig.act("wire.mend")
    press(rig, 1004)
    assert felt(rig, "3") - felt_before == 5


def test_a_contact_that_breaks_in_a_press_is_felt_twice(rig: RigProcess) -> None:
    rig.act("relay.fault", key="3", fault="doubles", every=2)
    before = felt(rig, "3")
    for _ in range(4):
        press(rig, 1004)
    assert felt(rig, "3") - before == 6
    rig.act("wire.mend")


def test_wrong_worn_contacts_are_refused(rig: RigProcess) -> None:
    assert "1 or more" in rig.refused("relay.fault", key="3", fault="loses", every=0)
    assert "no key 'F9'" in rig.refused("relay.fault", key="F9", fault="loses")
