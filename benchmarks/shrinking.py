"""Ways to make a failing run short, each counted in presses and resets on the device."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture.data import ConjectureData, Status
from hypothesis.internal.conjecture.engine import ConjectureRunner, RunIsComplete

from posrig.fuzzing.machines.device import CountedDevice, MealyDevice
from posrig.fuzzing.machines.mealy import Mealy, Word
from posrig.fuzzing.search.minimise import Minimiser
from posrig.fuzzing.search.verdict import replay


@dataclass(frozen=True)
class FailingRun:
    """A failing run: the seed of its fault and its keys."""

    seed: int
    keys: Word


@cache
def failing_runs() -> dict[str, list[FailingRun]]:
    """The recorded runs, by kind of fault."""
    data = json.loads((Path(__file__).parent / "failing_runs.json").read_text(encoding="utf-8"))
    letters = data["letters"]
    return {
        kind: [FailingRun(run["seed"], tuple(letters.index(letter) for letter in run["keys"])) for run in runs]
        for kind, runs in data["runs"].items()
    }


def _guided(device: CountedDevice, sound: Mealy, keys: Word) -> int:
    return len(Minimiser(device, sound).run(keys).keys)


def _ddmin(device: CountedDevice, sound: Mealy, keys: Word) -> int:
    """Zeller's ddmin by complements, on the device itself."""
    word, pieces = keys, 2
    while len(word) >= 2:
        size = max(1, len(word) // pieces)
        for start in range(0, len(word), size):
            objection = replay(device, sound, word[:start] + word[start + size :])
            if objection is not None:
                word, pieces = objection.keys, max(pieces - 1, 2)
                break
        else:
            if size == 1:
                break
            pieces = min(len(word), pieces * 2)
    return len(word)


def _hypothesis(device: CountedDevice, sound: Mealy, keys: Word) -> int:
    """Hypothesis' own shrinker on a list of keys, started from this very run. It has no public door for that."""
    best = len(keys)
    keyed = st.lists(st.sampled_from(range(len(sound.inputs))), min_size=1, max_size=max(50, 2 * len(keys)))

    def fails(data: ConjectureData) -> None:
        nonlocal best
        objection = replay(device, sound, tuple(data.draw(keyed)))
        if objection is not None:
            best = min(best, len(objection.keys))
            data.mark_interesting(("differs",))

    options = settings(
        database=None, max_examples=10**6, deadline=None, suppress_health_check=list(HealthCheck), print_blob=False
    )
    runner = ConjectureRunner(fails, settings=options, random=random.Random(0))
    choices = [choice for key in keys for choice in (True, key)]
    for start in (choices, choices[1:]):  # whether the first "one more" is recorded differs between versions
        if runner.cached_test_function((*start, False)).status == Status.INTERESTING:
            with suppress(RunIsComplete):
                runner.shrink_interesting_test_cases()
            return best
    raise AssertionError("Hypothesis did not take the failing run")


Shrinker = Callable[[CountedDevice, Mealy, Word], int]
SHRINKERS: dict[str, Shrinker] = {"posrig": _guided, "ddmin": _ddmin}
LONG_SHRINKERS: dict[str, Shrinker] = {"Hypothesis": _hypothesis}


def shrink_once(how: str, target: Mealy, sound: Mealy, keys: Word) -> tuple[int, int, int]:
    """The length reached, presses and resets spent."""
    device = CountedDevice(MealyDevice(target))
    length = (SHRINKERS | LONG_SHRINKERS)[how](device, sound, keys)
    return length, device.presses, device.resets
