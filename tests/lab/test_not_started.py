"""R4: a run in which no scenario ran leaves a report that says so, in place of the green one before it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import read_rig
from posrig.rig.session import leased_resources
from posrig.safety.lease import take
from tests.reports.junit_rules import broken

pytest_plugins = ["pytester"]

TESTPATHS = "[tool.pytest.ini_options]\ntestpaths = ['features']\n"
GREEN = "Feature: A\n  Scenario: green\n    Then all is well\n"
STEPS = """
import pytest
from pytest_bdd import then
@then("all is well")
@then("一切正常")
def _(): pass
@pytest.fixture(autouse=True)
def prepared_terminal(): pass  # no rig: what is tried here ends before one is opened
"""


class Lab:
    """A lab with a green run behind it. Runs are in this process, with the plug-in as pytest finds it."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester, self.root = pytester, pytester.path
        self.write("pyproject.toml", f"[tool.posrig]\nrig = '{SIMULATED}'\n{TESTPATHS}")
        self.write("features/a.feature", GREEN)
        pytester.makeconftest(STEPS)

    def write(self, name: str, text: str) -> None:
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text, encoding="utf-8")

    def run(self, *arguments: str) -> pytest.RunResult:
        return self.pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:labgrid", *arguments)

    @property
    def latest(self) -> Path:
        return self.root / "reports" / "latest"

    def told(self) -> dict[str, Any]:
        """What the summary says of a run that did not start; page and junit.xml say the same, and are whole."""
        summary: dict[str, Any] = json.loads((self.latest / "summary.json").read_text("utf-8"))
        told = dict(summary["not_started"])
        root = ElementTree.parse(self.latest / "junit.xml").getroot()
        assert broken(root) == []
        (case,) = root.iter("testcase")
        error = case.find("error")
        assert error is not None
        assert error.get("type") == told["verdict"]
        first = told["found"].splitlines()[0]
        assert first in (error.text or "")
        page = (self.latest / "index.html").read_text("utf-8")
        assert told["verdict"] in page
        assert "scenarios held" not in page
        assert {file.name for file in self.latest.iterdir()} == {
            "index.html", "junit.xml", "summary.json", "scenarios.jsonl",
        }  # fmt: skip
        return told | {"exit_code": summary["exit_code"]}


