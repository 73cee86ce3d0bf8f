"""Birth and death of the process: options, ports, life line, signals, lost instruments, no folder left behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hangs import HANGS_S
from rig_process import ROOT, SMALL_RIG, RigProcess

from posrig.simulated.options import OptionsError, read


def folders(pid: int) -> list[Path]:
    return [path for root in ("/dev/shm", "/tmp") for path in Path(root).glob(f"posrig-rig-{pid}-*")]


def test_it_announces_what_it_listens_on(start) -> None:
    rig = start()
    assert sorted(rig.ports) == sorted(("supply", "switch", "meter", "screen", "service", "camera", "clock", "bench"))
    assert rig.announcement["pid"] == rig.process.pid
    for port in rig.ports.values():
        socket.create_connection(("127.0.0.1", port), timeout=HANGS_S).close()


def test_closing_standard_input_ends_it_and_leaves_nothing(start) -> None:
    rig = start()
    assert folders(rig.process.pid)
    assert rig.end() == 0
    assert folders(rig.process.pid) == []
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", rig.ports["supply"]), timeout=HANGS_S)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it_in_order(start, number: int) -> None:
    rig = start()
    rig.process.send_signal(number)
    assert rig.process.wait(HANGS_S) == 0
    assert folders(rig.process.pid) == []
    rig.end()


def test_quit(start) -> None:
    rig = start()
    rig.wire("bench").write('{"do": "quit"}')
    assert rig.process.wait(HANGS_S) == 0
    rig.end()


def test_a_killed_rig_is_swept_away_by_the_next(start) -> None:
    rig = start()
    rig.process.kill()
    rig.process.wait(HANGS_S)
    assert folders(rig.process.pid)
    start()
    assert folders(rig.process.pid) == []
    rig.process.returncode = 0
    for pipe in (rig.process.stdin, rig.process.stdout, rig.process.stderr):
        pipe.close()


def test_it_starts_with_little_work() -> None:
    """Processor time, since wall time measures who else is on the machine."""

    def once() -> float:
        before = os.times()
        RigProcess([str(SMALL_RIG)], {}, argument=True).end()
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    assert min(once() for _ in range(3)) < 0.5


def test_ports_by_option_and_a_taken_one(start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AssertionError, match="cannot listen"):
            start(ports={"meter": port})
    assert start(ports={"meter": port}).ports["meter"] == port


@pytest.mark.parametrize("how", ["drop", "refuse", "silent"])
def test_a_lost_instrument_comes_back(start, how: str) -> None:
    rig = start()
    assert rig.scpi("switch", "ROUT:CLOS (@1001);*OPC?") == "1"
    rig.act("instrument.lose", name="switch", how=how)
    wire = rig.wire("switch")
    wire.socket.settimeout(0.1)
    if how == "drop":
        assert wire.socket.recv(1) == b""
    elif how == "refuse":
        assert wire.ask("*OPC?") == "1"
    else:
        with pytest.raises(TimeoutError):
            wire.ask("*OPC?")
    if how == "silent":
        rig.another("switch").close()
    else:
        with pytest.raises(ConnectionRefusedError):
            rig.another("switch")
    assert rig.scpi("supply", "*OPC?") == "1"
    rig.act("instrument.restore", name="switch")
    rig.forget("switch")
    assert rig.scpi("switch", "ROUT:CLOS? (@1001)") == "1"


def test_a_garbled_line_obeys_and_answers_nonsense(start) -> None:
    rig = start()
    rig.act("instrument.lose", name="supply", how="garbled")
    assert rig.scpi("supply", "VOLT 9,(@2);VOLT? (@2)") == "+9.0000\x7f"
    rig.act("instrument.restore", name="supply")
    assert float(rig.scpi("supply", "VOLT? (@2)")) == 9.0


def test_losing_what_is_not_there(rig: RigProcess) -> None:
    assert "supply, switch, meter" in rig.refused("instrument.lose", name="scope", how="drop")
    assert "drop, refuse, silent, garbled" in rig.refused("instrument.lose", name="meter", how="burn")


def test_other_wiring(start) -> None:
    from posrig.simulated.terminals.r.kind import KEYS

    keys = {key: 2001 + n for n, key in enumerate(KEYS)}
    rig = start(wiring={"supply_output": 3, "keys": keys, "ethernet_cut": 1001, "usb_plug": 1002, "battery_cut": 1003})
    rig.wire("service")
    rig.power()
    assert rig.lines() == []
    rig.scpi("supply", "VOLT 5,(@3);:OUTP ON,(@3);*OPC?")
    rig.press(2014)
    assert any("edge key=ENTER" in line for line in rig.lines())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("[]", "one JSON object"),
        ('{"sede": 1}', "unknown option"),
        ('{"seed": "1"}', "no int"),
        ('{"seed": true}', "no int"),
        ('{"ports": {"scope": 1}}', "supply, switch, meter"),
        ('{"ports": {"meter": 70000}}', "0 (any free one) to 65535"),
        ('{"defects": "x"}', "no list"),
        ('{"defects": [1]}', "a list of strings"),
        ('{"wiring": {"colour": 1}}', "supply_output, keys"),
        ('{"wiring": {"supply_output": 4}}', "1, 2, 3"),
        ('{"wiring": {"usb_plug": 2001}}', "is also ethernet_cut"),
        ('{"wiring": {"usb_plug": 3001}}', "1001 to 1020"),
        ('{"wiring": {"keys": 5}}', "key -> channel"),
        ('{"wiring": {"keys": {"A": 1001}}}', "no key of the terminal"),
        ('{"wiring": {"keys": {"1": 1001}}}', "has no channel"),
    ],
)
def test_bad_options_say_what_is_allowed(text: str, words: str) -> None:
    with pytest.raises(OptionsError) as caught:
        read(text, "options.json")
    assert words in str(caught.value)
    assert "options.json" in str(caught.value)


def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "posrig.simulated", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=HANGS_S,
        cwd=ROOT,
    )


def test_help_explains() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "defects_from" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "stdin", "words"),
    [
        (["--options", "nowhere.json"], "", "nowhere.json"),
        (["--option-that-is-not"], "", "unrecognized"),
        (["--options", "-"], '{"seed": "x"}\n', "no int"),
    ],
)
def test_bad_usage_ends_with_4_and_no_traceback(arguments: list[str], stdin: str, words: str) -> None:
    done = run(*arguments, stdin=stdin)
    assert done.returncode == 4
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_announcement_is_one_json_line(start) -> None:
    rig = start()
    rig.process.stdin.close()
    rest = rig.process.stdout.read()
    assert json.loads(rest) == "ended"
    rig.process.wait(HANGS_S)
    for pipe in (rig.process.stdout, rig.process.stderr):
        pipe.close()
