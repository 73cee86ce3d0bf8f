"""A Hypothesis state machine beside the engine: Hypothesis draws data and goals, the engine's planner makes the keys.

Use it where data matter (amounts, codes, delays, the timing of chords) or where a test suite already speaks Hypothesis.
Key order is the engine's work: drawn blindly it costs ten to forty times the presses (benchmarks/search.py). A failure
is shortened by the engine's minimiser before Hypothesis sees it, and Hypothesis' own replay of it is answered from the
tree of histories: it presses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.database import DirectoryBasedExampleDatabase
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from posrig.fuzzing.machines.device import Budget, DeviceUnderTest
from posrig.fuzzing.machines.mealy import Mealy, Word, bits
from posrig.fuzzing.machines.traced import HistoryOverturned, TracedDevice
from posrig.fuzzing.search.minimise import Minimiser, NotReproduced
from posrig.fuzzing.search.planning import Planner
from posrig.ground.faults import ConfigurationError, Inconclusive, ProductFailure

_SHRINK = Budget(presses=500, resets=40)


class Terminal:
    """One device and its model, shared by all examples of a run; asked through the tree of histories.

    ``data`` maps an input of the model (a class such as "amount" or "wrong digit") to a strategy of the concrete inputs
    that the device takes for it.
    """

    def __init__(
        self, device: DeviceUnderTest, machine: Mealy, data: Mapping[str, st.SearchStrategy[str]] | None = None
    ) -> None:
        """
        Raises:
            ConfigurationError: data for an input that the model has not.
        """
        self.data = dict(data or {})
        odd = sorted(set(self.data) - set(machine.inputs))
        if odd:
            raise ConfigurationError(
                f"data for inputs that the model has not: {', '.join(odd)}", allowed=", ".join(machine.inputs)
            )
        self.machine = machine
        self.planner = Planner(machine, device.costs)
        self.traced = TracedDevice(device)
        self.states = self.planner.reachable()
        self.shortest: tuple[str, ...] = ()
        """The shortest failing keys, once a run has failed."""

    def press(self, name: str) -> str:
        """One input and its answer.

        Raises:
            Inconclusive: a replay showed that an earlier answer was misread: the example is void.
        """
        try:
            return self.traced.press(name)
        except HistoryOverturned:
            raise Inconclusive("an earlier answer was misread; the run so far proves nothing") from None

    def shorten(self, keys: Word) -> Word:
        """The shortest keys that fail; the same keys when data make them no word of the model alone."""
        try:
            return Minimiser(self.traced, self.machine, _SHRINK).run(keys).keys
        except NotReproduced:
            return keys


def machine_class(terminal: Terminal) -> type[RuleBasedStateMachine]:
    """A state machine over a terminal: goals near and far, keys not yet pressed in this example, bursts of keys."""
    keys = st.integers(0, len(terminal.machine.inputs) - 1)

    class TerminalMachine(RuleBasedStateMachine):
        """Draws depend on drawn values and the device only, so that an example replays as it ran."""

        def __init__(self) -> None:
            super().__init__()
            self._pressed: list[int] = []
            self._concrete = False
            self._state = terminal.machine.start
            # what this example has not pressed: kept per example, else a replay would draw otherwise
            self._todo = [(1 << len(terminal.machine.inputs)) - 1] * terminal.machine.size
            terminal.traced.reset()

        @rule(rank=st.integers(0, 7), pick=keys, data=st.data())
        def press_something_new(self, rank: int, pick: int, data: st.DataObject) -> None:
            """The rank-th nearest state with keys not pressed, and one of them."""
            near = [s for s in terminal.planner.distances(self._state) if self._todo[s]]
            if not near:
                self._fire(pick, data)
                return
            goal = near[min(rank, len(near) - 1)]
            self._walk(terminal.planner.walk(self._state, goal) or (), data)
            left = bits(self._todo[self._state]) or [pick]
            self._fire(left[pick % len(left)], data)

        @rule(goal=st.sampled_from(terminal.states), key=keys, data=st.data())
        def go_and_press(self, goal: int, key: int, data: st.DataObject) -> None:
            """Any state that can be walked to, and any key there."""
            self._walk(terminal.planner.walk(self._state, goal) or (), data)
            self._fire(key, data)

        @rule(burst=st.lists(keys, min_size=1, max_size=6), data=st.data())
        def burst(self, burst: list[int], data: st.DataObject) -> None:
            """Some keys as they come."""
            self._walk(tuple(burst), data)

        def _walk(self, word: Word, data: st.DataObject) -> None:
            for key in word:
                self._fire(key, data)

        def _fire(self, key: int, data: st.DataObject) -> None:
            machine, state = terminal.machine, self._state
            name = machine.inputs[key]
            concrete = data.draw(terminal.data[name], label=name) if name in terminal.data else name
            self._concrete |= concrete != name
            self._pressed.append(key)
            seen = terminal.press(concrete)
            self._todo[state] &= ~(1 << key)
            if seen != machine.answers[state][key]:
                self._fail(machine.answers[state][key], seen)
            self._state = machine.next_state[state][key]

        def _fail(self, expected: str, seen: str) -> None:
            word = tuple(self._pressed)
            if not self._concrete:
                word = terminal.shorten(word)
            terminal.shortest = terminal.machine.spell(word)
            raise ProductFailure(
                f"after {' '.join(terminal.shortest)}: expected {expected!r}, seen {seen!r}",
                todo="the keys above are the shortest that show it" if not self._concrete else "",
            )

    return TerminalMachine


def run_machine(
    terminal: Terminal,
    *,
    examples: int = 50,
    steps: int = 200,
    database: Path | None = None,
    seed: int | None = None,
    runner: Callable[..., Any] = run_state_machine_as_test,
) -> None:
    """Run the machine as on hardware: no deadline and no shrinking by Hypothesis; replays from ``database`` come first.

    Raises:
        ProductFailure: the device differs from the model; the message has the shortest keys.
    """
    run_class(machine_class(terminal), examples=examples, steps=steps, database=database, seed=seed, runner=runner)


def run_class(
    cls: type[RuleBasedStateMachine],
    *,
    examples: int,
    steps: int,
    database: Path | None = None,
    seed: int | None = None,
    runner: Callable[..., Any] = run_state_machine_as_test,
) -> None:
    """As :func:`run_machine`, for any state machine over a terminal. Raises what the machine raises."""
    if seed is not None:
        cls._hypothesis_internal_use_seed = seed
    runner(
        cls,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=DirectoryBasedExampleDatabase(database) if database is not None else None,
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
            print_blob=False,
        ),
    )
