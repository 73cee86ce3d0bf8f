"""What the tests of safety share: a simulated rig that outlives the runs on it, as a lab's does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.kill import Rig as LabRig


@pytest.fixture(scope="module")
def rig() -> Iterator[LabRig]:
    started = LabRig()
    yield started
    started.close()
