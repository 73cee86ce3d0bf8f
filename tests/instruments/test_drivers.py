"""Supply, switch and meter drivers: what goes over the wire, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from posrig.description.rig_file import Instrument
from posrig.ground.faults import ConfigurationError, RigFault
from posrig.instruments.dialects import DIALECTS, SwitchDialect
from posrig.instruments.meter import ScpiMeter
from posrig.instruments.supply import OutputSettings, ScpiSupply
from posrig.instruments.switch import ScpiSwitch, channel_list

SUPPLY_IDN = "Keysight Technologies,E36312A,MY1,1.0"
SWITCH_IDN = "Agilent Technologies,34980A,MY2,2.0"
METER_IDN = "Keysight Technologies,34461A,MY3,3.0"
SETTINGS = OutputSettings(2, 9.0, 1.0, 9.5, 1.0)


def greeting(identity: str) -> list[tuple[str, object]]:
    return [("*IDN?", identity), ("*CLS", None), ("*ESR?", "0")]


def ok(*commands: str) -> list[tuple[str, object]]:
    return [*((command, None) for command in commands), ("*ESR?", "0")]


READ_BACK = "VOLT:PROT? (@2);:VOLT? (@2);:CURR? (@2);:CURR:PROT:STAT? (@2)"
SET = ok("VOLT:PROT 9.5,(@2)", "VOLT 9,(@2)", "CURR 1,(@2)", "CURR:PROT:STAT 1,(@2)")


@pytest.fixture
def supply(scripted: Callable[..., Any]) -> Callable[..., ScpiSupply]:
    def make(*pairs: tuple[str, object]) -> ScpiSupply:
        server = scripted(*greeting(SUPPLY_IDN), *pairs, greeting=False)
        driver = ScpiSupply(Instrument(resource=server.resource, dialect="keysight-e36300"), SETTINGS)
        driver.connect()
        return driver

    return make


def test_on_sets_protection_first_and_reads_all_back_before_the_output_goes_on(supply) -> None:
    supply(*SET, (READ_BACK, "9.5;9.0;1.0;1"), *ok("OUTP 1,(@2)"), ("OUTP? (@2)", "1")).on()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("9.5;9.0;1.0;0", "over-current protection: set 1, read back 0"),
        ("27.5;9.0;1.0;1", r"over-voltage protection \(V\): set 9.5, read back 27.5"),
        ("9.5;9.2;1.0;1", r"voltage \(V\): set 9, read back 9.2"),
        ("9.5;9.0", "2 values"),
    ],
)
def test_the_output_stays_off_when_a_setting_was_not_taken(supply, answer, words) -> None:
    driver = supply(*SET, (READ_BACK, answer))
    with pytest.raises(RigFault, match=words):
        driver.on()


def test_an_output_that_does_not_go_on_names_the_protection_that_tripped(supply) -> None:
    driver = supply(
        *SET,
        (READ_BACK, "9.5;9;1;1"),
        *ok("OUTP 1,(@2)"),
        ("OUTP? (@2)", "0"),
        ("VOLT:PROT:TRIP? (@2);:CURR:PROT:TRIP? (@2)", "0;1"),
    )
    with pytest.raises(RigFault, match="over-current protection tripped"):
        driver.on()


def test_an_output_that_stays_on_after_off_is_a_rig_fault(supply) -> None:
    with pytest.raises(RigFault, match="still on"):
        supply(*ok("OUTP 0,(@2)"), ("OUTP? (@2)", "1")).off()


def test_off_is_proved_by_read_back(supply) -> None:
    supply(*ok("OUTP 0,(@2)"), ("OUTP? (@2)", "0")).off()


def test_an_answer_that_is_neither_on_nor_off_is_not_taken_for_off(supply) -> None:
    with pytest.raises(RigFault, match="OUTP"):
        supply(("OUTP? (@2)", "2")).is_on()


@pytest.fixture
def switch(scripted: Callable[..., Any]) -> Callable[..., ScpiSwitch]:
    def make(*pairs: tuple[str, object]) -> ScpiSwitch:
        server = scripted(*greeting(SWITCH_IDN), *pairs, greeting=False)
        driver = ScpiSwitch(Instrument(resource=server.resource, dialect="keysight-34980a"), (1001, 1002, 1003, 2001))
        driver.connect()
        return driver

    return make


def test_channels_go_as_one_list(switch) -> None:
    driver = switch(*ok("ROUT:CLOS (@1001:1002)"), ("ROUT:CLOS? (@1001:1003,2001)", "1,1,0,0"))
    driver.close_channels((1001, 1002))
    assert driver.closed((1001, 1002, 1003, 2001)) == {1001, 1002}


def test_cycles_are_read_with_their_signs(switch) -> None:
    driver = switch(("DIAG:REL:CYCL? (@1001:1002)", "+642,+0"))
    assert driver.cycles((1001, 1002)) == {1001: 642, 1002: 0}


def test_a_channel_that_is_not_wired_is_never_switched(switch) -> None:
    with pytest.raises(ConfigurationError, match="1020"):
        switch().close_channels((1020,))


def test_too_few_answers_are_a_rig_fault(switch) -> None:
    with pytest.raises(RigFault, match="2 values"):
        switch(("ROUT:CLOS? (@1001:1003)", "1,0")).closed((1001, 1002, 1003))


@pytest.mark.parametrize(("name", "good", "bad"), [("keysight-34980a", 1001, 101), ("keysight-daq970a", 101, 1001)])
def test_the_channel_format_belongs_to_the_dialect(name: str, good: int, bad: int) -> None:
    dialect = DIALECTS[name]
    assert isinstance(dialect, SwitchDialect)
    assert dialect.valid(good)
    assert not dialect.valid(bad)
    with pytest.raises(ConfigurationError, match=str(bad)):
        ScpiSwitch(Instrument(resource="TCPIP::127.0.0.1::1::SOCKET", dialect=name), (bad,))


def test_lists_join_neighbours_only() -> None:
    assert channel_list((1001,)) == "(@1001)"
    assert channel_list((1003, 1002, 1005, 1006)) == "(@1003,1002,1005:1006)"


@pytest.mark.parametrize(("reading", "value"), [("+9.00000E+00", 9.0), ("-1.2E-03", -0.0012)])
def test_a_reading_is_a_number(scripted, reading, value) -> None:
    server = scripted(*greeting(METER_IDN), ("MEAS:VOLT:DC?", reading), greeting=False)
    meter = ScpiMeter(Instrument(resource=server.resource, dialect="keysight-34461a"))
    assert meter.voltage_v() == value
    meter.close()


@pytest.mark.parametrize("reading", ["+9.90000000E+37", "-9.90000000E+37"])
def test_an_overload_is_no_reading(scripted, reading) -> None:
    server = scripted(*greeting(METER_IDN), ("MEAS:CURR:DC?", reading), greeting=False)
    meter = ScpiMeter(Instrument(resource=server.resource, dialect="keysight-34461a"))
    with pytest.raises(RigFault, match="overload"):
        meter.current_a()
    meter.close()
