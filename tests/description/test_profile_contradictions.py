"""What a profile says about itself must agree: each contradiction is told with file, line, field and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from posrig.description.own_kinds import samples_of
from posrig.description.profile import Profile, read_profile
from posrig.description.rig_file import read_rig
from posrig.ground.faults import ConfigurationError
from posrig.rig.rig import Rig, RigOptions

MINIMAL = """\
model: tiny
display: {rows: 2, columns: 10}
keys: [A, B]
screens:
  one:
    rows: {en: ["ONE"]}
"""
WHOLE = """\
model: small
display: {rows: 3, columns: 16}
keys:
  GO: {en: [go ahead], zh: [确认键]}
  NO: {en: [leave], zh: [取消键]}
  "1": {}
submit: GO
cancel: NO
kinds: {build: 'B\\d{3}'}
roles:
  clerk: {words: {en: [cashier], zh: [收银员]}, ids: ["11"], factors: [number, password]}
  boss: {words: {zh: [店长]}, factors: [password]}
policy: {wrong_passwords: 3, lockout_min: 1}
timings: {refusal_s: 2}
screens:
  away: {means: signed off, rows: {en: ["HELLO {build:build}"]}}
  who: {asks: number, rows: {en: ["Number", "{entry:entry}"]}}
  word: {asks: password, rows: {en: ["Password", "{entry:mask}"]}}
  open: {means: ready, rows: {en: ["READY"]}}
  shut: {means: locked, asks: password of boss, rows: {en: ["SHUT", "{entry:mask}"]}}
  wrong: {means: refused, shown_s: 2, rows: {en: ["WRONG"]}}
  out: {means: locked out, rows: {en: ["OUT {left:n}"]}}
ways:
  sign on: {from: signed off, press: GO, to: ready}
  lock: {from: ready, press: 1 GO, to: locked}
  unlock: {from: locked, by: boss, to: ready}
"""


def profile_of(tmp_path: Path, text: str) -> Profile:
    file = tmp_path / "profile.yaml"
    file.write_text(text, "utf-8")
    return read_profile(file)


def test_four_fields_are_a_profile(tmp_path: Path) -> None:
    profile = profile_of(tmp_path, MINIMAL)
    assert profile.keys == ("A", "B")
    assert profile.recognise(["ONE", ""]) is not None


def test_a_number_that_is_not_said_is_asked_for_with_its_line(tmp_path: Path) -> None:
    profile = profile_of(tmp_path, WHOLE)
    assert profile.policy.wrong_passwords == 3
    with pytest.raises(ConfigurationError, match=r"does not say policy\.time_code_s") as told:
        _ = profile.policy.time_code_s
    assert "profile.yaml:13" in str(told.value)


def test_meanings_prompts_and_roles_follow_from_the_file(tmp_path: Path) -> None:
    profile = profile_of(tmp_path, WHOLE)
    assert profile.screens_of(("ready", "out")) == ("open", "out")
    assert profile.screens["shut"].secret_entry
    assert profile.screens["shut"].kind == "blocked"
    assert (profile.operator_of("clerk"), profile.operator_of("boss")) == ("11", "boss")
    assert profile.recognise(["HELLO B123", "", ""]) is not None
    assert profile.recognise(["HELLO B12", "", ""]) is None


@pytest.mark.parametrize(
    ("right", "wrong", "said", "line"),
    [
        ("to: locked}", "to: updating}", "no screen of this profile means 'updating'", 25),
        ("to: locked}", "to: lokced}", "'lokced' is no meaning and no screen; allowed: locked", 25),
        ("submit: GO\n", "", "a prompt without an answer: no key submits", 17),
        ("password of boss", "password of chief", "a prompt without an answer: 'chief' is no role", 20),
        ("asks: password,", "asks: time code,", "no role has the factor time code", 18),
        ("[取消键]", "[确认键]", "the word '确认键' is key 'GO' already", 5),
        ("[取消键]", "[go ahead]", "the word 'go ahead' is key 'GO' already", 5),
        ("zh: [店长]", "zh: [收银员]", "the word '收银员' is role 'clerk' already", 12),
        (", factors: [password]}", "}", "role 'boss' has no factors", 12),
        ('["OUT {left:n}"]', '["READY"]', "the profile is ambiguous", 19),
        ("press: 1 GO", "press: 8 GO", "'8' is no key; allowed: GO NO 1", 25),
        ("  out: {means: locked out,", "  out: {", "no screen means locked out: this number leads nowhere", 13),
        ("refusal_s: 2", "refusal_s: 3", "3 s, but screen 'wrong' is a refusal of 2 s", 14),
        ("by: boss", "by: chief", "'chief' is no role; allowed: clerk, boss", 26),
        ("  sign on:", "  sing on:", "'sing on' is no way; allowed: sign on", 24),
        ("B\\d{3}", "(B+)+", "allowed: letters, digits, classes", None),
        ("means: ready", "means: raedy", "should be", None),
        ("press: GO,", "press: GO, shout: GO,", "unknown field", None),
    ],
)  # fmt: skip
def test_a_contradiction_is_told_with_its_line(
    tmp_path: Path, right: str, wrong: str, said: str, line: int | None
) -> None:
    assert right in WHOLE
    with pytest.raises(ConfigurationError) as told:
        profile_of(tmp_path, WHOLE.replace(right, wrong, 1))
    assert said in str(told.value)
    assert f"profile.yaml:{'' if line is None else line}" in str(told.value)


def test_a_way_that_presses_an_unwired_key_is_refused_before_anything_opens(tmp_path: Path) -> None:
    root = Path(__file__).parents[2] / "rigs"
    text = (root / "simulated.yaml").read_text("utf-8").replace("    MENU: 1017\n", "")
    file = tmp_path / "rig.yaml"
    file.write_text(text.replace("profiles/reference-r.yaml", str(root / "profiles" / "reference-r.yaml")), "utf-8")
    with pytest.raises(ConfigurationError, match="presses MENU, and no channel of this rig is wired") as told:
        Rig.open(read_rig(file), options=RigOptions(guard=False))
    assert "field ways.sign off" in str(told.value)


@pytest.mark.parametrize("form", [r"V\d+\.\d+", "[A-Z]{2}\\d{7}", "(?:ON|OFF)", r"\S{1,4}-\w"])
def test_own_kinds_are_sampled_by_what_they_take(form: str) -> None:
    assert all(samples_of(form))


@pytest.mark.parametrize("form", ["(", "(a+)+", "(?=a)b", r"(a)\1", "a" * 200, "[^\\s\\S]"])
def test_an_expression_that_could_try_for_ever_is_refused(form: str) -> None:
    with pytest.raises(ValueError, match="allowed"):
        samples_of(form)
