"""A Hypothesis state machine over the same acts, facts and oracles as the guided search.

For test suites that already speak Hypothesis. It draws acts that have a meaning where the terminal is, and scripts of
the scope with acts put in; a failure is shortened on the rig before Hypothesis sees it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from posrig.description.profile import Profile
from posrig.fuzzing.models.from_profile.acts import Act
from posrig.fuzzing.models.from_profile.device import Device
from posrig.fuzzing.models.from_profile.judging import Shown, shortest
from posrig.fuzzing.models.from_profile.scripts import scripts
from posrig.fuzzing.search.hypothesis_machine import run_class
from posrig.ground.faults import ProductFailure

SHRINKS = 60


def machine_class(device: Device, profile: Profile) -> type[RuleBasedStateMachine]:
    """A state machine over one scope's terminal."""
    known = [script for script in scripts(profile, device.scope) if script]

    class TerminalMachine(RuleBasedStateMachine):
        """Draws depend on drawn values and the terminal only, so that an example replays as it ran."""

        def __init__(self) -> None:
            super().__init__()
            device.reset()

        @rule(data=st.data())
        def act(self, data: st.DataObject) -> None:
            """One act that has a meaning now."""
            possible = sorted(one.name for one in device.possible())
            self._press(device.scope.table[data.draw(st.sampled_from(possible), label="act")])

        if known:

            @rule(script=st.sampled_from(known), length=st.integers(1, 20))
            def script(self, script: tuple[str, ...], length: int) -> None:
                """The beginning of a script, as far as it has a meaning now."""
                for name in script[:length]:
                    if device.can(device.scope.table[name]):
                        self._press(device.scope.table[name])

        def _press(self, act: Act) -> None:
            situation = device.facts.situation()
            seen, wrong = device.press(act)
            if wrong is None:
                return
            shown = Shown(device.word, *wrong, seen, situation)
            small, _ = shortest(device, shown, lambda _state: None, SHRINKS)
            raise ProductFailure(
                f"after {' | '.join(small.word)}: expected: {small.expected}; seen: {small.seen.path} ({small.oracle})"
            )

    return TerminalMachine


def run_machine(
    device: Device, profile: Profile, *, examples: int = 20, steps: int = 30, database: Path | None = None,
    seed: int | None = None, runner: Callable[..., Any] = run_state_machine_as_test,
) -> None:  # fmt: skip
    """Raises ProductFailure when an oracle speaks; the message has the shortest acts that were found."""
    run_class(
        machine_class(device, profile), examples=examples, steps=steps, database=database, seed=seed, runner=runner
    )
