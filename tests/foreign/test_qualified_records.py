"""What a run of a qualification left that is no record is left out and told; it stops no qualification."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from posrig.fuzzing.qualifying.qualification import _records
from tests.reports.test_run_reports import record


def test_a_bad_record_is_set_aside_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "runs/1/scenarios.jsonl"
    file.parent.mkdir(parents=True)
    bad = ["{}", "5", "[]", "null", '{"id": ', '{"id": "x\x1b[2J"}', json.dumps(record("b") | {"presses": "many"})]
    lines = [json.dumps(record("a")), *bad, json.dumps(record("c", "product failure"))]
    file.write_bytes("\n".join(lines).encode() + b"\n\xff\xfe\n")
    assert [(one.name, one.step) for one in _records(tmp_path)] == [("a", ""), ("c", "Then it is locked")]
    said = capsys.readouterr().err
    assert [f"scenarios.jsonl:{number}:" in said for number in range(1, 11)] == [False, *[True] * 7, False, True]
    assert "\x1b" not in said
