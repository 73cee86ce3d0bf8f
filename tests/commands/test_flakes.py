"""posrig flakes after whole runs: retried attempts, workers, defects left out, and what it says when there is nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from posrig.commands.main import main
from tests.faults.test_wires_in_scenarios import run

CONTACTS = "tests/faults/_scenarios/contacts.feature"


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("leases", "ledger", "incidents"):
        monkeypatch.setenv(f"POSRIG_{name.upper()}", str(tmp_path / name))


def flakes(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    code = main(["flakes", "--json", *arguments])
    return code, json.loads(capsys.readouterr().out)


def test_two_runs_one_with_workers_and_one_with_a_defect(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(tmp_path / "history.sqlite")
    run(tmp_path, CONTACTS)
    run(tmp_path, CONTACTS, "-n", "2", "--retries", "0")
    run(tmp_path, "features/terminal/keypad.feature:36", "--defect", "key_double")
    code, told = flakes(capsys, "--file", file)
    assert code == 0
    assert (told["runs"], told["attempts"]) == (2, 5 + 3)
    rows = {(row["kind"], row["name"]): row for row in told["rates"]}
    losing = rows["scenario", f"{CONTACTS}::A contact that loses presses"]
    assert (losing["hits"], losing["n"], losing["what"]) == (3, 3, {"rig fault": 3})
    assert rows["scenario", f"{CONTACTS}::What the scenarios before had is mended"]["hits"] == 0
    key = rows["key", "F1 on 12345678"]
    assert (key["hits"], key["n"], key["what"]) == (3, 6, {"lost by the rig": 3})
    assert key["interval"][0] < 0.5 < key["interval"][1]
    assert rows["instrument", "switch"]["hits"] == 6
    assert rows["step", 'Then the screen "idle" is shown']["hits"] == 3
    assert any(act.startswith("key F1 on 12345678: its contact") for act in told["next"])
    _, last = flakes(capsys, "--file", file, "--last", "1", "--by", "key")
    assert (last["runs"], last["attempts"]) == (1, 3)
    assert {row["kind"] for row in last["rates"]} == {"key"}
    main(["flakes", "--file", file])
    text = capsys.readouterr().out
    assert "2 runs, 8 attempts" in text
    assert "next: key F1 on 12345678" in text


def test_what_is_said_when_there_is_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "history.sqlite"
    code, told = flakes(capsys, "--file", str(file))
    assert code == 4
    assert "there is no history yet" in told["error"]
    code, told = flakes(capsys, "--file", str(file), "--rebuild")
    assert code == 4
    assert "holds no run" in told["error"]
    file.write_bytes(b"no database" * 1000)
    code, told = flakes(capsys, "--file", str(file))
    assert code == 3
    assert "the history is damaged" in told["error"]
    assert "posrig flakes --rebuild" in told["error"]
    code, told = flakes(capsys, "--file", str(file), "--rebuild")
    assert code == 4
    assert "holds no run" in told["error"]


def test_wrong_options(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flakes", "--last", "0"]) == 4
    assert main(["flakes", "--by", "moon"]) == 4
    assert "Traceback" not in capsys.readouterr().err
