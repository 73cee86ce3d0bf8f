"""Findings become scenarios: sentences that the step language has, in both languages."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from hangs import HANGS_S

from posrig.description.profile import read_profile
from posrig.fuzzing.models.terminal_r.acts import act
from posrig.fuzzing.models.terminal_r.gherkin import scenario
from posrig.fuzzing.models.terminal_r.lock_model import LockModel
from posrig.fuzzing.models.terminal_r.phrases import phrase
from posrig.fuzzing.models.terminal_r.scopes import chosen, scopes
from posrig.fuzzing.models.terminal_r.state import State
from posrig.fuzzing.running.feature_file import Origin, write
from posrig.fuzzing.search.findings import Finding
from posrig.ground.faults import ConfigurationError

ROOT = Path(__file__).parents[2]
PROFILE = read_profile(ROOT / "rigs" / "profiles" / "reference-r.yaml")
ORIGIN = Origin("2.4.1", "R", "2026-01-09")
REPLAY = Finding(
    ("operator 00", "right password", "time code", "sign off", "operator 00", "right password", "used time code"),
    "twofa > twofa_bad(left=2) > twofa(entry=)", "twofa > idle(amount=0.00, operator=00)", verdict="always", fired=3,
    tried=3, id="0123456789ab",
)  # fmt: skip


def model(name: str) -> LockModel:
    return LockModel(PROFILE, chosen(PROFILE, [name])[0])


def test_english() -> None:
    text = scenario(model("second step"), REPLAY, ORIGIN)
    assert text.split("\n\n")[1].splitlines()[1:] == [
        "    Given the manager is signed on",
        "    When the manager signs off",
        "    And the manager types the right password",
        "    And the manager types the time code that was used before",
        "    Then the time code is refused",
    ]
    assert "@R-TWOFA-2" in text
    assert "firmware 2.4.1" in text


def test_chinese() -> None:
    text = scenario(model("second step"), REPLAY, ORIGIN, "zh")
    assert text.startswith("# language: zh-CN\n")
    assert "    假如主管已签到\n    当主管签退\n    而且主管输入正确的密码\n" in text
    assert text.rstrip().endswith("那么动态码被拒绝")


def test_wrong_passwords_are_counted_in_one_sentence() -> None:
    keys = ("operator 01", "wrong password") * 5
    finding = Finding(keys, "login_pwd > locked_out(wait=time)", "login_pwd > login_bad(left=0)", id="x")
    text = scenario(model("lock-out"), finding, ORIGIN)
    assert "When the cashier types a wrong password 5 times\n    Then the cashier is locked out" in text


def test_what_no_sentence_says_is_a_clear_error() -> None:
    keys = ("operator 01", "right password", "lock by menu", "operator 99", "right password", "time code", "3")
    finding = Finding((*keys, "unlock code of another terminal"), "a", "b", id="x")
    with pytest.raises(ConfigurationError, match="no sentence of the step language"):
        scenario(model("unlock code"), finding, ORIGIN)


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        write(tmp_path / "file", scenario(model("second step"), REPLAY, ORIGIN), REPLAY)


def test_every_sentence_is_one_of_the_step_language(tmp_path: Path) -> None:
    """Random ways through every scope, as one feature file per language, read by posrig lint's own rules."""
    sentences = {"en": dict[str, None](), "zh": dict[str, None]()}
    rng = random.Random(5)
    for scope in scopes(PROFILE):
        made = LockModel(PROFILE, scope)
        for _ in range(25):
            state, states, names = State(), [State()], list[str]()
            for _ in range(20):
                possible = [name for name in made.inputs if made.possible(state, name)]
                names.append(rng.choice(possible))
                state = made.step(state, names[-1])[0]
                states.append(state)
            acts = [act(name, PROFILE.keys) for name in names]
            at = 0
            while at < len(acts):
                found = phrase(acts[at:], states[at:])
                if found is not None:
                    sentences["en"][found.en] = sentences["zh"][found.zh] = None
                at += found.acts if found is not None else 1
    _lint(
        tmp_path / "a.feature",
        "Feature: a\n  Scenario: a\n",
        "When",
        "    Then the screen idle is shown\n",
        sentences["en"],
    )
    _lint(
        tmp_path / "b.feature",
        "# language: zh-CN\n功能: 一\n  场景: 一\n",
        "当",
        "    那么显示画面idle\n",
        sentences["zh"],
    )


def _lint(path: Path, head: str, word: str, end: str, sentences: dict[str, None]) -> None:
    assert len(sentences) > 30
    path.write_text(head + "".join(f"    {word} {text}\n" for text in sentences) + end, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "posrig.commands.main", "lint", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=HANGS_S,
    )
    assert done.returncode == 0, done.stdout + done.stderr
