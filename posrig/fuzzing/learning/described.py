"""Devices that are not on a rig: a model from a .dot file, described in a file of its own (``rigs/mealy.yaml``)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from posrig.description.fields import Strict
from posrig.description.located_yaml import LocatedYaml, existing, read_yaml, validate
from posrig.fuzzing.machines.device import Costs, MealyDevice
from posrig.fuzzing.machines.dot import read_dot
from posrig.fuzzing.machines.mealy import Mealy
from posrig.ground.faults import ConfigurationError

MISREAD = "(misread)"
_WHAT = "device file"


class MealySource(Strict):
    """Which model answers, what an act would cost on a rig (seconds), and how often an answer is misread."""

    model: Path | None = None
    missing: str | None = None
    """The answer to an input that a state does not name; left out, a model must name every input in every state."""
    press_s: Annotated[float, Field(gt=0, le=3600)] = 0.2
    reset_s: Annotated[float, Field(gt=0, le=3600)] = 30.0
    misread_one_in: Annotated[int, Field(ge=0)] = 0
    """One reading of an answer in so many is wrong, as a camera's would be; 0: none."""


class DeviceSource(Strict):
    mealy: MealySource


class DeviceFile(Strict):
    """All of one device file."""

    name: str
    device: DeviceSource


@dataclass(frozen=True)
class ModelDevice:
    """A device made from a model: the truth about it is known, though not to the learner."""

    name: str
    path: Path
    truth: Mealy
    device: MealyDevice


def describes_a_model(path: Path) -> bool:
    """Whether a file describes such a device, not a rig. Raises ConfigurationError as ``read_yaml`` does."""
    return "device" in read_yaml(path, "rig or device file").data


def read_model_device(path: Path, *, model: Path | None = None, seed: int = 0) -> ModelDevice:
    """The device of a file; ``model`` is taken instead of the one that the file names (which is relative to the file).

    Raises:
        ConfigurationError: a wrong field, no model, or a model that cannot be read; with file and line.
    """
    source = read_yaml(path, _WHAT)
    described = validate(source, DeviceFile, _WHAT)
    mealy = described.device.mealy
    chosen = model if model is not None else _named(source, mealy)
    truth = read_dot(chosen, missing=mealy.missing)
    costs = Costs(mealy.press_s, mealy.reset_s)
    if mealy.misread_one_in:
        return ModelDevice(described.name, chosen, truth, Misreading(truth, costs, mealy.misread_one_in, seed))
    return ModelDevice(described.name, chosen, truth, MealyDevice(truth, costs))


def _named(source: LocatedYaml, mealy: MealySource) -> Path:
    if mealy.model is None:
        raise ConfigurationError(
            "no model is named", where=source.where(("device", "mealy")), allowed="model: FILE.dot there, or --model"
        )
    return existing(source, ("device", "mealy", "model"), mealy.model, "device file")


class Misreading(MealyDevice):
    """A model whose answers are misread now and then: what a camera or a bad line does to a learner."""

    def __init__(self, machine: Mealy, costs: Costs, one_in: int, seed: int) -> None:
        super().__init__(machine, costs)
        self._one_in, self._rng = one_in, random.Random(f"misread {seed}")
        self._shown = ""

    def press(self, name: str) -> str:
        self._shown = super().press(name)
        return self.reread()

    def reread(self) -> str:
        """The same answer read once more, perhaps misread again."""
        return MISREAD if self._rng.randrange(self._one_in) == 0 else self._shown


def same_inputs(model: Mealy, path: Path, inputs: Sequence[str], other: str) -> None:
    """Two models must speak of the same keys. Raises ConfigurationError naming those that only one has."""
    odd = [f"{name} (only in {path.name})" for name in sorted(set(model.inputs) - set(inputs))]
    odd += [f"{name} (only in {other})" for name in sorted(set(inputs) - set(model.inputs))]
    if odd:
        raise ConfigurationError(
            f"{path.name} has other inputs than {other}: {', '.join(odd[:8])}",
            where=str(path),
            allowed=", ".join(inputs),
            todo="name a model of the same keypad; --same NAME=NAME when a key is only called differently",
        )
