"""The fuzzer's part of a qualification: does it find a seeded defect, in how many presses; if not, why."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import read_rig
from posrig.fuzzing.models.registry import model_of
from posrig.fuzzing.running.campaign import Campaign
from posrig.fuzzing.running.contract import FuzzModel
from posrig.fuzzing.running.plan import Limits, Plan
from posrig.fuzzing.running.workers import each
from posrig.ground.faults import ConfigurationError, PosrigError
from posrig.rig.rig import Rig, RigOptions

SOUND = ""
"""In place of a defect: the sound terminal. Whatever is found there is a false alarm."""


@dataclass(frozen=True, slots=True)
class Hunt:
    """One defect with one seed. ``presses``: until it showed first (judging and shortening left out), or all when it
    did not. ``why``: why it was missed. ``remark``: why a run ended that was no search."""

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
    oracle: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class HuntOptions:
    """What all hunts of a qualification have in common. ``presses``: the most for one defect."""

    presses: int
    seed: int = 0
    scopes: tuple[str, ...] = ()
    rig_file: Path = SIMULATED
    defects_from: tuple[Path, ...] = ()


def hunt(defect: str, options: HuntOptions) -> Hunt:
    """Search one seeded defect on a simulated rig of its own, until the first finding or so many presses.

    Raises:
        ConfigurationError: presses of zero or less.
    """
    limits, began = Limits(presses=options.presses), time.monotonic()
    wanted = RigOptions(
        defects=(defect,) if defect else (), defects_from=tuple(map(str, options.defects_from)), guard=False
    )
    try:
        with Rig.open(read_rig(options.rig_file), options=wanted) as rig:
            model = model_of(rig.profile)
            plan = Plan(model.scopes(options.scopes), limits, seed=options.seed, stop_at_first=True)
            campaign = model.run(rig, plan)
    except PosrigError as error:
        return Hunt(defect, options.seed, False, 0, seconds=time.monotonic() - began, remark=_first_line(error.found))
    return _result(defect, options.seed, model, campaign, time.monotonic() - began)


def _result(defect: str, seed: int, model: FuzzModel, campaign: Campaign, seconds: float) -> Hunt:
    real = [(scope, finding) for scope, finding in campaign.findings if finding.verdict != "not again"]
    if not real and campaign.fault is not None:
        return Hunt(
            defect, seed, False, campaign.spent.presses, seconds=seconds, remark=_first_line(campaign.fault.found)
        )
    if not real:
        why = model.why_missed(defect, campaign) if defect else ""
        return Hunt(defect, seed, False, campaign.spent.presses, seconds=seconds, why=why)
    scope, finding = real[0]
    return Hunt(
        defect, seed, True, campaign.spent.first_finding or 0, scope.name, finding.keys, finding.expected, finding.seen,
        seconds, oracle=finding.oracle,
    )  # fmt: skip


def hunts(
    defects: Sequence[str], options: HuntOptions, workers: int, progress: Callable[[Hunt], None]
) -> tuple[Hunt, ...]:
    """Every defect, ``workers`` at a time, each in a process of its own (a search keeps a core busy).

    Raises:
        ConfigurationError: presses of zero or less, no worker, a rig that is not simulated.
        KeyboardInterrupt: Ctrl-C or SIGTERM; ``progress`` was told of all that was done, every rig is closed.
    """
    Limits(presses=options.presses)
    if workers < 1:
        raise ConfigurationError(f"{workers} workers", allowed="1 or more")
    if read_rig(options.rig_file).simulated is None:
        raise ConfigurationError("only a simulated rig has seeded defects", where=str(options.rig_file))
    done: dict[str, Hunt] = {}
    with closing(each(partial(hunt, options=options), defects, workers)) as coming:
        for found in coming:
            done[found.defect] = found
            progress(found)
    return tuple(done[defect] for defect in defects)


def _first_line(text: str) -> str:
    return (text.splitlines() or ["?"])[0]
