"""The suite for any terminal: what it holds, how it is called, what it skips and says, and what it finds."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from lab_kit import lab_in, posrig_in, pytest_in, write

from posrig.description.profile import Profile, read_profile
from posrig.language.feature_text import parse
from posrig.language.outlines import example_rows, scenarios_of
from posrig.language.requirements import read_requirements
from posrig.language.tags import tags_of
from posrig.language.whoever import NOBODY, parts
from posrig.suite import FOLDER, REQUIREMENTS, files

ROOT = Path(__file__).parents[2]
RIGS = {name: ROOT / "rigs" / f"{name}.yaml" for name in ("counter", "esign", "simulated", "terminal-e")}
PROFILES = {path.stem: path for path in sorted((ROOT / "rigs" / "profiles").glob("*.yaml"))}
FLOWS = {"lock", "unlock", "sign-on", "lock-out", "power", "keys", "restart", "reset", "update", "roles", "host-lock"}
QUIET = ("-q", "-p", "no:hypothesispytest", "-p", "no:cacheprovider")


def rows() -> list[tuple[Path, str, str]]:
    """File, title as it is shown, language: one for each row of Examples."""
    found = []
    for file in files():
        feature = parse(file)[1].feature
        assert feature is not None
        for node, _ in scenarios_of(feature):
            found += [(file, node["name"], feature["language"]) for _ in example_rows(node)]
    return found


def verdicts(folder: Path) -> dict[str, str]:
    lines = [line for file in folder.glob("runs/*/scenarios.jsonl") for line in file.read_text("utf-8").splitlines()]
    return {row["id"]: row["verdict"] for row in map(json.loads, lines)}


def test_there_are_enough_in_both_languages_and_of_every_flow() -> None:
    languages = Counter(language for _, _, language in rows())
    assert sum(languages.values()) >= 120
    assert min(languages["en"], languages["zh-CN"]) >= 60
    for flow in FLOWS:
        stem = flow.replace("-", "_")
        assert {f"{stem}.feature", f"{stem}_zh.feature"} <= {file.name for file in files()}
        assert all(flow in tags_of(parse(file)[1].feature) for file in files() if file.stem.removesuffix("_zh") == stem)


def test_each_title_is_there_once_and_each_scenario_has_a_requirement() -> None:
    titles = [(file, title) for file in files() for node, _ in scenarios_of(parse(file)[1].feature)
              for title in [node["name"]]]  # fmt: skip
    assert [title for title, count in Counter(title for _, title in titles).items() if count > 1] == []
    known, used = set(read_requirements(REQUIREMENTS)), set()
    for file in files():
        for node, _ in scenarios_of(parse(file)[1].feature):
            own = {tag["name"].lstrip("@") for tag in node["tags"]} & known
            assert own, f"{file.name}: {node['name']}"
            used |= own
    assert used == known


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_no_feature_names_a_screen_a_key_a_role_or_a_number_of_a_model(name: str) -> None:
    data = read_profile(PROFILES[name]).data
    keys = {key for key in data.keys if len(key) > 1} | {word for words in data.keys.values() for word in words.all}
    roles = {word for role, about in data.roles.items() for word in (role, *about.words.all)} - {"operator"}
    numbers = {one for role in data.roles.values() for one in role.ids}
    screens = {screen for screen in data.screens if "_" in screen}
    for file in files():
        steps = [step["text"] for node, _ in scenarios_of(parse(file)[1].feature) for step in node["steps"]]
        for step in steps:
            said = set(re.findall(r"\w+", step, re.ASCII))
            assert not said & (keys | roles | numbers | screens), f"{file.name}: {step}"
            assert not [word for word in roles | keys if not word.isascii() and word in step], f"{file.name}: {step}"


def test_words_for_whoever_a_profile_has() -> None:
    def who(name: str) -> dict[str, tuple[str, str]]:
        return dict(parts(profile(name)))

    def profile(name: str) -> Profile:
        return read_profile(PROFILES[name])

    counter, esign, foreign = who("counter"), who("esign"), who("terminal-e")
    assert counter["duty operator"] == counter["当班人员"] == ("cashier", "100001")
    assert counter["second unlocker"] == ("manager", "900001")
    assert esign["other operator"] == ("cashier", "02")
    assert esign["resetter"] == esign["third role"] == ("system", "system")
    assert foreign["unlocker"] == ("manager", "manager")
    assert foreign["second unlocker"] == foreign["fourth role"] == NOBODY


def test_all_is_collected_beside_a_lab_s_own_or_alone(tmp_path: Path) -> None:
    lab = lab_in(tmp_path / "lab")
    alone = pytest_in(lab, "--posrig-suite", "--collect-only", *QUIET)
    assert alone.code == 0, alone.out
    shown = [line for line in alone.out.splitlines() if "::" in line]
    assert len(shown) == len(rows())
    assert all(line.startswith("posrig/suite/") for line in shown)
    both = pytest_in(lab, "features", "--posrig-suite", "--collect-only", *QUIET)
    shown = [line for line in both.out.splitlines() if "::" in line]
    own = [line for line in shown if not line.startswith("posrig/suite/")]
    assert (len(shown) - len(own), len(own)) == (len(rows()), 4)
    assert {line.partition("::")[0] for line in own} == {"features/night.feature", "features/night_zh.feature"}


@pytest.mark.parametrize(("rig", "chosen", "skipped"), [
    ("counter", "lock.feature and (duty or other)", 1),
    ("esign", "unlock.feature and lifts and not host", 0),
])  # fmt: skip
def test_some_hold_on_the_wire(rig: str, chosen: str, skipped: int, tmp_path: Path) -> None:
    done = pytest_in(
        ROOT, "--posrig-suite", "--rig", str(RIGS[rig]), "-k", chosen, "--report-dir", str(tmp_path), *QUIET
    )
    found = Counter(verdicts(tmp_path).values())
    assert done.code == 0, done.out
    assert found["held"] >= 2
    assert found["skipped"] == skipped


def test_two_at_a_time_and_one_by_its_name(tmp_path: Path) -> None:
    one = "posrig/suite/power_zh.feature::解锁后再锁定，断电，锁定仍在"
    two = "posrig/suite/lock.feature::The duty operator locks the terminal"
    options = ("--rig", str(RIGS["esign"]), "--report-dir", str(tmp_path), "-n", "2", *QUIET)
    done = pytest_in(tmp_path, one, two, *options)
    assert done.code == 0, done.out
    assert verdicts(tmp_path) == {one: "held", two: "held"}


@pytest.mark.parametrize(("rig", "defect", "sick", "sound"), [
    ("counter", "c_star_leaves_lock", "keys.feature::Every key pressed <count> times at the lock[6]",
     "lock.feature::The duty operator locks the terminal"),
    ("counter", "c_count_in_ram", "lock_out.feature::A power cut does not give new chances",
     "lock_out.feature::The last wrong password before the limit leaves the right one its chance"),
    ("esign", "e_lock_written_late", "power.feature::A power cut at once after locking",
     "power.feature::After a power cut the duty operator signs on again"),
    ("esign", "e_unlock_changes_session", "unlock_zh.feature::第二解锁人解锁后，不以自己的身份接着工作",
     "unlock.feature::The <who> lifts the lock[unlocker]"),
    ("esign", "e_password_shown", "sign_on.feature::The password is never shown at the sign-on",
     "sign_on.feature::The duty operator signs on"),
])  # fmt: skip
def test_it_finds_what_is_wrong(rig: str, defect: str, sick: str, sound: str, tmp_path: Path) -> None:
    ids = [f"posrig/suite/{one}" for one in (sick, sound)]
    done = pytest_in(ROOT, *ids, "--rig", str(RIGS[rig]), "--defect", defect, "--report-dir", str(tmp_path), *QUIET)
    assert done.code == 1, done.out
    assert verdicts(tmp_path) == {ids[0]: "product failure", ids[1]: "held"}


def test_what_a_terminal_lacks_is_skipped_with_profile_and_line(tmp_path: Path) -> None:
    done = pytest_in(ROOT, "--posrig-suite", "--dry-run", "--rig", str(RIGS["terminal-e"]), "-k", "roles or host_lock",
                     *QUIET)  # fmt: skip
    assert "would be skipped" in done.out
    assert "terminal-e.yaml:26, field roles" in done.out
    assert "'the second role signs on' needs an operator number" in done.out
    assert "has nobody for it" in done.out
    assert "field bench" in done.out


def test_what_a_terminal_lacks_is_an_error_on_demand() -> None:
    done = pytest_in(ROOT, "--posrig-suite", "--require-capabilities", "--rig", str(RIGS["terminal-e"]), "-k", "restart",
                     *QUIET)  # fmt: skip
    assert done.code == 4
    assert "need what this terminal or rig does not have" in done.out
    assert "terminal-e.yaml:" in done.out


def test_lint_says_it_before_and_finds_no_mistake_for_any_terminal(tmp_path: Path) -> None:
    for rig in RIGS.values():
        done = posrig_in(ROOT, "lint", "--posrig-suite", "--rig", str(rig), "--json")
        told = json.loads(done.out)
        assert (done.code, told["findings"], told["files"]) == (0, [], len(files()))
        assert bool(told["skipped"])


@pytest.mark.parametrize(("typed", "code", "said"), [
    (("posrig/suite/lok.feature",), 4, "lock.feature"),
    (("posrig/suite/lock.feature::The duty operator lock",), 4, "The duty operator locks the terminal"),
    (("--posrig-suite", "--rig", "none.yaml"), 4, "none.yaml"),
    (("--posrig-suite", "-k", "nothing-of-this-name"), 5, ""),
])  # fmt: skip
def test_bad_use_is_told_with_what_was_meant(typed: tuple[str, ...], code: int, said: str, tmp_path: Path) -> None:
    lab = lab_in(tmp_path / "lab")
    done = pytest_in(lab, *typed, *QUIET)
    assert done.code == code, done.out
    assert said in done.out
    assert "Traceback" not in done.out


def test_the_suite_s_requirements_are_not_the_lab_s(tmp_path: Path) -> None:
    """A tag of the suite is none of the lab's own, and the other way round."""
    lab = lab_in(tmp_path / "lab")
    write(lab / "features" / "requirements.yaml", "- id: X-LOCK-1\n  en: mine\n")
    held = "posrig/suite/lock.feature::The duty operator locks the terminal"
    done = pytest_in(lab, held, "--report-dir", str(tmp_path / "report"), *QUIET)
    assert done.code == 0, done.out
    [line] = [line for file in (tmp_path / "report").glob("runs/*/scenarios.jsonl")
              for line in file.read_text("utf-8").splitlines()]  # fmt: skip
    assert json.loads(line)["requirements"] == ["S-LOCK-1"]


def test_qualify_takes_the_suite_or_features_and_not_both() -> None:
    done = posrig_in(ROOT, "qualify", "--suite", "--features", "features", "--scenarios-only")
    assert done.code == 4
    assert "--suite and --features" in done.out


def test_the_folder_holds_nothing_else() -> None:
    assert {path.suffix for path in FOLDER.iterdir() if path.is_file()} == {".feature", ".yaml", ".py"}
