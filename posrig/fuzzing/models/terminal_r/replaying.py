"""One known finding again: found in the archive by its id, replayed three times (ten when those disagree)."""

from __future__ import annotations

from collections.abc import Callable

from posrig.fuzzing.models.terminal_r.device import TerminalDevice
from posrig.fuzzing.models.terminal_r.hunting import every_edge
from posrig.fuzzing.models.terminal_r.hunts import archive_of, check_rig
from posrig.fuzzing.models.terminal_r.lock_model import LockModel, Scope
from posrig.fuzzing.models.terminal_r.oracles import oracles
from posrig.fuzzing.models.terminal_r.plan import Allowance, Plan, Spent
from posrig.fuzzing.models.terminal_r.trials.hunting import TrialHunt
from posrig.fuzzing.models.terminal_r.trials.known import trial_of
from posrig.fuzzing.search.findings import Finding
from posrig.fuzzing.search.verdict import Class, Verdict, replay
from posrig.ground.faults import ConfigurationError
from posrig.rig.rig import Rig

REPLAYS, MORE_REPLAYS = 3, 7


def classed(fired: int, tried: int) -> Class:
    """Always, sometimes or not again."""
    return "always" if fired == tried else "sometimes" if fired else "not again"


def known(rig: Rig, plan: Plan) -> dict[str, tuple[Scope, Finding]]:
    """Every finding about this terminal model and firmware in the plan's folder, by id."""
    found = {}
    for scope in plan.scopes:
        archive = archive_of(rig, plan, scope, begin=False)
        for finding in archive.all() if archive is not None else []:
            found[finding.id] = scope, finding
    return found


def again(rig: Rig, plan: Plan, wanted: str) -> tuple[Scope, Finding, Verdict]:
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
    fires = _model(rig, plan, scope, finding) if scope.acts else _trial(rig, plan, scope, finding)
    fired, tried = sum(fires() for _ in range(REPLAYS)), REPLAYS
    if 0 < fired < tried:
        fired, tried = fired + sum(fires() for _ in range(MORE_REPLAYS)), tried + MORE_REPLAYS
    if fired:
        check_rig(rig)
    return scope, finding, Verdict(classed(fired, tried), fired, tried, ())


def _model(rig: Rig, plan: Plan, scope: Scope, finding: Finding) -> Callable[[], bool]:
    model = LockModel(rig.profile, scope)
    machine = model.machine()
    device = TerminalDevice(
        rig.terminal, model, begin=rig.begin_scenario, defects=plan.defects,
        allowance=Allowance(plan.limits, Spent(), plan.left),
    )  # fmt: skip
    judges = oracles(() if finding.oracle == "model" else (finding.oracle,), device, rig.terminal)
    tolerated = () if finding.oracle == "model" else every_edge(machine)

    def fires() -> bool:
        shown = replay(device, machine, machine.word(finding.keys), judges, tolerated)
        return shown is not None and shown.expected == finding.expected

    return fires


def _trial(rig: Rig, plan: Plan, scope: Scope, finding: Finding) -> Callable[[], bool]:
    trial = trial_of(scope)
    hunt = TrialHunt(rig, plan, trial, Allowance(plan.limits, Spent(), plan.left), None, None)
    chosen = trial.read(finding.keys[0])

    def fires() -> bool:
        broken = hunt.once(chosen)
        return broken is not None and broken.expected == finding.expected

    return fires
