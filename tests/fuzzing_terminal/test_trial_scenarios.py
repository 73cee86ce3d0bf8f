"""A trial's finding as a scenario and as a picture: in both languages, green on the sound terminal, red with the defect."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hangs import HANGS_S
from ruamel.yaml import YAML

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import read_rig
from posrig.fuzzing.models.terminal_r.campaign import run
from posrig.fuzzing.models.terminal_r.path_picture import trial_picture, write_picture
from posrig.fuzzing.models.terminal_r.scopes import chosen
from posrig.fuzzing.models.terminal_r.trials.breaking import rules_broken
from posrig.fuzzing.models.terminal_r.trials.gherkin import scenario
from posrig.fuzzing.models.terminal_r.trials.known import TRIALS
from posrig.fuzzing.models.terminal_r.trials.phrases import in_ordinary_steps
from posrig.fuzzing.models.terminal_r.trials.trial import Circumstances, PairsOfValues, Trial
from posrig.fuzzing.models.terminal_r.trials.wording import chinese, circumstances, name_of, table, trial_named
from posrig.fuzzing.running.feature_file import LANGUAGES, Language, Origin, write
from posrig.fuzzing.running.plan import Limits, Plan
from posrig.fuzzing.search.findings import Finding, FindingArchive
from posrig.ground.faults import ConfigurationError
from posrig.rig.rig import Rig, RigOptions

ROOT = Path(__file__).parents[2]
ORIGIN = Origin("2.4.1", "R", "2026-11-23")
FOUND = {
    "reset_with_open_batch": ("reset", 700, "with CLEAR held for 6 s"),
    "txn_double_after_power": ("sale", 800, ": the power is cut"),
    "upd_toctou": ("update", 1_500, "| server | replaces the image |"),
}
"""Three of the seeded defects that only trials find, with presses that are enough, and what the scenario says: in ordinary steps, or
the trial itself where no steps say it."""
ALIKE = re.compile(r"[a-z]+_[a-z_]+( \d+)?|unsigned|changed|oversize|older|expired|[EF]\d+|U盘|.*\.\d+")
"""What is said in the same letters in both languages: faults of packages, screens, codes."""


def named(name: str) -> Trial:
    return next(trial for trial in TRIALS if trial.name == name)


def drawn(trial: Trial, count: int) -> Iterator[Circumstances]:
    pairs, rng = PairsOfValues(trial), random.Random(count)
    for _ in range(count):
        found = pairs.draw(rng, lambda _chosen: False)
        assert found is not None
        pairs.met(found)
        yield found


def finding(trial: Trial, of: Circumstances, name: str = "x") -> Finding:
    return Finding((trial.act(of),), "this", "that", trial.oracles[0], verdict="always", fired=3, tried=3, id=name)


def run_files(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The feature files of a folder outside the repository, with its glue and its steps."""
    environment = {
        **os.environ, "POSRIG_LEDGER": str(folder / "ledger.sqlite"), "POSRIG_LEASES": str(folder),
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    command = [sys.executable, "-m", "pytest", str(folder), "-p", "conftest", "--rootdir", str(ROOT), "-q"]
    command += ["-c", str(ROOT / "pyproject.toml"), "-p", "no:cacheprovider", "--report-dir", str(folder / "report")]
    return subprocess.run(
        [*command, *options], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=HANGS_S, check=False
    )


def scenario_word(language: Language) -> str:
    return "  Scenario: " if language == "en" else "  场景: "


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.name)
def test_a_table_says_all_in_both_languages(trial: Trial) -> None:
    for language in LANGUAGES:
        assert trial_named(name_of(trial, language)) is trial
        for of in drawn(trial, 12):
            assert circumstances(trial, table(trial, of, language)) == of


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.name)
def test_every_word_is_chinese_and_unmistakable(trial: Trial) -> None:
    for words in (tuple(trial.circumstances), *trial.circumstances.values()):
        said = [chinese(word) for word in words]
        assert len(set(said)) == len(words)
        assert [word for word in said if re.search("[a-z]", word) and not ALIKE.fullmatch(word)] == []


def test_every_trial_breaks_a_rule_that_there_is() -> None:
    known = {row["id"] for row in YAML(typ="safe").load(ROOT / "features" / "requirements.yaml")}
    for trial in TRIALS:
        for of in drawn(trial, 30):
            for oracle in trial.oracles:
                rules = rules_broken(trial, of, oracle)
                assert rules
                assert set(rules) <= known


@pytest.mark.parametrize(
    ("name", "rows", "match"),
    [
        ("weather", [], "no trial is called"),
        ("reset", [["the moon", "full"]], "no circumstance"),
        ("reset", [["held", "9 s"]], "no value"),
        ("reset", [["held", "3 s"], ["code", "wrong"]], "cannot be together"),
    ],
)
def test_a_table_that_says_nothing_is_a_clear_error(name: str, rows: list[list[str]], match: str) -> None:
    with pytest.raises(ConfigurationError, match=match):
        circumstances(trial_named(name), rows)


