"""A console's reader that breaks in the middle of a run: a rig fault that names it, and the next scenario reads on."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_wires_in_scenarios import run

BREAKS_ONCE = """
from posrig.screens import screen_stream

whole, seen = screen_stream.direct_rows, []

def breaks(painted, *size):
    rows = whole(painted, *size)
    seen.append(rows)
    if len(seen) == 12:
        raise AssertionError("half a character")
    return rows

screen_stream.direct_rows = breaks
"""


def test_it_is_a_rig_fault_never_the_terminals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "breaks_once.py").write_text(BREAKS_ONCE, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("POSRIG_LEASES", str(tmp_path / "leases"))
    feature = "features/lock/own_lock.feature"
    code, records, text = run(tmp_path, feature, "-p", "breaks_once", "--retries", "0")
    assert code == 3, text
    verdicts = [record["verdict"] for record in records.values()]
    assert verdicts.count("rig fault") == 1, text
    assert set(verdicts) == {"rig fault", "held"}, text
    (broken,) = (record for record in records.values() if record["verdict"] == "rig fault")
    assert "half a character" in broken["failure"]["message"]
