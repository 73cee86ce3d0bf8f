"""What is wrong in a lab's own files: pytest, ``posrig lint`` and ``posrig steps`` say the same, with file and line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lab_kit import HEAD, Ended, ended, lab_in, start, write

from posrig.description.lab import find_lab
from posrig.ground.faults import ConfigurationError
from posrig.plugin.activation import in_lab

SHIPPED = '\n@then("the terminal is locked", "终端已锁定"{})\ndef mine(terminal: Terminal) -> None:\n    """x"""\n'


def project(lab: Path, old: str, new: str) -> None:
    file = lab / "pyproject.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def syntax(lab: Path) -> None:
    write(lab / "steps" / "mine.py", "x = 1\ndef y(:\n")


def raises(lab: Path) -> None:
    write(lab / "steps" / "mine.py", "x = 1\nraise ValueError('boom')\n")


def ends_python(lab: Path) -> None:
    write(lab / "steps" / "mine.py", "import sys\nsys.exit(0)\n")


def skips(lab: Path) -> None:
    write(lab / "steps" / "mine.py", "import pytest\npytest.skip('no', allow_module_level=True)\n")


def no_text(lab: Path) -> None:
    (lab / "steps" / "mine.py").write_bytes(b"x = '\xff'\n")


def needs_what_is_not_there(lab: Path) -> None:
    write(lab / "steps" / "mine.py", "import no_such_package\n")


def one_name_two_files(lab: Path) -> None:
    write(lab / "steps" / "mine.py", "")
    write(lab / "steps" / "mine" / "__init__.py", "")


def no_name(lab: Path) -> None:
    write(lab / "steps" / "my-own.py", "")


def other_steps(lab: Path) -> None:
    write(lab.parent / "other" / "steps" / "__init__.py", "")


def steps_mixed_up(lab: Path) -> None:
    """Both are folders without __init__.py: Python joins them, and reads the other's shop.py."""
    write(lab.parent / "other" / "steps" / "shop.py", "")


def twice(lab: Path) -> None:
    write(lab / "steps" / "mine.py", (lab / "steps" / "shop.py").read_text("utf-8"))


def shipped_again(lab: Path) -> None:
    write(lab / "steps" / "mine.py", HEAD + SHIPPED.format(""))


def replaces_nothing(lab: Path) -> None:
    words = HEAD + SHIPPED.format(", replaces=True").replace("terminal is locked", "terminal is lokced")
    write(lab / "steps" / "mine.py", words)


def never_fails(lab: Path) -> None:
    write(lab / "steps" / "mine.py", HEAD + '\n@then("all is well")\ndef well() -> bool:\n    return True\n')


def conftest_of_features(lab: Path) -> None:
    write(lab / "features" / "deep" / "conftest.py", "\nimport sys\nsys.exit(0)\n")
    write(lab / "features" / "deep" / "a.feature", (lab / "features" / "night.feature").read_text("utf-8"))


def fixtures_raise(lab: Path) -> None:
    write(lab / "fixtures" / "shop.py", "\nraise ValueError('boom')\n")


def no_rig(lab: Path) -> None:
    project(lab, 'rig = "rigs/simulated.yaml"', "")
    (lab / "rigs" / "simulated.yaml").unlink()


def two_rigs(lab: Path) -> None:
    project(lab, 'rig = "rigs/simulated.yaml"', "")
    text = (lab / "rigs" / "simulated.yaml").read_text("utf-8")
    (lab / "rigs" / "simulated.yaml").rename(lab / "rigs" / "a.yaml")
    write(lab / "rigs" / "b.yaml", text)


def table(old: str, new: str) -> Callable[[Path], None]:
    return lambda lab: project(lab, old, new)


