"""The examples in the docstrings of the rig are true."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["scpi.parser", "streams"])
def test_examples(name: str) -> None:
    results = doctest.testmod(importlib.import_module(f"posrig.simulated.{name}"))
    assert results.attempted > 0
    assert results.failed == 0
