"""Which sentences a feature file sees: those of its conftest.py files, and everything declared elsewhere."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from pathlib import Path

from posrig.language.sources import CONFTEST
from posrig.language.step_index import StepDefinition, StepIndex


class Visibility:
    """An index for each feature file; files that see the same sentences share one."""

    def __init__(self, definitions: Iterable[StepDefinition]) -> None:
        self._homes = [(definition, home(definition)) for definition in definitions]
        self._known: dict[frozenset[Path], StepIndex] = {}

    def from_file(self, feature: Path) -> StepIndex:
        """The sentences that this feature may use."""
        seen = frozenset(one for _, one in self._homes if one is not None and feature.is_relative_to(one))
        if seen not in self._known:
            definitions = (definition for definition, one in self._homes if one is None or one in seen)
            self._known[seen] = StepIndex(definitions)
        return self._known[seen]


def home(definition: StepDefinition) -> Path | None:
    """The folder whose features alone see a sentence, for one that is declared in a conftest.py; None: all see it."""
    file = Path(inspect.unwrap(definition.function).__code__.co_filename)
    return file.parent.resolve() if file.name == CONFTEST else None