@pytest.fixture
def lab(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Lab:
    for name in ("POSRIG_LAB", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "CI"):
        monkeypatch.delenv(name, raising=False)
    return Lab(pytester)


def no_profile(lab: Lab) -> list[str]:
    lab.write("rigs/mine.yaml", "terminal: {profile: gone.yaml}\n")
    return ["features", "--rig", "rigs/mine.yaml"]


def bad_sentence(lab: Lab) -> list[str]:
    lab.write("features/b.feature", "Feature: B\n  Scenario: b\n    Then nobody knows this\n")
    return ["features"]


def chinese(lab: Lab) -> list[str]:
    lab.write("features/b.feature", "# language: zh-CN\n功能: B\n  场景: b\n    那么没有这样的步骤\n")
    return ["features/b.feature"]


def quarantine(lab: Lab) -> list[str]:
    lab.write("features/quarantine.yaml", "quarantine:\n- {scenario: x}\n")
    return []


def project(lab: Lab) -> list[str]:
    lab.write("pyproject.toml", "[tool.posrig]\nrigg = 1\n")
    return ["features"]


def conftest(lab: Lab) -> list[str]:
    lab.write("features/conftest.py", "import no_such_package\n")
    return ["features"]


def plain_test(lab: Lab) -> list[str]:
    lab.write("test_x.py", "import no_such_package\n")
    return ["features", "test_x.py"]


def typed(*arguments: str) -> Callable[[Lab], list[str]]:
    return lambda _: list(arguments)


def empty(lab: Lab) -> list[str]:
    (lab.root / "features" / "a.feature").unlink()
    return ["features"]


CASES = [
    (empty, 5, "no feature file at"),
    (no_profile, 4, "rigs/mine.yaml"),
    (bad_sentence, 4, "b.feature:3"),
    (chinese, 4, "什么都没有执行"),
    (quarantine, 4, "quarantine.yaml:2"),
    (project, 4, "rigg"),
    (conftest, 4, "no_such_package"),
    (plain_test, 4, "no_such_package"),
    (typed("features", "--no-such-option"), 4, "--no-such-option"),
    (typed("features", "--retries", "many"), 4, "--retries"),
    (typed("featurs"), 4, "featurs"),
    (typed("features/a.feature::gren"), 4, "gren"),
    (typed("features", "-k", "nothing"), 5, "no scenario was chosen"),
    (typed("features", "--defect", "no-such"), 4, "no-such"),
]


@pytest.mark.parametrize(("spoil", "code", "said"), CASES, ids=[case[2] for case in CASES])
def test_latest_tells_the_run_that_did_not_start(lab: Lab, spoil: Any, code: int, said: str) -> None:
    arguments = spoil(lab)
    result = lab.run(*arguments, "--junitxml=ci.xml")
    assert result.ret == code
    told = lab.told()
    assert said in told["found"] + told["where"]
    assert told["exit_code"] == code
    assert told["verdict"] == ("nothing ran" if code == 5 else "configuration error")
    assert (lab.root / "ci.xml").read_bytes() == (lab.latest / "junit.xml").read_bytes()
    assert told["language"] == ("zh" if spoil is chinese else "en")


def test_a_wrong_rig_file_is_told_in_the_language_of_the_features(lab: Lab) -> None:
    lab.write("features/a.feature", "# language: zh-CN\n功能: 甲\n  场景: 甲\n    那么一切正常\n")
    lab.write("rigs/mine.yaml", "name: [1]\n")
    assert lab.run("features", "--rig", "rigs/mine.yaml").ret == 4
    told = lab.told()
    assert "台架文件中有" in told["found"]
    assert told["language"] == "zh"


OWN_STEPS = STEPS.partition("@pytest.fixture")[0]


def no_rig_there(lab: Lab) -> tuple[list[str], str]:
    """A lab rig whose instruments nobody answers for."""
    text = SIMULATED.read_text("utf-8").replace("simulated:  ", "_simulated:").replace("kind: simulated", "kind: real")
    rows = [
        re.sub(r"[{](clock|bench|supply|switch|meter|service|screen|camera)[}]", "9", row)
        for row in text.splitlines()
        if not re.match(r"_simulated|  seed: 1|  address: |bench: ", row)
    ]
    lab.write("rigs/mine.yaml", "\n".join(rows) + "\n")
    shutil.copytree(SIMULATED.parent / "profiles", lab.root / "rigs" / "profiles")
    shutil.copytree(SIMULATED.parent / "fonts", lab.root / "rigs" / "fonts")
    return ["features", "--rig", "rigs/mine.yaml", "--retries", "0"], "do not answer"


@pytest.mark.parametrize("held", [False, True], ids=["no rig", "held lease"])
def test_a_rig_that_is_not_to_be_had_leaves_page_junit_and_summary(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, held: bool
) -> None:
    for name in ("LEASES", "LEDGER", "INCIDENTS"):
        monkeypatch.setenv(f"POSRIG_{name}", str(lab.root / name.lower()))
    lab.pytester.makeconftest(OWN_STEPS)
    arguments, said = no_rig_there(lab)
    with ExitStack() as stack:
        if held:
            said = "in use"
            stack.enter_context(take(leased_resources(read_rig(lab.root / "rigs/mine.yaml")), job="another's"))
        assert lab.run(*arguments).ret == 3
    summary = json.loads((lab.latest / "summary.json").read_text("utf-8"))
    assert (summary["exit_code"], summary["counts"]) == (3, {"rig fault": 1})
    assert said in summary["scenarios"][0]["message"]
    root = ElementTree.parse(lab.latest / "junit.xml").getroot()
    assert broken(root) == []
    assert [error.get("type") for error in root.iter("error")] == ["rig fault"]
    page = (lab.latest / "index.html").read_text("utf-8")
    assert said in page
    assert "1 of 1 scenarios did not hold" in page
