"""What it costs to learn e.dentifier2 new."""

from __future__ import annotations

from fuzzing.device import MealyDevice
from fuzzing.learn import learn
from fuzzing.mealy import Mealy, difference


def learn_once(target: Mealy, reference: Mealy | None, seed: int, patience: int) -> tuple[bool, int, int]:
    """Whether the learned model is exactly right, presses and resets."""
    learned = learn(MealyDevice(target), reference=reference, seed=seed, patience=patience)
    return difference(learned.machine, target) is None, learned.presses, learned.resets