def test_every_trial_holds_on_the_sound_terminal_in_both_languages(tmp_path: Path) -> None:
    """As the trial, and in ordinary steps where there are such."""
    written = 0
    for trial in TRIALS:
        for number, of in enumerate(drawn(trial, 1 if trial.presses > 150 else 2)):
            found = finding(trial, of, f"{trial.name.replace(' ', '_')}_{number}")
            for language in LANGUAGES:
                text = scenario(trial, found, ORIGIN, language)
                write(tmp_path, text, found, language)
                written += text.count(scenario_word(language))
    done = run_files(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{written} passed" in done.stdout


def test_most_trials_are_told_in_ordinary_steps() -> None:
    """A QA engineer reads steps that are known; what only the trial does is told as the trial."""
    told = {t.name for t in TRIALS for of in drawn(t, 40) if in_ordinary_steps(t.name, of, finding(t, of)) is not None}
    assert {trial.name for trial in TRIALS} - told == {"weak passwords", "lock-out time", "timing"}


@pytest.fixture(scope="module", params=FOUND)
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Plan, Finding, Path]:
    """A defect, its finding, and the scenarios in both languages."""
    name, presses, _ = FOUND[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    with Rig.open(read_rig(SIMULATED), options=RigOptions(defects=(request.param,), guard=False)) as rig:
        plan = Plan(chosen(rig.profile, [name]), Limits(presses=presses), stop_at_first=True, findings=folder / "kept",
                    firmware="x")  # fmt: skip
        ((scope, one),) = run(rig, plan).findings
        assert write_picture(rig.profile, plan, scope, one, "en") == folder / "kept" / name / f"{one.id}.svg"
    for language in LANGUAGES:
        write(folder / "features", scenario(named(name), one, ORIGIN, language), one, language)
    return request.param, plan, one, folder


def test_a_scenario_is_green_on_the_sound_terminal_and_red_with_the_defect(
    found: tuple[str, Plan, Finding, Path],
) -> None:
    defect, _, one, folder = found
    assert FOUND[defect][2] in next((folder / "features").glob(f"*{one.id}.feature")).read_text("utf-8")
    ways = 1 if "| replaces the image |" in FOUND[defect][2] else 2  # in ordinary steps, and the trial itself
    sound = run_files(folder / "features")
    assert (sound.returncode, f"{2 * ways} passed" in sound.stdout) == (0, True), sound.stdout + sound.stderr
    red = run_files(folder / "features", "--defect", defect)
    assert (red.returncode, f"{2 * ways} failed" in red.stdout) == (1, True), red.stdout + red.stderr
    assert red.stdout.count("\nFAILED ") == 2 * ways
    assert "product failure\n  step:" in red.stdout
    assert f"expected: {one.expected}\n" in red.stdout  # the trial itself; one cause is told once


def test_the_picture_has_the_screens_that_were_passed(found: tuple[str, Plan, Finding, Path]) -> None:
    _, plan, one, folder = found
    assert one.path
    kept = FindingArchive.in_folder(folder / "kept" / plan.scopes[0].name, terminal="R", firmware="x")
    assert [again.path for again in kept.all()] == [one.path]
    for language in LANGUAGES:
        root = ElementTree.fromstring(trial_picture(named(plan.scopes[0].name), one, language))
        texts = {element.text for element in root.iter() if element.tag.endswith("}text")}
        assert set(one.path) <= texts
        red = [e for e in root.iter() if e.tag.endswith("}path") and e.get("marker-end") == "url(#red)"]
        assert len(red) == len(set(zip(one.path, one.path[1:], strict=False)))


def test_the_command_writes_scenario_and_picture_and_names_both(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "posrig.commands.main",
        "fuzz",
        "--scope",
        "reset",
        "--presses",
        "700",
        "--first",
        "--json",
    ]
    command += ["--defect", "reset_with_open_batch", "--findings", str(tmp_path / "kept"), "--language", "zh"]
    environment = {**os.environ, "POSRIG_LEDGER": str(tmp_path / "ledger.sqlite"), "POSRIG_LEASES": str(tmp_path)}
    done = subprocess.run(
        [*command, "--scenarios", str(tmp_path / "written")], cwd=ROOT, env=environment, capture_output=True, text=True,
        timeout=HANGS_S, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    (told,) = json.loads(done.stdout)["findings"]
    assert [str(file) for file in (tmp_path / "written").iterdir()] == [told["scenario"]]
    assert "那么显示画面reset_no" in Path(told["scenario"]).read_text("utf-8")
    assert "恢复出厂" in Path(told["picture"]).read_text("utf-8")
