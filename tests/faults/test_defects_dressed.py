"""Defects of a terminal that look like faults of the rig: each is a product failure (the table of docs/faults.md)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from dressed import DEFECTS, begin, lock_and_look, verdict

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import read_rig
from posrig.ground.faults import ProductFailure
from posrig.rig.rig import Rig, RigOptions
from posrig.terminal.models.terminal_r import selling, starting


@pytest.fixture(scope="module")
def opened() -> Iterator[Rig]:
    options = RigOptions(guard=False, defects_from=(str(DEFECTS),))
    with Rig.open(read_rig(SIMULATED), options=options) as rig:
        lock_and_look(begin(rig))  # the profile has known this terminal before
        yield rig


@pytest.mark.parametrize("defect", ["own_tls", "own_frames"])
def test_its_own_line_to_the_host(opened: Rig, defect: str) -> None:
    rig = begin(opened, defect)
    with verdict(rig, ProductFailure, "a sale of 1.00 is approved"):
        starting.ready(rig.terminal, "01")
        selling.sale_is_accepted(rig.terminal)
    counts = rig.bench.do("wire.counts")["host"]
    assert counts["broken"] > rig.baseline.port["host"]["broken"], "it looks like a broken line"


@pytest.mark.parametrize("defect", ["numbers_jump", "wrong_line_sums"])
def test_its_own_service_port(opened: Rig, defect: str) -> None:
    rig = begin(opened, defect)
    with verdict(rig, ProductFailure, "own service port is defective: each byte .* has come in"):
        starting.signed_off(rig.terminal)
        mark = rig.terminal.service.mark()
        starting.sign_on(rig.terminal, "01")
        rig.terminal.service.since(mark, "sign_on")


def test_its_own_console(opened: Rig) -> None:
    rig = begin(opened, "wrong_picture_sums")
    with verdict(rig, ProductFailure, "own screen console is defective: each byte .* has come in"):
        lock_and_look(rig)
        rig.screen.history()


@pytest.mark.parametrize("defect", ["display_stands", "shows_other_page"])
def test_its_display_shows_other_than_it_tells(opened: Rig, defect: str) -> None:
    rig = begin(opened, defect)
    with verdict(rig, ProductFailure, "found:    screen '(signed_off|lock_ask)'"):
        lock_and_look(rig)


def test_its_service_port_tells_another_page_than_it_shows(opened: Rig) -> None:
    rig = begin(opened, "tells_other_page")
    with verdict(rig, ProductFailure, "expected: something else"):
        lock_and_look(rig)
        raise ProductFailure("expected: something else")


def test_a_wrong_text_on_a_page_is_that_page(opened: Rig) -> None:
    rig = begin(opened, "lock_typo")
    with verdict(rig, ProductFailure, "LOKCED"):
        lock_and_look(rig)


@pytest.mark.parametrize("defect", ["restarts_itself", "deaf_enter"])
def test_it_restarts_or_does_not_feel_a_key(opened: Rig, defect: str) -> None:
    rig = begin(opened, defect)
    with verdict(rig, ProductFailure, "expected: "):
        lock_and_look(rig)
