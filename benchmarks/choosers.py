"""Ways to choose keys, ours and others, each run until the first answer that differs from the model."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection

from aalpy.base import SUL
from aalpy.oracles import RandomWpMethodEqOracle, StatePrefixEqOracle
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from posrig.fuzzing.learning.learn import to_aalpy
from posrig.fuzzing.machines.device import BudgetSpent, CountedDevice, MealyDevice
from posrig.fuzzing.machines.mealy import Mealy, Separator
from posrig.fuzzing.search.planning import Edge
from posrig.fuzzing.search.strategy import Strategy
from posrig.fuzzing.search.walker import Walker

Chooser = Callable[[CountedDevice, Mealy, int], None]


class Detected(Exception):  # noqa: N818
    """The device answered what the model does not say."""


def shows(chase: Callable[[], None]) -> bool:
    """Whether a search ends with a difference, and not of itself or with its budget."""
    try:
        chase()
    except Detected:
        return True
    except BudgetSpent:
        return False
    return False


class Checked:
    """A device walked along its model by index: raises at the first difference."""

    def __init__(self, device: CountedDevice, machine: Mealy) -> None:
        self._device, self._machine = device, machine
        self._state = machine.start

    def reset(self) -> None:
        self._device.reset()
        self._state = self._machine.start

    def press(self, key: int) -> str:
        seen = self._device.press(self._machine.inputs[key])
        if seen != self._machine.answers[self._state][key]:
            raise Detected
        self._state = self._machine.next_state[self._state][key]
        return seen


_SEPARATORS: dict[Mealy, Separator] = {}


def engine(device: CountedDevice, machine: Mealy, seed: int, blocked: Collection[Edge] = ()) -> None:
    """The search's own strategy. ``blocked`` edges are not walked."""
    separator = _SEPARATORS.setdefault(machine, Separator(machine))
    strategy = Strategy(machine, device.costs, random.Random(seed), blocked=blocked, separator=separator)
    walker = Walker(device, machine, strategy.watchers)
    while walker.follow(strategy.next_plan(walker.state)) is None:
        pass
    raise Detected


def first_visits(machine: Mealy, seed: int) -> list[int]:
    """For each (state, key) of the model, the press at which a walk on a sound device comes to it first."""
    device = MealyDevice(machine)
    separator = _SEPARATORS.setdefault(machine, Separator(machine))
    strategy = Strategy(machine, device.costs, random.Random(seed), separator=separator)
    visits = _Visits()
    walker = Walker(device, machine, (*strategy.watchers, visits))
    while strategy.edges.left:
        walker.follow(strategy.next_plan(walker.state))
    return list(visits.first.values())


class _Visits:
    """Counts presses."""

    def __init__(self) -> None:
        self._presses = 0
        self.first: dict[Edge, int] = {}

    def pressed(self, state: int, key: int, answer: str) -> None:
        self._presses += 1
        self.first.setdefault((state, key), self._presses)

    def restarted(self) -> None:
        """A reset is no press."""


def random_keys(reset_every: int | None) -> Chooser:
    """Uniformly random keys, with or without resets."""

    def run(device: CountedDevice, machine: Mealy, seed: int) -> None:
        rng, checked = random.Random(seed), Checked(device, machine)
        while True:
            checked.reset()
            count = 0
            while reset_every is None or count < reset_every:
                checked.press(rng.randrange(len(machine.inputs)))
                count += 1

    return run


def hypothesis_machine(steps: int) -> Chooser:
    """A stock RuleBasedStateMachine with one rule, press(key); no shrinking, no database."""

    def run(device: CountedDevice, machine: Mealy, seed: int) -> None:
        ended: list[Exception] = []

        class Stop(BaseException):
            """Leaves Hypothesis at once: an Exception would be replayed and shrunk."""

        class Terminal(RuleBasedStateMachine):
            def __init__(self) -> None:
                super().__init__()
                self._checked = Checked(device, machine)
                self._do(self._checked.reset)

            @rule(key=st.integers(0, len(machine.inputs) - 1))
            def press(self, key: int) -> None:
                self._do(lambda: self._checked.press(key))

            def _do(self, act: Callable[[], object]) -> None:
                try:
                    act()
                except (Detected, BudgetSpent) as error:
                    ended.append(error)
                    raise Stop from None

        rng = random.Random(seed)
        options = settings(
            max_examples=10**7,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            print_blob=False,
            report_multiple_bugs=False,
        )
        while not ended:
            Terminal._hypothesis_internal_use_seed = rng.randrange(2**32)
            try:
                run_state_machine_as_test(Terminal, settings=options)
            except BaseException:
                if not ended:
                    raise
        raise ended[0]

    return run


class _System(SUL):
    """A checked device as AALpy wants it."""

    def __init__(self, checked: Checked) -> None:
        super().__init__()
        self._checked = checked

    def pre(self) -> None:
        self._checked.reset()

    def post(self) -> None:
        pass

    def step(self, letter: int) -> str:
        return self._checked.press(letter)


def aalpy_oracle(name: str) -> Chooser:
    """AALpy's own equivalence oracles, with the right model as the hypothesis, again and again."""

    def run(device: CountedDevice, machine: Mealy, seed: int) -> None:
        random.seed(seed)  # AALpy draws from the module's generator
        keys, system = list(range(len(machine.inputs))), _System(Checked(device, machine))
        model = to_aalpy(machine)
        while True:
            if name == "RandomWp":
                oracle = RandomWpMethodEqOracle(keys, system, min_length=1, expected_length=4, num_tests=10**6)
            else:
                oracle = StatePrefixEqOracle(keys, system, walks_per_state=25, walk_len=12)
            oracle.find_cex(model)

    return run


CHOOSERS: dict[str, Chooser] = {
    "posrig": engine,
    "random keys": random_keys(None),
    "random keys, reset every 50": random_keys(50),
    "Hypothesis state machine, 50 steps": hypothesis_machine(50),
    "AALpy RandomWp": aalpy_oracle("RandomWp"),
    "AALpy StatePrefix 25x12": aalpy_oracle("StatePrefix"),
}
