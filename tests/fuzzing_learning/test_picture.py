"""The drawing of a learned model, and runs that are stopped."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from posrig.fuzzing.learning.exploring import explore
from posrig.fuzzing.learning.picture import picture
from posrig.fuzzing.machines.device import MealyDevice
from posrig.fuzzing.machines.dot import read_dot
from posrig.fuzzing.machines.mealy import build
from posrig.ground.faults import ConfigurationError

MODEL = read_dot(Path(__file__).resolve().parents[1] / "fuzzing" / "models" / "edentifier2_new_full_rand.dot")


def texts(svg: str) -> str:
    root = ElementTree.fromstring(svg)
    return "\n".join(element.text or "" for element in root.iter() if element.tag.endswith("text"))


@pytest.mark.parametrize("graphviz", [True, False])
def test_keys_that_change_nothing_are_folded(graphviz):
    shown = texts(picture(MODEL, graphviz=graphviz))
    assert "5 keys: no change" in shown
    assert "Screens and keys: 11 states, 8 keys" in shown
    assert "USB7_DISPLAY_TEXT" in shown


def test_a_drawing_for_chinese_readers():
    shown = texts(picture(build(["ENTER", "1"], [[1, 0], [0, 1]], [["B", "A"], ["A", "B"]]), "zh"))
    assert "确认键" in shown
    assert "无变化" in shown
    assert "开机" in shown


def test_every_arrow_carries_its_answer():
    shown = texts(picture(MODEL))
    assert len(re.findall("→", shown)) >= 40
    assert "VALID_CRYPTOGRAM" in shown


def test_a_picture_of_too_many_states_is_refused():
    many = build(["k"], [[(state + 1) % 400] for state in range(400)], [[str(state)] for state in range(400)])
    with pytest.raises(ConfigurationError, match="not legible"):
        picture(many)


class Stopped(MealyDevice):
    """Somebody presses Ctrl-C after so many presses."""

    def __init__(self, machine, after):
        super().__init__(machine)
        self.left = after

    def press(self, name):
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return super().press(name)


def test_a_run_that_is_stopped_keeps_what_it_explored():
    explored = explore(Stopped(MODEL, 600))
    assert explored.ended_by == "interrupted"
    assert not explored.complete
    assert explored.machine.size > 3


def test_a_run_that_is_stopped_before_the_first_hypothesis_has_nothing_to_keep():
    with pytest.raises(KeyboardInterrupt):
        explore(Stopped(MODEL, 3))


def test_progress_is_told_while_it_runs():
    seen = []
    explored = explore(MealyDevice(MODEL), patience=0, watch=seen.append)
    assert seen[-1].presses == explored.asked.presses
    assert [one.states for one in seen] == sorted(one.states for one in seen)
