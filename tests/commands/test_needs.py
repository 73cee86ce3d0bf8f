"""What a terminal or a rig lacks: said by lint and ``posrig steps`` without a rig, skipped or refused by a run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from posrig.commands.main import main
from posrig.description.profile import read_profile
from posrig.description.rig_file import read_rig
from posrig.language.needs import needs_of
from posrig.language.parameters import use_profile
from posrig.language.step_index import declared_steps

ROOT = Path(__file__).parents[2]
FOREIGN = ROOT / "rigs" / "terminal-e.yaml"
FEATURE = """\
Feature: Needs
  Scenario: No host here
    Given a terminal that is locked by the host
    Then the terminal is still locked by the host

  Scenario: No way of that name
    Given the cashier is signed on
    When the cashier restarts the terminal
    Then the terminal asks for a sign-on

  Scenario Outline: Another model's own, <how>
    Given the manager is signed on
    Then the cause page shows "<how>"
    Examples:
      | how |
      | C01 |

  Scenario: It can do this
    Given the cashier has locked the terminal
    When the left soft key is pressed
    And 左软键 is pressed
    Then the terminal is locked
"""


@pytest.fixture
def feature(tmp_path: Path) -> Path:
    file = tmp_path / "needs.feature"
    file.write_text(FEATURE.replace("the left soft key", "left soft key"), "utf-8")
    return file


@pytest.fixture(autouse=True)
def own_words_again() -> object:
    """The commands take another profile into use; the other tests of this process speak of the lab's own."""
    yield
    use_profile(read_profile(read_rig(ROOT / "rigs" / "simulated.yaml").terminal.profile))


def test_lint_says_what_would_be_skipped_and_where_it_would_stand(
    feature: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lint", str(feature), "--rig", str(FOREIGN), "--json"]) == 0
    skipped = {one["line"]: one["why"] for one in json.loads(capsys.readouterr().out)["skipped"]}
    assert list(skipped) == [2, 6, 11]
    assert "means 'locked by host'" in skipped[2]
    assert "needs the way 'restart'" in skipped[6]
    assert "model terminal_r" in skipped[11]
    assert all("terminal-e.yaml:" in why for why in skipped.values())


def test_steps_of_a_rig_says_what_its_terminal_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["steps", "--rig", str(FOREIGN), "--json"]) == 0
    steps = {text: one.get("lacks", "") for one in json.loads(capsys.readouterr().out)["steps"] for text in one["zh"]}
    assert steps["{role}解锁终端"] == steps["终端恢复出厂"] == steps["安装可用的更新"] == ""
    assert "way 'restart'" in steps["{role}重启终端"]
    assert "model terminal_r" in steps["原因页显示{text}"]


def test_a_scenario_that_cannot_run_is_refused_where_capabilities_are_required(feature: Path) -> None:
    words = [sys.executable, "-m", "pytest", str(feature), "--rig", str(FOREIGN), "-p", "no:cacheprovider"]
    ended = subprocess.run([*words, "--require-capabilities"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 4
    assert "3 scenarios need what this terminal or rig does not have" in ended.stdout + ended.stderr
    ended = subprocess.run([*words, "--dry-run"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "3 scenarios would be skipped" in ended.stdout
    assert "needs the way 'restart'" in ended.stdout


def test_every_sentence_of_a_models_room_needs_the_model() -> None:
    rooms = [one for one in declared_steps() if ".models.terminal_r" in one.function.__module__]
    assert len(rooms) > 200
    assert all("model terminal_r" in needs_of(one) for one in rooms)
