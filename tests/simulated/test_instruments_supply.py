"""The power supply over the wire: limits, addressing, protection, regulation. After Keysight's E36300 guide."""

from __future__ import annotations

import pytest
from rig_process import RigProcess


def numbers(text: str) -> list[float]:
    return [float(part) for part in text.replace(";", ",").split(",")]


def test_reset_state(rig: RigProcess) -> None:
    assert numbers(rig.scpi("supply", "VOLT? (@1:3)")) == [0, 0, 0]
    assert rig.scpi("supply", "OUTP? (@1:3);*OPC?") == "0,0,0;1"
    assert rig.scpi("supply", "INST?;:INST:NSEL?") == "CH1;+1"


@pytest.mark.parametrize(
    ("query", "limits"),
    [
        ("VOLT? MAX,(@1:3)", [6.18, 25.75, 25.75]),
        ("CURR? MAX,(@1:3)", [5.15, 1.03, 1.03]),
        ("VOLT? MIN,(@1,2)", [0, 0]),
        ("VOLT:PROT? MAX,(@1,2)", [6.6, 27.5]),
    ],
)
def test_limits_are_told(rig: RigProcess, query: str, limits: list[float]) -> None:
    assert numbers(rig.scpi("supply", query)) == limits


def test_three_ways_to_name_an_output(rig: RigProcess) -> None:
    rig.scpi("supply", "VOLT 5,(@2);:SOUR3:VOLT 6;:INST CH1;VOLT 3.3;*OPC?")
    assert numbers(rig.scpi("supply", "VOLT? (@1:3)")) == [3.3, 5, 6]
    assert numbers(rig.scpi("supply", "INST P25V;VOLT?")) == [5]
    rig.scpi("supply", "VOLT 500 mV, (@1,3);*OPC?")
    assert numbers(rig.scpi("supply", "VOLT? (@1:3)")) == [0.5, 5, 0.5]


def test_apply(rig: RigProcess) -> None:
    assert rig.scpi("supply", "APPL CH2,5,0.6;APPL? CH2;*ESR?") == '"5.000,0.600";+0'
    assert rig.scpi("supply", "INST:NSEL 3;:APPL 12;APPL?;*ESR?") == '"12.000,1.000";+0'


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("VOLT 25.76,(@2)", -222),
        ("VOLT 6.2,(@1)", -222),
        ("VOLT 5,(@4)", -222),
        ("SOUR4:VOLT 5", -114),
        ("VOLT 5 A,(@2)", -131),
        ("VOLT five,(@2)", -104),
        ("VOLT (@2)", -109),
        ("OUTP MAYBE,(@2)", -104),
        ("INST CH9", -224),
        ("APPL CH2", -109),
        ("VOLT:PROT 0.2,(@2)", -222),
        ("VOLT 5,(@2),(@3)", -108),
    ],
)
def test_wrong_commands_change_nothing(rig: RigProcess, command: str, code: int) -> None:
    before = rig.scpi("supply", "VOLT? (@1:3);CURR? (@1:3);OUTP? (@1:3);INST?")
    assert int(rig.scpi("supply", f"{command};*ESR?")) & 0x3C
    assert rig.scpi("supply", "SYST:ERR?").startswith(f"{code},")
    assert rig.scpi("supply", "VOLT? (@1:3);CURR? (@1:3);OUTP? (@1:3);INST?") == before


def test_one_bad_output_of_a_list_changes_none(rig: RigProcess) -> None:
    assert int(rig.scpi("supply", "VOLT 10,(@2,1);*ESR?")) & 0x10
    assert numbers(rig.scpi("supply", "VOLT? (@2,1)")) == [0, 0]


def test_the_terminal_draws_its_current(rig: RigProcess) -> None:
    rig.power()
    booting, idle = (float(rig.scpi("supply", f"MEAS:CURR? (@2){late}")) for late in ("", ""))
    assert booting == pytest.approx(0.35, rel=0.1)
    rig.advance(2)
    idle = float(rig.scpi("supply", "MEAS:CURR? (@2)"))
    assert idle == pytest.approx(0.12, rel=0.1)
    assert float(rig.scpi("supply", "MEAS:VOLT? (@2)")) == pytest.approx(5.0, abs=0.01)
    assert numbers(rig.scpi("supply", "MEAS:CURR? (@1,3);VOLT? (@1,3)")) == [0, 0, 0, 0]


