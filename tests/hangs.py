"""How long a test waits for what must come: a bound against hanging, never a measure of speed.

A machine under six times its load makes a test slow and must not make it red. What is about speed counts round trips
or virtual time instead; how long it takes on a quiet machine is measured in benchmarks/.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

HANGS_S = 600.0
LONG_S = 120.0
"""A time-out to give to the product where a test says that it is not waited for: see :func:`sooner`."""


def until(done: Callable[[], object], what: str = "it") -> None:
    """Waits until the call is true; raises AssertionError, naming what did not come, after HANGS_S seconds."""
    end = time.monotonic() + HANGS_S
    while not done():
        assert time.monotonic() < end, f"{what} did not come within {HANGS_S:g} s"
        time.sleep(0.01)


@contextmanager
def sooner(than_s: float = LONG_S) -> Iterator[None]:
    """What stands inside does not wait for its time-out of so many seconds: it takes less than half of it."""
    start = time.monotonic()
    yield
    took = time.monotonic() - start
    assert took < than_s / 2, f"waited {took:.1f} s: for its time-out of {than_s:g} s, it seems"
