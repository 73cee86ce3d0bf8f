"""posrig is installed, and other people's tests are as they were: with its entry point and with ``-p no:posrig``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lab_kit import Ended, ended, start, write

OPTIONS = """
def pytest_addoption(parser):
    parser.addoption("--seed", default="none")
    parser.addoption("--rig", default="none")
    parser.addoption("--defect", default="none")
"""
FEATURE = "Feature: Shop\n  Scenario: Buy\n    Given a basket\n    When it is paid\n    Then it is empty\n"
STEPS = """
from pytest_bdd import given, scenarios, then, when
scenarios("features")
@given("a basket", target_fixture="basket")
def basket(): return [1]
@when("it is paid")
def paid(basket): basket.clear()
@then("it is empty")
def empty(basket): assert not basket
"""


def plain(folder: Path) -> None:
    write(folder / "conftest.py", OPTIONS)
    write(
        folder / "test_a.py",
        "def test_a(request): assert request.config.getoption('--seed') == 'none'\ndef test_b(): assert 0\n",
    )


def with_pytest_bdd(folder: Path) -> None:
    write(folder / "features" / "shop.feature", FEATURE)
    write(folder / "test_shop.py", STEPS)


def with_behave(folder: Path) -> None:
    write(folder / "features" / "shop.feature", FEATURE)
    write(folder / "features" / "steps" / "shop.py", "from behave import given\n")
    write(folder / "features" / "environment.py", "")


def with_unittest(folder: Path) -> None:
    write(
        folder / "test_u.py", "import unittest\nclass T(unittest.TestCase):\n    def test_a(self): self.assertTrue(1)\n"
    )


CASES = {
    "plain": (plain, ()), "pytest-bdd": (with_pytest_bdd, (".",)), "behave": (with_behave, ("features",)),
    "unittest": (with_unittest, ("test_u.py",)),
}  # fmt: skip


def both(folder: Path, *words: str) -> list[Ended]:
    """With posrig, and without it; timings and the list of plug-ins are taken out."""
    without = ended(start(folder, "pytest", "-p", "no:posrig", *words))
    return [ended(start(folder, "pytest", *words)), without]


def bare(text: str) -> str:
    return re.sub(r"in [\d.]+s|=+|posrig-[\d.]+,? ?", "", text)


@pytest.mark.parametrize("case", CASES)
def test_what_runs_and_how_it_ends_is_the_same(case: str, tmp_path: Path) -> None:
    lay, words = CASES[case]
    lay(tmp_path)
    posrig, without = both(tmp_path, "-p", "no:cacheprovider", *words)
    assert posrig.code == without.code == {"plain": 1, "behave": 5}.get(case, 0)
    assert bare(posrig.out) == bare(without.out)
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize("word", ["--markers", "--fixtures", "--help"])
def test_what_pytest_tells_of_itself_is_the_same(word: str, tmp_path: Path) -> None:
    plain(tmp_path)
    posrig, without = both(tmp_path, word)
    assert bare(posrig.out) == bare(without.out)


def test_nothing_of_posrig_is_imported_but_what_decides(tmp_path: Path) -> None:
    write(
        tmp_path / "test_a.py",
        "import sys\ndef test_a(): print(sorted(n for n in sys.modules if n.startswith('posrig')))\n",
    )
    said = ended(start(tmp_path, "pytest", "-q", "-s"))
    assert said.code == 0
    assert "['posrig', 'posrig.plugin', 'posrig.plugin.activation', 'posrig.plugin.entry']" in said.out