RIG = 'rig = "rigs/simulated.yaml"'
ALL = ("pytest", "lint", "steps")
CASES: dict[str, tuple[Callable[[Path], None], tuple[str, ...]]] = {
    "syntax": (syntax, ("SyntaxError", "steps/mine.py:2")),
    "raises": (raises, ("ValueError: boom", "steps/mine.py:2")),
    "ends python": (ends_python, ("SystemExit", "steps/mine.py:2")),
    "skips": (skips, ("Skipped", "steps/mine.py:2")),
    "no text": (no_text, ("SyntaxError", "steps/mine.py:1")),
    "missing package": (needs_what_is_not_there, ("no_such_package", "steps/mine.py:1")),
    "two files": (one_name_two_files, ("two files stand for the module steps.mine", "mine/__init__.py", "rename")),
    "no name": (no_name, ("no Python name", "my-own.py", "rename")),
    "other steps": (other_steps, ("Python finds another module 'steps'", "other/steps", "[tool.posrig] sentences")),
    "mixed up": (steps_mixed_up, ("Python finds another module 'steps.shop'", "other/steps/shop.py")),
    "twice": (twice, ("steps/shop.py:10", "is declared twice, first at steps/mine.py:10", "word one of them")),
    "shipped again": (shipped_again, ("steps/mine.py:5", "is declared twice, first at", "replaces=True")),
    "replaces nothing": (replaces_nothing, ("steps/mine.py:5", "replaces nothing", "take replaces=True away")),
    "never fails": (never_fails, ("steps/mine.py:5", "returns a value")),
    "conftest": (conftest_of_features, ("SystemExit", "features/deep/conftest.py:3")),
    "fixtures": (fixtures_raise, ("ValueError: boom", "fixtures/shop.py:2")),
    "no rig": (no_rig, ("this lab has no rig file", "pyproject.toml:3", "posrig init")),
    "two rigs": (two_rigs, ("names no rig file, and there are 2", 'rig = "rigs/a.yaml" or rig = "rigs/b.yaml"')),
    "unknown field": (table("rig =", "rgi ="), ("no field 'rgi'; did you mean 'rig'?", "pyproject.toml:4")),
    "type of rig": (table(RIG, "rig = 3"), ("rig is 3 and no path", "pyproject.toml:4", "rigs/my-rig.yaml")),
    "missing rig": (table(RIG, 'rig = "no.yaml"'), ("the rig file 'no.yaml' is not there", "pyproject.toml:4")),
    "folder": (table(RIG, 'rig = "rigs"'), ("is a folder and no rig file", "pyproject.toml:4")),
    "type of list": (table("# sentences = [", 'sentences = "x" # ['), ("no list of module names", "pyproject.toml:5")),
    "no module": (table("# sentences = [", "sentences = ["), ("no module 'acme_sentences'", "pyproject.toml:5")),
    "no table": (table("[tool.posrig]\n" + RIG, "[tool]\nposrig = 3\n"), ("no table", "pyproject.toml:4")),
    "not TOML": (table(RIG, 'rig = "a'), ("pyproject.toml", "line 4")),
}  # fmt: skip
NEEDS_NO_RIG = {"no rig", "two rigs"}
OF_THE_TABLE = ("type of rig", "missing rig", "folder", "type of list", "no table")
"""One function reads the table for all three; that they ask it is seen with an unknown field."""


def say(lab: Path, other: Path) -> dict[str, Ended]:
    """The three at one time: a lab is read, and nothing is written."""
    path = f"{other}:{lab}" if other.is_dir() else ""
    commands = {
        "pytest": ("pytest",),
        "lint": ("posrig.commands.main", "lint"),
        "steps": ("posrig.commands.main", "steps"),
    }
    processes = {name: start(lab, *words, **({"PYTHONPATH": path} if path else {})) for name, words in commands.items()}
    return {name: ended(process) for name, process in processes.items()}


@pytest.mark.parametrize("case", [case for case in CASES if case not in OF_THE_TABLE])
def test_what_is_wrong_is_told_alike_by_all(case: str, tmp_path: Path) -> None:
    lab = lab_in(tmp_path / "lab")
    break_it, words = CASES[case]
    break_it(lab)
    before = tree(lab)
    said = say(lab, tmp_path / "other")
    for name in ALL:
        if name == "steps" and case in NEEDS_NO_RIG:  # it lists sentences: no rig is asked for
            assert said[name].code == 0
            continue
        assert said[name].code == 4, (name, said[name].out)
        assert all(word in said[name].out for word in words), (name, said[name].out)
        assert "Traceback" not in said[name].out, name
        assert len(said[name].out.splitlines()) < 40, said[name].out
    assert tree(lab) == before


def tree(lab: Path) -> set[str]:
    """Every file but Python's and pytest's own caches, and the report that says why nothing ran."""
    found = {path.relative_to(lab).as_posix() for path in lab.rglob("*") if path.is_file()}
    return {path for path in found if not re.search(r"__pycache__|\.pytest_cache|^reports/(runs|latest)/", path)}


@pytest.mark.parametrize("case", OF_THE_TABLE)
def test_what_is_wrong_in_the_table_is_told_with_its_line(case: str, tmp_path: Path) -> None:
    lab = lab_in(tmp_path / "lab")
    break_it, words = CASES[case]
    break_it(lab)
    with pytest.raises(ConfigurationError) as told:
        find_lab(lab / "features")
    assert all(word in str(told.value) for word in words), told.value


@pytest.mark.parametrize("header", ["[tool]\nposrig.rig", "[tool]\n'posrig'.rig", "[ tool . posrig ]\nrig"])
def test_a_lab_is_known_however_its_table_is_written(header: str, tmp_path: Path) -> None:
    lab = lab_in(tmp_path / "lab")
    write(lab / "pyproject.toml", f'{header} = "rigs/simulated.yaml"\n')
    assert in_lab(lab / "features")
    found = find_lab(lab)
    assert found is not None
    assert found.rig == lab / "rigs" / "simulated.yaml"
