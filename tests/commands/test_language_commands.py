"""``posrig steps``, ``lint`` and ``trace``: what a QA engineer asks before running anything."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hangs import HANGS_S

from posrig.commands.main import main

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_sentences_are_found_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["steps", "unlocks"]) == 0
    english = capsys.readouterr().out
    assert main(["steps", "解锁终端"]) == 0
    chinese = capsys.readouterr().out
    for text in (english, chinese):
        assert "(the ){role} unlocks the terminal" in text
        assert "{role}解锁终端" in text


def posrig(*words: str) -> str:
    """In a process of its own: other tests of this one have declared sentences of paper."""
    command = [sys.executable, "-m", "posrig.commands.main", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=HANGS_S, check=True).stdout


def test_every_sentence_has_both_languages_and_says_what_it_does() -> None:
    for step in json.loads(posrig("steps", "--json"))["steps"]:
        assert step["en"], step
        assert step["zh"], step
        assert step["does"], step


def test_the_catalogue_in_docs_is_the_present_one(tmp_path: Path) -> None:
    page = tmp_path / "steps.md"
    posrig("steps", "--write", str(page))
    assert page.read_text("utf-8") == (ROOT / "docs" / "steps.md").read_text("utf-8"), (
        "posrig steps --write docs/steps.md"
    )


def test_words_that_no_sentence_has(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["steps", "zzzz"]) == 4
    assert "no sentence has" in capsys.readouterr().err


def test_lint_names_file_line_and_the_nearest_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    feature = tmp_path / "x.feature"
    feature.write_text(
        "Feature: x\n  Scenario: y\n    Given the cashier is singed on\n    Then the terminal is locked\n"
    )
    assert main(["lint", str(feature)]) == 4
    said = capsys.readouterr().out
    assert "x.feature:3" in said
    assert "is signed on" in said


def test_the_features_that_ship_have_no_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint"]) == 0, capsys.readouterr().out


def test_a_requirement_without_scenario_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    features = tmp_path / "features"
    features.mkdir()
    (features / "requirements.yaml").write_text(
        "- {id: R-A-1, article: A1, en: one, zh: 一, source: own, firmness: policy}\n"
        "- {id: R-A-2, article: A1, en: two, zh: 二, source: own, firmness: policy}\n"
    )
    (features / "a.feature").write_text("Feature: a\n  @R-A-1\n  Scenario: b\n    Then the terminal is locked\n")
    page = tmp_path / "page.md"
    assert main(["trace", "--features", str(features), "--write", str(page)]) == 1
    assert "no scenario: R-A-2" in capsys.readouterr().out
    text = page.read_text("utf-8")
    assert "[b](../features/a.feature#L3)" in text
    assert "🔴 **no scenario**" in text
