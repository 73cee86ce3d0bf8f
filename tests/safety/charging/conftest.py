"""What the tests of charges share: a simulated rig, and a terminal fresh from the shelf for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import read_rig
from posrig.rig.rig import Rig
from posrig.terminal.terminal import Terminal
from tests.safety.charging.prompts import fresh


@pytest.fixture(scope="module")
def rig() -> Iterator[Rig]:
    with Rig.open(read_rig(SIMULATED)) as rig:
        yield rig


@pytest.fixture
def terminal(rig: Rig) -> Iterator[Terminal]:
    fresh(rig)
    yield rig.terminal
    rig.terminal.before_guess = rig.terminal.before_code = rig.terminal.before_flash = None
