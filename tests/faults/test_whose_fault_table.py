"""The table of docs/faults.md: each row names a test that exists, and a verdict with its exit code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from posrig.plugin.verdicts import EXIT_CODES, Verdict

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ROW = re.compile(r"\| (D\d+) \| (rig|terminal) \|(.+)\|")


def rows() -> list[tuple[str, str, list[str]]]:
    text = (ROOT / "docs" / "faults.md").read_text("utf-8")
    return [
        (number, side, [cell.strip() for cell in rest.split("|")])
        for number, side, rest in (match.groups() for match in map(ROW.match, text.splitlines()) if match)
    ]


def defined(file: str) -> set[str]:
    """Names of the tests in a file of this folder."""
    path = HERE / file
    if not path.exists():
        return set()
    return {node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("number", "side", "cells"), rows(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_row_has_its_test_and_its_verdict(number: str, side: str, cells: list[str]) -> None:
    what, _, against, verdict, code, test = cells
    assert what
    assert against
    file, _, name = test.strip("`").partition("::")
    assert name in defined(file), f"{number} names {test}, which is no test"
    assert EXIT_CODES[Verdict(verdict)] == int(code)
    accused = verdict == Verdict.PRODUCT_FAILURE
    assert accused == (side == "terminal") or "cannot be told" in against


def test_both_directions_are_there() -> None:
    sides = [side for _, side, _ in rows()]
    assert [number for number, _, _ in rows()] == [f"D{n}" for n in range(1, len(sides) + 1)]
    assert sides.count("rig") >= 14
    assert sides.count("terminal") >= 8
    assert len(sides) >= 24


def test_every_test_of_the_rows_is_in_the_table() -> None:
    """A new row of a test has its row in the page."""
    named = {cells[-1].strip("`") for _, _, cells in rows()}
    for file in ("test_rig_faults_dressed.py", "test_defects_dressed.py"):
        tests = {name for name in defined(file) if name.startswith("test_")}
        controls = {
            "test_nothing_speaks_against_a_sound_rig",
            "test_what_a_scenario_has_done_itself_is_no_state_left_over",
        }
        assert {f"{file}::{name}" for name in tests - controls} <= named
