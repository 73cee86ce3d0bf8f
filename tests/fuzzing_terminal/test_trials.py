"""Trials: pairs of circumstances, the statistics of the timing oracle, and that each finds what it is for."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import read_rig
from posrig.fuzzing.models.terminal_r.campaign import Campaign, run
from posrig.fuzzing.models.terminal_r.scopes import chosen
from posrig.fuzzing.models.terminal_r.trials.known import TRIALS, scope_of, trial_of
from posrig.fuzzing.models.terminal_r.trials.timing import CHANCE, LARGE, cliffs_delta, mann_whitney
from posrig.fuzzing.models.terminal_r.trials.trial import Circumstances, PairsOfValues, Trial
from posrig.fuzzing.running.plan import Limits, Plan
from posrig.ground.faults import ConfigurationError
from posrig.rig.rig import Rig, RigOptions

LEAKS = '''
from dataclasses import replace
from posrig.simulated.terminals.r.defects.registry import defect
from posrig.simulated.terminals.r.firmware.sign_on import SignOn


class Leaky(SignOn):
    """An unknown number is refused at once, a wrong password only after the digest was made."""

    def refused(self, attempt):
        known = attempt.operator in ("01", "02", "03", "04", "05")
        self.fw.board.after(0.3 if known else 0.01, lambda: SignOn.refused(self, attempt))


@defect("leaks_numbers", "The time of a refusal tells whether a number exists", rules=("R-SIGNON-3",))
def leaks_numbers(parts):
    return replace(parts, sign_on=Leaky)
'''


def trial(name: str) -> Trial:
    return next(one for one in TRIALS if one.name == name)


def hunted(rig: Rig, name: str, presses: int, **plan: object) -> Campaign:
    return run(rig, Plan(chosen(rig.profile, [name]), Limits(presses=presses), stop_at_first=True, **plan))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def sound() -> Iterator[Rig]:
    with Rig.open(read_rig(SIMULATED), options=RigOptions(guard=False)) as rig:
        yield rig


@given(st.sampled_from([one.name for one in TRIALS]), st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_drawn_circumstances_can_be_together_and_their_act_says_all(name: str, seed: int) -> None:
    wanted, rng = trial(name), random.Random(seed)
    pairs = PairsOfValues(wanted)
    for _ in range(5):
        drawn = pairs.draw(rng, lambda _chosen: False)
        assert drawn is not None
        assert wanted.possible(drawn)
        assert wanted.read(wanted.act(drawn)) == drawn
        pairs.met(drawn)
    assert pairs.draw(rng, lambda _chosen: True) is None


def test_every_value_comes_before_pairs_and_every_pair_in_the_end() -> None:
    wanted = trial("update")
    pairs, tried = PairsOfValues(wanted), list[Circumstances]()
    while pairs.todo:
        drawn = pairs.draw(random.Random(len(tried)), lambda _chosen: False)
        assert drawn is not None
        tried.append(drawn)
        pairs.met(drawn)
        assert len(tried) <= pairs.total
    values = {(name, value) for name, all_of in wanted.circumstances.items() for value in all_of}
    assert values == {value for one in tried[:45] for value in one.items()}


def test_an_act_of_another_trial_is_a_clear_error() -> None:
    with pytest.raises(ConfigurationError, match="no act of the trial 'reset'"):
        trial("reset").read("reset: against it=the weather")
    assert trial_of(scope_of(trial("reset"))) is trial("reset")


def test_statistics() -> None:
    apart = [0.1 + n / 1000 for n in range(12)], [0.2 + n / 1000 for n in range(12)]
    assert cliffs_delta(*apart) == -1.0
    assert mann_whitney(*apart) < CHANCE / 10
    assert mann_whitney([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]) == pytest.approx(0.0122, abs=0.0005)  # as R's wilcox.test


@given(st.lists(st.floats(0, 1), min_size=12, max_size=12), st.randoms(use_true_random=False))
def test_the_same_times_in_another_order_accuse_nobody(times: list[float], rng: random.Random) -> None:
    shuffled = rng.sample(times, len(times))
    assert abs(cliffs_delta(times, shuffled)) < LARGE
    assert mann_whitney(times, shuffled) > 0.9
    assert mann_whitney(times, shuffled) == pytest.approx(mann_whitney(shuffled, times))


def test_a_terminal_whose_refusals_tell_the_number_is_accused(tmp_path: Path, sound: Rig) -> None:
    (tmp_path / "leaks.py").write_text(LEAKS, "utf-8")
    options = RigOptions(defects=("leaks_numbers",), defects_from=(str(tmp_path / "leaks.py"),), guard=False)
    with Rig.open(read_rig(SIMULATED), options=options) as rig:
        ((_, finding),) = hunted(rig, "timing", 400).findings
    assert (finding.oracle, finding.verdict, finding.fired) == ("timing", "always", 3)
    assert re.search(
        r"Cliff's delta \+(1\.00|0\.[5-9])", finding.seen
    )  # under load a picture may be read a little late
    campaign = hunted(sound, "timing", 250)
    assert campaign.findings == []
    assert 150 < campaign.spent.presses <= 250  # one measurement: a second one would pass the budget


@pytest.mark.parametrize(
    ("defect", "name", "presses", "needed"),
    [
        ("upd_no_sig_usb", "update", 1_500, "by=stick"),
        ("reset_with_open_batch", "reset", 700, "an open batch"),
        ("log_misses_failures", "log", 500, ""),
        ("txn_double_after_power", "sale", 800, "power cut"),
    ],
)
def test_a_seeded_defect_is_found_and_made_plain(defect: str, name: str, presses: int, needed: str) -> None:
    with Rig.open(read_rig(SIMULATED), options=RigOptions(defects=(defect,), guard=False)) as rig:
        ((_, finding),) = hunted(rig, name, presses).findings
    assert finding.verdict == "always"
    assert needed in finding.keys[0]


def test_no_alarm_on_the_sound_terminal(sound: Rig) -> None:
    names = ("update", "reset", "log", "sale", "fingers", "tamper", "lock-out time")
    campaign = run(sound, Plan(chosen(sound.profile, names), Limits(presses=900)))
    assert [finding.keys for _, finding in campaign.findings] == []
    assert all(0 < report.covered <= report.possible for report in campaign.reports)


def test_a_trial_whose_oracles_are_switched_off_is_not_run(sound: Rig) -> None:
    for name in ("reset", "lock"):
        campaign = hunted(sound, name, 100, oracles=("timing",))
        assert (campaign.reports, campaign.spent.presses) == ([], 0)
