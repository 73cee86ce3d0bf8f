"""``posrig check``: each part of the simulated rig is broken once; the part is named, with what to look at.

The rig is attached, so that it can be broken over its bench wire before the check opens it, as a lab's is before somebody
comes with the rig file.
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hangs import HANGS_S

import posrig.commands._check_place as place
from posrig.commands._check_trials import Check
from posrig.commands.main import main
from posrig.commands.simulate import write_attached
from posrig.description.lab import SIMULATED
from posrig.description.rig_file import read_rig
from posrig.instruments.meter import ScpiMeter
from posrig.rig.preparation import credentials_of, simulator_options, terminal_sheet
from posrig.rig.simulator_process import SimulatorProcess
from posrig.safety.ledger import Kind, Ledger
from posrig.safety.ledger_store import LedgerStore, Service
from posrig.terminal.contracts import ServiceLine
from posrig.terminal.service import ServiceLines

SERIAL = "12345678"
IN_2100_S = 4_102_444_800.0


class Bed:
    """A simulated rig, its rig file, and the bench wire to break it by."""

    def __init__(self, folder: Path) -> None:
        shipped = read_rig(SIMULATED)
        assert shipped.simulated is not None
        credentials = credentials_of(shipped)
        self.sheet = terminal_sheet(shipped, credentials)
        self.process = SimulatorProcess(simulator_options(shipped))
        self.rig_file = write_attached(folder, shipped, shipped.simulated, self.process.addresses, credentials)
        self.text = self.rig_file.read_text()

    def act(self, name: str, /, **args: object) -> None:
        with socket.create_connection(("127.0.0.1", self.process.ports["bench"]), timeout=HANGS_S) as wire:
            wire.sendall(json.dumps({"id": 1, "do": name, "args": args}).encode() + b"\n")
            answer = json.loads(wire.makefile().readline())
        assert answer["ok"], answer

    def fresh(self, **more: object) -> None:
        self.act("terminal.fresh", provision=self.sheet, **more)

    def mend(self) -> None:
        self.rig_file.write_text(self.text)
        self.act("wire.mend", all=True)
        for channel in (1006, 2001):
            self.act("relay.fault", channel=channel, fault=None)
        self.act("terminal.fault", part="keypad", code=None)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    bed = Bed(tmp_path_factory.mktemp("check"))
    yield bed
    bed.process.stop()


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LEASES", "LEDGER", "INCIDENTS"):
        monkeypatch.setenv(f"POSRIG_{name}", str(tmp_path / name.lower()))


@pytest.fixture
def bed(running: Bed) -> Iterator[Bed]:
    running.fresh()
    yield running
    running.mend()


def checked(capsys: pytest.CaptureFixture[str], rig_file: Path) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Exit code, the whole report, and what was found of the parts that are not right."""
    code = main(["check", "--rig", str(rig_file), "--json"])
    report = json.loads(capsys.readouterr().out)
    return code, report, {row["part"]: f"{row['found']} / {row['todo']}" for row in report["parts"] if not row["ok"]}


def test_a_sound_rig_is_checked_within_twenty_seconds(bed: Bed, capsys: pytest.CaptureFixture[str]) -> None:
    code, report, bad = checked(capsys, bed.rig_file)
    assert (code, bad) == (0, {})
    assert report["took_s"] < 20
    parts = {row["part"]: row["found"] for row in report["parts"]}
    assert parts["camera"] == "sees NOT SIGNED ON / ENTER: sign on / F1: version (as the console)"
    assert f"serial number {SERIAL}, as in the rig file" in parts["terminal's identity"]
    for part in ("free disk", "ledger", "clock of this PC", "clocks agree", "network line is felt", "USB line"):
        assert part in parts
    assert "MY00000001 (not in the rig file" in parts["supply"]


