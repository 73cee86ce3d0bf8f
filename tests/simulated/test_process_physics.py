"""The wires of the rig as physics: power, battery, clock chip, restart, what a power cut kills."""

from __future__ import annotations

import base64
import json

from rig_process import RigProcess


def events(rig: RigProcess, *names: str) -> list[str]:
    return [line.split(" ", 2)[2] for line in rig.lines() if line.split()[2] in names]


def test_power_on_boot_and_power_cut(rig: RigProcess) -> None:
    rig.power()
    rig.advance(2)
    assert rig.frames()[-1] == ["就绪", "0", "", ""]
    rig.scpi("supply", "OUTP OFF,(@2);*OPC?")
    assert events(rig, "power", "boot")[0::2] == ["power state=on", "power state=off"]


def test_what_is_in_flash_survives_and_the_rest_dies(rig: RigProcess) -> None:
    rig.power()
    rig.press(1014)
    rig.scpi("supply", "OUTP OFF,(@2);*OPC?")
    rig.advance(1)
    rig.lines()
    rig.power()
    assert " number=2 " in events(rig, "boot")[0]
    rig.press(1014)
    assert rig.frames()[-1][1] in ("1", "2", "3")  # the count began anew (bounces count)


def test_timers_of_a_cut_firmware_never_run(rig: RigProcess) -> None:
    rig.power()
    rig.press(1016)
    rig.advance(2)
    assert events(rig, "tick")
    rig.scpi("supply", "OUTP OFF,(@2);*OPC?")
    rig.lines()
    rig.advance(5)
    assert rig.lines() == []
    rig.power()
    rig.advance(5)
    assert events(rig, "tick") == []


def test_restart_throws_the_firmware_away_at_once(rig: RigProcess) -> None:
    rig.power()
    rig.press(1016)
    rig.lines()
    rig.scpi("switch", "ROUT:CLOS (@1017);*OPC?")
    rig.scpi("switch", "ROUT:OPEN (@1017);*OPC?")
    rig.advance(5)
    lines = events(rig, "power", "boot", "tick")
    assert {line.split()[0] for line in lines} == {"boot"}


def test_a_key_that_restarts_and_is_held_does_not_stop_time(rig: RigProcess) -> None:
    rig.power()
    rig.scpi("switch", "ROUT:CLOS (@1017);*OPC?")
    rig.advance(0.1)
    assert 50 < len(events(rig, "boot")) < 120


def test_an_overload_cuts_the_power_and_the_terminal_comes_back(rig: RigProcess) -> None:
    rig.power()
    rig.advance(2)
    rig.lines()
    rig.press(1015)
    rig.advance(0.3)
    assert events(rig, "power") == ["power state=off", "power state=on"]


def test_without_a_battery_supply_off_is_a_power_cut_whatever_the_relays(rig: RigProcess) -> None:
    rig.power()
    rig.scpi("switch", "ROUT:OPEN:ALL;*OPC?")
    rig.scpi("supply", "OUTP OFF,(@2);*OPC?")
    assert events(rig, "power")[-1] == "power state=off"


def test_with_a_battery_the_terminal_lives_on(rig: RigProcess) -> None:
    assert rig.act("battery", percent=12) == {"fitted": True, "percent": 12.0, "mains": False}
    assert rig.lines() == []
    rig.power()
    rig.press(1016)
    rig.scpi("supply", "OUTP OFF,(@2);*OPC?")
    rig.advance(1)
    assert events(rig, "tick")[-1] == "tick mains=false"
    assert float(rig.scpi("supply", "MEAS:CURR? (@2)")) == 0
    rig.scpi("switch", "ROUT:CLOS (@2003);*OPC?")
    rig.advance(0.1)
    assert events(rig, "power") == ["power state=off"]


def test_the_plug_at_the_terminal(rig: RigProcess) -> None:
    rig.power()
    rig.act("battery", percent=50, mains=False)
    rig.press(1016)
    rig.advance(1)
    assert "tick mains=false" in events(rig, "tick")
    rig.act("battery", mains=True)
    rig.advance(1)
    assert events(rig, "tick")[-1] == "tick mains=true"
    assert float(rig.scpi("supply", "MEAS:CURR? (@2)")) > 0.1


