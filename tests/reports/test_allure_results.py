"""R5: what Allure 2 and 3 read: status, categories by both engines' rules, ids and names of any text."""

from __future__ import annotations

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from allure_commons.model2 import Parameter, StatusDetails, TestResult, TestStepResult
from hypothesis import given
from hypothesis import strategies as st

from posrig.plugin.verdicts import Verdict
from posrig.reporting.allure_wiring import CATEGORIES, QuietLogger, ResultTidy, categories, judge, write_beside
from tests.reports.test_run_reports import record

TEXT = st.text(st.characters(codec=None, categories=None), max_size=20)


def result(message: str, status: str) -> TestResult:
    step = TestStepResult(name="s", status=status, steps=[TestStepResult(name="in it", status=status)])
    return TestResult(name="n", status=status, statusDetails=StatusDetails(message=message), steps=[step])


@pytest.mark.parametrize("verdict", [one for one in Verdict if one not in (Verdict.HELD, Verdict.SKIPPED)])
def test_only_a_product_failure_is_failed_and_each_verdict_has_one_category(verdict: Verdict) -> None:
    for status in ("failed", "broken"):
        one = result(f"{verdict}\nproduct failure\n  where: x", status)
        judge(one)
        right = "failed" if verdict is Verdict.PRODUCT_FAILURE else "broken"
        assert (one.status, one.steps[0].status, one.steps[0].steps[0].status) in (
            (right, right, right), ("failed", status, status),
        )  # fmt: skip
    for message in (str(verdict), f"{verdict}\nrig fault\nproduct failure"):
        found = [row["name"] for row in categories() if re.fullmatch(row["messageRegex"], message)]
        assert found == [name for name, start in CATEGORIES if start == verdict]
        assert found == [row["name"] for row in categories() if re.search(row["messageRegex"], message)]


def test_no_expression_has_what_javascript_refuses() -> None:
    """Inline flags, possessive quantifiers, atomic groups, \\A, \\Z, escapes of letters that mean nothing (re.escape)."""
    for row in categories():
        assert not re.search(r"\(\?[a-zA-Z>#]|[*+?]\+|\\[AZzGQE ]|\\-", row["messageRegex"])


def test_allure_3_finds_its_configuration_where_it_is_called(tmp_path: Path) -> None:
    write_beside(tmp_path / "allure-results", [record("a")])
    config = json.loads((tmp_path / "allurerc.json").read_text("utf-8"))
    assert config["categories"]["rules"] == categories()
    assert json.loads((tmp_path / "allure-results/categories.json").read_text("utf-8")) == categories()


@given(TEXT, TEXT, TEXT)
def test_ids_and_names_take_any_text(name: str, value: str, message: str) -> None:
    with TemporaryDirectory() as folder:
        one = result(f"rig fault\n{message}", "failed")
        one.name, one.fullName, one.parameters = name, value, [Parameter(name=name, value=value)]
        unwritten: list[str] = []
        ResultTidy().report_result(result=one)
        QuietLogger(folder, unwritten, str).report_result(result=one)
        (file,) = Path(folder).glob("*-result.json")
        told = json.loads(file.read_text("utf-8"))
        assert unwritten == []
        assert (told.get("name", ""), told["statusDetails"]["message"]) == (name, f"rig fault\n{message}")
        assert re.fullmatch("[0-9a-f]{32}", told["historyId"])


@given(st.lists(st.tuples(TEXT, TEXT), min_size=2, max_size=2, unique=True))
def test_two_rows_have_two_ids(rows: list[tuple[str, str]]) -> None:
    found = {
        id_of(name, value) for name, value in rows
    }  # fmt: skip
    assert len(found) == 2


def id_of(name: str, value: str) -> str:
    one = TestResult(name="n", fullName="f", parameters=[Parameter(name=name, value=value)])
    ResultTidy().report_result(result=one)
    return str(one.historyId)
