"""The words of the messages: rule -> ((found, allowed, to do) in English, the same in Chinese). Data only, by subject.

Where a message quotes what somebody wrote it is in ``{braces}``; ``docs/scenarios.md`` says what each rule prevents.
"""

from __future__ import annotations

from posrig.language.catalogue.files import FILES
from posrig.language.catalogue.lists import LISTS
from posrig.language.catalogue.needs import NEEDS
from posrig.language.catalogue.runs import RUNS
from posrig.language.catalogue.scenarios import SCENARIOS
from posrig.language.catalogue.shape import LABELS, Rules
from posrig.language.catalogue.values import VALUES

CATALOGUE: Rules = {**FILES, **SCENARIOS, **VALUES, **RUNS, **NEEDS, **LISTS}

__all__ = ["CATALOGUE", "LABELS"]
