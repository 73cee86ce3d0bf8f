"""Whether a feature file is written in posrig's sentences: asked only where nothing else says whose it is.

Line by line, without a parser: a file of ours with a mistake in it is still ours, and is told its mistake.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from posrig.language.keywords import STEPS
from posrig.language.sources import load
from posrig.language.step_index import StepIndex, declared_steps

_WORDS = {word for words in STEPS.values() for word in words}
_STEP = re.compile(rf"\s*(?:{'|'.join(sorted(map(re.escape, _WORDS), key=len, reverse=True))})\s*(?P<sentence>\S.*)")


@cache
def _index() -> StepIndex:
    load(None)
    return StepIndex(definition for definition in declared_steps() if definition.own)


def knows_a_sentence(path: Path) -> bool:
    """Whether any step of the file is one of the shipped sentences. A file that cannot be read is nobody's."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (UnicodeDecodeError, OSError):
        return False
    steps = (step for line in lines if (step := _STEP.match(line)))
    return any(_index().matching(step["sentence"].strip()) for step in steps)
