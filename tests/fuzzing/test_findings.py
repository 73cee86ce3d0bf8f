"""The archive of findings, the tree of histories, verdicts and shortening."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from posrig.fuzzing.machines.device import Budget, CountedDevice, MealyDevice
from posrig.fuzzing.machines.faults import seed_fault
from posrig.fuzzing.machines.traced import HistoryOverturned, TracedDevice
from posrig.fuzzing.search.findings import Finding, FindingArchive, RunFindings
from posrig.fuzzing.search.minimise import Minimiser, NotReproduced
from posrig.fuzzing.search.strategy import Strategy
from posrig.fuzzing.search.verdict import judge, wilson
from posrig.fuzzing.search.walker import Objection, Walker
from posrig.ground.faults import ConfigurationError, Inconclusive
from tests.fuzzing.models_here import FOLDER, machines, model


def archive(path: Path, firmware: str = "2.4.1") -> FindingArchive:
    return FindingArchive(path, terminal="R", firmware=firmware)


def test_a_finding_is_kept_and_what_is_learned_later_replaces_it(tmp_path):
    path = tmp_path / "a.jsonl"
    first = archive(path).keep(Finding(("MENU", "5"), "管理", "乱码"))
    archive(path).keep(replace(first, keys=("5",), verdict="always", begins_at=("idle", "5")))
    (kept,) = archive(path).all()
    assert (kept.id, kept.keys, kept.verdict, kept.begins_at) == (first.id, ("5",), "always", ("idle", "5"))


def test_another_firmware_is_refused_by_name(tmp_path):
    path = tmp_path / "a.jsonl"
    archive(path)
    with pytest.raises(ConfigurationError, match=r"firmware 2\.4\.1; the one under test is R, firmware 2\.5\.0"):
        archive(path, "2.5.0")


@pytest.mark.parametrize("content", ["not json\n", '{"format":"other"}\n', "[1]\n"])
def test_a_file_that_is_no_archive_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "a.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="no archive"):
        archive(path)
    assert path.read_text(encoding="utf-8") == content


@settings(max_examples=30, deadline=None)
@given(cut=st.integers(1, 200), more=st.booleans())
def test_a_line_cut_by_a_kill_costs_only_itself(tmp_path_factory, cut, more):
    path = tmp_path_factory.mktemp("cut") / "a.jsonl"
    store = archive(path)
    store.keep(Finding(("A",), "x", "y"))
    whole = path.stat().st_size
    store.keep(Finding(("B",), "x", "z"))
    os.truncate(path, max(whole, path.stat().st_size - cut))
    if more:
        archive(path).keep(Finding(("C",), "x", "w"))
    keys = {finding.keys for finding in archive(path).all()}
    assert ("A",) in keys
    assert (("C",) in keys) == more


def test_names_that_differ_have_archives_that_differ(tmp_path):
    names = ["R", "R 1", "R/1", "R_1", "终端"]
    paths = {FindingArchive.in_folder(tmp_path, terminal=name, firmware="1").path for name in names}
    assert len(paths) == len(names)


_VICTIM = """
import random, sys
from pathlib import Path
from posrig.fuzzing.machines.device import Budget, MealyDevice
from posrig.fuzzing.machines.dot import read_dot
from posrig.fuzzing.machines.faults import seed_fault
from posrig.fuzzing.search.findings import FindingArchive
from posrig.fuzzing.search.search import Search
sound = read_dot(Path(sys.argv[2]))
device, rng = sound, random.Random(1)
for _ in range(12):
    device = seed_fault(device, "output", rng).machine
class Told(FindingArchive):
    def keep(self, finding):
        kept = super().keep(finding)
        print(kept.id, flush=True)
        return kept
