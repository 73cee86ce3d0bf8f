"""Learning models, and the Hypothesis machine beside the engine."""

from __future__ import annotations

import random

import pytest
from hypothesis import strategies as st

from posrig.fuzzing.learning.learn import from_aalpy, learn, to_aalpy
from posrig.fuzzing.machines.device import Budget, CountedDevice, MealyDevice
from posrig.fuzzing.machines.faults import seed_fault
from posrig.fuzzing.machines.mealy import build, difference
from posrig.fuzzing.machines.traced import TracedDevice
from posrig.fuzzing.search.hypothesis_machine import Terminal, run_machine
from posrig.fuzzing.search.matching import contradictions, matched
from posrig.ground.faults import ConfigurationError, Inconclusive, ProductFailure
from tests.fuzzing.models_here import model


@pytest.mark.parametrize("algorithm", ["L#", "KV"])
def test_a_small_reader_is_learned_without_a_reference(algorithm):
    old = model("edentifier2_old_simple")
    learned = learn(MealyDevice(old), algorithm=algorithm, patience=300)
    assert learned.complete
    assert difference(learned.machine, old) is None
    assert learned.presses < 1500


@pytest.mark.parametrize(("algorithm", "most"), [("L#", 1529), ("adaptive L#", 1900)])
def test_a_changed_reader_is_learned_with_its_sound_model(algorithm, most):
    new = model("edentifier2_new_full_rand")
    for seed in range(3):
        changed = seed_fault(new, "transfer", random.Random(f"learn{seed}")).machine
        learned = learn(MealyDevice(changed), reference=new, algorithm=algorithm, seed=seed)
        assert difference(learned.machine, changed) is None
        assert learned.presses <= most


def test_the_new_reader_is_learned_with_the_old_one_as_reference():
    # eleven states, one of them six keys deep, another behind keys that seem to do nothing; the two readers part early
    new = model("edentifier2_new_full_rand")
    for seed in range(3):
        learned = learn(MealyDevice(new), reference=model("edentifier2_old_full"), seed=seed)
        assert difference(learned.machine, new) is None
        assert learned.presses <= 1529
        assert learned.resets <= 340


def test_all_that_a_reference_says_is_asked_when_it_is_another_version_of_the_same_reader():
    # states that only one word of the reference tells apart: matched states alone miss them in every such reader
    old = model("edentifier2_old_full")
    changed = seed_fault(old, "transfer", random.Random("learn300")).machine
    learned = learn(MealyDevice(changed), reference=old, seed=300)
    assert difference(learned.machine, changed) is None


def test_a_key_that_seems_to_do_nothing_but_hides_a_state_is_noticed_without_walks():
    # muted, the radio answers OFF as before but stays on
    inputs = ["ON", "MUTE", "VOL", "OFF"]
    off, on, muted = range(3)
    targets = [[on, off, off, off], [on, muted, on, off], [muted, muted, muted, on]]
    answers = [["on", "-", "-", "-"], ["on", "ok", "ok", "off"], ["on", "ok", "ok", "off"]]
    radio = build(inputs, targets, answers)
    learned = learn(MealyDevice(radio), patience=1)
    assert difference(learned.machine, radio) is None


def test_states_are_matched_with_those_that_answer_most_like_them():
    new = model("edentifier2_new_full_rand")
    changed = seed_fault(new, "output", random.Random(3)).machine
    pairs = matched(changed, new)
    assert sum(state in pairs[state] for state in pairs) >= new.size - 1
    assert contradictions(new, new) == []
    words = contradictions(changed, new)
    assert any(changed.run(word)[1] != new.run(word)[1] for word in words)


def test_all_histories_are_told():
    radio = MealyDevice(model("edentifier2_new_simple"))
    traced = TracedDevice(radio)
    first, second = radio.inputs[:2]
    for word in ([first, second], [first, first], [second]):
        traced.run(word)
    assert sorted(traced.histories()) == sorted([(first, second), (first, first), (second,)])


