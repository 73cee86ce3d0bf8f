"""The benchmark says itself which target a run meets."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.targets import TARGETS, Row, Target, print_targets

BOUND = Target("lock terminal, output", "faults", "lock_terminal", "output", 0.95, 300, 1)


def rows(found=20, presses=300, resets=1):
    sound = Row("faults", "lock_terminal", "posrig", "output", 0, True, presses, resets, 0.01)
    return [replace(sound, seed=seed, found=seed < found) for seed in range(20)]


def test_a_target_is_met_on_its_bound_and_missed_beyond_it():
    assert BOUND.met(rows())
    assert BOUND.met(rows(found=19))
    assert not BOUND.met(rows(found=18))
    assert not BOUND.met(rows(presses=301))
    assert not BOUND.met(rows(resets=2))


def test_only_our_rows_of_its_kind_count():
    peers = [replace(row, strategy="random keys", presses=1) for row in rows()]
    others = [replace(row, kind="flag", presses=1) for row in rows()]
    assert BOUND.of([*peers, *others, *rows()]) == rows()


def test_the_engine_is_held_to_its_time_a_press():
    slow = [Row("overhead", "lock_terminal", "posrig", "overhead", 0, True, 1000, 1, 0.3)]
    target = next(target for target in TARGETS if target.part == "overhead")
    assert not target.met(slow)
    assert target.met([replace(slow[0], cpu_s=0.1)])


def test_a_missed_target_is_printed_as_missed_and_what_did_not_run_is_left_out(capsys):
    print_targets(rows(presses=400), rows(presses=200))
    said = capsys.readouterr().out
    assert "20/20 · 400 · 1 | MISSED | 20/20 · 200 · 1 | met" in said
    assert "0 of 1 targets met, 1 MISSED" in said
    print_targets([], [])
    assert capsys.readouterr().out == ""
