"""The findings that a plan's folder keeps of this terminal model and firmware, and one of them by its id."""

from __future__ import annotations

from collections.abc import Callable

from posrig.fuzzing.running.hunts import archive_of, check_rig
from posrig.fuzzing.running.plan import Plan, Scope
from posrig.fuzzing.search.findings import Finding
from posrig.fuzzing.search.verdict import Class, Verdict
from posrig.ground.faults import ConfigurationError
from posrig.rig.rig import Rig

REPLAYS, MORE_REPLAYS = 3, 7


def classed(fired: int, tried: int) -> Class:
    """Always, sometimes or not again."""
    return "always" if fired == tried else "sometimes" if fired else "not again"


def rate(fires: Callable[[], bool]) -> Verdict:
    """Three times; ten when those disagree."""
    fired, tried = sum(fires() for _ in range(REPLAYS)), REPLAYS
    if 0 < fired < tried:
        fired, tried = fired + sum(fires() for _ in range(MORE_REPLAYS)), tried + MORE_REPLAYS
    return Verdict(classed(fired, tried), fired, tried, ())


def known(rig: Rig, plan: Plan) -> dict[str, tuple[Scope, Finding]]:
    """Every finding about this terminal model and firmware in the plan's folder, by id."""
    found = {}
    for scope in plan.scopes:
        archive = archive_of(rig, plan, scope, begin=False)
        for finding in archive.all() if archive is not None else []:
            found[finding.id] = scope, finding
    return found


def again(
    rig: Rig, plan: Plan, wanted: str, fires: Callable[[Scope, Finding], Callable[[], bool]]
) -> tuple[Scope, Finding, Verdict]:
    """Replay the finding whose id begins so.

    Raises:
        ConfigurationError: there is no such finding, or there are several.
        RigFault: the rig failed, or is in doubt after it.
    """
    archive = known(rig, plan)
    hits = [one for one in archive if one.startswith(wanted)]
    if len(hits) != 1:
        raise ConfigurationError(
            f"{len(hits) or 'no'} findings have an id that begins with {wanted!r}",
            where=str(plan.findings),
            allowed=", ".join(sorted(archive)) or f"nothing: no finding about firmware {plan.firmware} is kept here",
            todo="name the firmware's seeded defects as in the first run (--defect)" if plan.defects else "",
        )
    scope, finding = archive[hits[0]]
    verdict = rate(fires(scope, finding))
    if verdict.fired:
        check_rig(rig)
    return scope, finding, verdict
