"""A search by a profile alone: it finds, shortens and replays; it accuses nobody on doubt; it keeps no secret."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import pytest
from profile_kit import RIGS, device_of, rig_of

from posrig.description.profile import Profile, read_profile
from posrig.fuzzing.models.from_profile import acts, hypothesis_machine
from posrig.fuzzing.models.from_profile.facts import Facts, Look
from posrig.fuzzing.models.from_profile.guided import Guide
from posrig.fuzzing.models.from_profile.hunting import ScopeHunt
from posrig.fuzzing.models.from_profile.scopes import chosen, scopes
from posrig.fuzzing.models.from_profile.scripts import scripts, varied
from posrig.fuzzing.models.from_profile.searching import OwnModel
from posrig.fuzzing.models.registry import model_of
from posrig.fuzzing.running import hunts
from posrig.fuzzing.running.plan import Allowance, Limits, Plan, Spent
from posrig.ground.faults import ConfigurationError, ProductFailure, RigFault
from posrig.rig.rig import Rig
from posrig.rig.soundness import Doubt


def plan(rig: Rig, scope: str, presses: int = 400, folder: Path | None = None, **more: object) -> Plan:
    return Plan(chosen(rig.profile, [scope]), Limits(presses=presses), findings=folder, firmware="1", **more)  # type: ignore[arg-type]


def profile_of(name: str) -> Profile:
    return read_profile(RIGS / "profiles" / f"{name}.yaml")


# -- which model


def test_a_profile_may_name_a_detailed_model_else_one_is_made_of_it() -> None:
    assert "terminal_r" in type(model_of(profile_of("reference-r"))).__module__
    for name in ("counter", "esign", "terminal-e"):
        assert isinstance(model_of(profile_of(name)), OwnModel)


def test_a_model_that_there_is_not_is_refused_with_its_line() -> None:
    profile = profile_of("counter")
    profile.data = profile.data.model_copy(update={"fuzzing": "terminal_x"})
    with pytest.raises(ConfigurationError, match="no detailed model 'terminal_x'") as refused:
        model_of(profile)
    assert "counter.yaml" in refused.value.where
    assert "terminal_r" in refused.value.allowed


def test_a_profile_without_any_meaning_is_refused() -> None:
    profile = profile_of("counter")
    bare = {name: screen.model_copy(update={"means": ""}) for name, screen in profile.data.screens.items()}
    profile.data = profile.data.model_copy(update={"screens": bare})
    with pytest.raises(ConfigurationError, match="means anything that the fuzzer could judge by") as refused:
        model_of(profile)
    assert "counter.yaml" in refused.value.where
    assert "posrig fuzz --model" in refused.value.todo


def test_scopes_come_of_the_ways_and_meanings_of_the_profile() -> None:
    names = {name: [scope.name for scope in scopes(profile_of(name))] for name in ("counter", "terminal-e")}
    assert names["counter"] == [
        "lock",
        "sign on",
        "lock-out",
        "keys",
        "host lock",
        "glass",
        "chords",
        "reset",
        "update",
    ]
    assert "host lock" not in names["terminal-e"]
    with pytest.raises(ConfigurationError, match="no scope 'host lock' for terminal E"):
        chosen(profile_of("terminal-e"), ["host lock"])


def test_no_act_and_no_script_says_a_password() -> None:
    for name in ("counter", "esign", "terminal-e"):
        profile = profile_of(name)
        for scope in scopes(profile):
            assert all(act.kind != "secret" or (act.keys == () and act.what == "") for act in scope.table.values())
            assert all(word in scope.table for script in scripts(profile, scope) for word in script)


# -- finding


def test_what_is_found_is_shortened_and_replays(tmp_path: Path) -> None:
    with rig_of("counter", "c_star_leaves_lock") as rig:
        found = OwnModel(rig.profile).run(rig, plan(rig, "lock", 600, tmp_path, stop_at_first=True))
        ((_, finding),) = found.findings
        assert (finding.oracle, finding.verdict, finding.fired) == ("lock", "always", 3)
        assert finding.keys[-1] == "STAR x6"
        assert len(finding.keys) <= 5
        _, again, verdict = OwnModel(rig.profile).again(rig, plan(rig, "lock", 1, tmp_path), finding.id[:6])
        assert (again.keys, verdict.kind) == (finding.keys, "always")
    with rig_of("counter") as rig:
        _, _, verdict = OwnModel(rig.profile).again(rig, plan(rig, "lock", 1, tmp_path), finding.id[:6])
        assert verdict.kind == "not again"
        gone = OwnModel(rig.profile).run(rig, plan(rig, "lock", 30, tmp_path))
        assert [one.id for one in gone.reports[0].result.gone] == [finding.id]


@pytest.mark.parametrize("terminal", ["counter", "esign"])
def test_of_the_sound_terminal_nothing_is_found(terminal: str) -> None:
    with rig_of(terminal) as rig:
        model = OwnModel(rig.profile)
        found = model.run(rig, Plan(model.scopes(), Limits(presses=500), seed=3))
    assert (found.findings, found.fault, found.not_begun) == ([], None, [])
    assert found.spent.presses >= 500
    assert {"ready", "boot"} <= found.spent.screens


class _NeverForgets(list[str]):
    def clear(self) -> None:
        """A new scenario would forget what was typed in the one before."""


def test_nothing_that_is_kept_holds_a_password(tmp_path: Path) -> None:
    with rig_of("esign", "e_password_shown") as rig:
        secrets = [secret.reveal() for secret in rig.credentials.passwords.values()]
        wrong = rig.terminal.typed_wrong = _NeverForgets()
        found = OwnModel(rig.profile).run(rig, plan(rig, "sign on", 300, tmp_path))
    assert found.findings
    kept = "".join(path.read_text("utf-8") for path in tmp_path.rglob("*.jsonl"))
    shown = "".join(str(finding) for _, finding in found.findings)
    assert wrong
    assert not any(one in kept or one in shown for one in [*secrets, *wrong])


def test_a_rig_in_doubt_ends_the_search_and_nothing_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    with rig_of("counter", "c_lock_in_ram") as rig:
        monkeypatch.setattr(hunts, "doubts", lambda _rig: [Doubt("relay 1001 is closed and nobody closed it")])
        found = OwnModel(rig.profile).run(rig, plan(rig, "lock", 300))
    assert isinstance(found.fault, RigFault)
    assert "relay 1001" in found.fault.found
    assert found.findings == []


def test_a_search_without_wrong_passwords_goes_on_with_the_rest() -> None:
    with rig_of("counter") as rig:
        limits = Limits(presses=400, wrong_passwords=2)
        found = OwnModel(rig.profile).run(rig, dataclasses.replace(plan(rig, "lock-out"), limits=limits))
    assert found.spent.wrong_passwords == 2
    assert found.spent.presses >= 400
    assert found.findings == []


def test_without_a_shelf_it_is_brought_home_by_its_ways_and_what_was_counted_is_not_known() -> None:
    with rig_of("counter") as rig:
        rig.fresh_terminal()
        rig.bench.capabilities = frozenset()  # type: ignore[misc]
        model = OwnModel(rig.profile)
        found = model.run(rig, Plan(model.scopes(), Limits(presses=350)))
        facts = device_of(rig).reset()
    assert (found.findings, found.fault) == ([], None)
    assert [one.split(" (")[0] for one in found.not_begun] == ["host lock", "glass", "reset", "update"]
    assert (facts.all, facts.fresh) == (None, False)


def test_the_hypothesis_machine_has_the_same_acts_and_oracles() -> None:
    with rig_of("counter", "c_lock_in_ram") as rig:
        (scope,) = chosen(rig.profile, ["lock"])
        device = device_of(rig, scope=scope)
        with pytest.raises(ProductFailure, match=r"a start keeps the lock.*\(start\)") as failed:
            hypothesis_machine.run_machine(device, rig.profile, examples=40, steps=12, seed=1)
    assert "way lock | power cut: expected" in failed.value.found
    with rig_of("counter") as rig:
        hypothesis_machine.run_machine(device_of(rig, scope=scope), rig.profile, examples=3, steps=6, seed=1)


# -- where to go


def facts(screen: str, session: str = "") -> Facts:
    return Facts(Look(screen, "", {}, 0.0), session=session)


def test_the_guide_goes_where_something_was_never_done_by_the_way_that_was_seen() -> None:
    guide = Guide(random.Random(1))
    start, there = facts("a"), facts("b")
    on, off, more = acts.key("K1"), acts.key("K2"), acts.key("K3")
    guide.begun(start, [on, off])
    guide.went(start, on, there)
    guide.went(start, off, start)
    guide.saw(there, [off, more])
    guide.went(there, off, start)
    picked = {guide.next(start, [on, off]).name for _ in range(30)}  # type: ignore[union-attr]
    assert "K1" in picked
    assert guide.way_to(there.key()) == ("K1",)
    assert guide.uncovered() == {"K3": 1}
    guide.block(there.situation(), "K3")
    assert guide.uncovered() == {}


def test_scripts_are_varied_by_acts_of_their_scope() -> None:
    (scope,) = chosen(profile_of("counter"), ["lock"])
    rng = random.Random(3)
    made = [varied(("way lock",), scope, rng) for _ in range(50)]
    assert all("way lock" in one and 2 <= len(one) <= 4 and set(one) <= set(scope.table) for one in made)
    assert len(set(made)) > 20


def test_each_script_is_done_once_before_any_comes_again() -> None:
    with rig_of("counter") as rig:
        (scope,) = chosen(rig.profile, ["lock"])
        hunt = ScopeHunt(rig, plan(rig, "lock"), scope, Allowance(Limits(presses=9), Spent()), None, None)
        known = scripts(rig.profile, scope)
        assert tuple(tuple(hunt._next_script()) for _ in known) == known
