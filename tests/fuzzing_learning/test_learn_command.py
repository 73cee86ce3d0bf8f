"""``posrig learn`` on devices that are models: what it ends with, what it says, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from posrig.commands.main import main
from posrig.fuzzing.machines.dot import dot_text, read_dot
from posrig.fuzzing.machines.mealy import difference, renamed
from posrig.ground.faults import ExitCode

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "tests" / "fuzzing" / "models"
OLD, NEW = MODELS / "edentifier2_old_simple.dot", MODELS / "edentifier2_new_full_rand.dot"
RENAMED = {"GEN_CRYPTOGRAM": "USB8_CRYPTOGRAM"}
SAME = [word for pair in RENAMED.items() for word in ("--same", "=".join(pair))]
DEVICE = ROOT / "rigs" / "mealy.yaml"


def learn(*words: object) -> int:
    return main(["learn", "--rig", str(DEVICE), *map(str, words)])


def refused(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """The message of a run that must not begin."""
    assert learn(*words) == ExitCode.CONFIGURATION
    return capsys.readouterr().err


def test_a_reader_known_only_by_its_inputs_is_learned_equivalent(tmp_path, capsys):
    written = tmp_path / "learned.dot"
    assert learn("--model", NEW, "--write", written, "--json") == ExitCode.HELD
    report = json.loads(capsys.readouterr().out)
    assert report["equivalent"]
    assert report["complete"]
    assert report["states"] == 11
    assert 500 < report["symbols"] < 40_000
    assert 50 < report["resets"] < 2_000
    assert difference(read_dot(written), read_dot(NEW)) is None


def test_the_end_says_model_symbols_and_resets(capsys):
    assert learn("--model", OLD, "--patience", 500) == ExitCode.HELD
    told = capsys.readouterr().out
    assert "no question contradicts the model: 4 states" in told
    assert "symbols (presses)" in told
    assert "resets" in told
    assert "equivalent to edentifier2_old_simple.dot" in told


@pytest.mark.parametrize(("limit", "said"), [("--presses", "the presses"), ("--resets", "the resets"), ("--minutes", "the minutes")])  # fmt: skip
def test_a_budget_ends_it_with_what_was_explored_so_far(limit, said, capsys, tmp_path):
    written = tmp_path / "part.dot"
    assert (
        learn("--model", NEW, limit, {"--minutes": 60, "--resets": 100}.get(limit, 300), "--write", written)
        == ExitCode.RIG_FAULT
    )
    told = capsys.readouterr().out
    assert "explored so far" in told
    assert said in told
    assert "NOT equivalent" in told
    assert "explored so far" in written.read_text("utf-8")


def test_misread_answers_are_voted_on(tmp_path, capsys):
    noisy = tmp_path / "noisy.yaml"
    noisy.write_text(f"name: noisy\ndevice: {{mealy: {{model: {OLD}, misread_one_in: 150}}}}\n", "utf-8")
    assert main(["learn", "--rig", str(noisy), "--patience", "2000", "--json"]) == ExitCode.HELD
    report = json.loads(capsys.readouterr().out)
    assert report["misread"] > 0
    assert report["equivalent"]


def test_a_reference_is_compared_with_what_was_learned(capsys):
    assert learn("--model", NEW, "--reference", NEW, "--json") == ExitCode.HELD
    assert json.loads(capsys.readouterr().out)["changed"] == []
    learn("--model", NEW, "--reference", MODELS / "edentifier2_old_full.dot", "--json")
    assert json.loads(capsys.readouterr().out)["changed"]


def test_two_models_are_told_apart_in_both_languages(capsys):
    small = [str(OLD), str(MODELS / "edentifier2_new_simple.dot"), *SAME]
    assert main(["learn", "--compare", *small]) == ExitCode.PRODUCT_FAILURE
    english = capsys.readouterr().out
    assert "What changed for the person at the keypad" in english
    assert "edentifier2_new_simple:" in english
    assert main(["learn", "--compare", *small, "--language", "zh"]) == ExitCode.PRODUCT_FAILURE
    assert "对按键的人来说有以下变化" in capsys.readouterr().out
    assert main(["learn", "--compare", str(OLD), str(OLD)]) == ExitCode.HELD


def test_each_difference_is_true_of_both_models(capsys):
    left = read_dot(OLD)
    right = renamed(read_dot(MODELS / "edentifier2_new_simple.dot"), RENAMED)
    main(["learn", "--compare", str(OLD), str(MODELS / "edentifier2_new_simple.dot"), *SAME, "--json"])
    for found in json.loads(capsys.readouterr().out)["differences"]:
        assert left.run(left.word(found["keys"]))[1][-1] == found["left"]
        assert right.run(right.word(found["keys"]))[1][-1] == found["right"] != found["left"]


@pytest.mark.parametrize("limit", ["--presses", "--resets", "--minutes"])
def test_a_budget_of_zero_is_refused(limit, capsys):
    assert "allows no search" in refused(capsys, "--model", OLD, limit, 0)


def test_models_that_cannot_be_read_are_refused_with_file_and_line(tmp_path, capsys):
    broken, empty = tmp_path / "broken.dot", tmp_path / "empty.dot"
    broken.write_text('digraph g {\ns0 -> s0 [label="KEY / A"];\ns0 -> s1 [label="no answer"];\n}\n', "utf-8")
    empty.write_text("", "utf-8")
    assert "broken.dot:3" in refused(capsys, "--model", broken)
    assert "no edge in this file" in refused(capsys, "--model", empty)
    assert "none.dot" in refused(capsys, "--model", tmp_path / "none.dot")
    assert "cannot read the model" in refused(capsys, "--model", tmp_path)


def test_a_reference_of_another_keypad_is_refused(tmp_path, capsys):
    other = tmp_path / "other.dot"
    other.write_text('s0 -> s0 [label="OTHER / A"];\n', "utf-8")
    told = refused(capsys, "--model", OLD, "--reference", other)
    assert "OTHER (only in other.dot)" in told
    assert "other.dot" in told


def test_a_misspelt_field_of_the_device_file_is_named_with_its_line(tmp_path, capsys):
    file = tmp_path / "device.yaml"
    file.write_text("name: x\ndevice:\n  mealy:\n    modle: a.dot\n", "utf-8")
    assert main(["learn", "--rig", str(file)]) == ExitCode.CONFIGURATION
    told = capsys.readouterr().err
    assert "device.yaml:4" in told
    assert "did you mean 'model'" in told


def test_a_model_is_never_overwritten_and_a_missing_folder_is_found_before_the_first_press(tmp_path, capsys):
    mine = tmp_path / "mine.dot"
    mine.write_text(dot_text(read_dot(OLD)), "utf-8")
    before = mine.read_bytes()
    assert "overwritten" in refused(capsys, "--model", mine, "--write", mine)
    assert mine.read_bytes() == before
    assert "no file can be written" in refused(capsys, "--model", mine, "--draw", tmp_path / "none" / "a.svg")


def test_what_only_a_terminal_has_is_refused_for_a_model(tmp_path, capsys):
    assert "no seeded defects" in refused(capsys, "--model", OLD, "--defect", "lock_lost_on_power_cut")
    assert "has a profile" in refused(capsys, "--model", OLD, "--write", tmp_path / "draft.yaml")
