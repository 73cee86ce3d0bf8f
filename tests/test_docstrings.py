"""Every example in a docstring of the library is true; new modules are found by themselves, wherever they are moved."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("posrig",)
"""The roots of the library."""


def modules() -> Iterator[str]:
    for root in PACKAGES:
        yield root
        for found in pkgutil.walk_packages([str(ROOT / root)], f"{root}."):
            yield found.name


def source(name: str) -> str:
    path = ROOT.joinpath(*name.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return file.read_text("utf-8") if file.exists() else ""


WITH_EXAMPLES = sorted(name for name in modules() if ">>> " in source(name))


def test_every_file_with_an_example_is_run() -> None:
    files = {path for root in PACKAGES for path in (ROOT / root).rglob("*.py") if ">>> " in path.read_text("utf-8")}
    assert len(WITH_EXAMPLES) == len(files) > 0


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_are_true(name: str) -> None:
    results = doctest.testmod(importlib.import_module(name))
    assert results.attempted > 0
    assert results.failed == 0