def test_the_clock_chip_runs_without_power_unless_its_battery_is_dead(rig: RigProcess) -> None:
    rig.act("rtc.set", to=1_800_000_000)
    rig.advance(100)
    rig.power()
    assert "chip=2027-01-15T08:01:40+00:00" in events(rig, "boot")[0]
    rig.scpi("supply", "OUTP OFF,(@2);*OPC?")
    rig.act("rtc.battery", dead=True)
    rig.advance(100)
    rig.lines()
    rig.power()
    assert "chip=2000-01-01T00:00:00+00:00" in events(rig, "boot")[0]


def test_a_fresh_terminal(rig: RigProcess) -> None:
    rig.power()
    assert "output off first" in rig.refused("terminal.fresh")
    rig.scpi("supply", "OUTP OFF,(@2);*OPC?")
    assert rig.act("terminal.fresh", provision={"language": "zh", "serial_number": "87654321"}, clock=1.7e9) == {
        "serial_number": "87654321"
    }
    assert rig.now() == 1.7e9
    assert rig.act("terminal.storage") == {"language": "zh"}
    rig.advance(0.5)
    rig.power()
    assert " number=1 " in events(rig, "boot")[-1]


def test_fresh_names_what_is_wrong_without_secrets(rig: RigProcess) -> None:
    assert "unknown argument 'colour'" in rig.refused("terminal.fresh", provision={"colour": "red"})
    error = rig.refused("terminal.fresh", provision={"passwords": "19283746"})
    assert "passwords" in error
    assert "19283746" not in error
    assert "unknown defect 'x'" in rig.refused("terminal.fresh", defects=["x"])
    assert "clock" in rig.refused("terminal.fresh", clock=-5)
    assert "ab" not in rig.refused("terminal.fresh", clock="ab")


def test_the_same_seed_gives_the_same_run(start) -> None:
    def story(seed: int) -> list[str]:
        rig = start(seed=seed)
        rig.wire("service")
        rig.power()
        for channel in (1001, 1005, 1014):
            rig.press(channel)
        lines = [*rig.lines(), rig.scpi("supply", "MEAS:CURR? (@2)"), rig.scpi("meter", "MEAS:CURR?")]
        rig.end()
        return lines

    first = story(3)
    assert story(3) == first
    assert story(4) != first


def test_a_scenario_repeats_in_any_order(rig: RigProcess) -> None:
    def story(**args: int) -> list[str]:
        rig.scpi("supply", "OUTP OFF,(@2);*OPC?")
        rig.scpi("switch", "*RST;*OPC?")
        rig.advance(1)
        rig.act("terminal.fresh", clock=1_767_945_600, **args)
        rig.lines()
        rig.power()
        rig.press(1005)
        lines = [line.split(" ", 1)[1] for line in rig.lines()]
        return [*lines, rig.scpi("supply", "MEAS:CURR? (@2)")]

    first = story()
    rig.press(1006)
    assert story() == first
    assert story(seed=99) != first


def test_a_terminal_on_its_battery_is_taken_away_with_it(rig: RigProcess) -> None:
    rig.act("battery", percent=50)
    rig.power()
    rig.scpi("supply", "OUTP OFF,(@2);*OPC?")
    rig.press(1016)
    rig.act("terminal.fresh")
    rig.lines()
    rig.advance(2)
    assert rig.lines() == []


def test_tamper_and_faults_reach_the_board(rig: RigProcess) -> None:
    rig.act("terminal.tamper")
    rig.act("terminal.fault", part="keypad", code="E03")
    rig.act("terminal.fault", part="keypad", code=None)
    assert "argument 'part' is missing" in rig.refused("terminal.fault", code="E03")


def test_the_bench_carries_packages_of_many_megabytes(rig: RigProcess) -> None:
    data = base64.b64encode(bytes(range(256)) * 40_000).decode()
    rig.act("usb.stick", files={"big.bin": data})
    assert rig.act("usb.files") == {"big.bin": data}


def test_unknown_acts_and_bad_requests(rig: RigProcess) -> None:
    assert "terminal.fresh" in rig.refused("terminal.boil")
    bench = rig.wire("bench")
    assert json.loads(bench.ask("{"))["ok"] is False
    assert json.loads(bench.ask("[1]"))["error"].startswith("no request")
    assert json.loads(bench.ask('{"id": 3, "do": "quit", "args": [1]}')) == {
        "id": 3,
        "ok": False,
        "error": "args is no object; allowed: name -> value",
    }
    assert "unknown argument 'now'" in rig.refused("quit", now=True)