store = Told(Path(sys.argv[1]), terminal="R", firmware="1")
Search(MealyDevice(device), sound, budget=Budget(presses=200000), archive=store).run()
"""


@pytest.mark.parametrize("wait_s", [0.0, 0.03, 0.11])
def test_sigkill_at_any_moment_loses_no_finding(tmp_path, wait_s):
    path = tmp_path / "a.jsonl"
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", _VICTIM, str(path), str(FOLDER / "lock_terminal.dot")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as victim:
        assert victim.stdout is not None
        told = [victim.stdout.readline().strip()]  # killed from here on, at a random moment
        time.sleep(wait_s)
        victim.send_signal(signal.SIGKILL)
        told += victim.stdout.read().splitlines()
    kept = {finding.id for finding in FindingArchive(path, terminal="R", firmware="1").all()}
    assert set(told) - {""} <= kept
    assert kept


class Scripted(MealyDevice):
    """A device whose press number n may be misread."""

    def __init__(self, machine, wrong_at=()):
        super().__init__(machine)
        self._count, self._wrong_at = 0, set(wrong_at)

    def press(self, name):
        self._count += 1
        answer = super().press(name)
        return "GARBLED" if self._count in self._wrong_at else answer


@settings(max_examples=40, deadline=None)
@given(machines(), st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=6), min_size=1, max_size=8))
def test_the_tree_answers_as_the_device_and_never_presses_a_history_twice(machine, histories):
    counted = CountedDevice(MealyDevice(machine))
    traced = TracedDevice(counted)
    for history in histories:
        assert traced.run(machine.spell(history)) == machine.run(history)[1]
    spent = counted.presses, counted.resets
    for history in histories:
        traced.run(machine.spell(history))
    assert (counted.presses, counted.resets) == spent


def test_a_misread_answer_in_the_tree_is_outvoted():
    sound = model("edentifier2_new_simple")
    traced = TracedDevice(Scripted(sound, wrong_at={2}))
    names = sound.inputs[:1] * 2
    assert traced.run(names)[1] == "GARBLED"
    traced.run((*names, sound.inputs[1]))
    with pytest.raises(HistoryOverturned):
        traced.run((*names, sound.inputs[2]))
    assert traced.run(names) == sound.run((0, 0))[1]
    assert traced.conflicts == 1


def test_a_device_without_majority_is_inconclusive():
    class Dice(MealyDevice):
        count = 0

        def press(self, name):
            self.count += 1
            return str(self.count)

    traced = TracedDevice(Dice(model("edentifier2_new_simple")))
    names = traced.inputs
    traced.run(names[:2])
    with pytest.raises(Inconclusive, match="none by a majority"):
        traced.run((names[0], names[2]))


def failing_walk(sound, device, seed):
    """The keys of a search up to its first objection, all since one reset."""
    counted = CountedDevice(MealyDevice(device), Budget(presses=30_000))
    strategy = Strategy(sound, counted.costs, random.Random(seed))
    walker = Walker(counted, sound, strategy.watchers)
    objection = None
    while objection is None:
        objection = walker.follow(strategy.next_plan(walker.state))
    return objection.keys


@pytest.mark.parametrize("kind", ["output", "transfer", "extra"])
def test_long_failures_become_as_short_as_can_be(kind):
    sound = model("lock_terminal")
    for seed in range(5):
        mutant = seed_fault(sound, kind, random.Random(f"{kind}{seed}"))
        keys = failing_walk(sound, mutant.machine, seed)
        small = Minimiser(MealyDevice(mutant.machine), sound).run(keys)
        assert len(small.keys) == len(mutant.shortest)
        assert sound.run(small.keys)[1][-1] == small.expected
        assert mutant.machine.run(small.keys)[1][-1] == small.seen
        assert small.minimal
        assert small.presses <= 400


def test_shortening_stops_at_its_budget_with_something_that_fails():
    sound = model("lock_terminal")
    mutant = seed_fault(sound, "transfer", random.Random("transfer2"))
    keys = failing_walk(sound, mutant.machine, 2)
    small = Minimiser(MealyDevice(mutant.machine), sound, Budget(presses=45)).run(keys)
    assert not small.minimal
    assert small.presses <= 45
    assert sound.run(small.keys)[1] != mutant.machine.run(small.keys)[1]


def test_keys_that_do_not_fail_are_not_shortened():
    sound = model("lock_terminal")
    with pytest.raises(NotReproduced):
        Minimiser(MealyDevice(sound), sound).run((0, 1, 2))


def test_verdicts_always_and_not_again():
    sound = model("lock_terminal")
    mutant = seed_fault(sound, "output", random.Random(4))
    keys = mutant.shortest
    state = sound.path(keys)[-2]
    expected, seen = sound.run(keys)[1][-1], mutant.machine.run(keys)[1][-1]
    objection = Objection((0, 3, *keys), state, expected, seen)
    real = judge(MealyDevice(mutant.machine), sound, replace(objection, keys=keys))
    assert (real.kind, real.fired, real.tried) == ("always", 3, 3)
    assert judge(MealyDevice(sound), sound, replace(objection, keys=keys)).kind == "not again"


@given(st.integers(0, 50), st.integers(1, 50))
@example(0, 11)
def test_the_interval_holds_the_rate(hits, more):
    low, high = wilson(hits, hits + more)
    assert 0 <= low <= hits / (hits + more) <= high <= 1


def test_what_a_run_found_is_kept_as_it_goes_on_and_dropped_from_the_run_only(tmp_path):
    known = archive(tmp_path / "a.jsonl").keep(Finding(("1",), "a", "b"))
    run = RunFindings(archive(tmp_path / "a.jsonl"))
    assert (run.known(), len(run)) == ([known], 0)
    run.again(known)
    new = run.keep(Finding(("2",), "a", "b"))
    assert [one.verdict for one in archive(tmp_path / "a.jsonl").all()] == ["not yet replayed"] * 2
    run.keep(replace(new, verdict="not again"))
    run.drop(new)
    assert list(run) == [known]
    assert {one.verdict for one in archive(tmp_path / "a.jsonl").all()} == {"not yet replayed", "not again"}


def test_a_run_without_an_archive_names_its_findings():
    run = RunFindings()
    assert run.known() == []
    assert run.keep(Finding(("1",), "a", "b")).id
    assert len(run) == 1
