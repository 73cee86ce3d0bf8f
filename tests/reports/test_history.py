"""The history of runs: what is kept, what happens to a damaged file, and rates with their intervals."""

from __future__ import annotations

import json
import multiprocessing
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hangs import HANGS_S
from hypothesis import given
from hypothesis import strategies as st

from posrig.ground.faults import ConfigurationError
from posrig.ground.sqlite_file import lock_file, try_alone
from posrig.reporting.flakes import Rate, next_acts, rates, stands_out
from posrig.reporting.history import KEPT_RUNS, History, HistoryDamaged, Reading, history_path, remember

F1 = {"presses": 4, "missed": 1, "doubled": 0, "missed_by_rig": 1, "doubled_by_rig": 0}


def part(verdict: str, **failure: str) -> dict[str, Any]:
    return {
        "verdict": verdict,
        "failure": {"verdict": verdict, "message": "m", **failure} if failure else None,
        "started": 100.0,
        "keys": {"F1": F1},
        "facts": {"serial_number": "12345678", "firmware": "2.4.1", "seed": "1"},
        "steps": [
            {"sentence": "Given it", "result": "held"},
            {"sentence": "Then that", "result": "held" if verdict == "held" else "failed"},
            {"sentence": "And more", "result": "held" if verdict == "held" else "not run"},
        ],
    }


def record(name: str, verdict: str, *earlier: dict[str, Any], started: float = 100.0, **failure: str) -> dict[str, Any]:
    about = {"id": name, "name": name, "file": "a", "line": 1, "requirements": [], "terminal": "R", "timeline": []}
    return {**part(verdict, **failure), **about, "rig": "bench-1", "attempts": list(earlier), "started": started}


FAULT = part("rig fault", step="Then that", instrument="switch", keys="F1")


