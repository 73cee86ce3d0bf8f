"""Learning a model of a terminal from its keys, helped by a reference model where there is one.

The learner is AALpy's (L#, adaptive L# or KV). Every question goes through the tree of histories, so that none costs
presses twice; a contradiction is settled by votes and the learner starts again from the tree. Whether a hypothesis is
right is asked by ``posrig.fuzzing.search.questions``, not by AALpy's oracles: those press again what is known, and
reset each time.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from aalpy.automata.MealyMachine import MealyMachine, MealyState
from aalpy.base.Oracle import Oracle
from aalpy.base.SUL import SUL
from aalpy.learning_algs.adaptive.AdaptiveLSharp import run_adaptive_Lsharp
from aalpy.learning_algs.deterministic.KV import run_KV
from aalpy.learning_algs.deterministic.LSharp import run_Lsharp

from posrig.fuzzing.machines.device import Budget, BudgetSpent, CountedDevice, DeviceUnderTest
from posrig.fuzzing.machines.mealy import Mealy, build, minimal, with_inputs
from posrig.fuzzing.machines.traced import HistoryOverturned, TracedDevice
from posrig.fuzzing.search.questions import Questions
from posrig.ground.faults import ConfigurationError, Inconclusive

# AALpy's machine over input indices: its own type parameters say nothing more
AalpyMachine = MealyMachine[Any, Any]
Algorithm = Literal["L#", "adaptive L#", "KV"]
_MOST_RESTARTS = 20
_PATIENCE_ALONE = 2000


@dataclass(frozen=True)
class Learned:
    """A learned model, and how far it can be trusted."""

    machine: Mealy
    complete: bool
    """Every question about the last hypothesis was answered as it says; False: the budget ended first, this is only
    what was explored so far."""
    presses: int
    resets: int
    device_s: float
    rounds: int
    """Hypotheses made."""
    conflicts: int
    """Answers that contradicted an earlier one and were put to the vote."""


class _System(SUL):
    """The device as AALpy wants it."""

    def __init__(self, traced: TracedDevice, inputs: Sequence[str]) -> None:
        super().__init__()
        self._traced, self._inputs = traced, inputs

    def pre(self) -> None:
        self._traced.reset()

    def post(self) -> None:
        pass

    def step(self, letter: int) -> str:
        return self._traced.press(self._inputs[letter])


class _Teacher(Oracle):
    """Puts the questions about each hypothesis, and remembers the last one."""

    def __init__(
        self, system: _System, inputs: Sequence[str], questions: Questions, tell: Callable[[Mealy], None] | None
    ) -> None:
        super().__init__(list(range(len(inputs))), system)
        self._inputs, self._questions, self._tell = inputs, questions, tell
        self.rounds = 0
        self.hypothesis: Mealy | None = None

    def find_cex(self, hypothesis: Any) -> Any:
        """A word on which device and hypothesis differ, or None."""
        self.rounds += 1
        self.hypothesis = from_aalpy(hypothesis, self._inputs)
        if self._tell is not None:
            self._tell(self.hypothesis)
        return self._questions.difference(self.hypothesis)


def learn(
    device: DeviceUnderTest,
    *,
    reference: Mealy | None = None,
    algorithm: Algorithm = "L#",
    budget: Budget | None = None,
    seed: int = 0,
    patience: int | None = None,
    on_hypothesis: Callable[[Mealy], None] | None = None,
) -> Learned:
    """Learn a model of a device by its inputs.

    ``reference`` is a model of a similar terminal (the profile's, or another firmware's): where it contradicts a
    hypothesis the device is asked first. ``patience`` is how many presses of walks (tour, pairs, random) must pass
    without a difference before a hypothesis is believed; 0 asks only the reference's questions, and whether keys that
    seem to do nothing change where the others lead; without a reference not even that (a first look). Left out: 0 with
    a reference; 2000 without, when nothing else tells of hidden states.

    Raises:
        ConfigurationError: the reference has other inputs, or adaptive L# has no reference.
        Inconclusive: the budget ended before the first hypothesis, or the device contradicts itself without end.
        RigFault: as the device does.
    """
    inputs = tuple(device.inputs)
    if reference is not None:
        reference = with_inputs(reference, inputs)
    elif algorithm == "adaptive L#":
        raise ConfigurationError("adaptive L# needs a reference model", allowed="L# and KV learn without one")
    if patience is None:
        patience = _PATIENCE_ALONE if reference is None else 0
    counted = CountedDevice(device, budget)
    traced = TracedDevice(counted)
    questions = Questions(traced, inputs, reference, random.Random(seed), patience)
    system = _System(traced, inputs)
    teacher = _Teacher(system, inputs, questions, on_hypothesis)
    random.seed(seed)  # AALpy draws from the module's generator
    machine, complete = _learn_to_the_end(system, teacher, inputs, reference, algorithm)
    return Learned(
        machine, complete, counted.presses, counted.resets, counted.device_s, teacher.rounds, traced.conflicts
    )


def _learn_to_the_end(
    system: _System, teacher: _Teacher, inputs: Sequence[str], reference: Mealy | None, algorithm: Algorithm
) -> tuple[Mealy, bool]:
    for _ in range(_MOST_RESTARTS):
        try:
            return from_aalpy(_run(system, teacher, len(inputs), reference, algorithm), inputs), True
        except HistoryOverturned:
            continue  # what was concluded from a misread answer is void; what else was seen stays in the tree
        except BudgetSpent:
            if teacher.hypothesis is not None:
                return teacher.hypothesis, False
            raise Inconclusive(
                "the budget ended before there was a first hypothesis", todo="allow more presses or resets"
            ) from None
    raise Inconclusive(
        f"the device contradicted itself in {_MOST_RESTARTS} attempts to learn it",
        todo="look at what it keeps over a reset, and at the reading of its screen",
    )


def _run(system: _System, teacher: _Teacher, keys: int, reference: Mealy | None, algorithm: Algorithm) -> AalpyMachine:
    letters = list(range(keys))
    # AALpy's own cache ends the whole process (SystemExit) on the first contradictory reading: ours votes instead
    if algorithm == "KV":
        learned = run_KV(letters, system, teacher, "mealy", print_level=0, cache_and_non_det_check=False)
    elif algorithm == "adaptive L#" and reference is not None:
        learned = run_adaptive_Lsharp(
            letters, system, [to_aalpy(reference)], teacher, "mealy", print_level=0, cache_and_non_det_check=False
        )
    else:
        # adaptive words for new states too: 6 % fewer presses on the card reader than the default (shortest words)
        learned = run_Lsharp(
            letters,
            system,
            teacher,
            "mealy",
            extension_rule="ADS",
            separation_rule="ADS",
            print_level=0,
            cache_and_non_det_check=False,
        )
    return cast(AalpyMachine, learned)


def to_aalpy(machine: Mealy) -> AalpyMachine:
    """The same machine as AALpy's, over input indices."""
    states: list[MealyState[Any, Any]] = [MealyState(f"s{number}") for number in range(machine.size)]
    for number, state in enumerate(states):
        for key, target in enumerate(machine.next_state[number]):
            state.transitions[key] = states[target]
            state.output_fun[key] = machine.answers[number][key]
    for number, word in machine.access_words().items():
        states[number].prefix = word  # type: ignore[assignment]
    return MealyMachine(states[machine.start], states)


def from_aalpy(hypothesis: AalpyMachine, inputs: Sequence[str]) -> Mealy:
    """AALpy's machine over input indices as ours, minimal, states numbered breadth-first."""
    states = list(hypothesis.states)
    number = {id(state): i for i, state in enumerate(states)}
    keys = range(len(inputs))
    targets = [[number[id(state.transitions[key])] for key in keys] for state in states]
    answers = [[state.output_fun[key] for key in keys] for state in states]
    return minimal(build(inputs, targets, answers, None, number[id(hypothesis.initial_state)]))
