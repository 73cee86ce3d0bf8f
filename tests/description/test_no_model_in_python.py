"""No Python says what one terminal model is: no screen id, key name, operator number or menu path of any profile.

Rooms that bear a model's name are its own; tests and the simulated terminals are apart. The words are those of the
profiles themselves, so a new profile is watched from its first day.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from posrig.description.profile import read_profile

ROOT = Path(__file__).parents[2]
PROFILES = tuple(sorted((ROOT / "rigs" / "profiles").glob("*.yaml")))
APART = ("models/terminal_r/", "simulated/")
COMMON = frozenset({"boot", "version", "menu", "clock", "log", "status", "cause", "done", "lock", "unlocked", "refused",
                    "approved", "ready", "help", "settle", "refund", "void", "daily", "system", "operators", "finger",
                    "restarting", "tamper", "support", "recover", "enrol", "approve", "manage", "resetting", "stopped",
                    "welcome", "params", "checking", "newest", "idle", "update", "sale", "reset", "closed"})  # fmt: skip
"""Screen ids that are plain words of English, which a file may say without meaning a screen."""
STILL: set[str] = set()
"""Files that are still to be cleaned; the list may only shrink."""


def names_of_models() -> frozenset[str]:
    """Key names, operator numbers and screen ids of every profile, as far as they are no plain words or single keys."""
    found: set[str] = set()
    for path in PROFILES:
        profile = read_profile(path)
        found |= {key for key in profile.keys if len(key) > 1}
        found |= {number for role in profile.data.roles.values() for number in role.ids}
        found |= {screen for screen in profile.screens if screen not in COMMON}
    return frozenset(found)


def said(source: str, names: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Each text of a file's code (no docstring) that is such a name, or a path of keys, with its line."""
    tree = ast.parse(source)
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in docs:
            continue
        words = node.value.split()
        path = len(words) > 1 and all(word in names or len(word) == 1 for word in words) and not names.isdisjoint(words)
        if node.value in names or path:
            yield node.lineno, node.value


def guilty() -> dict[str, list[tuple[int, str]]]:
    names = names_of_models()
    files = [path for folder in ("posrig", "fixtures") for path in (ROOT / folder).rglob("*.py")]
    shown = {path.relative_to(ROOT).as_posix(): path for path in files}
    found = {name: list(said(path.read_text("utf-8"), names)) for name, path in shown.items()
             if not any(room in name for room in APART)}  # fmt: skip
    return {name: hits for name, hits in found.items() if hits}


@pytest.fixture(scope="module")
def found() -> dict[str, list[tuple[int, str]]]:
    return guilty()


def test_no_python_says_what_one_model_is(found: dict[str, list[tuple[int, str]]]) -> None:
    assert {name: hits for name, hits in found.items() if name not in STILL} == {}


def test_the_list_of_files_to_be_cleaned_only_shrinks(found: dict[str, list[tuple[int, str]]]) -> None:
    assert set(found) >= STILL, "clean files are taken off the list"


@pytest.mark.parametrize("put_in", ['("lock_ask",)', '"MENU"', '"00"', '"MENU 5 3"', '"login_pwd"', '"S1"', '"8 8 OK"'])
def test_the_check_is_red_when_a_name_is_put_in(put_in: str) -> None:
    assert list(said(f"x = {put_in}\n", names_of_models()))


def test_words_about_a_model_may_stand_in_a_docstring() -> None:
    assert not list(said('"""lock_ask"""\n', names_of_models()))
