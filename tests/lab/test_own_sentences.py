"""A lab's own sentences in a run: in place of shipped ones, beside some features only; the rig file of another folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lab_kit import HEAD, HELD, HELD_ZH, lab_in, pytest_in, write

REPLACED = (
    HEAD
    + """
@then("the terminal is locked", replaces=True)
def english(terminal: Terminal) -> None:
    '''The lab's own.'''
    raise AssertionError("the lab's own English step")


@then("显示画面{screen}", replaces=True)
def chinese(screen: str, terminal: Terminal) -> None:
    '''The lab's own.'''
    raise AssertionError("the lab's own Chinese step")
"""
)
BESIDE = HEAD + '\n@then("{0} is here", "{0}在这里")\ndef here(terminal: Terminal) -> None:\n    """Said."""\n'


def verdicts(lab: Path) -> dict[str, Any]:
    """Messages of failures by feature file; empty for what held."""
    lines = (lab / "reports" / "latest" / "scenarios.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return {Path(one["file"]).name: one["failure"]["message"] if one["failure"] else "" for one in records}


def only(lab: Path, **features: str) -> None:
    for path in (lab / "features").glob("*.feature"):
        path.unlink()
    for name, text in features.items():
        write(lab / "features" / f"{name}.feature", text)


def test_a_shipped_sentence_is_replaced_in_one_language_and_stays_in_the_other(tmp_path: Path) -> None:
    lab = lab_in(tmp_path / "lab")
    write(lab / "steps" / "mine.py", REPLACED)
    only(
        lab,
        en=HELD.format("the terminal is locked"), en_shipped=HELD.format("the screen signed_off is shown"),
        zh=HELD_ZH.format("显示画面signed_off"), zh_shipped=HELD_ZH.format("终端已锁定"),
    )  # fmt: skip
    said = pytest_in(lab, "-q")
    assert said.code == 1, said.out
    found = verdicts(lab)
    assert "the lab's own English step" in found["en.feature"]
    assert "the lab's own Chinese step" in found["zh.feature"]
    assert found["en_shipped.feature"] == ""
    assert found["zh_shipped.feature"] != ""  # the shipped sentence judges: nobody has locked it
    assert "the lab's own" not in found["zh_shipped.feature"]


def test_g7_a_conftest_beside_features_is_seen_there_and_below_by_workers_too(tmp_path: Path) -> None:
    lab = lab_in(tmp_path / "lab")
    only(lab)
    for room in ("one", "two"):
        write(lab / "features" / room / "conftest.py", BESIDE.format(room))
        write(lab / "features" / room / "deep" / f"{room}.feature", HELD.format(f"{room} is here"))
        write(lab / "features" / room / f"{room}_zh.feature", HELD_ZH.format(f"{room}在这里"))
    said = pytest_in(lab, "-q", "-n", "2")
    assert said.code == 0, said.out
    assert "4 held" in said.out
    write(lab / "features" / "two" / "wrong.feature", HELD.format("one is here"))
    said = pytest_in(lab, "-q", "-n", "2")
    assert said.code == 4, said.out
    assert "features/two/wrong.feature:4: undefined then step 'one is here'" in said.out


def test_a_rig_file_of_another_folder_moves_neither_root_nor_ids_nor_report(tmp_path: Path) -> None:
    lab = lab_in(tmp_path / "lab")
    other = lab_in(tmp_path / "elsewhere" / "deep" / "other")
    rig = other / "rigs" / "simulated.yaml"
    write(rig, rig.read_text("utf-8").replace("name: simulated", "name: the other rig"))
    only(lab, mine=HELD.format("the screen signed_off is shown"))
    relative = Path("../../elsewhere/deep/other/rigs/simulated.yaml")
    for words in (("--rig", str(rig)), (f"--rig={relative}", "-n", "2")):
        said = pytest_in(lab / "features", *words)
        assert said.code == 0, said.out
        assert f"rootdir: {lab}" in said.out
        [record] = [json.loads(one) for one in (lab / "reports/latest/scenarios.jsonl").read_text("utf-8").splitlines()]
        assert record["id"] == "features/mine.feature::Mine"
        assert record["rig"] == "the other rig"
    assert not (other / "reports" / "latest").exists()


def test_a_function_that_takes_what_is_no_fixture_is_a_mistake_of_the_lab_with_its_line(tmp_path: Path) -> None:
    lab = lab_in(tmp_path / "lab")
    swapped = (
        '\n@then("{text} is read", "读到{text}")\ndef read(terminal: Terminal, words: str) -> None:\n    """Said."""\n'
    )
    write(lab / "steps" / "mine.py", HEAD + swapped)
    only(lab, mine='Feature: Mine\n  Scenario: Mine\n    Given nobody is signed on\n    Then "x" is read\n')
    done = pytest_in(lab, "-q")
    assert done.code == 4, done.out
    line = 1 + (HEAD + swapped).splitlines().index('@then("{text} is read", "读到{text}")')
    told = verdicts(lab)["mine.feature"]
    assert "there is no fixture 'words', which read() asks for" in told
    assert f"mine.py:{line}" in told
    assert "values come first" in told
    assert "Traceback" not in done.out
