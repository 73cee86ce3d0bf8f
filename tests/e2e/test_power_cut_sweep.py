"""The power-cut sweep (benchmarks/power_cut_sweep.py): a part of it on the sound terminal, and proof that it can fail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from posrig.ground.faults import ProductFailure

PLACE = Path(__file__).parents[2] / "benchmarks" / "power_cut_sweep.py"


@pytest.fixture(scope="module")
def sweep(program: Callable[[str], ModuleType]) -> ModuleType:
    return program("power_cut_sweep")


def test_no_cut_of_a_part_of_the_sweep_does_harm(sweep: ModuleType) -> None:
    with sweep.opened() as rig:
        assert sweep.sweep(rig.terminal, cuts=20) == []


@pytest.mark.parametrize(
    ("defect", "work", "after_s", "found"),
    [
        ("lock_lost_on_power_cut", "lock", 0.4, "signed_off"),
        ("upd_power_bricks", "update", 15.0, ""),
        ("txn_double_after_power", "sale", 1.3, ""),
    ],
)
def test_a_defect_is_seen(sweep: ModuleType, defect: str, work: str, after_s: float, found: str) -> None:
    with sweep.opened((defect,)) as rig, pytest.raises(ProductFailure) as failure:
        sweep.cut_once(rig.terminal, sweep.WORKS[work], after_s)
    assert found in str(failure.value)