def test_each_row_is_printed_as_it_comes(
    bed: Bed, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    so_far: list[str] = []
    usb = Check._usb

    def tried(check: Check) -> str:
        so_far.append(capsys.readouterr().out)
        return usb(check)

    monkeypatch.setattr(Check, "_usb", tried)
    assert main(["check", "--rig", str(bed.rig_file)]) == 0
    after = capsys.readouterr().out
    for part in ("free disk", "terminal from the shelf", "network line is felt"):
        assert part in so_far[0]
        assert part not in after
    assert "USB line" in after
    assert re.search(r"all \d+ parts are right, [\d.]+ s\n$", after)


def other_text(old: str, new: str) -> Callable[[Bed], None]:
    def act(bed: Bed) -> None:
        assert old in bed.text
        bed.rig_file.write_text(bed.text.replace(old, new))

    return act


BROKEN: dict[str, tuple[Callable[[Bed], None], str, tuple[str, ...]]] = {
    "supply lost": (lambda bed: bed.act("instrument.lose", name="supply", how="drop"), "supply", ("check power",)),
    "switch silent": (lambda bed: bed.act("instrument.lose", name="switch", how="refuse"), "switch", ("check power",)),
    "meter garbled": (lambda bed: bed.act("instrument.lose", name="meter", how="garbled"), "meter", ("meter",)),
    "another supply": (
        other_text("dialect: keysight-e36300", "dialect: keysight-e36300\n    serial_number: MY999"),
        "supply",
        ("MY00000001", "MY999"),
    ),
    "contact open": (
        lambda bed: bed.act("relay.fault", channel=1006, fault="stuck_open"),
        "relays",
        ("key 5 (felt 0 times", "contact and wire"),
    ),
    "network relay open": (
        lambda bed: bed.act("relay.fault", channel=2001, fault="stuck_open"),
        "network line is felt",
        ("did not go down", "2001"),
    ),
    "self-test": (
        lambda bed: bed.act("terminal.fault", part="keypad", code="E31"),
        "terminal starts",
        ("out of service", "another terminal"),
    ),
    "another terminal": (
        other_text(f"serial_number: '{SERIAL}'", "serial_number: '87654321'"),
        "terminal's identity",
        (f"serial number {SERIAL}, the rig file says 87654321", "per unit"),
    ),
    "camera's corners": (
        other_text("- 74.0", "- 110.0"),
        "camera",
        ("cells are no glyph of the font", "posrig camera"),
    ),
    "camera lost": (
        lambda bed: bed.act("wire.fault", wire="camera", fault="vanish", moment="open"),
        "camera",
        ("does not answer", "posrig camera"),
    ),
    "console lost": (lambda bed: bed.act("wire.fault", wire="screen", fault="vanish", moment="open"), "console", ()),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_part_is_named_with_what_to_look_at(bed: Bed, capsys: pytest.CaptureFixture[str], name: str) -> None:
    breaking, part, said = BROKEN[name]
    breaking(bed)
    code, report, bad = checked(capsys, bed.rig_file)
    assert code == report["exit_code"] == 3
    told = next((text for row, text in bad.items() if part in row), "")
    assert told, bad
    for words in said:
        assert words in told
    assert report["took_s"] < 20


def test_a_welded_contact_is_named_where_no_monitor_is_on_the_key_lines(
    bed: Bed, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posrig.commands._check_trials.felt", lambda _: {})
    bed.act("relay.fault", channel=1006, fault="stuck_open")
    code, _, bad = checked(capsys, bed.rig_file)
    assert code == 3
    assert "5 (1006) not felt" in bad["keys are felt"]
    assert "channel's contact" in bad["keys are felt"]


@pytest.mark.parametrize(("quantity", "off"), [("voltage_v", 0.5), ("current_a", 0.2)])
def test_a_meter_that_disagrees_with_the_supply_is_named(
    bed: Bed, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, quantity: str, off: float
) -> None:
    right = getattr(ScpiMeter, quantity)
    monkeypatch.setattr(ScpiMeter, quantity, lambda self: right(self) + off)
    code, _, bad = checked(capsys, bed.rig_file)
    assert code == 3
    (told,) = bad.values()
    assert "disagree" in told
    assert "meter's leads" in told


def test_a_terminal_whose_lines_have_another_time_is_named(
    bed: Bed, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    since = ServiceLines.since

    def late(self: ServiceLines, mark: int, event: str | None = None) -> tuple[ServiceLine, ...]:
        return tuple(replace(line, at=line.at - 3600.0) for line in since(self, mark, event))

    monkeypatch.setattr(ServiceLines, "since", late)
    code, _, bad = checked(capsys, bed.rig_file)
    assert (code, list(bad)) == (3, ["clocks agree"])
    assert "-3600." in bad["clocks agree"]
    assert "NTP" in bad["clocks agree"]


def test_a_disk_that_is_nearly_full_is_named(
    bed: Bed, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "FREE_BYTES", 10**18)
    code, _, bad = checked(capsys, bed.rig_file)
    assert (code, list(bad)) == (3, ["free disk"])
    assert "remove old reports" in bad["free disk"]


def test_a_budget_that_is_nearly_used_up_is_named(bed: Bed, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    other_text("limits: {}", "limits: {power_cycles: 20, presses_per_key: 1000}")(bed)
    with Ledger(tmp_path / "ledger", SERIAL, "simulated, attached") as ledger:
        ledger.charge(Kind.POWER, count=18)
        ledger.charge(Kind.POWER)
    code, _, bad = checked(capsys, bed.rig_file)
    assert (code, list(bad)) == (3, ["ledger"])
    assert "power cycle 19 of 20" in bad["ledger"]


def test_a_service_that_is_overdue_is_named(bed: Bed, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    store = LedgerStore(tmp_path / "ledger")
    store.set_service(Service("rig simulated, attached", "relay cycle", "1006", due_on="2020-01-01"))
    store.set_service(Service("rig another", "relay cycle", "1007", due_on="2020-01-01"))
    store.close()
    code, _, bad = checked(capsys, bed.rig_file)
    assert (code, list(bad)) == (3, ["ledger"])
    assert "relay cycle 1006 (due 2020-01-01)" in bad["ledger"]
    assert "1007" not in bad["ledger"]


def test_a_pc_clock_that_was_set_back_is_named(bed: Bed, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger", SERIAL, "simulated, attached", now=lambda: IN_2100_S) as ledger:
        ledger.charge(Kind.WRONG_CODE, "time code 00")
    code, _, bad = checked(capsys, bed.rig_file)
    assert (code, list(bad)) == (3, ["clock of this PC"])
    assert "2100-01-01" in bad["clock of this PC"]


def test_a_damaged_ledger_is_named(bed: Bed, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger", SERIAL, "simulated, attached") as ledger:
        ledger.charge(Kind.POWER)
    (tmp_path / "ledger").write_bytes(b"no database " * 400)
    code, _, bad = checked(capsys, bed.rig_file)
    assert code == 3
    assert "run again" in bad["ledger"]


@pytest.mark.parametrize("mistake", [("voltage_v: 9.0", "voltage_v: 99.0"), ("channel: 2001", "channel: 1001")])
def test_a_mistake_in_the_rig_file_is_a_configuration_error(
    bed: Bed, capsys: pytest.CaptureFixture[str], mistake: tuple[str, str]
) -> None:
    other_text(*mistake)(bed)
    assert main(["check", "--rig", str(bed.rig_file), "--json"]) == 4
    assert json.loads(capsys.readouterr().out)["verdict"] == "configuration error"
