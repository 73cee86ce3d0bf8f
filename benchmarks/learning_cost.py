"""What it costs to learn a card reader: ours, and AALpy with its own oracles and cache."""

from __future__ import annotations

import random

from aalpy.base import SUL
from aalpy.learning_algs import run_Lsharp
from aalpy.learning_algs.adaptive.AdaptiveLSharp import run_adaptive_Lsharp
from aalpy.oracles import RandomWpMethodEqOracle, StatePrefixEqOracle

from posrig.fuzzing.learning.learn import from_aalpy, learn, to_aalpy
from posrig.fuzzing.machines.device import CountedDevice, MealyDevice
from posrig.fuzzing.machines.mealy import Mealy, difference, with_inputs


def learn_once(target: Mealy, reference: Mealy | None, seed: int, patience: int) -> tuple[bool, int, int]:
    """Whether the learned model is exactly right, presses and resets."""
    learned = learn(MealyDevice(target), reference=reference, seed=seed, patience=patience)
    return difference(learned.machine, target) is None, learned.presses, learned.resets


class _System(SUL):
    """The device as AALpy wants it: reset before each word."""

    def __init__(self, device: CountedDevice) -> None:
        super().__init__()
        self._device = device

    def pre(self) -> None:
        self._device.reset()

    def post(self) -> None:
        pass

    def step(self, letter: int) -> str:
        return self._device.press(self._device.inputs[letter])


def learn_with_aalpy(target: Mealy, reference: Mealy | None, seed: int, oracle: str) -> tuple[bool, int, int]:
    """The same for L# (adaptive L# with a reference) as AALpy has it."""
    random.seed(seed)  # AALpy draws from the module's generator
    device = CountedDevice(MealyDevice(target))
    system, keys = _System(device), list(range(len(target.inputs)))
    if oracle == "RandomWp":
        asked = RandomWpMethodEqOracle(keys, system, min_length=1, expected_length=4, num_tests=1000)
    else:
        asked = StatePrefixEqOracle(keys, system, walks_per_state=25, walk_len=12)
    if reference is None:
        learned = run_Lsharp(keys, system, asked, "mealy", print_level=0)
    else:
        known = [to_aalpy(with_inputs(reference, target.inputs))]
        learned = run_adaptive_Lsharp(keys, system, known, asked, "mealy", print_level=0)
    return difference(from_aalpy(learned, target.inputs), target) is None, device.presses, device.resets
