"""Rig faults that look like defects of the terminal: none of them accuses it (the table of docs/faults.md)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from dressed import DEFECTS, begin, beside, described, lock_and_look, port, sign_on_and_look, verdict

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import read_rig
from posrig.ground import clock
from posrig.ground.faults import RigFault
from posrig.instruments.bench import NoBench
from posrig.rig import stream_evidence
from posrig.rig.rig import Rig, RigOptions
from posrig.rig.session import RigSession, _count
from posrig.rig.soundness import doubts, judged
from posrig.rig.stream_evidence import check_identity
from posrig.safety.ledger import Kind, Ledger
from posrig.terminal.judging import expect_screen
from posrig.terminal.models.terminal_r import selling, starting
from posrig.terminal.models.terminal_r.locking import lock


@pytest.fixture(scope="module")
def opened() -> Iterator[Rig]:
    options = RigOptions(guard=False, defects_from=(str(DEFECTS),))
    with Rig.open(read_rig(SIMULATED), options=options) as rig:
        yield rig


@pytest.fixture
def rig(opened: Rig) -> Rig:
    return begin(opened)


def test_nothing_speaks_against_a_sound_rig(rig: Rig) -> None:
    lock_and_look(rig)
    assert doubts(rig) == []


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("CURR 0.02,(@2)", r"current limit \(A\): set 1, read back 0.02"),
        ("VOLT 5,(@2)", r"voltage \(V\): set 9, read back 5"),
        ("CURR:PROT:STAT 0,(@2)", "over-current protection: set 1, read back 0"),
        ("VOLT:PROT 8,(@2)", "over-voltage protection has tripped"),
        ("OUTP 0,(@2)", "output is off, it was switched on"),
    ],
    ids=["current limit", "voltage", "protection off", "trip", "output off"],
)
def test_v3_somebody_else_sets_the_supply(rig: Rig, message: str, said: str) -> None:
    starting.signed_off(rig.terminal)
    beside(port(rig, "supply"), "CURR:PROT:STAT 0,(@2)", message)
    rig.clock.sleep(2.0)
    with verdict(rig, RigFault, said):
        sign_on_and_look(rig)
        expect_screen(rig.terminal, ("lock",), expected="anything that fails")
    begin(rig)
    rig.supply.clear_trip()
    lock_and_look(rig)  # the next try has the rig file's settings again
    assert doubts(rig) == []


def test_the_terminals_plug_is_out(rig: Rig) -> None:
    starting.signed_off(rig.terminal)
    rig.bench.do("battery", mains=False)
    with verdict(rig, RigFault, "0 mA flow, this terminal draws 42 to 528 mA"):
        sign_on_and_look(rig)


def test_a_terminal_that_draws_nothing_cannot_be_told_from_a_pulled_plug(opened: Rig) -> None:
    rig = begin(opened, "draws_nothing", "deaf_enter")
    with verdict(rig, RigFault, "0 mA flow"):
        lock_and_look(rig)


def test_somebody_else_closes_a_keys_relay(rig: Rig) -> None:
    starting.signed_off(rig.terminal)
    beside(port(rig, "switch"), "ROUT:CLOS (@1012)")
    with verdict(rig, RigFault, "CLEAR"):
        expect_screen(rig.terminal, ("login_id",), expected="anything that fails")


def test_somebody_else_cuts_the_network(rig: Rig) -> None:
    starting.ready(rig.terminal, "01")
    beside(port(rig, "switch"), "ROUT:CLOS (@2001)")
    with verdict(rig, RigFault, "network line is disconnected, it was switched connected"):
        selling.sale_is_accepted(rig.terminal)


def test_a_contact_loses_presses(rig: Rig) -> None:
    starting.signed_off(rig.terminal)
    rig.bench.do("relay.fault", key="ENTER", fault="loses", every=1)
    with verdict(rig, RigFault, r"ENTER \(1014\) lost"):
        sign_on_and_look(rig)


@pytest.mark.parametrize("fault", ["vanish", "corrupt", "half-open", "delay"])
def test_the_line_to_the_host_fails(rig: Rig, fault: str) -> None:
    starting.ready(rig.terminal, "01")
    rig.bench.do("wire.fault", wire="host", fault=fault, rate=1.0, seconds=25.0 if fault == "delay" else 0.0)
    with verdict(rig, RigFault, "line to the host was"):
        selling.sale_is_accepted(rig.terminal)


def test_a_line_that_is_well_again_is_not_called_sound(rig: Rig) -> None:
    """The tester is answered; the port has counted what the line did before."""
    starting.ready(rig.terminal, "01")
    rig.bench.do("wire.fault", wire="host", fault="corrupt", rate=1.0)
    with verdict(rig, RigFault, "line to the host was [0-9] times? broken"):
        selling.sell(rig.terminal, selling.Decimal("1.00"))
        rig.bench.do("wire.mend", wire="host")
        assert rig.bench.do("wire.probe", wire="host") == {"sound": True, "found": ""}
        expect_screen(rig.terminal, ("approved",), expected="the sale is approved")


def test_the_console_of_a_neighbour(opened: Rig, tmp_path: Path) -> None:
    """It has shown more pictures than this terminal has painted, so each number passes."""
    starting.signed_off(begin(opened).terminal)
    here = described(tmp_path, ("tcp://127.0.0.1:{screen}", opened.streams.screen.address))
    with (
        Rig.open(here, options=RigOptions(guard=False)) as rig,
        verdict(rig, RigFault, "shows nothing while the service port tells page 'signed_off'"),
    ):
        lock_and_look(begin(rig))


def test_the_service_port_of_a_neighbour(opened: Rig, tmp_path: Path) -> None:
    """It tells more lines than this terminal, so each number passes."""
    lock_and_look(begin(opened))
    assert opened.streams.service is not None
    here = described(tmp_path, ("tcp://127.0.0.1:{service}", opened.streams.service.address))
    with (
        Rig.open(here, options=RigOptions(guard=False)) as rig,
        verdict(rig, RigFault, "what comes in from the service port is not what has left the terminal's"),
    ):
        begin(rig)
        lock_and_look(begin(opened))
        starting.switch_on(rig.terminal)
        starting.link_is_up(rig.terminal)
        expect_screen(rig.terminal, ("lock",), expected="anything that fails")


def test_the_service_port_of_a_neighbour_that_says_nothing(
    opened: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "CATCH_UP_S", 0.3)
    assert opened.streams.service is not None
    here = described(tmp_path, ("tcp://127.0.0.1:{service}", opened.streams.service.address))
    with (
        Rig.open(here, options=RigOptions(guard=False)) as rig,
        verdict(rig, RigFault, "service port was lost: it stayed silent 3 times while lines were due"),
    ):
        lock_and_look(begin(rig))


LAB = (
    ("bench: tcp://127.0.0.1:{bench}", "#"),
    ("camera:  ", "#"),
    ("  stream: http://127.0.0.1:{camera}/stream", "#"),
    ("  corners: [[74, 78], [571, 60], [583, 318], [62, 331]]", "#"),
)
REAL_TIME = (
    ("  seed: 1", "  seed: 1\n  real_time: true\n  faults: [{fault}]"),
    ("  kind: simulated", "  kind: real"),
    ("  address: tcp://127.0.0.1:{clock}", ""),
)


def in_real_time(folder: Path, fault: str) -> Iterator[Rig]:
    changes = [(before, after.replace("{fault}", fault)) for before, after in REAL_TIME]
    with Rig.open(described(folder, *LAB, *changes), options=RigOptions(guard=False)) as rig:
        rig.begin_scenario()
        yield rig


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("{wire: screen, fault: delay, seconds: 1.5}", "screen console is [12].[0-9] s behind the service port"),
        ("{wire: screen, fault: half-open, moment: open}", "shows nothing while the service port tells page 'boot'"),
    ],
    ids=["late", "silent"],
)
def test_a_console_that_is_late_or_silent_in_a_lab(
    tmp_path: Path, fault: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_evidence, "WAITED_S", 2.5)
    for rig in in_real_time(tmp_path, fault):
        with verdict(rig, RigFault, said):
            rig.power.on()
            expect_screen(rig.terminal, ("boot",), within_s=0.3, expected="the start page")


def test_v4_another_terminal_is_put_in(opened: Rig, tmp_path: Path) -> None:
    """It does all that is asked: only its serial number tells. Its presses are charged to nobody, its start to itself."""
    rig = begin(opened)
    rig.fresh_terminal(serial_number="87654321")
    with Ledger(tmp_path / "ledger.sqlite", rig.terminal.serial_number, "simulated") as ledger:
        before = rig.keypad.before_press, rig.power.before_cycle, rig.terminal.before_guess
        others = rig.terminal.before_code, rig.terminal.before_flash
        _count(rig, ledger, RigSession(rig, None, ledger).images)  # type: ignore[arg-type]
        try:
            starting.signed_off(rig.terminal)
            with pytest.raises(RigFault, match="serial number 87654321, the rig file names 12345678"):
                check_identity(rig)
            with verdict(rig, RigFault, "87654321"):
                sign_on_and_look(rig)
            assert ledger.count(Kind.PRESS, "0") == 0
            rig.power.off()
            with pytest.raises(RigFault, match="87654321"):
                starting.signed_off(rig.terminal)
            assert ledger.count(Kind.POWER) == 0
            with Ledger(ledger.path, "87654321", "simulated") as theirs:
                assert theirs.count(Kind.POWER) == 1, "its one start is its own"
        finally:
            rig.keypad.before_press, rig.power.before_cycle, rig.terminal.before_guess = before
            rig.terminal.before_code, rig.terminal.before_flash = others


def test_its_start_page_tells_who_it_is_where_no_service_port_does(rig: Rig) -> None:
    rig.fresh_terminal(serial_number="87654321")
    starting.signed_off(rig.terminal)
    rig.told.serial = ""
    with pytest.raises(RigFault, match="87654321"):
        check_identity(rig)


def test_v5_a_state_left_over_from_before(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    starting.ready(rig.terminal, "01")
    lock(rig.terminal)
    rig.power.off()
    monkeypatch.setattr(rig, "bench", NoBench())  # no shelf, as in most labs
    rig.begin_scenario()
    with verdict(rig, RigFault, "not in its initial state: it shows 'lock' before any key was pressed"):
        starting.signed_off(rig.terminal)


def test_what_a_scenario_has_done_itself_is_no_state_left_over(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rig, "bench", NoBench())
    rig.begin_scenario()
    starting.ready(rig.terminal, "01")
    lock(rig.terminal)
    with pytest.raises(AssertionError, match="not locked"), judged(rig):
        expect_screen(rig.terminal, ("idle",), expected="not locked")
