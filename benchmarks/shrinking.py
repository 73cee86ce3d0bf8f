"""Ways to make a failing run short, each counted in presses and resets on the device."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fuzzing.device import CountedDevice, MealyDevice
from fuzzing.mealy import Mealy, Word
from fuzzing.minimise import Minimiser
from fuzzing.verdict import replay


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


SHRINKERS: dict[str, Callable[[CountedDevice, Mealy, Word], int]] = {"posrig": _guided, "ddmin": _ddmin}


def shrink_once(how: str, target: Mealy, sound: Mealy, keys: Word) -> tuple[int, int, int]:
    """The length reached, presses and resets spent."""
    device = CountedDevice(MealyDevice(target))
    length = SHRINKERS[how](device, sound, keys)
    return length, device.presses, device.resets
