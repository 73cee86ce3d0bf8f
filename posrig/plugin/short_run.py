"""``--short``: for every requirement one scenario in each language, and one of every feature file.

The whole suite takes a minute; somebody who has just cloned the repository, or changed one step, gets an answer about
every rule in a third of that. What was left out is said, and is deselected in pytest's own count.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

import pytest

from posrig.ground.faults import ConfigurationError
from posrig.plugin.collection import FeatureFile, is_scenario
from posrig.plugin.scenario_run import requirements


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("posrig").addoption(
        "--short", action="store_true", help="one scenario for each requirement, language and feature file"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the first scenario that stands for anything not stood for yet. Other tests are none of its business."""
    if not config.getoption("--short"):
        return
    covered: set[Hashable] = set()
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        try:
            new = set(_stands_for(item)) - covered
        except ConfigurationError as error:
            raise pytest.UsageError(str(error)) from None
        covered |= new
        (kept if new or not is_scenario(item) else left).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left)


def _stands_for(item: pytest.Item) -> Iterator[Hashable]:
    if not isinstance(item.parent, FeatureFile):
        return
    yield item.path
    for requirement in requirements(item):
        yield requirement, item.parent.language
