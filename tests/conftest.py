"""Settings of all tests: how long an example takes depends on the machine's load, so no example has a deadline.

What the tests leave stays in their own folder: the next run of scenarios must not show an incident of theirs.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

# a product of small matrices needs no threads of its own, and the workers have all cores at work
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# a shell that starts something in the background has it ignore Ctrl-C, and whatever that starts: the tests of Ctrl-C
# send it all the same
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
settings.register_profile("posrig", deadline=None)
settings.load_profile("posrig")

# feature files below tests/ are run by tests in processes of their own, when they are named
collect_ignore_glob = ["*.feature"]


@pytest.fixture(scope="session", autouse=True)
def own_incidents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """In the environment, so that processes that tests start have it too."""
    patch = pytest.MonkeyPatch()
    patch.setenv("POSRIG_INCIDENTS", str(tmp_path_factory.mktemp("incidents")))
    yield
    patch.undo()
