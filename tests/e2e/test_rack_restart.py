"""A rack of two terminals on two rigs: all off, a wait, all on, each up in time (source article: restart)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from hangs import HANGS_S

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import read_rig
from posrig.rig.rig import Rig
from posrig.terminal.models.terminal_r.starting import link_is_up, ready, restart_all
from posrig.terminal.preparing import prepare
from posrig.terminal.terminal import Terminal

WAIT_S = HANGS_S


@pytest.fixture
def rack() -> Iterator[list[Terminal]]:
    with ExitStack() as stack:
        terminals = [stack.enter_context(Rig.open(read_rig(SIMULATED))).terminal for _ in range(2)]
        for terminal in terminals:
            prepare(terminal)
        yield terminals


def test_all_are_dark_before_the_first_is_switched_on(rack: list[Terminal]) -> None:
    for terminal in rack:
        ready(terminal, "01")
        terminal.timeline.clear()
    restart_all(rack, WAIT_S)
    for terminal in rack:
        power = [event.text.split(",")[0] for event in terminal.timeline if event.kind == "power"]
        assert power == ["off", "on"]
        assert terminal.screen.settled().screen == "signed_off"
        terminal.clock.sleep(5.0)
        link_is_up(terminal)


def test_each_clock_waits_and_the_cashiers_work_again(rack: list[Terminal]) -> None:
    began = [terminal.clock.now() for terminal in rack]
    for terminal in rack:
        ready(terminal, "01")
    restart_all(rack, WAIT_S)
    for terminal, then in zip(rack, began, strict=True):
        assert terminal.clock.now() - then >= WAIT_S
        assert terminal.screen.settled().screen == "signed_off"
