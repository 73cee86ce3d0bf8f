"""Random changes to the firmware (benchmarks/mutants.py): what is drawn, and that the three ends are told apart."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest

SOURCE = '''
"""A room."""
from typing import Protocol

LIMIT: int = 5

class Contract(Protocol):
    size: int = 7

def refuse(tries: int, known: bool) -> bool:
    """Refuses."""
    assert tries > 0
    if tries >= LIMIT and not known:
        raise ValueError(f"no {tries + 1}")
    lock.close("now")
    return True
'''


@pytest.fixture(scope="module")
def mutants(program: Callable[[str], ModuleType]) -> ModuleType:
    return program("mutants")


def test_each_operator_changes_what_runs_and_nothing_that_is_only_said(mutants: ModuleType) -> None:
    told = {f"{one.operator}: {one.text} -> {one.becomes}" for one in mutants.mutants_of("room.py", SOURCE)}
    assert told == {
        "limit: 5 -> (5 + 1)", "limit: 5 -> (5 - 1)", "flipped: True -> False", "at its edge: tries >= LIMIT -> (tries > LIMIT)",
        "turned round: tries >= LIMIT and not known -> (not (tries >= LIMIT and not known))",
        "and for or: tries >= LIMIT and not known -> ((tries >= LIMIT) or (not known))",
        "turned round: not known -> known", 'left out: raise ValueError(f"no {tries + 1}") -> pass',
        'left out: lock.close("now") -> pass',
    }  # fmt: skip


def test_a_change_of_no_byte_code_is_none(mutants: ModuleType) -> None:
    text = "def f(x):\n    return x\n"
    start = text.index("return x")
    same = mutants.Mutant("f.py", 2, "limit", start, start + 8, "return x", "return (x)")
    other = mutants.Mutant("f.py", 2, "limit", start, start + 8, "return x", "return 1")
    broken = mutants.Mutant("f.py", 2, "limit", start, start + 8, "return x", "return (")
    assert [mutants.changes(one, text) for one in (same, other, broken)] == [False, True, False]


def test_a_seed_draws_the_same_ones_from_each_file_in_turn(mutants: ModuleType) -> None:
    first = mutants.drawn(3, 40)
    assert first == mutants.drawn(3, 40) != mutants.drawn(4, 40)
    assert len({one.file for one in first}) == 40
    assert all(f"{one.file}:{one.line}" in one.told for one in first)


def test_a_judgement_a_crash_and_a_survivor(mutants: ModuleType, program: Callable[[str], ModuleType]) -> None:
    removal = program("rule_removal")
    ended = [("features/x.feature::y", "step", ""), ("", "", "rig fault: features/x.feature::y"),
             ("", "", "ended with status 14"), ("", "", "1490 scenarios held")]  # fmt: skip
    results = [removal.Result(removal.Removal("", "", ()), *one, 1.0) for one in ended]
    assert [mutants.by_scenarios(one) for one in results] == ["judgement", "crash", "crash", "survived"]
