"""``posrig lint`` and ``posrig steps`` read the lab that the features lie in, wherever they are called, as pytest does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lab_kit import lab_in, posrig_in, write

ROOT = Path(__file__).parents[2]
OWN = """
from posrig.language.decorators import then


@then("{0} is nice", "{0}不错")
def nice() -> None:
    \"\"\"Only here.\"\"\"
"""


@pytest.fixture
def labs(tmp_path: Path) -> Path:
    """Two labs with other terminals, each with a package ``steps`` and a sentence that the other one lacks."""
    for name in ("counter", "esign"):
        lab = lab_in(tmp_path / name, name)
        write(lab / "steps" / "mine.py", OWN.format(name))
        write(lab / "features" / "mine.feature", f"Feature: Mine\n  Scenario: Mine\n    Then {name} is nice\n")
    return tmp_path


@pytest.mark.parametrize("paths", [["labs/counter"], ["labs/counter", "labs/esign/features"]])
def test_a_lab_below_is_checked_by_its_own_profile_and_rig(paths: list[str]) -> None:
    done = posrig_in(ROOT, "lint", *paths, "--json")
    told = json.loads(done.out)
    assert (done.code, told["findings"], told["skipped"]) == (0, [], []), done.out


def test_labs_are_checked_together_each_by_itself(labs: Path) -> None:
    done = posrig_in(labs, "lint", "counter", "esign")
    assert (done.code, "6 feature files, 0 mistakes" in done.out) == (0, True), done.out
    (labs / "counter" / "features" / "mine.feature").rename(labs / "esign" / "features" / "theirs.feature")
    done = posrig_in(labs, "lint", "counter", "esign")
    assert (done.code, "6 feature files, 1 mistakes" in done.out) == (4, True), done.out
    assert "esign/features/theirs.feature:3: undefined then step 'counter is nice'" in done.out, done.out


def test_a_rig_that_is_named_is_taken_for_all_of_them(labs: Path) -> None:
    done = posrig_in(labs, "lint", "counter", "esign", "--rig", str(ROOT / "rigs" / "esign.yaml"), "--json")
    assert done.code == 0, done.out
    rig = labs / "mine.yaml"
    done = posrig_in(labs, "lint", "counter", "esign", "--rig", str(rig))
    assert (done.code, str(rig) in done.out) == (4, True), done.out


def test_a_lab_that_cannot_be_read_is_told_as_if_it_were_alone(labs: Path) -> None:
    write(labs / "esign" / "steps" / "bad.py", "x = (")
    alone, both = posrig_in(labs, "lint", "esign"), posrig_in(labs, "lint", "counter", "esign")
    assert "esign/steps/bad.py:1" in alone.out
    assert (alone.code, alone.out) == (both.code, both.out) == (4, alone.out)


def test_a_folder_names_the_lab_whose_sentences_are_listed(labs: Path) -> None:
    done = posrig_in(labs, "steps", "esign/features", "is nice")
    assert (done.code, "esign is nice" in done.out, "counter is nice" in done.out) == (0, True, False), done.out
    done = posrig_in(labs, "steps", "esign", "counter")
    assert (done.code, "folders of 2 labs" in done.out) == (4, True), done.out
    done = posrig_in(labs / "esign", "steps", "features")
    assert "no sentence has 'features'" in done.out, "in a lab its own folders are words like any others"