def folder(runs: Path, name: str, records: list[dict[str, Any]]) -> None:
    (runs / name).mkdir(parents=True)
    (runs / name / "scenarios.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records), "utf-8")
    (runs / name / "summary.json").write_text("{}", "utf-8")


def test_every_attempt_is_kept_with_what_it_named(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    with History(path) as history:
        assert history.add("run-1", [record("a::x", "held", FAULT), record("a::y", "held")])
    with Reading(path) as reading:
        first, second, third = reading.attempts()
        assert (first.run, first.scenario, first.attempt, first.verdict) == ("run-1", "a::x", 1, "rig fault")
        assert (first.rig, first.serial_number, first.firmware, first.seed) == ("bench-1", "12345678", "2.4.1", "1")
        assert (first.step, first.instrument, first.keys, first.started) == ("Then that", "switch", "F1", 100.0)
        assert {(one.attempt, one.verdict) for one in (second, third)} == {(2, "held"), (1, "held")}
        assert reading.steps() == {"Given it": 3, "Then that": 3, "And more": 2}
        (presses,) = reading.presses()
        assert (presses.key, presses.presses, presses.missed, presses.missed_by_rig) == ("F1", 12, 3, 3)


def test_a_run_is_taken_once_and_one_with_seeded_defects_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    seeded = record("a::x", "product failure", step="Then that")
    seeded["facts"]["defects"] = "key_double"
    with History(path) as history:
        assert history.add("run-1", [record("a::x", "held")])
        assert not history.add("run-1", [record("a::x", "held")])
        assert not history.add("run-2", [seeded])
        assert not history.add("run-3", [])
    with Reading(path) as reading:
        assert reading.runs == ["run-1"]
        assert len(list(reading.attempts())) == 1


def test_only_the_newest_runs(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    with History(path) as history:
        for number in range(5):
            history.add(f"run-{number}", [record("a::x", "held", started=float(number))])
    with Reading(path, 2) as reading:
        assert reading.runs == ["run-4", "run-3"]
        assert {one.run for one in reading.attempts()} == {"run-4", "run-3"}
        assert reading.steps()["Given it"] == 2
        assert reading.presses()[0].presses == 8


def test_old_runs_make_way_with_all_that_belongs_to_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posrig.reporting.history.KEPT_RUNS", 3)
    assert KEPT_RUNS > 100
    path = tmp_path / "history.sqlite"
    with History(path) as history:
        for number in range(5):
            history.add(f"run-{number}", [record("a::x", "held", started=float(number))])
    db = sqlite3.connect(path)
    for table in ("attempt", "press"):
        assert db.execute(f"SELECT COUNT(DISTINCT run) FROM {table}").fetchone() == (3,)
    db.close()


def write(path: str, number: int) -> None:
    for turn in range(5):
        with History(Path(path)) as history:
            history.add(f"{number}-{turn}", [record("a::x", "held", started=float(turn))])


def test_runs_that_end_together_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=write, args=(str(path), number)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(HANGS_S)
        assert writer.exitcode == 0
    with Reading(path) as reading:
        assert len(reading.runs) == 20


@pytest.mark.parametrize("damage", [b"", b"not a database at all" * 300], ids=["header", "all"])
def test_a_damaged_history_is_made_again_from_the_run_folders(tmp_path: Path, damage: bytes) -> None:
    path, runs = tmp_path / "history.sqlite", tmp_path / "runs"
    folder(runs, "run-1", [record("a::x", "held", FAULT)])
    folder(runs, "run-2", [record("a::x", "held", started=200.0)])
    assert remember(tmp_path, "run-1", [record("a::x", "held", FAULT)], complete=True) == ""
    whole = bytearray(path.read_bytes())
    whole[0 : len(damage) or 100] = damage or b"x" * 100
    path.write_bytes(bytes(whole))
    with pytest.raises(HistoryDamaged, match="damaged") as told, Reading(path):
        pass
    assert "--rebuild" in told.value.todo
    said = remember(tmp_path, "run-3", [record("a::x", "held", started=300.0)], complete=True)
    assert "made again from 2 run folders" in said
    (aside,) = tmp_path.glob("history.sqlite.damaged-*")
    assert aside.name in said
    with Reading(path) as reading:
        assert reading.runs == ["run-3", "run-2", "run-1"]
        assert len(list(reading.attempts())) == 4


def test_a_damaged_history_that_somebody_has_open_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    path.write_bytes(b"damaged" * 1000)
    lock = lock_file(tmp_path / "history.sqlite.lock")
    try:
        assert try_alone(lock)
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_SH)
        assert "end the other runs" in remember(tmp_path, "run-1", [record("a::x", "held")], complete=True)
    finally:
        os.close(lock)
    assert path.read_bytes() == b"damaged" * 1000


def test_a_place_that_cannot_be_written_is_said_and_decides_nothing(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file where the folder should be", "utf-8")
    said = remember(tmp_path / "reports", "run-1", [record("a::x", "held")], complete=True)
    assert "the history cannot be used" in said
    assert "POSRIG_HISTORY" in said


def test_no_history_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match="no history yet"), Reading(tmp_path / "history.sqlite"):
        pass
    monkeypatch.setenv("POSRIG_HISTORY", str(tmp_path / "mine"))
    assert history_path(tmp_path / "reports") == tmp_path / "mine"
    monkeypatch.delenv("POSRIG_HISTORY")
    assert history_path(tmp_path / "reports") == tmp_path / "reports" / "history.sqlite"
    assert history_path().parent.name == "reports", "beside the ledger"


# -- rates


def found(tmp_path: Path, *runs: list[dict[str, Any]]) -> tuple[dict[tuple[str, str], Rate], list[str]]:
    path = tmp_path / "history.sqlite"
    with History(path) as history:
        for number, records in enumerate(runs):
            history.add(f"run-{number}", [{**one, "started": float(number)} for one in records])
    with Reading(path) as reading:
        attempts = list(reading.attempts())
        all_rates = rates(attempts, reading.steps(), reading.presses())
    return {(rate.kind, rate.name): rate for rate in all_rates}, next_acts(all_rates, attempts)


def test_rates_of_each_kind(tmp_path: Path) -> None:
    failed = record("a::x", "product failure", step="Then that")
    rows, acts = found(
        tmp_path,
        [record("a::x", "held"), record("a::y", "held", FAULT)],
        [failed, record("a::y", "held")],
        [record("a::x", "held"), record("a::z", "skipped"), record("a::y", "interrupted")],
    )
    scenario = rows["scenario", "a::x"]
    assert (scenario.hits, scenario.n, dict(scenario.what), scenario.mixed) == (1, 3, {"product failure": 1}, True)
    low, high = scenario.interval
    assert low < 1 / 3 < high
    assert ("scenario", "a::z") not in rows, "a skipped one says nothing"
    assert (rows["terminal", "12345678"].hits, rows["terminal", "12345678"].n) == (2, 6)
    assert (rows["instrument", "switch"].hits, rows["instrument", "switch"].n) == (1, 6)
    assert (rows["step", "Then that"].hits, rows["step", "Then that"].n) == (2, 8)
    assert dict(rows["key", "F1 on 12345678"].what) == {"lost by the rig": 8}
    assert any("key F1" in act and "contact" in act for act in acts)
    assert any("a::x held and failed on the same unit and firmware" in act and "--seed 1" in act for act in acts)


def test_what_always_fails_is_called_no_flake(tmp_path: Path) -> None:
    failed = {**record("a::x", "product failure", step="Then that"), "keys": {}}
    rows, acts = found(tmp_path, [failed], [failed])
    assert not rows["scenario", "a::x"].mixed
    assert acts == ["a::x failed 2 times of 2: no flake but a defect, report it"]


def test_a_rig_fault_names_the_instrument_to_look_at(tmp_path: Path) -> None:
    fault = {**record("a::x", "rig fault", step="Then that", instrument="supply"), "keys": {}}
    _, acts = found(tmp_path, [fault])
    assert acts == [
        "instrument supply: named by 1 of 1 attempts: look at its cable, address and power, then run posrig check"
    ]


def test_nothing_to_do_when_all_held(tmp_path: Path) -> None:
    rows, acts = found(tmp_path, [{**record("a::x", "held"), "keys": {}}])
    assert acts == []
    assert not any(rate.hits for rate in rows.values())


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 500), st.integers(0, 500))
def test_only_intervals_that_do_not_meet_stand_out(hits: int, held: int, other_hits: int, other_held: int) -> None:
    one = Rate("terminal", "one", hits + held, hits)
    other = Rate("terminal", "other", other_hits + other_held, other_hits)
    if stands_out(one, [one, other]):
        assert one.rate > other.rate
        assert not stands_out(other, [one, other])
    assert not stands_out(one, [one]), "nothing to compare with"
