"""Rig faults are tried again, with fixtures made anew and every attempt kept; product failures never are."""

import json
from pathlib import Path
from typing import Any

import pytest

pytest_plugins = "pytester"

CONFTEST = """
import pytest
from pytest_bdd import given, then, when
from posrig.ground.faults import ProductFailure, RigFault, SafetyAbort

pytest_plugins = [
    "posrig.plugin.collection", "posrig.plugin.evidence", "posrig.plugin.scenario_run", "posrig.plugin.run_report",
    "posrig.plugin.run_told", "posrig.plugin.retry",
]
LOG = []

@pytest.fixture(scope="session")
def bench():
    LOG.append("rig opened")
    yield
    LOG.append("rig closed")
    print("LOG:", " ".join(LOG).replace(" ", "_"))

@pytest.fixture(autouse=True)
def terminal(bench, request):
    LOG.append("fresh")
    if "setup" in request.node.name and LOG.count("fresh") == 1:
        raise RigFault("no terminal", instrument="switch")

def nth(request, kind, times):
    request.config.tries = getattr(request.config, "tries", 0) + 1
    request.getfixturevalue("evidence").attach_text("note", f"try {request.config.tries}")
    if request.config.tries <= times:
        raise {"rig": RigFault, "product": ProductFailure, "abort": SafetyAbort}[kind](f"{kind} {request.config.tries}")

@when("the rig fails once")
def once(request): nth(request, "rig", 1)

@when("the rig fails always")
def always(request): nth(request, "rig", 99)

@when("the terminal fails once")
def product(request): nth(request, "product", 1)

@when("a limit is reached")
def abort(request): nth(request, "abort", 1)

@when("nothing happens")
def nothing(): pass

@then("all is well")
def well(): pass
"""
INI = "[pytest]\naddopts = -p no:labgrid -p no:posrig -p no:cacheprovider\nfilterwarnings = ignore::pytest.PytestAssertRewriteWarning\n"


def record(pytester: pytest.Pytester, step: str, *options: str, name: str = "one") -> tuple[int, dict[str, Any], str]:
    pytester.makeconftest(CONFTEST)
    pytester.makeini(INI)
    text = f"Feature: Tries\n  Scenario: {name}\n    When {step}\n    Then all is well\n"
    (pytester.path / "a.feature").write_text(
        text + "  Scenario: after\n    When nothing happens\n    Then all is well\n"
    )
    result = pytester.runpytest_inprocess("a.feature", "-q", "-s", *options)
    latest = Path(pytester.path) / "reports/latest"
    rows = [json.loads(line) for line in (latest / "scenarios.jsonl").read_text().splitlines()]
    assert [row["name"] for row in rows] == [name, "after"], "each scenario is reported once"
    assert rows[1]["verdict"] == "held"
    return int(result.ret), rows[0], str(result.stdout)


def test_a_rig_fault_is_tried_again_and_the_first_attempt_is_kept(pytester: pytest.Pytester) -> None:
    code, row, said = record(pytester, "the rig fails once")
    assert (code, row["verdict"]) == (0, "held")
    assert row["facts"]["attempts"] == "attempt 1: rig fault: rig 1"
    assert [kept["name"] for kept in row["attachments"]] == ["attempt 1: note", "note"]
    assert ["verdict", "attempt 1: rig fault: rig 1"] in [event[1:] for event in row["timeline"]]
    assert "LOG: rig_opened_fresh_fresh_fresh_rig_closed" in said


def test_a_rig_fault_in_the_preparation_is_tried_again(pytester: pytest.Pytester) -> None:
    code, row, _ = record(pytester, "nothing happens", name="setup")
    assert (code, row["verdict"]) == (0, "held")
    assert row["facts"]["attempts"] == "attempt 1: rig fault: no terminal"


@pytest.mark.parametrize(("retries", "attempts"), [("0", 0), ("1", 1), ("3", 3)])
def test_a_rig_fault_that_stays_is_a_rig_fault_with_all_its_attempts(
    pytester: pytest.Pytester, retries: str, attempts: int
) -> None:
    code, row, _ = record(pytester, "the rig fails always", "--retries", retries)
    assert (code, row["verdict"]) == (3, "rig fault")
    assert row["failure"]["message"] == f"rig {attempts + 1}"
    assert row["facts"].get("attempts", "").count("rig fault") == attempts


@pytest.mark.parametrize(
    ("step", "verdict", "code"),
    [("the terminal fails once", "product failure", 1), ("a limit is reached", "safety abort", 6)],
)
def test_nothing_else_is_ever_tried_again(pytester: pytest.Pytester, step: str, verdict: str, code: int) -> None:
    found, row, _ = record(pytester, step, "--retries", "3")
    assert (found, row["verdict"]) == (code, verdict)
    assert "attempts" not in row["facts"]
    assert len(row["attachments"]) == 1
