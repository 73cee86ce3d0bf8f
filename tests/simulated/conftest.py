"""The simulated rig for tests: the real process, started with the small firmware of small_rig.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from rig_process import SMALL_RIG, RigProcess

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
