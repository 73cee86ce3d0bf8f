"""Learning the terminal of a rig, kept to its sandbox, and what that says about the profile."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from posrig.description.profile import Profile, read_profile
from posrig.description.rig_file import RigDescription
from posrig.fuzzing.learning.draft import AgainstProfile, against_profile, draft_profile
from posrig.fuzzing.learning.exploring import Asked, Explored, explore
from posrig.fuzzing.learning.terminal_keys import TerminalKeys
from posrig.fuzzing.machines.device import Budget
from posrig.fuzzing.machines.mealy import Mealy
from posrig.ground.faults import ConfigurationError, Inconclusive
from posrig.rig.rig import RigOptions
from posrig.rig.session import rig_session
from posrig.rig.soundness import blamed, doubts, judged

LONGEST_MIN = 10.0
"""Without a budget in minutes a terminal is learned this long: its wear counts."""


@dataclass(frozen=True)
class Wanted:
    """What is learned: from whose ready screen (empty: nobody signed on; None: of whom the profile names first), by
    which keys (none named: all)."""

    operator: str | None = None
    keys: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()
    presses: int | None = None
    resets: int | None = None
    minutes: float | None = None
    """Of the wall's clock."""
    seed: int = 0
    patience: int = 0


class TooSoonError(Inconclusive):
    """Ended before there was a model. ``draft``: a profile in YAML of what was seen all the same."""

    def __init__(self, why: Inconclusive, draft: str) -> None:
        super().__init__(why.found, where=why.where, allowed=why.allowed, todo=why.todo)
        self.draft = draft


@dataclass(frozen=True)
class LearnedTerminal:
    """A terminal's model, beside its profile; ``draft`` is a profile in YAML."""

    explored: Explored
    first: str
    beside: AgainstProfile
    draft: str
    screens: Sequence[str]
    profile: Profile


def learn_terminal(
    description: RigDescription,
    wanted: Wanted,
    *,
    reference: Mealy | None = None,
    watch: Callable[[Asked], None] | None = None,
) -> LearnedTerminal:
    """Learn the rig's terminal. Minutes are the wall's.

    Raises:
        ConfigurationError: an unknown key or operator, defects without a simulated rig, a budget of zero.
        TooSoonError: the budget ended before the first hypothesis.
        ProductFailure, RigFault, SafetyAbort: as the terminal and the rig do.
    """
    if wanted.defects and description.simulated is None:
        raise ConfigurationError("only a simulated rig has seeded defects", where="--defect")
    Budget(wanted.presses, wanted.resets, wanted.minutes)  # refuses a budget of zero before the rig opens
    profile = read_profile(description.terminal.profile)
    options = RigOptions(defects=wanted.defects)
    with rig_session(description, profile=profile, options=options) as held, judged(held.rig):
        held.begin("posrig learn")
        minutes = LONGEST_MIN if wanted.minutes is None else wanted.minutes
        device = TerminalKeys(
            held.rig.terminal, begin=held.rig.begin_scenario, operator=wanted.operator, keys=wanted.keys,
            defects=wanted.defects, ends_at=time.monotonic() + minutes * 60,
        )  # fmt: skip
        try:
            explored = explore(
                device, reference=reference, budget=Budget(wanted.presses, wanted.resets), seed=wanted.seed,
                patience=wanted.patience, watch=watch,
            )  # fmt: skip
        except Inconclusive as why:
            raise TooSoonError(why, draft_profile(device.seen, profile)) from None
        beside = against_profile(device.seen, profile)
        if beside.elsewhere and (against := doubts(held.rig)):
            raise blamed(against, f"{len(beside.elsewhere)} keys lead elsewhere than the profile says")
    draft = draft_profile(device.seen, profile)
    return LearnedTerminal(explored, device.first, beside, draft, tuple(device.seen.frames), profile)
