"""Removing rules (benchmarks/rule_removal.py): the table fits the firmware, and both outcomes are told apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from posrig.reporting.traceability import trace

ROOT = Path(__file__).parents[2]
PLACE = ROOT / "benchmarks" / "rule_removal.py"
ROWS = """
- rule: R-FINGER-3
  removed: a dead sensor is logged
  file: terminals/r/firmware/finger.py
  text: self.fw.log.add("finger_dead", attempt.operator)
  becomes: pass
- rule: R-FINGER-3
  removed: nothing
  file: terminals/r/firmware/finger.py
  text: the next living finger becomes
  becomes: the first living finger becomes
- rule: R-FINGER-3
  removed: the firmware itself
  file: terminals/r/firmware/kernel.py
  text: self.boot.power_on()
  becomes: raise SystemExit(9)
"""


@pytest.fixture(scope="module")
def removal(program: Callable[[str], ModuleType]) -> ModuleType:
    return program("rule_removal")


def test_every_row_fits_the_firmware_and_every_requirement_has_one(removal: ModuleType) -> None:
    table = removal.read_table()
    assert removal.misfits(table) == []
    assert removal.without_removal(table, trace(ROOT / "features")) == []


def test_a_removal_is_red_and_neither_an_idle_change_nor_a_dead_simulation_is(
    removal: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "table.yaml"
    table.write_text(ROWS, "utf-8")
    assert removal.main(["--table", str(table), "--workers", "1", "R-FINGER-3"]) == 1
    red, idle, dead = capsys.readouterr().out.split("R-FINGER-3")[1:]
    assert "features/access/fingerprint" in red
    assert "scenarios held" in idle
    assert "features/access/fingerprint" not in red.partition("GREEN")[2]
    assert "rig fault" in dead


def test_a_text_that_is_not_there_is_told_and_nothing_is_run(
    removal: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "table.yaml"
    table.write_text(ROWS.replace("the next living", "the last living"), "utf-8")
    assert removal.main(["--table", str(table)]) == 4
    assert "0 times" in capsys.readouterr().err
