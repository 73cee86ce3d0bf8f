"""A rig that does not open: tried again, bounded for the whole run, each attempt in the report, then exit code 3.

An instrument is taken from the network before the rig is opened, over the wire, and comes back before the attempt that is
named: the harness meets it as it meets an instrument that is switched on late.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hangs import HANGS_S

from benchmarks.kill import Rig as LabRig
from posrig.safety.incidents import take_new
from posrig.safety.lease import holders, take
from tests.safety.test_lifecycle import INI, Life

CONFTEST = """
pytest_plugins = [
    "posrig.plugin.collection", "posrig.plugin.evidence", "posrig.plugin.scenario_run", "posrig.plugin.opening", "posrig.plugin.retry",
    "posrig.plugin.rig", "posrig.plugin.run_report",
    "posrig.plugin.run_told", "posrig.plugin.lease", "tests.safety.life_steps",
]
import json, os, socket
from posrig.rig.rig import Rig
from tests.hangs import HANGS_S

ANSWERS_FROM, BENCH, TRIED = int(os.environ["ANSWERS_FROM"]), int(os.environ["BENCH"]), []
opening = Rig.open.__func__

def act(name, **more):
    with socket.create_connection(("127.0.0.1", BENCH), timeout=HANGS_S) as wire:
        wire.sendall(json.dumps({"id": 1, "do": name, "args": {"name": os.environ["LOST"], **more}}).encode() + b"\\n")
        assert json.loads(wire.makefile().readline())["ok"]

def counted(cls, *given, **named):
    TRIED.append(1)
    if len(TRIED) < ANSWERS_FROM:
        act("instrument.lose", how="drop")
    else:
        act("instrument.restore")
    return opening(cls, *given, **named)

Rig.open = classmethod(counted)
"""


class Openings(Life):
    """A run of scenarios whose rig answers from a certain attempt on."""

    def records(
        self, answers_from: int, *scenarios: str, lost: str = "meter", options: tuple[str, ...] = ()
    ) -> tuple[int, str, list[Any]]:
        (self.folder / "conftest.py").write_text(CONFTEST)
        (self.folder / "pytest.ini").write_text(INI.replace(" --no-report", ""))
        self.environment |= {"ANSWERS_FROM": str(answers_from), "BENCH": str(self.rig.ports["bench"]), "LOST": lost}
        code, said = self.run(*scenarios, options=options)
        latest = self.folder / "reports/latest"
        return code, said, [json.loads(line) for line in (latest / "scenarios.jsonl").read_text().splitlines()]


@pytest.fixture
def openings(tmp_path: Path, rig: LabRig) -> Iterator[Openings]:
    yield Openings(tmp_path, rig)
    for name in ("meter", "supply"):
        rig.act("instrument.restore", name=name)


def test_l22_a_rig_that_opens_at_the_second_attempt_runs_and_the_first_is_in_the_report(openings: Openings) -> None:
    code, said, rows = openings.records(2, "well", "product")
    assert code == 1, said
    assert [row["verdict"] for row in rows] == ["held", "product failure"]
    assert rows[0]["facts"]["openings"].startswith("opening 1: rig fault: ")
    assert "meter" in rows[0]["facts"]["openings"]
    assert rows[0]["facts"]["openings"] in [event[2] for event in rows[0]["timeline"]]
    assert "openings" not in rows[1]["facts"]
    assert "the rig did not open, it is tried again: opening 1" in said
    openings.assert_left_in_order()


def test_l22_what_an_opening_left_unproved_goes_to_the_guard_with_the_lease(openings: Openings) -> None:
    """The supply is on from before and cannot be reached: the harness lets go before its guard watches."""
    openings.rig.ask("supply", "OUTP ON,(@2);*OPC?")
    code, said, _ = openings.records(99, "well", lost="supply", options=("--retries", "0"))
    assert code == 3, said
    assert [record.resource for record in holders(openings.folder / "leases")][-1] == "terminal 12345678"
    openings.rig.act("instrument.restore", name="supply")
    with take(["terminal 12345678"], wait_s=HANGS_S, directory=openings.folder / "leases"):
        assert openings.rig.is_safe
    (incident,) = take_new(openings.folder / "incidents")
    assert (incident.cause, incident.safe) == ("handed over", True)


@pytest.mark.parametrize(("retries", "openings_made"), [("0", 1), ("2", 3)])
def test_a_rig_that_never_opens_is_tried_so_often_for_the_whole_run_and_ends_with_three(
    openings: Openings, retries: str, openings_made: int
) -> None:
    code, said, rows = openings.records(99, "well", "product", "limit", options=("--retries", retries))
    assert code == 3, said
    assert [row["verdict"] for row in rows] == ["rig fault"] * 3
    told: list[str] = rows[0]["facts"]["openings"].split("; opening ")
    assert len(told) == openings_made, "each attempt is kept"
    assert all("openings" not in row["facts"] and "attempts" not in row["facts"] for row in rows[1:])
    page = (openings.folder / "reports/latest/index.html").read_text()
    for number in range(1, openings_made + 1):
        assert f"opening {number}: rig fault" in page


def test_a_rig_that_somebody_has_is_not_tried_again(openings: Openings) -> None:
    with take(["terminal 12345678"], job="the nightly run", directory=openings.folder / "leases"):
        code, said, rows = openings.records(1, "well", options=("--retries", "3"))
    assert code == 3, said
    assert rows[0]["facts"]["openings"].count("opening") == 1
    assert "job the nightly run" in rows[0]["failure"]["message"]
