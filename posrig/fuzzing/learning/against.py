"""A terminal searched against what was learned of a sound one: the next firmware against the last.

Nothing is known of either but what their keys show, so what is found is a difference to the reference; whether it is a
defect or a change that was wanted a person says.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from posrig.description.profile import Profile
from posrig.description.rig_file import RigDescription
from posrig.fuzzing.learning.terminal_keys import OUTSIDE, TYPED, UNKNOWN, TerminalKeys
from posrig.fuzzing.machines.device import Budget
from posrig.fuzzing.machines.dot import read_dot
from posrig.fuzzing.machines.mealy import Mealy
from posrig.fuzzing.running.hunts import IN_DOUBT, check_rig
from posrig.fuzzing.search.findings import FindingArchive
from posrig.fuzzing.search.search import Progress, Search, SearchResult
from posrig.fuzzing.search.walker import Objection
from posrig.ground.faults import ConfigurationError, RigFault
from posrig.rig.rig import Rig

STATES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Against:
    """What is searched: against which model, from whose ready screen (empty: nobody's; None: who comes first)."""

    model: Path
    operator: str | None = None
    presses: int | None = None
    minutes: float | None = None
    seed: int = 0
    first: bool = False
    defects: tuple[str, ...] = ()
    findings: Path | None = None
    firmware: str = ""


def read_reference(path: Path, profile: Profile, description: RigDescription) -> Mealy:
    """A learned model of this terminal. Raises ConfigurationError, with the file: not readable, keys that the terminal
    does not have or the rig has not wired, screens of another terminal."""
    machine = read_dot(path)
    if strange := [key for key in machine.inputs if key not in profile.keys]:
        raise ConfigurationError(
            f"the model has keys that terminal {profile.data.model} does not have: {' '.join(strange)}",
            where=str(path), allowed=" ".join(profile.keys),
            todo="name the model that was learned of this terminal: posrig learn --write FILE.dot",
        )  # fmt: skip
    if unwired := [key for key in machine.inputs if key not in description.keypad.channels]:
        raise ConfigurationError(
            f"the model was learned by keys that this rig has not wired: {' '.join(unwired)}",
            where=f"{path}; rig file, field keypad.channels", allowed=" ".join(description.keypad.channels),
            todo="wire them, or learn the reference by the others alone: posrig learn --key KEY ...",
        )  # fmt: skip
    known = {*profile.screens, OUTSIDE}
    named = {part for row in machine.answers for answer in row for part in answer.split(" > ")}
    plain = {part.removesuffix(TYPED) for part in named if not part.startswith(UNKNOWN)}
    if others := sorted(plain - known):
        raise ConfigurationError(
            f"the model answers with screens that the profile of terminal {profile.data.model} does not have: "
            f"{', '.join(others[:STATES_SHOWN])}{' ...' if len(others) > STATES_SHOWN else ''}",
            where=str(path), allowed=f"a model learned with {profile.source.path.name}",
            todo="is it a model of another terminal? learn one of this: posrig learn --write FILE.dot",
        )  # fmt: skip
    return machine


class ReferenceSearch(Search):
    """A difference counts only on a sound rig."""

    check_rig: Callable[[], None] = staticmethod(lambda: None)

    def _handle(self, objection: Objection) -> None:
        self.check_rig()
        before = {finding.id for finding in self._findings}
        super()._handle(objection)
        try:
            self.check_rig()
        except RigFault:
            for finding in [one for one in self._findings if one.id not in before]:
                self._findings.drop(self._findings.keep(replace(finding, verdict=IN_DOUBT)))
            raise


def search_against(
    rig: Rig, machine: Mealy, wanted: Against, on_progress: Callable[[Progress], None] | None = None
) -> SearchResult:
    """Search until the budget ends, or everything was covered.

    Raises:
        ConfigurationError: no shelf, an unknown operator, an archive of another firmware, a budget of zero.
    """
    ends_at = None if wanted.minutes is None else time.monotonic() + wanted.minutes * 60
    device = TerminalKeys(
        rig.terminal, begin=rig.begin_scenario, operator=wanted.operator, keys=machine.inputs, defects=wanted.defects,
        ends_at=ends_at,
    )  # fmt: skip
    archive = None
    if wanted.findings is not None:
        archive = FindingArchive.in_folder(
            wanted.findings / f"model-{wanted.model.stem}", terminal=rig.profile.data.model, firmware=wanted.firmware
        )
    search = ReferenceSearch(
        device, machine, seed=wanted.seed, budget=Budget(presses=wanted.presses, minutes=wanted.minutes),
        archive=archive, on_progress=on_progress, most_findings=1 if wanted.first else 10, complete_is_enough=True,
    )  # fmt: skip
    search.check_rig = lambda: check_rig(rig)
    return search.run()
