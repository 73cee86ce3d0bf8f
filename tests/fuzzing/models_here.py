"""The models of this folder, read once, and small ones made for a test."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from posrig.fuzzing.machines.dot import read_dot
from posrig.fuzzing.machines.mealy import Mealy, build

FOLDER = Path(__file__).parent / "models"


@cache
def model(name: str) -> Mealy:
    """A model by the name of its file."""
    return read_dot(FOLDER / f"{name}.dot")


@st.composite
def machines(draw: st.DrawFn, most_states: int = 6, inputs: int = 3) -> Mealy:
    """Small complete machines; some states may be out of reach, some equivalent."""
    size = draw(st.integers(1, most_states))
    row = st.lists(st.integers(0, size - 1), min_size=inputs, max_size=inputs)
    shown = st.lists(st.sampled_from(["A", "B", "C"]), min_size=inputs, max_size=inputs)
    targets = draw(st.lists(row, min_size=size, max_size=size))
    answers = draw(st.lists(shown, min_size=size, max_size=size))
    return build([f"k{i}" for i in range(inputs)], targets, answers)
