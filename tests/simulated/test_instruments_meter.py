"""The multimeter over the wire: functions, ranges, timing, triggering."""

from __future__ import annotations

import statistics

import pytest
from rig_process import RigProcess


@pytest.fixture
def idle(rig: RigProcess) -> RigProcess:
    rig.power()
    rig.advance(2)
    return rig


def test_current_and_voltage(idle: RigProcess) -> None:
    assert float(idle.scpi("meter", "MEAS:CURR:DC?")) == pytest.approx(0.12, rel=0.05)
    assert float(idle.scpi("meter", "MEAS:VOLT?")) == pytest.approx(5.0, rel=0.01)
    assert idle.scpi("meter", "CONF?;:FUNC?").startswith('"VOLT ')


def test_an_open_circuit_reads_nothing(rig: RigProcess) -> None:
    assert float(rig.scpi("meter", "MEAS:CURR?")) == 0.0


@pytest.mark.parametrize(("nplc", "seconds"), [(0.02, 0.0004), (0.2, 0.004), (1, 0.02), (10, 0.4), (100, 4.0)])
def test_integration_takes_power_line_cycles(idle: RigProcess, nplc: float, seconds: float) -> None:
    idle.scpi("meter", f"CONF:CURR:DC;:CURR:NPLC {nplc};*OPC?")
    start = idle.now()
    idle.scpi("meter", "READ?")
    assert idle.now() - start == pytest.approx(seconds, abs=1e-5)


def test_current_ripples_by_a_few_per_cent_and_longer_integration_calms_it(idle: RigProcess) -> None:
    def spread(nplc: float) -> float:
        idle.scpi("meter", f"CONF:CURR 1;:CURR:NPLC {nplc};:SAMP:COUN 200;*OPC?")
        readings = [float(part) for part in idle.scpi("meter", "READ?").split(",")]
        assert len(readings) == 200
        assert statistics.mean(readings) == pytest.approx(0.12, rel=0.02)
        return statistics.stdev(readings) / 0.12

    assert 0.01 < spread(1) < 0.03
    assert spread(10) < 0.01


def test_overload_of_a_fixed_range(idle: RigProcess) -> None:
    assert idle.scpi("meter", "CONF:VOLT 1;:READ?") == "+9.90000000E+37"
    assert float(idle.scpi("meter", "VOLT:RANG:AUTO ON;:READ?")) == pytest.approx(5.0, rel=0.01)
    assert float(idle.scpi("meter", "VOLT:RANG?")) == 10


def test_configure_sets_the_rest_to_defaults(idle: RigProcess) -> None:
    idle.scpi("meter", "CURR:NPLC 1;ZERO:AUTO OFF;:SAMP:COUN 5;*OPC?")
    assert idle.scpi("meter", "CONF:CURR;:CURR:NPLC?;ZERO:AUTO?;:SAMP:COUN?") == "+1.00000000E+01;1;+1"


def test_initiate_and_fetch(idle: RigProcess) -> None:
    assert idle.scpi("meter", "CONF:CURR;:SAMP:COUN 3;:INIT;*OPC?") == "1"
    assert len(idle.scpi("meter", "FETC?").split(",")) == 3
    assert idle.scpi("meter", "DATA:POIN?") == "+3"


def test_bus_trigger(idle: RigProcess) -> None:
    assert idle.scpi("meter", "CONF:CURR;:TRIG:SOUR BUS;:INIT;:TRIG:SOUR?") == "BUS"
    idle.wire("meter").write("FETC?")
    assert idle.scpi("meter", "SYST:ERR?").startswith("-230,")
    assert float(idle.scpi("meter", "*TRG;:FETC?")) == pytest.approx(0.12, rel=0.05)
    assert idle.scpi("meter", "*TRG;:SYST:ERR?").startswith("-211,")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("CURR:NPLC 200", -222),
        ("SAMP:COUN 0", -222),
        ("CURR:RANG 20", -222),
        ('FUNC "RES"', -224),
        ("FUNC CURR", -104),
        ("TRIG:SOUR SOMETIMES", -224),
        ("READ? 1", -108),
        ("SAMP:COUN 10000;:TRIG:COUN 2;:READ?", -221),
    ],
)
def test_wrong_settings(rig: RigProcess, command: str, code: int) -> None:
    rig.wire("meter").write(command)
    assert rig.scpi("meter", "SYST:ERR?").startswith(f"{code},")


def test_function_by_name(idle: RigProcess) -> None:
    assert idle.scpi("meter", 'FUNC "CURR:DC";FUNC?') == '"CURR"'
    assert idle.scpi("meter", "FUNC 'VOLTage';FUNC?") == '"VOLT"'
