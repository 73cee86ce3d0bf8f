"""Whether a feature file is written in posrig's sentences: asked only where nothing else says whose it is."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from gherkin.errors import ParserError
from gherkin.parser import Parser

from posrig.language.lint import example_rows, fill, scenarios_of
from posrig.language.sources import load
from posrig.language.step_index import StepIndex, declared_steps


@cache
def _index() -> StepIndex:
    load(None)
    return StepIndex(definition for definition in declared_steps() if definition.own)


def knows_a_sentence(path: Path) -> bool:
    """Whether any step of the file is one of the shipped sentences. A file that cannot be read is nobody's."""
    try:
        feature = Parser().parse(path.read_text(encoding="utf-8-sig")).get("feature")
    except (ParserError, UnicodeDecodeError, OSError):
        return False
    for scenario, _ in scenarios_of(feature) if feature else ():
        row = example_rows(scenario)[0]
        if any(_index().matching(fill(step["text"], row)) for step in scenario["steps"]):
            return True
    return False
