"""The audit of a run: states, open findings, log review, change, and evidence that is damaged."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from posrig.commands.main import main
from posrig.reporting.summary import RunFacts, summarise, to_text
from tests.reports.test_run_reports import record

FEATURES = {
    "requirements.yaml": "".join(
        f"- {{id: {one}, en: 'rule <{one}>', zh: '规则{one}', source: own, firmness: policy, article: A12}}\n"
        for one in ("R-LOCK-1", "R-LOCK-2", "R-LOG-1")
    ),
    "lock/a.feature": "Feature: Own lock\n\n  @R-LOCK-1\n  Scenario: a\n    Then it is locked\n\n  @R-LOCK-2\n  Scenario: b\n"
    "    Then it is locked\n",
}
LOG = [[1.0, "service", f"log record={number:06d} what=sign_on_no operator=01 result=1"] for number in (1, 2, 4)]
OWNED = "in quarantine until 2020-01-02, owner Keypad team: issue 17\nit was: product failure: expected: x"


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSRIG_INCIDENTS", str(tmp_path / "incidents"))
    for name, text in FEATURES.items():
        (tmp_path / "features" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "features" / name).write_text(text, "utf-8")


def lay(base: Path, name: str, records: list[dict[str, Any]], started: float = 1e6, **facts: Any) -> Path:
    folder = base / "runs" / name
    folder.mkdir(parents=True)
    (folder / "scenarios.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records), "utf-8")
    given = {"exit_code": 0, "complete": True, **facts}
    (folder / "summary.json").write_text(to_text(summarise(records, RunFacts(started, started + 9, **given))), "utf-8")
    return folder


def audit(base: Path, run: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    code = main(["audit", "--run", str(run), "--features", str(base / "features"), "--json", *words])
    return code, json.loads(capsys.readouterr().out)


def all_held() -> list[dict[str, Any]]:
    return [record("a"), record("b", requirements=["R-LOCK-2"]), record("c", requirements=["R-LOG-1"])]


def test_nothing_is_open_when_every_requirement_held(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = lay(tmp_path, "1", all_held())
    code, told = audit(tmp_path, run, capsys)
    assert (code, told["schema"], told["reasons"], told["change"]) == (0, 1, {}, None)
    data = (run / "scenarios.jsonl").read_bytes()
    assert told["run"]["evidence"][0]["sha256"] == hashlib.sha256(data).hexdigest()
    assert "Nothing is open" in (run / "audit.html").read_text("utf-8")


def test_failure_quarantine_not_tried_log_and_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(tmp_path, "1", all_held())
    failure = {"verdict": "quarantined", "message": OWNED, "step": "Then x", "place": "a:1"}
    rows = [
        record("a", "product failure", timeline=LOG),
        record("b", "quarantined", requirements=["R-LOCK-2"], failure=failure),
        record("d", "rig fault", requirements=[]),
    ]
    code, told = audit(tmp_path, lay(tmp_path, "2", rows, 2e6, exit_code=1), capsys, "--language", "zh")
    states = {one["id"]: one["state"] for one in told["requirements"]}
    assert code == 1
    assert states == {"R-LOCK-1": "failed", "R-LOCK-2": "quarantined", "R-LOG-1": "not tried"}
    known = told["findings"]["quarantined"][0]
    assert (known["owner"], known["reason"], known["expired"]) == ("Keypad team", "issue 17", True)
    assert [one["verdict"] for one in told["findings"]["other"]] == ["rig fault"]
    assert told["log_review"]["records"] == 3
    assert [(jump["after"], jump["came"]) for jump in told["log_review"]["number_jumps"]] == [(2, 4)]
    assert told["change"]["since"] == "1"
    assert len(told["change"]["new_failures"]) == 2
    assert len(told["change"]["requirements"]) == 3
    page = (tmp_path / "runs" / "2" / "audit-zh.html").read_text("utf-8")
    assert "规则R-LOCK-1" in page
    assert "Keypad team" in page
    assert "expected &lt;lock&gt;" in page


def test_a_part_and_an_interrupted_run_say_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = lay(tmp_path, "1", [record("a")], complete=False, command=("features", "--short"))
    code, told = audit(tmp_path, run, capsys)
    assert (code, told["run"]["rows_not_run"], told["run"]["short"]) == (1, 1, True)
    assert told["reasons"]["run not finished"] == 1


def test_a_damaged_record_is_named_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = lay(tmp_path, "1", all_held())
    lines = (run / "scenarios.jsonl").read_text("utf-8").splitlines()
    (run / "scenarios.jsonl").write_text("\n".join([lines[0], lines[1][:50], lines[2]]), "utf-8")
    code, told = audit(tmp_path, run, capsys)
    assert code == 4
    assert "scenarios.jsonl:2" in told["error"]
    (run / "scenarios.jsonl").write_text("\n".join(lines[:2]) + "\n", "utf-8")
    code, told = audit(tmp_path, run, capsys)
    assert code == 4
    assert "does not agree" in told["error"]


@pytest.mark.parametrize("since", ["yesterday", "1960-01-01"])
def test_what_names_no_run_is_a_configuration_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], since: str
) -> None:
    assert audit(tmp_path, tmp_path / "none", capsys)[0] == 4
    assert audit(tmp_path, lay(tmp_path, "1", all_held()), capsys, "--since", since)[0] == 4
