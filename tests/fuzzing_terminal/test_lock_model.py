"""The reference model: what it says of terminal R, and properties that hold on every way through it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posrig.description.profile import read_profile
from posrig.fuzzing.models.terminal_r.acts import act, chords
from posrig.fuzzing.models.terminal_r.canonical import IMPOSSIBLE, rendered, screens_of
from posrig.fuzzing.models.terminal_r.lock_model import LockModel
from posrig.fuzzing.models.terminal_r.scopes import chosen, scopes
from posrig.fuzzing.models.terminal_r.state import State
from posrig.ground.faults import ConfigurationError

PROFILE = read_profile(Path(__file__).parents[2] / "rigs" / "profiles" / "reference-r.yaml")
MODELS = {scope.name: LockModel(PROFILE, scope) for scope in scopes(PROFILE)}


def after(scope: str, *names: str) -> tuple[State, list[str]]:
    model, state, answers = MODELS[scope], State(), []
    for name in names:
        assert model.possible(state, name), f"{name} at {state}"
        state, answer = model.step(state, name)
        answers.append(answer)
    return state, answers


def test_the_lock_survives_a_power_cut() -> None:
    state, answers = after("lock", "operator 01", "right password", "lock by menu", "power cut")
    assert answers[-1] == "boot > self_test > lock(operator=01, entry=)"
    assert state.owner == "01"


def test_the_manager_unlocks_with_the_time_code_and_ends_the_session() -> None:
    _, answers = after(
        "lock", "operator 01", "right password", "lock by menu", "operator 00", "right password", "time code"
    )
    assert answers[-2:] == ["login_pwd > twofa(entry=)", "twofa > unlocked > signed_off"]


def test_another_cashier_is_told_who_may_unlock() -> None:
    _, answers = after("lock", "operator 01", "right password", "lock by menu", "operator 02")
    assert answers[-1] == "lock > lock_other(operator=01) > lock(operator=01, entry=)"


def test_the_fifth_wrong_password_locks_out_over_a_power_cut() -> None:
    state, answers = after("lock-out", *("operator 01", "wrong password") * 5, "power cut")
    assert answers[7] == "login_pwd > login_bad(left=1) > login_id(entry=)"
    assert answers[9:] == ["login_pwd > locked_out(wait=time)", "boot > self_test > locked_out(wait=time)"]
    assert state.shown == "01"


def test_the_third_lock_out_has_no_timer() -> None:
    once = (*("operator 01", "wrong password") * 5, "31 min")
    _, answers = after("escalation", *once * 3)
    assert [answers[n] for n in (10, 21, 32)] == ["locked_out > signed_off"] * 2 + ["locked_out(wait=code)"]


def test_the_idle_lock_warns_and_the_key_is_not_acted_on() -> None:
    state, answers = after("menus", "operator 01", "right password", "MENU", "quiet for 295 s", "5")
    assert answers[-2:] == ["menu > lock_soon", "lock_soon > menu"]
    assert after("menus", "operator 01", "right password", "MENU", "quiet for 305 s")[1][-1] == (
        "menu > lock_soon > lock(operator=01, entry=)"
    )
    assert state.quiet == 0


def test_used_codes_are_refused() -> None:
    _, answers = after(
        "second step", *("operator 00", "right password", "time code", "sign off", "operator 00", "right password"),
        "used time code",
    )  # fmt: skip
    assert answers[-1] == "twofa > twofa_bad(left=2) > twofa(entry=)"


@pytest.mark.parametrize("scope", MODELS)
def test_a_scope_is_small_enough_to_be_covered(scope: str) -> None:
    machine = MODELS[scope].machine()
    assert 3 < machine.size <= 450
    assert any(answer != IMPOSSIBLE for row in machine.answers for answer in row)


@given(st.sampled_from(sorted(MODELS)), st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_on_no_way_does_the_lock_open_without_a_factor(scope: str, seed: int) -> None:
    model, state, rng = MODELS[scope], State(), random.Random(seed)
    for _ in range(60):
        name = rng.choice([name for name in model.inputs if model.possible(state, name)])
        there, answer = model.step(state, name)
        if state.owner and not there.owner:
            assert name in ("right password", "time code", "unlock code"), f"{name} at {state}"
        if not state.user and there.user:
            assert name in ("right password", "time code"), f"{name} at {state}"
        assert model.step(state, name) == (there, answer)
        state = there


@given(st.sampled_from(sorted(MODELS)), st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_the_way_to_a_state_leads_there(scope: str, seed: int) -> None:
    model, state, rng = MODELS[scope], State(), random.Random(seed)
    for _ in range(20):
        state = model.step(state, rng.choice([name for name in model.inputs if model.possible(state, name)]))[0]
    walked = State()
    for name in model.way_to(state):
        assert model.possible(walked, name)
        walked = model.step(walked, name)[0]
    assert walked == state


def test_every_screen_the_model_names_is_one_of_the_profile() -> None:
    for name in ("lock", "typing", "menus", "host lock", "day"):
        answers = {answer for row in MODELS[name].machine().answers for answer in row} - {IMPOSSIBLE}
        assert {screen for answer in answers for screen in screens_of(answer)} <= set(PROFILE.screens)


def test_chance_in_the_order_of_two_contacts_makes_no_input() -> None:
    state, _ = after("chords", "operator 01", "right password", "lock by menu")
    assert MODELS["chords"].step(state, "1+5") == (state, "lock(operator=01, entry=)")
    assert MODELS["chords"].possible(State(), "ENTER+F1") is False


def test_an_act_that_the_profile_cannot_expand_is_a_clear_error() -> None:
    with pytest.raises(ConfigurationError, match="keys that the profile does not have: F1"):
        act("F1", ("0", "1", "ENTER"))
    with pytest.raises(ConfigurationError, match="no act is called 'jump'"):
        act("jump", PROFILE.keys)
    with pytest.raises(ConfigurationError, match="no scope 'locks'"):
        chosen(PROFILE, ["locks"])


def test_all_pairs_of_keys() -> None:
    assert len(chords(PROFILE.keys)) == 171


def test_a_flash_in_between_is_part_of_the_answer() -> None:
    seen = [("lock", {"operator": "01", "entry": ""}), ("idle", {}), ("lock", {"operator": "01", "entry": "0"})]
    assert rendered(seen) == "lock > idle > lock(operator=01, entry=0)"
