"""Worn contacts against keypad defects: the first are rig faults by their key, the second stay product failures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from posrig.commands.main import main
from tests.faults.test_wires_in_scenarios import run

FOLDER = "tests/faults/_scenarios"
CLEAN = {"missed": 0, "doubled": 0, "missed_by_rig": 0, "doubled_by_rig": 0}


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("leases", "ledger", "incidents"):
        monkeypatch.setenv(f"POSRIG_{name.upper()}", str(tmp_path / name))


def summary(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "latest" / "summary.json").read_text("utf-8"))
    return found


def test_a_worn_contact_is_a_rig_fault_that_names_the_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, records, text = run(tmp_path, f"{FOLDER}/contacts.feature")
    assert code == 3, text
    losing = records["A contact that loses presses"]
    assert losing["verdict"] == "rig fault"
    assert "F1 (1015) lost 1 of 2 presses" in losing["failure"]["message"]
    assert (losing["failure"]["instrument"], losing["failure"]["keys"]) == ("switch", "F1")
    assert [one["failure"]["keys"] for one in losing["attempts"]] == ["F1"]
    assert losing["keys"]["F1"] == {**CLEAN, "presses": 2, "missed": 1, "missed_by_rig": 1}
    doubling = records["A contact that doubles presses"]
    assert doubling["verdict"] == "rig fault"
    assert "8 (1009) doubled 1 of 2 presses" in doubling["failure"]["message"]
    assert "it looked like: expected: the amount 0.88" in doubling["failure"]["message"]
    assert records["What the scenarios before had is mended"]["verdict"] == "held"
    keys = summary(tmp_path)["keys"]
    assert keys["F1"] == {**CLEAN, "presses": 4, "missed": 2, "missed_by_rig": 2}, "both attempts"
    assert keys["8"] == {**CLEAN, "presses": 6, "doubled": 2, "doubled_by_rig": 2}
    assert keys["*"]["presses"] > 0
    page = (tmp_path / "latest" / "index.html").read_text("utf-8")
    assert "presses were missed or doubled" in page
    main(["ledger", "--json"])
    rows = {(row["kind"], row["part"]): row for row in json.loads(capsys.readouterr().out)["counts"]}
    assert rows["lost closing", "1015"]["total"] == 2
    assert rows["doubled closing", "1009"]["total"] == 2
    low, high = rows["lost closing", "1015"]["interval"]
    assert low < rows["lost closing", "1015"]["rate"] == 2 / 4 < high
    assert not any(kind in ("missed press", "doubled press") for kind, _ in rows), "not the terminal's"


def test_the_same_in_chinese(tmp_path: Path) -> None:
    code, records, text = run(tmp_path, f"{FOLDER}/contacts_zh.feature", "--retries", "0")
    assert code == 3, text
    assert {record["verdict"] for record in records.values()} == {"rig fault"}, text


@pytest.mark.parametrize(
    ("defect", "scenario", "kind"),
    [
        ("key_double", "Quick presses: <hold> down, <gap> apart", "missed"),
        ("key_repeat_confirms", "", "doubled"),
    ],
)
def test_a_keypad_defect_stays_a_product_failure(tmp_path: Path, defect: str, scenario: str, kind: str) -> None:
    """The key's line felt every press once: what was missed or doubled was so behind it, in the terminal."""
    file = "features/terminal/keypad.feature" + (f"::{scenario}" if scenario else "")
    code, records, text = run(tmp_path, file, "--defect", defect)
    assert code == 1, text
    verdicts = {record["verdict"] for record in records.values()}
    assert "product failure" in verdicts
    assert verdicts <= {"held", "product failure"}, text
    keys = summary(tmp_path)["keys"]
    assert sum(count[kind] for count in keys.values()) > 0
    assert sum(count["missed_by_rig"] + count["doubled_by_rig"] for count in keys.values()) == 0
