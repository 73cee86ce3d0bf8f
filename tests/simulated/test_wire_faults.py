"""Faults of wires on the simulated rig, seen by plain sockets: seeded, repeatable, on each wire, and mended."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest
from hangs import HANGS_S
from hypothesis import given
from hypothesis import strategies as st
from rig_process import RigProcess

from posrig.simulated.wires.faults import KINDS, MOMENTS, WIRES, Striking, WireFault, WireFaults, WrongFaultError


@given(st.binary(max_size=300), st.sampled_from(("drop", "corrupt", "garbage")), st.integers(0, 99))
def test_the_same_seed_strikes_the_same_bytes(data: bytes, kind: str, seed: int) -> None:
    first, second = (Striking(WireFault("screen", kind, rate=0.2, seed=seed)).changed(data) for _ in range(2))
    assert first == second
    expected = {"drop": len(first) <= len(data), "corrupt": len(first) == len(data), "garbage": len(first) >= len(data)}
    assert expected[kind]


def test_a_rate_is_a_share_of_bytes() -> None:
    sent = bytes(20_000)
    lost = len(sent) - len(Striking(WireFault("screen", "drop", rate=1 / 200)).changed(sent))
    assert 60 <= lost <= 140


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"fault": "drop"}, "wire"),
        ({"wire": "screen"}, "fault"),
        ({"wire": "screen", "fault": "drop", "moment": "later"}, "moment"),
        ({"wire": "screen", "fault": "drop", "rate": 1.5}, "rate"),
        ({"wire": "screen", "fault": "delay", "seconds": -1}, "seconds"),
        ({"wire": "screen", "fault": "delay", "seed": "x"}, "seed"),
        ({"wire": "screen", "fault": "delay", "often": 1}, "often"),
    ],
)
def test_a_wrong_fault_names_its_field(data: dict[str, object], field: str) -> None:
    with pytest.raises(WrongFaultError) as caught:
        WireFault.checked(data, 1)
    assert caught.value.field == field
    assert caught.value.allowed


def test_standing_faults_begin_anew_and_others_go() -> None:
    faults = WireFaults([WireFault("screen", "drop")])
    faults.set(WireFault("host", "delay", seconds=1.0))
    faults.mend()
    assert [fault["wire"] for fault in faults.as_list()] == ["screen"]
    faults.mend(all_of_them=True)
    assert faults.as_list() == []


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("fault", KINDS)
def test_each_fault_can_be_put_on_each_wire_at_each_moment(rig: RigProcess, wire: str, fault: str) -> None:
    for moment in MOMENTS:
        rig.act("wire.fault", wire=wire, fault=fault, moment=moment)
    assert len(rig.act("wire.faults")) == len(MOMENTS)
    rig.act("wire.mend")
    assert rig.act("wire.faults") == []


@pytest.fixture(autouse=True)
def mended(request: pytest.FixtureRequest) -> Iterator[None]:
    """The rig is shared with other files: each test leaves its wires sound."""
    yield
    if "rig" in request.fixturenames:
        request.getfixturevalue("shared").act("wire.mend", all=True)


def client(rig: RigProcess, name: str) -> socket.socket:
    wire = socket.create_connection(("127.0.0.1", rig.ports[name]), timeout=HANGS_S)
    wire.settimeout(HANGS_S)
    return wire


def test_half_open_says_nothing_and_stays_so_after_mending(rig: RigProcess) -> None:
    with client(rig, "supply") as wire:
        rig.act("wire.fault", wire="supply", fault="half-open", moment="answer")
        wire.sendall(b"*OPC?\n")
        wire.settimeout(0.2)
        with pytest.raises(TimeoutError):
            wire.recv(10)
        rig.act("wire.mend", wire="supply")
        wire.sendall(b"*OPC?\n")
        with pytest.raises(TimeoutError):
            wire.recv(10)
    with client(rig, "supply") as again:
        again.sendall(b"*OPC?\n")
        assert again.recv(10) == b"1\n"


def test_vanish_resets_refuses_and_comes_back_on_the_same_port(rig: RigProcess) -> None:
    with client(rig, "switch") as wire:
        rig.act("wire.fault", wire="switch", fault="vanish", moment="command", seconds=0.3)
        wire.sendall(b"*OPC?\n")
        with pytest.raises(ConnectionResetError):
            wire.recv(10)
    with pytest.raises(ConnectionRefusedError):
        client(rig, "switch")
    end = time.monotonic() + HANGS_S
    while True:
        try:
            wire = client(rig, "switch")
            break
        except ConnectionRefusedError:
            assert time.monotonic() < end
    wire.sendall(b"*OPC?\n")
    assert wire.recv(10) == b"1\n"
    wire.close()


@pytest.mark.parametrize(("fault", "seconds", "least_s"), [("delay", 0.3, 0.3), ("trickle", 0.02, 0.5)])
def test_late_answers_are_whole_and_in_order(rig: RigProcess, fault: str, seconds: float, least_s: float) -> None:
    with client(rig, "supply") as wire:
        rig.act("wire.fault", wire="supply", fault=fault, seconds=seconds)
        start = time.monotonic()
        wire.sendall(b"*IDN?\n*OPC?\n")
        answer = b""
        while answer.count(b"\n") < 2:
            answer += wire.recv(100)
        assert time.monotonic() - start >= least_s
        assert answer.endswith(b"\n1\n")
        assert answer.startswith(b"Keysight Technologies,E36312A")


def test_a_struck_answer_differs_and_its_end_does_not(rig: RigProcess) -> None:
    with client(rig, "supply") as wire:
        rig.act("wire.fault", wire="supply", fault="corrupt", rate=1.0)
        wire.sendall(b"*IDN?\n")
        length = len("Keysight Technologies,E36312A,MY00000001,2.1.0-1.0.4-1.12\n")
        answer = b""
        while len(answer) < length:  # the end of a message leaves in a piece of its own
            answer += wire.recv(length - len(answer))
    assert answer.endswith(b"\n")
    assert not answer.startswith(b"Keysight")
    assert rig.act("wire.faults")[0]["struck"] == 1