class Misreads(MealyDevice):
    """One answer in so many is misread."""

    def __init__(self, machine, every, seed):
        super().__init__(machine)
        self._every, self._rng = every, random.Random(seed)

    def press(self, name):
        answer = super().press(name)
        return "GARBLED" if self._rng.random() < 1 / self._every else answer


def test_misread_answers_are_outvoted_while_learning():
    old = model("edentifier2_old_simple")
    for seed in range(2):
        learned = learn(Misreads(old, 150, seed), patience=300, seed=seed, budget=Budget(presses=20_000))
        assert learned.conflicts > 0
        assert difference(learned.machine, old) is None


def test_learning_stops_at_the_budget_with_what_is_known():
    learned = learn(MealyDevice(model("lock_terminal")), budget=Budget(presses=1500))
    assert not learned.complete
    assert learned.presses == 1500
    assert learned.machine.size >= 1


def test_a_budget_before_the_first_hypothesis_is_inconclusive():
    with pytest.raises(Inconclusive, match="first hypothesis"):
        learn(MealyDevice(model("lock_terminal")), budget=Budget(presses=2))


def test_a_reference_of_other_keys_is_refused():
    with pytest.raises(ConfigurationError, match="no input"):
        learn(MealyDevice(model("edentifier2_old_full")), reference=model("lock_terminal"))


def test_adaptive_learning_needs_a_reference():
    with pytest.raises(ConfigurationError, match="needs a reference"):
        learn(MealyDevice(model("edentifier2_old_simple")), algorithm="adaptive L#")


def test_a_machine_survives_the_way_to_aalpy_and_back():
    machine = model("lock_terminal")
    assert difference(from_aalpy(to_aalpy(machine), machine.inputs), machine) is None


def test_hypothesis_finds_a_fault_and_gives_the_shortest_keys():
    sound = model("edentifier2_new_full_rand")
    mutant = seed_fault(sound, "output", random.Random(2))
    counted = CountedDevice(MealyDevice(mutant.machine))
    terminal = Terminal(counted, sound)
    with pytest.raises(ProductFailure, match="expected"):
        run_machine(terminal, examples=20, steps=60, seed=1)
    assert len(terminal.shortest) == len(mutant.shortest)
    spent = counted.presses
    terminal.traced.run(terminal.shortest)
    assert counted.presses == spent  # replays are answered from the tree


def test_hypothesis_holds_on_a_sound_device_and_finds_again_from_its_database(tmp_path):
    sound = model("edentifier2_new_simple")
    run_machine(Terminal(MealyDevice(sound), sound), examples=5, steps=30, seed=1)
    mutant = seed_fault(sound, "output", random.Random(5)).machine
    for _ in range(2):
        with pytest.raises(ProductFailure):
            run_machine(Terminal(MealyDevice(mutant), sound), examples=10, steps=40, database=tmp_path / "db")
    assert any((tmp_path / "db").rglob("*"))


def test_hypothesis_draws_the_data_of_an_input():
    # the model knows one input "digit"; the device takes ten, and answers one of them wrongly
    sound = build(["digit", "ENTER"], [[1, 0], [1, 0]], [["*", "short"], ["*", "ok"]])
    digits = [str(digit) for digit in range(10)]

    class Keypad(MealyDevice):
        def press(self, name):
            if name == "7":
                return "#"
            return super().press("digit" if name in digits else name)

    terminal = Terminal(Keypad(sound), sound, {"digit": st.sampled_from(digits)})
    with pytest.raises(ProductFailure, match="expected '\\*', seen '#'"):
        run_machine(terminal, examples=20, steps=50, seed=3)


def test_data_for_an_input_that_is_none_is_refused():
    sound = model("edentifier2_new_simple")
    with pytest.raises(ConfigurationError, match="DIGIT"):
        Terminal(MealyDevice(sound), sound, {"DIGIT": st.just("1")})
