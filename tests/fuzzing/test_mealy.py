"""Machines, the .dot reader and references."""

from __future__ import annotations

import random
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posrig.fuzzing.machines.compare import compare
from posrig.fuzzing.machines.dot import dot_text, read_dot
from posrig.fuzzing.machines.faults import KINDS, seed_fault
from posrig.fuzzing.machines.mealy import Separator, difference, minimal, renamed, with_inputs
from posrig.fuzzing.machines.reference import enumerate_reference
from posrig.ground.faults import ConfigurationError
from tests.fuzzing.models_here import FOLDER, machines, model


def words(inputs: int, most: int):
    return (word for length in range(1, most + 1) for word in product(range(inputs), repeat=length))


@pytest.mark.parametrize(
    ("name", "states", "inputs"),
    [("lock_terminal", 62, 11), ("edentifier2_new_full_rand", 11, 8), ("edentifier2_old_full", 22, 8)],
)
def test_the_published_models_are_read_and_minimal(name, states, inputs):
    machine = model(name)
    assert (machine.size, len(machine.inputs)) == (states, inputs)
    assert minimal(machine).size == states


@settings(max_examples=60, deadline=None)
@given(machines(), machines())
def test_difference_is_a_shortest_word_that_shows_it(left, right):
    found = difference(left, right)
    shown = next((w for w in words(3, 4) if left.run(w)[1] != right.run(w)[1]), None)
    if found is None:
        assert shown is None
    else:
        assert left.run(found)[1] != right.run(found)[1]
        assert shown is None or len(found) <= len(shown)


@settings(max_examples=60, deadline=None)
@given(machines())
def test_minimal_is_equivalent_and_has_no_equal_states(machine):
    small = minimal(machine)
    separator = Separator(small)
    assert difference(machine, small) is None
    assert all(separator.word(a, b) is not None for a in range(small.size) for b in range(a))


@settings(max_examples=60, deadline=None)
@given(machines(), st.data())
def test_separating_words_separate_and_nothing_shorter_does(machine, data):
    left = data.draw(st.integers(0, machine.size - 1))
    right = data.draw(st.integers(0, machine.size - 1))
    word = Separator(machine).word(left, right)
    differ = (w for w in words(3, 4) if machine.run(w, left)[1] != machine.run(w, right)[1])
    shortest = next(differ, None)
    if word is None:
        assert shortest is None
    else:
        assert machine.run(word, left)[1] != machine.run(word, right)[1]
        assert shortest is None or len(word) == len(shortest)


@settings(max_examples=40, deadline=None)
@given(machines())
def test_a_written_model_is_read_back(tmp_path_factory, machine):
    path = tmp_path_factory.mktemp("dot") / "m.dot"
    path.write_text(dot_text(machine, title="two\nlines"), encoding="utf-8")
    assert difference(with_inputs(read_dot(path), machine.inputs), machine) is None


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ('s0 -> s1 [label="a/x"];\ns0 -> s0 [label="a/y"];', "two edges for the input 'a'", ":2 "),
        ('s0 -> s1 [label="a/x"];\ns1 -> s0 [label="b/x"];', "does not say what it answers to", ""),
        ('s0 -> s1 [label="just text"];', "does not say input and answer", ":1"),
        ("digraph g {\n s0 -> -> s1\n}", "cannot read this edge", ":2"),
        ("digraph g { }", "no edge in this file", ""),
    ],
)
def test_a_bad_model_is_refused_with_file_and_line(tmp_path, text, said, line):
    path = tmp_path / "bad.dot"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read_dot(path)
    assert said in str(caught.value)
    assert f"bad.dot{line}" in str(caught.value) + " "


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", None], ids=["bytes", "absent"])
def test_what_is_no_file_of_text_is_refused(tmp_path, content):
    path = tmp_path / "x.dot"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"UTF-8|No such file"):
        read_dot(path)


def test_missing_edges_can_be_filled_in(tmp_path):
    path = tmp_path / "m.dot"
    path.write_text('s0 -> s1 [label="a/x"];\ns1 -> s0 [label="b/y"];', encoding="utf-8")
    machine = read_dot(path, missing="nothing")
    assert machine.run(machine.word(["b", "a", "a", "b"]))[1] == ("nothing", "x", "nothing", "y")


@pytest.mark.parametrize("kind", KINDS)
def test_every_seeded_fault_shows(kind):
    sound = model("edentifier2_new_full_rand")
    for seed in range(10):
        mutant = seed_fault(sound, kind, random.Random(seed))
        assert sound.run(mutant.shortest)[1] != mutant.machine.run(mutant.shortest)[1]


def test_a_fault_that_is_none_is_refused():
    with pytest.raises(ConfigurationError, match="output, transfer, extra, flag"):
        seed_fault(model("lock_terminal"), "odd", random.Random(0))  # type: ignore[arg-type]


class Counter:
    """Counts presses of a key up to a bound, for ever when there is none."""

    inputs = ("up", "look")
    start = 0

    def __init__(self, bound: int | None) -> None:
        self._bound = bound

    def step(self, state: int, name: str) -> tuple[int, str]:
        if name == "look":
            return state, str(state)
        return (state if state == self._bound else state + 1), "ok"


def test_a_reference_is_enumerated():
    machine = enumerate_reference(Counter(5))
    assert machine.size == 6
    assert machine.run(machine.word(["up"] * 7 + ["look"]))[1] == ("ok",) * 7 + ("5",)


def test_a_reference_without_bound_is_refused():
    with pytest.raises(ConfigurationError, match="more than 100 states"):
        enumerate_reference(Counter(None), most_states=100)


def test_the_old_reader_is_compared_with_the_new():
    old = renamed(model("edentifier2_old_simple"), {"USB8_CRYPTOGRAM": "GEN_CRYPTOGRAM"})
    found = compare(model("edentifier2_new_simple"), old)
    # the published flaw: the old reader gives a cryptogram for data that nobody confirmed with OK
    flaw = [d for d in found if d.key == "GEN_CRYPTOGRAM"]
    assert [(d.left, d.right) for d in flaw] == [("LONG_ERROR", "CRYPTOGRAM")]
    assert len(flaw[0].keys) == 3
    assert "ROBOT_OK" not in flaw[0].keys
    assert compare(model("lock_terminal"), model("lock_terminal")) == []


def test_models_of_different_keys_are_not_compared():
    with pytest.raises(ConfigurationError, match="GEN_CRYPTOGRAM, USB8_CRYPTOGRAM"):
        compare(model("edentifier2_new_simple"), model("edentifier2_old_simple"))


def test_the_models_say_where_they_come_from():
    about = Path(FOLDER, "README.md").read_text(encoding="utf-8")
    assert all(path.stem.split("_")[0] in about for path in FOLDER.glob("*.dot"))
