"""Each seeded defect breaks its rule, and the sound terminal holds it: one check per rule, run against both."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import firmware_rules_access
import firmware_rules_work
import pytest
from firmware_kit import SHELF, Terminal
from firmware_rules import CHECKS

from posrig.simulated.terminals.r.defects import registry
from posrig.simulated.terminals.r.firmware.parts import STANDARD

RULES = (firmware_rules_access, firmware_rules_work)
"""Importing them fills CHECKS."""
registry.read_package()
OWN = [name for name in sorted(found.id for found in registry.REGISTER.all()) if name in CHECKS]


@pytest.mark.parametrize("name", OWN)
def test_the_sound_terminal_holds_and_the_defective_one_breaks_it(name: str, tmp_path: Path) -> None:
    holds, shelf = CHECKS[name]
    assert holds(Terminal(tmp_path / "sound", shelf, STANDARD))
    assert not holds(Terminal(tmp_path / "defective", shelf, registry.REGISTER.parts([name])))


def test_every_check_has_its_defect() -> None:
    assert set(CHECKS) <= {found.id for found in registry.REGISTER.all()}


@pytest.mark.parametrize("name", OWN)
def test_a_defective_terminal_still_signs_on_and_locks(name: str, tmp_path: Path) -> None:
    """A defect breaks one rule, not the terminal."""
    terminal = Terminal(tmp_path, replace(SHELF, idle_lock_min=15), registry.REGISTER.parts([name]))
    terminal.sign_on("01")
    terminal.wait(0.5)
    assert terminal.screen == "idle"
    terminal.keys("MENU", "53", "ENTER")
    assert terminal.lines[0] == "*** LOCKED ***"
    assert terminal.rtc.read() > datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=1)
