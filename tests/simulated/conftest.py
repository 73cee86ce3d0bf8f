"""What the tests of the simulated rig share: its process with the small firmware, a world, terminal R in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from payment_terminal import Terminal
from rig_process import SMALL_RIG, RigProcess

from posrig.simulated.loop.scheduler import Scheduler
from posrig.simulated.world import World

Starter = Callable[..., RigProcess]


@pytest.fixture
def start() -> Iterator[Starter]:
    """Starts rigs with the small firmware; each has ended well at the end of the test."""
    started: list[RigProcess] = []

    def begin(**options: Any) -> RigProcess:
        started.append(RigProcess([str(SMALL_RIG)], options, argument=True))
        return started[-1]

    yield begin
    for rig in started:
        if rig.process.returncode is None:
            assert rig.end() == 0, rig.errors
            assert rig.errors == ""


@pytest.fixture(scope="session")
def shared() -> Iterator[RigProcess]:
    """One process for all tests that do not end, break or configure it."""
    rig = RigProcess([str(SMALL_RIG)], {"seed": 5}, argument=True)
    yield rig
    assert rig.end() == 0, rig.errors
    assert rig.errors == ""


@pytest.fixture
def rig(shared: RigProcess) -> RigProcess:
    """The shared rig: instruments reset, a terminal from the shelf, no power, all read."""
    for name in ("supply", "switch", "meter"):
        shared.scpi(name, "*RST;*CLS;*ESE 0;*SRE 0;:STAT:PRES;*OPC?")
    shared.act("battery", percent=None, mains=True)
    shared.advance(0.5)
    shared.act("terminal.fresh", clock=1_767_945_600)
    for name in ("screen", "service"):
        shared.wire(name)
    shared.lines()
    shared.frames_reset()
    return shared


@pytest.fixture(scope="module")
def module_world() -> Iterator[World]:
    world = World(Scheduler())
    yield world
    world.close()


@pytest.fixture
def world(module_world: World) -> World:
    module_world.reset()
    return module_world


@pytest.fixture
def terminal(module_world: World, tmp_path: Path) -> Iterator[Terminal]:
    """Terminal R's firmware in this process, switched off; it begins with a world that is reset."""
    with Terminal(module_world, tmp_path) as terminal:
        yield terminal