def test_measuring_takes_time(rig: RigProcess) -> None:
    before = rig.now()
    rig.scpi("supply", "MEAS:VOLT? (@2)")
    assert rig.now() - before == pytest.approx(0.02)


def test_over_voltage_protection_trips_and_stays_until_cleared(rig: RigProcess) -> None:
    rig.scpi("supply", "VOLT:PROT 6,(@2);*OPC?")
    rig.power(5.0)
    rig.advance(2)
    rig.lines()
    assert rig.scpi("supply", "VOLT 7,(@2);:OUTP? (@2);:VOLT:PROT:TRIP? (@2);:CURR:PROT:TRIP? (@2)") == "0;1;0"
    assert "power state=off" in rig.lines()[-1]
    assert rig.scpi("supply", "STAT:QUES:INST:ISUM2:COND?") == "+512"
    assert rig.scpi("supply", "OUTP ON,(@2);:OUTP? (@2)") == "0"
    assert rig.scpi("supply", "VOLT 5,(@2);:OUTP:PROT:CLE (@2);:OUTP? (@2);:VOLT:PROT:TRIP? (@2)") == "1;0"


def test_a_trip_that_is_cleared_without_cause_removed_trips_again(rig: RigProcess) -> None:
    rig.scpi("supply", "VOLT:PROT 6,(@2);:VOLT 7,(@2);:OUTP ON,(@2);*OPC?")
    assert rig.scpi("supply", "OUTP:PROT:CLE (@2);:VOLT:PROT:TRIP? (@2)") == "1"


def test_constant_voltage_and_constant_current(rig: RigProcess) -> None:
    rig.power(5.0)
    assert rig.scpi("supply", "STAT:QUES:INST:ISUM2:COND?") == "+2"
    rig.scpi("supply", "CURR 0.33,(@2);*OPC?")
    rig.advance(0.01)
    assert rig.scpi("supply", "STAT:QUES:INST:ISUM2:COND?") == "+1"
    assert float(rig.scpi("supply", "MEAS:VOLT? (@2)")) == pytest.approx(5 * 0.33 / 0.35, rel=0.02)
    assert rig.scpi("supply", "STAT:QUES:INST:ISUM2?;ISUM2?") == "+3;+0"


def test_over_current_protection_rides_out_its_delay(rig: RigProcess) -> None:
    rig.scpi("supply", "CURR:PROT:STAT ON,(@2);:CURR:PROT:DEL 0.2,(@2);*OPC?")
    rig.power(5.0, amps=0.34)
    rig.advance(0.1)
    assert rig.scpi("supply", "OUTP? (@2);:CURR:PROT:TRIP? (@2);STAT? (@2)") == "1;0;1"
    rig.advance(0.2)
    assert rig.scpi("supply", "OUTP? (@2);:CURR:PROT:TRIP? (@2)") == "0;1"
    assert "power state=off" in rig.lines()[-1]
    assert rig.scpi("supply", "STAT:QUES:INST:ISUM2:COND?") == "+1024"


def test_too_little_current_is_a_brown_out_again_and_again(rig: RigProcess) -> None:
    rig.power(5.0, amps=0.2)
    rig.advance(1.05)
    states = [line.split()[-1] for line in rig.lines() if " power " in line]
    assert states == ["state=on", "state=off"] * 6


@pytest.mark.parametrize(("volts", "lives"), [(4.4, False), (4.6, True)])
def test_the_terminal_needs_its_voltage(rig: RigProcess, volts: float, lives: bool) -> None:
    rig.power(volts)
    assert bool(rig.lines()) is lives


def test_reset_switches_off(rig: RigProcess) -> None:
    rig.power()
    assert rig.scpi("supply", "*RST;:OUTP? (@2)") == "0"
    assert "power state=off" in rig.lines()[-1]
