"""A rig that does not open is a rig fault like one in a scenario: tried again, each attempt kept, then exit code 3.

Bounded for the whole run: a rig that stays away is not opened anew for every scenario. Not tried again: a rig that
another job has (``--lease-wait`` is for that) and a damaged ledger (mended, and the run stops once to say so).
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack

import pytest

from posrig.ground.faults import RigFault
from posrig.plugin.evidence import EVIDENCE
from posrig.rig.session import RigSession
from posrig.safety.guard import PATIENCE_S
from posrig.safety.lease import Busy
from posrig.safety.ledger_store import LedgerDamaged

_NOT_TOLD = pytest.StashKey[list[str]]()
_TOLD = pytest.StashKey[list[str]]()
_FAILED = pytest.StashKey[bool]()
Opener = Callable[[float], AbstractContextManager[RigSession]]
"""Opens the rig's session; the argument is how long to wait for the lease, in real seconds."""


def opened(
    config: pytest.Config,
    stack: ExitStack,
    opener: Opener,
    wait_s: float,
    progress: Callable[[str], None],
    *,
    guard_s: float = PATIENCE_S,
) -> RigSession:
    """The session, entered on ``stack``, after at most ``--retries`` more attempts. Raises what the last one raised.
    ``guard_s``: the longest that the guard of an attempt may take."""
    left: int = config.getoption("--retries", 0)
    failed = config.stash.setdefault(_NOT_TOLD, [])
    waiting_s = wait_s
    while True:
        try:
            return stack.enter_context(opener(waiting_s))
        except RigFault as fault:
            failed.append(f"opening {len(failed) + 1}: rig fault: {fault.found.splitlines()[0].rstrip(':')}")
            if left == 0 or isinstance(fault, Busy | LedgerDamaged):
                config.stash[_FAILED] = True
                raise
            progress(f"the rig did not open, it is tried again: {failed[-1]}")
        left -= 1
        # the guard of the attempt before has the rig until it is safe
        waiting_s = max(wait_s, guard_s)


def stays_closed(config: pytest.Config) -> bool:
    """The rig did not open in this run: a scenario that fails for want of it is not tried again."""
    return config.stash.get(_FAILED, False)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """The scenario that waited for the rig tells how often it was opened, whatever came of it."""
    try:
        return (yield)
    finally:
        new = item.config.stash.get(_NOT_TOLD, [])
        openings = item.stash.setdefault(_TOLD, [])
        openings += new
        new.clear()
        if openings and (evidence := item.stash.get(EVIDENCE, None)) is not None:
            evidence.tell(openings="; ".join(openings))
            for line in openings:
                evidence.add_event("verdict", line, 0.0)
