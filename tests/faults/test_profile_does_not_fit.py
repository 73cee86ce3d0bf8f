"""A profile that is not this terminal's accuses nobody: a configuration error, in scenarios, ``fuzz`` and ``learn``."""

from __future__ import annotations

from pathlib import Path

import pytest
from dressed import DEFECTS, begin, described, lock_and_look, rig_file, verdict
from test_wires_in_scenarios import run

from posrig.commands import main as command_line
from posrig.description.lab import SIMULATED
from posrig.ground.faults import ConfigurationError, ProductFailure
from posrig.rig.rig import Rig, RigOptions

MISFITS = {
    "first page": [('["NOT SIGNED ON", "", "ENTER: sign on", "F1: version"]', '["WELCOME", "", "ENTER", ""]')],
}


def misfit(folder: Path, name: str) -> tuple[str, str]:
    """The change of the rig file that names a profile with these differences."""
    text = (SIMULATED.parent / "profiles" / "reference-r.yaml").read_text("utf-8")
    for before, after in MISFITS[name]:
        assert before in text
        text = text.replace(before, after)
    file = folder / "profile.yaml"
    file.write_text(text, "utf-8")
    return f"profile: {SIMULATED.parent}/profiles/reference-r.yaml", f"profile: {file}"


@pytest.fixture(autouse=True)
def own_leases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSRIG_LEASES", str(tmp_path / "leases"))


@pytest.mark.parametrize("name", MISFITS)
def test_v5_until_a_page_was_known_it_is_the_profiles_fault(tmp_path: Path, name: str) -> None:
    here = described(tmp_path, misfit(tmp_path, name))
    with (
        Rig.open(here, options=RigOptions(guard=False)) as rig,
        verdict(rig, ConfigurationError, "the profile has recognised no page of this terminal yet"),
    ):
        lock_and_look(begin(rig))


def test_once_a_page_was_known_an_unknown_one_is_the_terminals(tmp_path: Path) -> None:
    here = described(tmp_path)
    with (
        Rig.open(here, options=RigOptions(guard=False, defects_from=(str(DEFECTS),))) as rig,
        verdict(rig, ProductFailure, "LOKCED"),
    ):
        lock_and_look(begin(rig, "lock_typo"))


@pytest.mark.parametrize(
    "words",
    [("fuzz", "--presses", "30", "--findings", "{folder}/findings"), ("learn", "--presses", "30")],
    ids=lambda words: words[0],
)
def test_neither_search_nor_learning_accuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    file = rig_file(tmp_path, misfit(tmp_path, "first page"))
    code = command_line.main([*(word.format(folder=tmp_path) for word in words), "--rig", str(file)])
    told = capsys.readouterr()
    assert code == 4, told.out + told.err
    assert "the profile has recognised no page of this terminal yet" in told.err
    assert "WELCOME" not in told.err
    assert "NOT SIGNED ON" in told.err


def test_a_scenario_ends_with_exit_code_4(tmp_path: Path) -> None:
    file = rig_file(tmp_path, misfit(tmp_path, "first page"))
    code, records, text = run(tmp_path, "features/unlock/unlock.feature::The owner unlocks", "--rig", str(file))
    assert code == 4, text
    (record,) = records.values()
    assert record["verdict"] == "configuration error"
    assert "profile.yaml" in record["failure"]["message"]
    assert "it looked like: expected: " in record["failure"]["message"]


def test_a_defect_of_the_service_port_ends_with_exit_code_1(tmp_path: Path) -> None:
    """The same proof in a whole run: what the step called a rig fault is the terminal's own doing."""
    words = ("--defects-from", str(DEFECTS), "--defect", "numbers_jump")
    code, records, text = run(tmp_path, "tests/faults/_scenarios/own_port.feature", *words)
    assert code == 1, text
    (record,) = records.values()
    assert record["verdict"] == "product failure"
    assert "own service port is defective" in record["failure"]["message"]
    assert record["facts"].get("attempts") is None, "a product failure is never tried again"
