"""One known finding again: found in the archive by its id, replayed three times (ten when those disagree)."""

from __future__ import annotations

from collections.abc import Callable

from posrig.fuzzing.models.terminal_r.device import TerminalDevice
from posrig.fuzzing.models.terminal_r.hunting import every_edge
from posrig.fuzzing.models.terminal_r.lock_model import LockModel
from posrig.fuzzing.models.terminal_r.lock_model import Scope as OwnScope
from posrig.fuzzing.models.terminal_r.oracles import oracles
from posrig.fuzzing.models.terminal_r.scopes import own
from posrig.fuzzing.models.terminal_r.trials.hunting import TrialHunt
from posrig.fuzzing.models.terminal_r.trials.known import trial_of
from posrig.fuzzing.running import archive
from posrig.fuzzing.running.plan import Allowance, Plan, Scope, Spent
from posrig.fuzzing.search.findings import Finding
from posrig.fuzzing.search.verdict import Verdict, replay
from posrig.rig.rig import Rig


def again(rig: Rig, plan: Plan, wanted: str) -> tuple[Scope, Finding, Verdict]:
    """See :func:`posrig.fuzzing.running.archive.again`."""

    def fires(scope: Scope, finding: Finding) -> Callable[[], bool]:
        return (_model if scope.acts else _trial)(rig, plan, own(scope), finding)

    return archive.again(rig, plan, wanted, fires)


def _model(rig: Rig, plan: Plan, scope: OwnScope, finding: Finding) -> Callable[[], bool]:
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


def _trial(rig: Rig, plan: Plan, scope: OwnScope, finding: Finding) -> Callable[[], bool]:
    trial = trial_of(scope)
    hunt = TrialHunt(rig, plan, trial, Allowance(plan.limits, Spent(), plan.left), None, None)
    chosen = trial.read(finding.keys[0])

    def fires() -> bool:
        broken = hunt.once(chosen)
        return broken is not None and broken.expected == finding.expected

    return fires
