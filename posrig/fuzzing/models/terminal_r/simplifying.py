"""Would a person rather read it so? A finding by acts that say more, where those show it too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from posrig.fuzzing.machines.device import BudgetSpent
from posrig.fuzzing.models.terminal_r.acts import CODE, CUT, LOCK, NOISE, RESTART, RIGHT
from posrig.fuzzing.models.terminal_r.device import TerminalDevice
from posrig.fuzzing.models.terminal_r.lock_model import LockModel, Scope
from posrig.fuzzing.running.plan import Allowance
from posrig.fuzzing.search.findings import Finding
from posrig.rig.rig import Rig

SIMPLER: Sequence[tuple[tuple[str, ...], tuple[str, ...]]] = (
    (("operator 00", RIGHT, CODE), ("operator 01", RIGHT)),
    (("operator 02",), ("operator 01",)),
    (("quiet for 305 s",), (LOCK,)),
    ((NOISE,), (LOCK,)),
    ((RESTART,), (CUT,)),
    (("quiet for 295 s", "quiet for 305 s"), ("quiet for 305 s",)),
)
"""What a person would rather read, where it shows the same."""


def simpler(rig: Rig, scope: Scope, finding: Finding, allowance: Allowance | None = None) -> Finding:
    """The finding by acts that say more to people, where those show it too; else the finding as it is.

    Raises:
        RigFault: as the rig does.
    """
    if finding.verdict != "always" or finding.oracle != "model" or not scope.acts:
        return finding
    model = LockModel(rig.profile, scope)
    device = TerminalDevice(rig.terminal, model, begin=rig.begin_scenario, allowance=allowance)
    for old, new in SIMPLER:
        keys = _replaced(finding.keys, old, new)
        if keys == finding.keys or not set(keys) <= set(model.acts):
            continue
        try:
            shown = _shows(device, model, keys)
        except BudgetSpent:  # no wrong password or power cycle is left: it stays as it is
            break
        if shown is not None:
            finding = replace(finding, keys=keys, expected=shown[0], seen=shown[1])
    return finding


def _replaced(keys: tuple[str, ...], old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    found = list(keys)
    at = 0
    while at <= len(found) - len(old):
        if tuple(found[at : at + len(old)]) == old:
            found[at : at + len(old)] = new
            at += len(new)
        else:
            at += 1
    return tuple(found)


def _shows(device: TerminalDevice, model: LockModel, keys: tuple[str, ...]) -> tuple[str, str] | None:
    """What the last act should and does show, when it and only it goes wrong."""
    device.reset()
    state = model.start
    for number, name in enumerate(keys, 1):
        if not model.possible(state, name):
            return None
        seen = device.press(name)
        state, expected = model.step(state, name)
        if seen != expected:
            return (expected, seen) if number == len(keys) else None
    return None
