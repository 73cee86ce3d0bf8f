"""What speaks against the rig, from its own counters; and that nothing speaks against a sound one."""

from __future__ import annotations

import socket

import pytest

from posrig.ground.faults import RigFault
from posrig.rig import wire_evidence
from posrig.rig.rig import Rig
from posrig.rig.soundness import doubts
from posrig.terminal import preparing
from posrig.terminal.models.terminal_r import locking, selling, starting


@pytest.fixture
def rig(opened: Rig) -> Rig:
    opened.recover()
    preparing.prepare(opened.terminal)
    opened.begin_scenario()
    return opened


def beside(rig: Rig, *messages: str) -> None:
    """Another client of the switch unit."""
    with socket.create_connection(("127.0.0.1", int(rig.switch.session.resource.split("::")[2])), 5) as wire:
        for message in messages:
            wire.sendall(f"{message};*OPC?\n".encode())
            assert wire.recv(10) == b"1\n"


def test_nothing_speaks_against_a_sound_rig(rig: Rig) -> None:
    starting.ready(rig.terminal, "01")
    locking.lock(rig.terminal)
    rig.keypad.chord(("CLEAR", "."), 0.1)
    locking.unlock(rig.terminal, "01")
    selling.sale_is_accepted(rig.terminal)
    assert doubts(rig) == []


def test_a_relay_that_closed_unordered_is_named_though_it_is_open_again(rig: Rig) -> None:
    starting.signed_off(rig.terminal)
    beside(rig, "ROUT:CLOS (@1005)", "ROUT:OPEN (@1005)")
    with pytest.raises(RigFault, match=r"4 \(1005\) 1 times instead of 0"):
        wire_evidence.check_relays(rig, rig.baseline)
    assert any("4 (1005)" in doubt for doubt in doubts(rig))
    rig.begin_scenario()
    wire_evidence.check_relays(rig, rig.baseline)


def test_a_press_that_went_to_another_key_is_a_doubt(rig: Rig) -> None:
    rig.keypad.press("7")
    rig.switch.closings.subtract([1008])  # as if key 8 had been meant
    rig.switch.closings.update([1009])
    with pytest.raises(RigFault, match=r"7 \(1008\) 1 times instead of 0, 8 \(1009\) 0 times instead of 1"):
        wire_evidence.check_relays(rig, rig.baseline)


@pytest.mark.parametrize(
    ("fault", "seen"),
    [("vanish", "broken"), ("corrupt", "broken"), ("half-open", "silent"), ("delay", "late"), ("trickle", "late")],
)
def test_the_network_port_tells_what_the_line_to_the_host_did(rig: Rig, fault: str, seen: str) -> None:
    seconds = {"delay": 3.0, "trickle": 0.1}.get(fault, 0.0)
    starting.ready(rig.terminal, "01")
    wire_evidence.check_port(rig, rig.baseline)
    rig.bench.do("wire.fault", wire="host", fault=fault, rate=1.0, seconds=seconds)
    selling.sell(rig.terminal, selling.Decimal("1.00"))
    with pytest.raises(RigFault, match=f"line to the host was .*{seen}"):
        wire_evidence.check_port(rig, rig.baseline)
    rig.begin_scenario()
    wire_evidence.check_port(rig, rig.baseline)


@pytest.mark.parametrize(
    "how", [{"answer": "silent"}, {"answer": "garbage"}, {"certificate": "wrong"}, {"delay_s": 9.0}]
)
def test_what_a_scenario_has_the_host_do_is_no_fault_of_the_line(rig: Rig, how: dict[str, object]) -> None:
    starting.ready(rig.terminal, "01")
    rig.bench.do("host.set", **how)
    selling.sell(rig.terminal, selling.Decimal("1.00"))
    wire_evidence.check_port(rig, rig.baseline)


def start_until_a_picture_is_lost(rig: Rig) -> None:
    for _ in range(20):
        starting.ready(rig.terminal, "01")
        rig.terminal.power.off()
        rig.screen.history()


def test_a_lost_picture_is_a_doubt_until_the_next_scenario(rig: Rig) -> None:
    rig.bench.do("wire.fault", wire="screen", fault="drop", rate=0.02)
    with pytest.raises(RigFault):
        start_until_a_picture_is_lost(rig)
    assert doubts(rig)
    rig.recover()
    preparing.prepare(rig.terminal)
    rig.begin_scenario()
    assert doubts(rig) == []
