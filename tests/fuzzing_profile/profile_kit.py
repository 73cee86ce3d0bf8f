"""A simulated terminal of a rig file, as the profile's model sees it: one scope with every act of the profile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from posrig.description.rig_file import read_rig
from posrig.fuzzing.models.from_profile.device import Device
from posrig.fuzzing.models.from_profile.judging import Shown, replay
from posrig.fuzzing.models.from_profile.scopes import Scope, scopes
from posrig.fuzzing.running.plan import Allowance, Limits, Spent
from posrig.rig.rig import Rig, RigOptions

RIGS = Path(__file__).parents[2] / "rigs"
BROKEN = str(Path(__file__).with_name("broken_counters.py"))


@contextmanager
def rig_of(name: str, *defects: str) -> Iterator[Rig]:
    options = RigOptions(defects=defects, defects_from=(BROKEN,) if name == "counter" else (), guard=False)
    with Rig.open(read_rig(RIGS / f"{name}.yaml"), options=options) as rig:
        yield rig


def every_act(rig: Rig) -> Scope:
    table = {name: act for scope in scopes(rig.profile) for name, act in scope.table.items()}
    return Scope("all", "", table, changes=True)


def device_of(rig: Rig, oracles: Sequence[str] = (), scope: Scope | None = None) -> Device:
    return Device(
        rig.terminal, scope or every_act(rig), Allowance(Limits(presses=10_000), Spent()), begin=rig.begin_scenario,
        look=rig.screen.begin, wired=rig.keypad.keys, oracles=tuple(oracles),
    )  # fmt: skip


def judged(rig: Rig, word: Sequence[str], oracles: Sequence[str] = ()) -> Shown | None:
    return replay(device_of(rig, oracles), tuple(word))
