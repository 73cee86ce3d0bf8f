"""Whatever comes in on a wire, the process answers the next right request."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rig_process import RigProcess

FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PIECES = st.sampled_from(
    [
        *[
            b"VOLT",
            b"ROUT:CLOS",
            b"(@1001",
            b")",
            b",",
            b";",
            b":",
            b"?",
            b" ",
            b"\r",
            b"\n",
            b"'",
            b'"',
            b"\xff",
            b"\x00",
        ],
        *[b"1e999", b"-", b"MAX", b"*RST", b"*ESR?", b"{}", b'{"do":', b"A ", b"\xe4\xb8\xad", b"[", b"OUTP ON,(@2)"],
    ]
)
GARBAGE = st.lists(PIECES | st.binary(max_size=6), max_size=30).map(b"".join)


@pytest.mark.parametrize("name", ["supply", "switch", "meter"])
@FEW
@given(data=GARBAGE)
def test_an_instrument_outlives_garbage(shared: RigProcess, name: str, data: bytes) -> None:
    wire = shared.another(name)
    wire.socket.sendall(data + b"\n")
    wire.write("*CLS;*IDN?")
    assert any(line.startswith(("Keysight", "Agilent")) for line in wire.read_until(",MY0000000"))
    wire.close()


@FEW
@given(data=GARBAGE)
def test_the_clock_outlives_garbage(shared: RigProcess, data: bytes) -> None:
    wire = shared.another("clock")
    wire.socket.sendall(data + b"\nN\n")
    answers = [wire.read() for _ in range(data.count(b"\n") + 2)]
    assert len(answers[-1].split()) == 4
    wire.close()


@FEW
@given(data=GARBAGE)
def test_the_bench_outlives_garbage(shared: RigProcess, data: bytes) -> None:
    wire = shared.another("bench")
    wire.socket.sendall(data + b'\n{"id": "last", "do": "usb.files"}\n')
    answers = [json.loads(line) for line in wire.read_until('"last"')]
    assert answers[-1]["ok"] is True
    wire.close()


@pytest.mark.parametrize("name", ["supply", "switch", "meter", "clock", "bench", "screen", "service"])
def test_a_client_that_vanishes_in_mid_message_harms_nobody(shared: RigProcess, name: str) -> None:
    for text in (b"", b"MEAS", b'{"id": 1', b"*IDN?\n"):
        wire = shared.another(name)
        wire.socket.sendall(text)
        wire.close()
    assert shared.now() > 0
    assert shared.scpi("supply", "*OPC?") == "1"
