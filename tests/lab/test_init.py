"""``posrig init``: a whole lab or nothing."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from lab_kit import environment, lab_in, posrig_in, pytest_in, write
from ruamel.yaml import YAML

from posrig.commands.main import main
from posrig.description.lab import find_lab
from posrig.description.profile import read_profile
from posrig.description.rig_file import read_rig

KNOWN = {"features", "steps", "fixtures", "rigs", "reports", "conftest.py", "pyproject.toml", ".gitignore"}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_lab_is_made_and_says_what_is_next(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "my-lab"]) == 0
    said = capsys.readouterr().out
    assert "cd my-lab" in said
    assert "pytest" in said
    assert {path.name for path in (here / "my-lab").iterdir()} >= KNOWN
    lab = find_lab(here / "my-lab")
    assert lab is not None
    assert lab.rig is not None
    assert read_rig(lab.rig).terminal.profile.is_relative_to(here)
    texts = [path.read_text("utf-8") for path in (here / "my-lab").rglob("*") if path.is_file()]
    assert not [text for text in texts if "@NAME@" in text or "@MODEL@" in text]
    assert os.listdir(here) == ["my-lab"]
    assert (here / "my-lab").stat().st_mode & 0o777 == 0o777 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize("name", ["R", "r", "reference-r"])
def test_a_terminal_goes_by_its_model_or_its_profile(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "x", "--terminal", name, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["terminal"] == "R"
    assert "rigs/profiles/reference-r.yaml" in report["files"]


@pytest.mark.parametrize(
    ("name", "model", "file"), [("counter", "C", "counter.yaml"), ("esign", "E320", "esign.yaml"),
                                ("E", "E", "terminal-e.yaml"), ("terminal-e", "E", "terminal-e.yaml")],
)  # fmt: skip
def test_every_shipped_terminal_can_be_begun_with(
    name: str, model: str, file: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "x", "--terminal", name, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["terminal"] == model
    lab = find_lab(here / "x")
    assert lab is not None
    assert lab.rig == here / "x" / "rigs" / file
    assert read_profile(read_rig(lab.rig).terminal.profile).data.model == model
    linted = posrig_in(here / "x", "lint", "--json")
    assert (linted.code, json.loads(linted.out)["skipped"]) == (0, []), linted.out


@pytest.mark.parametrize("name", ["counter", "esign"])
def test_the_first_scenarios_of_a_new_lab_hold_on_its_simulated_terminal(name: str, here: Path) -> None:
    ran = pytest_in(lab_in(here / "lab", name), "-q", "-p", "no:hypothesispytest")
    assert (ran.code, "4 held" in ran.out) == (0, True), ran.out


def test_a_terminal_that_posrig_does_not_start_is_said_to_be_needed(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "x", "--terminal", "E"]) == 0
    assert "rigs/terminal-e.yaml says where this terminal has to listen: posrig does not start it" in (
        capsys.readouterr().out
    )
    rig = (here / "x" / "rigs" / "terminal-e.yaml").read_text("utf-8")
    assert "Its ports: console 28310" in rig
    assert "9 * 3600" not in (here / "x" / "fixtures" / "shop.py").read_text("utf-8"), "nobody waits for nine hours"


def test_an_unknown_terminal_is_told_with_all_there_are(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "x", "--terminal", "Q"]) == 4
    assert "R (reference-r), C (counter), E320 (esign), E (terminal-e)" in capsys.readouterr().err


def test_an_unknown_terminal_is_told_with_the_nearest(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "x", "--terminal", "referense-r"]) == 4
    said = capsys.readouterr().err
    assert "did you mean 'reference-r'" in said
    assert "R (reference-r)" in said
    assert os.listdir(here) == []


def test_a_folder_with_something_in_it_is_left_alone(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(12):
        write(here / "full" / f".file{number}", "mine")
    assert main(["init", "full"]) == 4
    said = capsys.readouterr().err
    assert "not empty: .file0" in said
    assert "and 4 more" in said
    assert "name a new folder" in said
    assert len(os.listdir(here / "full")) == 12


@pytest.mark.parametrize("name", ["file", "dangling", "no/such/place"])
def test_what_is_no_place_for_a_lab_is_refused(name: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here / "file", "")
    (here / "dangling").symlink_to("nowhere")
    assert main(["init", name]) == 4
    assert "to do" in capsys.readouterr().err
    assert sorted(os.listdir(here)) == ["dangling", "file"]


def test_an_empty_folder_is_filled_and_stays_the_same_folder(here: Path) -> None:
    (here / "empty").mkdir()
    number = (here / "empty").stat().st_ino
    os.chdir("empty")
    assert main(["init", "."]) == 0
    assert (here / "empty").stat().st_ino == number
    assert not [name for name in os.listdir() if name.startswith(".posrig")]
    assert "# empty: a lab" in Path("README.md").read_text("utf-8")


@pytest.mark.parametrize("there", [False, True])
def test_ctrl_c_midway_leaves_nothing(there: bool, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if there:
        (here / "x").mkdir()
    left, rename = [3], os.rename

    def stopped(*names: Path) -> None:
        left[0] -= 1
        if left[0] <= 0 or not there:
            monkeypatch.undo()
            raise KeyboardInterrupt
        rename(*names)

    monkeypatch.setattr(os, "rename", stopped)
    assert main(["init", str(here / "x")]) == 2
    assert os.listdir(here) == (["x"] if there else [])
    assert not there or os.listdir(here / "x") == []


def test_a_full_disk_leaves_nothing(here: Path) -> None:
    """No file may be longer than 8 kB: the profile is."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "posrig.commands.main", "init", "x"],
        cwd=here, env=environment(PYTHONDONTWRITEBYTECODE="1"), capture_output=True, text=True, timeout=60, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192)),
    )  # fmt: skip
    assert done.returncode == 4, done.stderr
    assert "nothing was left" in done.stderr
    assert os.listdir(here) == []


@pytest.mark.parametrize("code", range(7))
def test_the_pipeline_of_github_keeps_the_code_and_names_it(code: int, here: Path) -> None:
    lab = lab_in(here / "lab")
    steps = YAML(typ="safe").load(lab / ".github" / "workflows" / "posrig.yml")["jobs"]["scenarios"]["steps"]
    stub = write(here / "bin" / "pytest", f"#!/bin/sh\nexit {code}\n")
    stub.chmod(0o755)
    [run] = [step for step in steps if step.get("id") == "run"]
    path = f"{stub.parent}:{os.environ['PATH']}"
    subprocess.run(["bash", "-e", "-c", run["run"]], env={"PATH": path, "GITHUB_OUTPUT": "out"}, check=True, timeout=20)
    assert Path("out").read_text() == f"code={code}\n"
    judging = [step["if"] for step in steps if "outputs.code" in str(step.get("if"))]
    assert sum(f"== '{code}'" in condition for condition in judging) == (code in (1, 3, 6))
    assert ['"0", "1", "3", "6"' in condition for condition in judging] == [False, False, False, True]


def test_the_pipelines_of_gitlab_and_jenkins_know_a_rig_fault_from_a_failure(here: Path) -> None:
    lab = lab_in(here / "lab")
    job = YAML(typ="safe").load(lab / ".gitlab-ci.yml")["scenarios"]
    assert job["allow_failure"]["exit_codes"] == job["retry"]["exit_codes"] == [3]
    assert job["artifacts"]["when"] == "always"
    jenkins = (lab / "Jenkinsfile").read_text("utf-8")
    assert all(f"case {code}:" in jenkins for code in range(7))
    assert "case 3: unstable" in jenkins
    assert "reports/junit.xml" in jenkins.partition("always")[2]
