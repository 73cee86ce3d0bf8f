"""The fuzzer's part of a qualification: does it find a seeded defect, in how many presses, by which acts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fuzzing.terminal_r.campaign import Limits, Plan, run
from fuzzing.terminal_r.scopes import chosen
from rigs.description import DEFAULT_RIG, read_rig
from rigs.faults import PosrigError
from rigs.rig import Rig, RigOptions


@dataclass(frozen=True, slots=True)
class Hunt:
    """One defect with one seed. ``presses``: until it showed first (judging and shortening left out), or all when it
    did not. ``remark``: why a run ended that was no search."""

    defect: str
    seed: int
    found: bool
    presses: int
    scope: str = ""
    acts: tuple[str, ...] = ()
    expected: str = ""
    seen: str = ""
    seconds: float = 0.0
    remark: str = ""


def hunt(
    defect: str,
    presses: int,
    *,
    seed: int = 0,
    scopes: Sequence[str] = (),
    rig_file: Path = DEFAULT_RIG,
    defects_from: Sequence[Path] = (),
) -> Hunt:
    """Search one seeded defect on a simulated rig of its own, until the first finding or so many presses.

    Raises:
        ConfigurationError: presses of zero or less.
    """
    limits, began = Limits(presses=presses), time.monotonic()
    options = RigOptions(defects=(defect,), defects_from=tuple(map(str, defects_from)), guard=False)
    try:
        with Rig.open(read_rig(rig_file), options=options) as rig:
            campaign = run(rig, Plan(chosen(rig.profile, scopes), limits, seed=seed, stop_at_first=True))
    except PosrigError as error:
        return Hunt(defect, seed, False, 0, seconds=time.monotonic() - began, remark=error.found)
    seconds = time.monotonic() - began
    real = [(scope, finding) for scope, finding in campaign.findings if finding.verdict != "not again"]
    if not real:
        return Hunt(defect, seed, False, campaign.spent.presses, seconds=seconds)
    scope, finding = real[0]
    return Hunt(
        defect,
        seed,
        True,
        campaign.spent.first_finding,
        scope.name,
        finding.keys,
        finding.expected,
        finding.seen,
        seconds,
    )
