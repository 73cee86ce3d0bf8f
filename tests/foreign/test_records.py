"""Records of runs: a killed run, a full disk or somebody's hand may have left anything in a run folder."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from posrig.plugin.abandoned import finish_abandoned
from posrig.reporting.audit_run import read_run
from posrig.reporting.history import History
from posrig.reporting.run_folder import SUMMARY, abandoned, read_records
from tests.foreign.strategies import FAST, contents, is_read_or_located
from tests.reports.test_run_reports import record

GOOD = {**record("a", "product failure"), "attempts": [], "keys": {}}
SUMMARY_GOOD = {"started": "2026-01-09T08:00:00+00:00", "ended": "2026-01-09T08:05:00+00:00", "complete": True,
                "exit_code": 0, "total": 0, "counts": {}, "requirements": {}, "scenarios": []}  # fmt: skip


def left(base: Path, content: bytes) -> Path:
    run = base / "runs" / "20260101T000000-1"
    run.mkdir(parents=True, exist_ok=True)
    (run / "scenarios.jsonl").write_bytes(content)
    return run


@pytest.fixture(autouse=True)
def own_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSRIG_HISTORY", str(tmp_path / "history.sqlite"))


HALF = {name: GOOD[name] for name in ("id", "name", "verdict")}
WRONG: list[Any] = [{}, 5, [], None, "x", HALF, {**GOOD, "started": "soon"}, {**GOOD, "timeline": 3},
                    {**GOOD, "attachments": [{"name": "x", "file": "../../etc/passwd", "mime": "text/plain"}]},
                    {**GOOD, "presses": 10**30}, {**GOOD, "name": "\ud800"}]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=range(len(WRONG)))  # R2
def test_what_is_no_record_is_set_aside_and_said(tmp_path: Path, pytestconfig: pytest.Config, wrong: object) -> None:
    run = left(tmp_path, json.dumps(wrong).encode() + b"\n")
    said, _ = finish_abandoned(pytestconfig, tmp_path, run)
    assert "scenarios.jsonl:1: " in said[0]
    assert "set aside: " in said[-1]
    assert abandoned(tmp_path) == []
    assert (tmp_path / "set-aside" / run.name / "scenarios.jsonl").is_file()


def test_what_is_a_record_is_reported_beside_it(tmp_path: Path, pytestconfig: pytest.Config) -> None:  # R2
    run = left(tmp_path, b"5\n" + json.dumps(GOOD).encode() + b"\n" + b'{"id": "cut')
    said, _ = finish_abandoned(pytestconfig, tmp_path, run)
    assert len(said) == 1
    assert json.loads((run / SUMMARY).read_text("utf-8"))["total"] == 1
    assert (tmp_path / "latest").resolve() == run


def test_a_page_says_what_a_record_holds_and_nothing_in_it_steers(
    tmp_path: Path, pytestconfig: pytest.Config
) -> None:  # B5
    failure = {**GOOD["failure"], "message": "<b>\u202egnp\x1b[2J 余额"}
    run = left(tmp_path, json.dumps({**GOOD, "name": "a\u2066\x9b", "failure": failure}).encode() + b"\n")
    assert finish_abandoned(pytestconfig, tmp_path, run) == ([], [])
    page = (run / "index.html").read_text("utf-8")
    shown = re.sub(r"<span class=.w.>(.)</span>", r"\1", page)
    assert "&lt;b&gt;\\u202egnp\\x1b[2J 余额" in shown
    assert "a\\u2066\\x9b" in page
    assert page.replace("\n", "").isprintable()


def test_a_report_that_cannot_be_made_stops_nobody(
    tmp_path: Path, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:  # R2: a full disk
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    run = left(tmp_path, json.dumps(GOOD).encode() + b"\n")
    monkeypatch.setattr("posrig.plugin.abandoned.write_pages", full)
    (said,), _ = finish_abandoned(pytestconfig, tmp_path, run)
    assert "No space left on device" in said
    assert abandoned(tmp_path) == []


lines = st.lists(st.one_of(contents(GOOD), st.just(json.dumps(GOOD).encode())), max_size=3).map(b"\n".join)


@FAST
@given(lines)
def test_any_records_are_reported_or_set_aside_and_the_history_takes_them(
    tmp_path: Path, pytestconfig: pytest.Config, content: bytes
) -> None:
    run = left(tmp_path, content)
    (run / SUMMARY).unlink(missing_ok=True)
    finish_abandoned(pytestconfig, tmp_path, run)
    assert run not in abandoned(tmp_path)
    run = left(tmp_path / "again", content)
    with History(tmp_path / "again" / "history.sqlite") as history:
        history.rebuild(tmp_path / "again" / "runs")
    assert all(isinstance(one["id"], str) for one in read_records(run).records)


@FAST
@example(b"\x00", json.dumps(SUMMARY_GOOD).encode())
@given(lines, contents(SUMMARY_GOOD))
def test_any_run_is_audited_or_its_fault_located(tmp_path: Path, content: bytes, summary: bytes) -> None:
    left(tmp_path, content)
    is_read_or_located(
        lambda path: read_run(path.parent),
        tmp_path / "runs" / "20260101T000000-1" / "summary.json",
        summary,
        "scenarios.jsonl",
    )
