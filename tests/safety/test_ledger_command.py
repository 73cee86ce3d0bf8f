"""``posrig ledger`` as people run it."""

import json
from pathlib import Path

import pytest

from posrig.commands.main import main
from posrig.safety.ledger import Kind, Ledger


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "ledger.sqlite"
    monkeypatch.setenv("POSRIG_LEDGER", str(file))
    with Ledger(file, "12345678", "bench-1") as used:
        used.charge(Kind.PRESS, "5", 1200)
        used.charge(Kind.RELAY, "1006", 1200)
        used.charge(Kind.WRONG_PASSWORD, "01", 2)
        used.charge(Kind.WRONG_CODE, "time code 00", 3)
        used.charge(Kind.FLASH, "image")
    return file


def report(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main(["ledger", "--json", *words]) == 0
    return json.loads(capsys.readouterr().out)


def test_it_shows_what_was_counted(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = report(capsys)["counts"]
    assert {(row["subject"], row["kind"], row["part"], row["total"]) for row in found} == {
        ("terminal 12345678", "press", "5", 1200),
        ("rig bench-1", "relay cycle", "1006", 1200),
        ("terminal 12345678", "wrong password", "01", 2),
        ("terminal 12345678", "wrong code", "time code 00", 3),
        ("terminal 12345678", "flash write", "image", 1),
    }
    assert main(["ledger"]) == 0
    assert "1,200" in capsys.readouterr().out


def test_a_service_starts_the_count_anew_and_says_when_the_next_is_due(
    ledger: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["--serviced", "bench-1", "relay cycle", "1006", "--note", "card 1 replaced", "--due", "2020-01-01"]
    (row,) = [row for row in report(capsys, "--of", "bench-1", *words)["counts"] if row["part"] == "1006"]
    assert (row["since_service"], row["total"], row["overdue"], row["note"]) == (0, 1200, True, "card 1 replaced")
    with Ledger(ledger, "12345678", "bench-1") as next_run:
        assert next_run.count(Kind.RELAY, "1006") == 0
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["ledger"]) == 0
    assert "2020-01-01" in (shown := capsys.readouterr().out)
    assert "OVERDUE" in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--of", "nobody"], "terminal 12345678"),
        (["--serviced", "bench-1", "relay", "1006"], "relay cycle"),
        (["--serviced", "bench-1", "relay cycle", "1099"], "bench-1 'relay cycle' 1006"),
        (["--serviced", "bench-1", "relay cycle", "1006", "--due", "soon"], "YYYY-MM-DD"),
        (["--serviced", "bench-1"], "press"),
        (["--file", "/no/such/ledger"], "no ledger yet"),
    ],
)
def test_a_mistake_is_answered_with_what_would_be_right(
    ledger: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(["ledger", *words]) == 4
    assert said in capsys.readouterr().err
