"""A search as a question in a scenario: "does this hold, whatever is done?" Fails like any expectation, with the
shortest acts that break it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posrig.fuzzing.models.terminal_r.campaign import run
from posrig.fuzzing.models.terminal_r.scopes import chosen, own
from posrig.fuzzing.models.terminal_r.simplifying import simpler
from posrig.fuzzing.running.plan import Limits, Plan
from posrig.ground.faults import ConfigurationError, Inconclusive, ProductFailure
from posrig.rig.rig import Rig

LEAST_ACTS = 20


@dataclass(frozen=True, slots=True)
class Question:
    """What is tried: acts of these scopes (all when none is named), in sequences of at most so many, for so many
    presses."""

    longest: int
    presses: int
    scopes: tuple[str, ...] = ()
    seed: int = 0


def never_fails(rig: Rig, question: Question, oracles: Sequence[str], expected: str) -> int:
    """Search; the presses made.

    Raises:
        ProductFailure: something showed; with the fewest acts that show it.
        Inconclusive: something showed and did not come again.
        RigFault, SafetyAbort: the rig failed, or a limit of its file was reached.
        ConfigurationError: sequences too short to reach every state.
    """
    if question.longest < LEAST_ACTS:
        raise ConfigurationError(
            f"sequences of {question.longest} acts do not reach every state", allowed=f"{LEAST_ACTS} or more"
        )
    plan = Plan(
        chosen(rig.profile, question.scopes), Limits(presses=question.presses), tuple(oracles), question.seed,
        stop_at_first=True, longest=question.longest,
    )  # fmt: skip
    campaign = run(rig, plan)
    if campaign.fault is not None:
        raise campaign.fault
    if not campaign.findings:
        if any(report.result.misread for report in campaign.reports):
            raise Inconclusive(f"expected: {expected}; something showed once and did not come again")
        return campaign.spent.presses
    scope, finding = campaign.findings[0]
    finding = simpler(rig, own(scope), finding)
    raise ProductFailure(
        f"expected: {expected}\nfound:    {finding.seen}\ninstead of: {finding.expected}\n"
        f"after:    {' | '.join(finding.keys)}\n{finding.verdict} ({finding.fired} of {finding.tried}), found after "
        f"{campaign.spent.first_finding} presses",
        todo=f"posrig fuzz --scope '{scope.name}' writes it as a scenario",
    )
