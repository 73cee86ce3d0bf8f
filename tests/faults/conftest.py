"""What the tests of faults share: an open rig without a guard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import read_rig
from posrig.rig.rig import Rig, RigOptions


@pytest.fixture(scope="module")
def opened() -> Iterator[Rig]:
    with Rig.open(read_rig(SIMULATED), options=RigOptions(guard=False)) as rig:
        yield rig
