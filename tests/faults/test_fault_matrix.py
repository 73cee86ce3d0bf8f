"""Some cells of the fault matrix (benchmarks/fault_matrix.py runs all 140): one real scenario under each fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from benchmarks.fault_matrix import FAULTS, MOMENTS, WIRES, Bed, Case, Result, cases, run_case

RIG_FAULT, EITHER = {"rig fault"}, {"held", "rig fault", "inconclusive"}
CHOSEN = {
    "switch-drop-command": RIG_FAULT,
    "switch-corrupt-answer": RIG_FAULT,
    "supply-garbage-command": RIG_FAULT,
    "switch-vanish-open": RIG_FAULT,
    "screen-drop-command": EITHER,
    "screen-vanish-answer": RIG_FAULT,
    "supply-drop-close": RIG_FAULT,
    "service-corrupt-answer": {"held"},
    "service-vanish-close": RIG_FAULT,
    "camera-corrupt-answer": EITHER,
    "camera-half-open-open": RIG_FAULT,
    "camera-vanish-answer": RIG_FAULT,
    "host-delay-answer": RIG_FAULT,
    "host-half-open-open": RIG_FAULT,
    "host-trickle-answer": RIG_FAULT,
    "host-corrupt-close": {"held"},
    "update-vanish-answer": RIG_FAULT,
}


@pytest.fixture(scope="module")
def bed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    made = Bed(tmp_path_factory.mktemp("bed"))
    yield made
    made.close()


def test_the_matrix_is_whole() -> None:
    names = {case.name for case in cases()}
    assert len(names) == len(WIRES) * len(FAULTS) * len(MOMENTS) == 168
    wires = {"supply", "switch", *WIRES[1:]}
    assert {case.wire for case in map(_case, CHOSEN)} == wires
    assert {case.fault for case in map(_case, CHOSEN)} == set(FAULTS)
    assert {case.moment for case in map(_case, CHOSEN)} == set(MOMENTS)


def _case(name: str) -> Case:
    wire, rest = name.split("-", 1)
    fault, moment = rest.rsplit("-", 1)
    return Case("instruments" if wire in ("supply", "switch") else wire, wire, fault, moment)


def in_keeping(result: Result, wanted: set[str]) -> bool:
    """One of the verdicts that are due, or `held` when the record says that the fault hit only after the scenario.

    A wire that is opened anew in real time may, on a busy machine, be opened when virtual time has reached the end.
    """
    return result.verdict in wanted or (result.verdict == "held" and result.struck > 0 and result.in_time == 0)


def test_only_a_fault_that_came_too_late_excuses_a_scenario_that_held() -> None:
    late = Result(_case("switch-vanish-open"), "held", "", 1, 0, 1.0, 0.1, ())
    assert in_keeping(late, RIG_FAULT)
    assert not in_keeping(replace(late, in_time=1), RIG_FAULT)
    assert not in_keeping(replace(late, struck=0), RIG_FAULT)
    assert not in_keeping(replace(late, verdict="inconclusive"), RIG_FAULT)


def test_without_a_fault_the_scenario_holds(bed: Bed) -> None:
    unasked = Case("service", "meter", "delay", "close")  # nobody asks the meter in a scenario
    assert run_case(bed, unasked).verdict == "held"


ON_PTYS = {
    "screen-drop-answer": EITHER,
    "screen-delay-answer": EITHER,
    "screen-half-open-answer": RIG_FAULT,
    "screen-vanish-answer": RIG_FAULT,
    "screen-vanish-open": RIG_FAULT,
    "service-drop-answer": EITHER,
    "service-vanish-close": RIG_FAULT,
}


@pytest.fixture(scope="module")
def serial_bed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    made = Bed(tmp_path_factory.mktemp("serial"), ptys=True)
    yield made
    made.close()


def test_over_serial_lines_the_scenario_holds(serial_bed: Bed) -> None:
    assert run_case(serial_bed, Case("service", "meter", "delay", "close")).verdict == "held"


@pytest.mark.parametrize("name", ON_PTYS)
def test_on_a_serial_line_it_ends_tells_the_truth_and_leaves_a_safe_rig(serial_bed: Bed, name: str) -> None:
    result = run_case(serial_bed, _case(name))
    assert not result.wrong, result
    assert in_keeping(result, ON_PTYS[name]), result
    assert result.struck > 0 or result.verdict == "held", result


@pytest.mark.parametrize("name", CHOSEN)
def test_it_ends_tells_the_truth_and_leaves_a_safe_rig(bed: Bed, name: str) -> None:
    result = run_case(bed, _case(name))
    assert not result.wrong, result
    assert in_keeping(result, CHOSEN[name]), result
    if result.verdict == "rig fault":
        assert result.struck > 0, result
        assert result.message, result
