"""Run folders, summary.json and index.html from records, without a session."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import signal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hangs import HANGS_S
from hypothesis import given
from hypothesis import strategies as st

from posrig.evidence.lcd import draw
from posrig.evidence.timeline import Row, keys_pressed, rows
from posrig.ground.faults import ConfigurationError
from posrig.reporting.index_page import render
from posrig.reporting.run_folder import RunFolder, abandoned, publish, read_records, write_whole
from posrig.reporting.summary import RunFacts, flow_of, summarise, to_text

FACTS = RunFacts(1_000_000.0, 1_000_012.5, 1, True, ("features",), ("R-LOCK-1", "R-LOCK-2"))


def record(name: str, verdict: str = "held", **changes: Any) -> dict[str, Any]:
    failure = {"verdict": verdict, "message": "expected <lock>, found idle", "phase": "call", "step": "Then it is locked",
               "place": "features/lock/a.feature:7", "traceback": ""}  # fmt: skip
    return {
        "id": f"features/lock/a.feature::{name}", "name": name, "feature": "Own lock", "rule": "", "line": 3,
        "file": "features/lock/a.feature", "language": "en", "example": {}, "tags": ["slow"], "requirements": ["R-LOCK-1"],
        "verdict": verdict, "failure": None if verdict == "held" else failure,
        "failures": [] if verdict == "held" else [failure],
        "steps": [{"sentence": "Then it is locked", "line": 7, "result": "failed", "seconds": 0.1}],
        "started": 1_000_000.0, "wall_seconds": 1.5, "terminal_seconds": 30.0, "presses": 4, "power_cycles": 1,
        "rig": "simulated", "terminal": "R", "seed": "1", "facts": {},
        "timeline": [[10.0, "key", "MENU"], [10.2, "key", "5"], [10.4, "screen", "manage"], [10.6, "key", "3"]],
        "attachments": [], **changes,
    }  # fmt: skip


def test_the_summary_counts_what_the_records_say() -> None:
    records = [record("a"), record("锁定", "product failure"), record("c", "skipped", requirements=["R-LOCK-2"])]
    summary = summarise(records, FACTS)
    assert summary["counts"] == {"held": 1, "product failure": 1, "skipped": 1}
    assert (summary["presses"], summary["power_cycles"], summary["terminal_seconds"]) == (12, 3, 90.0)
    assert summary["wall_seconds"] == 12.5
    assert summary["requirements"] == {"R-LOCK-1": {"held": 1, "product failure": 1}}
    assert summary["requirements_not_covered"] == ["R-LOCK-2"]
    assert summary["scenarios"][1]["message"] == "expected <lock>, found idle"
    assert [one["flow"] for one in summary["scenarios"]] == ["lock"] * 3
    assert json.loads(to_text(summary)) == summary
    assert "锁定" in to_text(summary)


@pytest.mark.parametrize(
    ("file", "flow"),
    [
        ("features/unlock/a.feature", "unlock"),
        ("features/a.feature", "features"),
        ("/x/y/a.feature", "y"),
        ("a.feature", "."),
    ],
)
def test_the_flow_is_the_folder_below_features(file: str, flow: str) -> None:
    assert flow_of({"file": file}) == flow


def test_neighbouring_keys_are_one_row_and_time_begins_at_the_first_event() -> None:
    timeline = record("a")["timeline"]
    assert keys_pressed(timeline) == "MENU 5 3"
    assert rows(timeline) == [Row(0.0, "key", "MENU 5"), Row(0.4, "screen", "manage", "key 5"), Row(0.6, "key", "3")]
    assert rows([]) == []


class Page(HTMLParser):
    """Tags that do not close, and every address the page asks for."""

    VOID = frozenset({"meta", "img", "input", "br", "link"})

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.addresses: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in self.VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack[-1] in ("p", "li", "tr", "td", "th") and self.stack[-1] != tag:
            self.stack.pop()
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def page_of(records: list[dict[str, Any]], folder: Path) -> tuple[str, Page]:
    text = render(summarise(records, FACTS), records, folder)
    page = Page()
    page.feed(text)
    return text, page


def test_the_page_shows_a_failure_with_picture_keys_and_expectation(tmp_path: Path) -> None:
    (tmp_path / "x-1.png").write_bytes(draw(["锁定"]))
    (tmp_path / "x-2.txt").write_text("frames <b>", encoding="utf-8")
    kept = [
        {"name": "screen", "mime": "image/png", "file": "x-1.png"},
        {"name": "frames", "mime": "text/plain", "file": "x-2.txt"},
        {"name": "gone", "mime": "image/png", "file": "x-3.png"},
    ]
    text, page = page_of([record("a"), record("锁定后断电", "product failure", attachments=kept)], tmp_path)
    assert "1 of 2 scenarios did not hold" in page.text
    assert "锁定后断电" in page.text
    assert "expected <lock>, found idle" in page.text
    assert "frames <b>" in page.text
    assert "<kbd>MENU</kbd><kbd>5</kbd><kbd>3</kbd>" in text
    assert [a[:22] for a in page.addresses if a.startswith("data:")] == ["data:image/png;base64,"]
    assert "attachments/x-3.png" in page.addresses
    assert page.stack == []


def test_the_page_needs_no_network(tmp_path: Path) -> None:
    text, page = page_of([record("a"), record("b", "rig fault")], tmp_path)
    assert not re.search(r"https?://|//cdn|@import|url\(", text)
    assert {a for a in page.addresses if not a.startswith("data:")} == {"summary.json", "junit.xml"}


def test_the_worst_stands_first(tmp_path: Path) -> None:
    records = [
        record("r", "rig fault"),
        record("h", "harness error"),
        record("p", "product failure"),
        record("s", "safety abort"),
    ]
    text, _ = page_of(records, tmp_path)
    assert re.findall(r'<span class="tag">([^<]+)<', text) == [
        "safety abort",
        "product failure",
        "rig fault",
        "harness error",
    ]


@given(st.text(), st.sampled_from(["held", "product failure", "rig fault", "interrupted", "skipped"]))
def test_any_name_is_shown_as_text(name: str, verdict: str) -> None:
    text, page = page_of([record(name, verdict)], Path("/nowhere"))
    assert page.stack == []
    assert "<script" not in text.replace("<script>", "", 1)


def test_what_failed_alike_before_any_step_is_one_card(tmp_path: Path) -> None:
    alike = record("a", "rig fault")["failure"] | {"phase": "setup", "step": ""}
    other = alike | {"message": "no camera"}
    records = [record(name, "rig fault", failure=alike) for name in ("a", "b", "c")]
    records.append(record("d", "rig fault", failure=other))
    text, page = page_of(records, tmp_path)
    assert "4 of 4 scenarios did not hold" in page.text
    assert text.count("<article") == 2
    assert "The same for 2 more" in page.text


def test_r8_one_cause_is_one_card_with_rows_and_the_search_finds_verdicts(tmp_path: Path) -> None:
    rows = [record("<n>", "product failure", example={"n": value}) for value in ("三", "四")]
    for row, keys in zip(rows, ("1", "2"), strict=True):
        frame = f"+--+\n|锁 |\n+--+\nkeys so far: {keys}"
        row["failure"] = row["failure"] | {"message": f"expected lock\nfound idle\n{frame}", "step": f"Then {keys}"}
    other = record("d", "product failure")
    text, page = page_of([*rows, other, record("fine")], tmp_path)
    assert text.count("<article") == 2
    assert "[三]" in page.text
    assert "[四]" in page.text
    searched = re.findall(r'data-search="([^"]*)"', text)
    assert all("product failure" in one or "held" in one for one in searched)
    assert any("三" in one and "四" in one for one in searched)
    assert text.index('id="search"') < text.index("<article")
    assert '|<span class="w">锁</span> |' in text
    assert "1 not part of this run" in page.text
    assert "not covered" not in page.text


def test_a_rig_fault_covers_no_requirement() -> None:
    summary = summarise([record("a", "rig fault", requirements=["R-LOCK-1"])], FACTS)
    assert summary["requirements_covered"] == []
    assert summary["requirements_not_covered"] == ["R-LOCK-1", "R-LOCK-2"]


def test_a_run_without_scenarios_says_so(tmp_path: Path) -> None:
    assert "Nothing ran" in page_of([], tmp_path)[1].text


def test_latest_changes_in_one_step_and_keeps_a_folder_in_its_way(tmp_path: Path) -> None:
    first, second = (tmp_path / "runs" / name for name in ("1", "2"))
    for run in (first, second):
        run.mkdir(parents=True)
    (tmp_path / "latest").mkdir()
    (tmp_path / "latest" / "index.html").write_text("older")
    publish(tmp_path, first)
    assert (tmp_path / "latest").resolve() == first
    assert [p.read_text() for p in tmp_path.glob("runs/kept-*/index.html")] == ["older"]
    publish(tmp_path, second)
    assert (tmp_path / "latest").resolve() == second
    assert not list(tmp_path.glob(".latest*"))


def test_two_runs_of_one_moment_have_their_own_folders(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    now = datetime(2026, 1, 9, tzinfo=UTC)
    one, two = RunFolder.create(tmp_path, now), RunFolder.create(tmp_path, now)
    assert one.path != two.path
    one.close()
    two.close()


def test_a_folder_that_cannot_be_made_is_a_configuration_error(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        RunFolder.create(tmp_path)


def _run_and_wait(base: Path, ready: Any) -> None:
    folder = RunFolder.create(base)
    folder.add(json.dumps(record("锁定")))
    ready.send(str(folder.path))
    signal.pause()


def test_a_record_is_on_disk_when_its_process_is_killed_and_the_folder_is_then_free(tmp_path: Path) -> None:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_run_and_wait, args=(tmp_path, there))
    process.start()
    path = Path(here.recv())
    try:
        assert abandoned(tmp_path) == []
    finally:
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join(HANGS_S)
    assert abandoned(tmp_path) == [path]
    with (path / "scenarios.jsonl").open("a") as file:
        file.write('{"id": "cut sho')
    assert [one["name"] for one in read_records(path).records] == ["锁定"]
    write_whole(path / "summary.json", "{}")
    assert abandoned(tmp_path) == []
