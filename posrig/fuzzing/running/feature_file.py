"""A finding as a feature file: what it says about itself, its rules, its steps. How the steps are found is elsewhere:
``gherkin.py`` for acts of a model, ``trials/gherkin.py`` for trials."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from posrig.fuzzing.search.findings import Finding
from posrig.ground.faults import ConfigurationError

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
Kind = Literal["given", "when", "then"]
_WORDS = {
    "en": {"given": "Given ", "when": "When ", "then": "Then ", "and": "And "},
    "zh": {"given": "假如", "when": "当", "then": "那么", "and": "而且"},
}
_HEADS = {
    "en": ("Feature: Found by fuzzing: ", "Scenario: "),
    "zh": ("功能: 模糊测试发现的缺陷:", "场景: "),
}

_ITSELF = {"en": " (the trial itself)", "zh": "(试验本身)"}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a finding comes from."""

    firmware: str
    terminal: str
    date: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step in both languages, without its keyword, and the rows of the table beneath it."""

    kind: Kind
    en: str
    zh: str
    table_en: tuple[tuple[str, str], ...] = ()
    table_zh: tuple[tuple[str, str], ...] = ()


def feature_text(
    finding: Finding, origin: Origin, language: Language, *, how: str, rules: Sequence[str], title: str,
    steps: Sequence[Step], itself: Sequence[Step] = (),
) -> str:  # fmt: skip
    """The feature file's text. ``how``: one line on what was done when it was found. ``itself``: the steps of a second
    scenario, which does exactly what was done then."""
    feature, scenario = _HEADS[language]
    lines = ["# language: zh-CN"] if language == "zh" else []
    lines += [
        f"# Found by posrig fuzz on {origin.date}: terminal {origin.terminal}, firmware {origin.firmware},",
        f"# finding {finding.id}, {finding.verdict} ({finding.fired} of {finding.tried} replays);",
        f"# {how}.",
        f"# Expected: {finding.expected}",
        f"# Seen:     {finding.seen}",
        " ".join(["@regression", *(f"@{rule}" for rule in rules)]),
        f"{feature}{title}",
        "",
        f"  {scenario}{title}",
        *_lines(steps, language),
        "",
    ]
    if itself:
        lines += [f"  {scenario}{title}{_ITSELF[language]}", *_lines(itself, language), ""]
    return "\n".join(lines)


def _lines(steps: Sequence[Step], language: Language) -> Iterator[str]:
    words, before = _WORDS[language], None
    for step in steps:
        word = words["and"] if step.kind == before else words[step.kind]
        text, table = (step.en, step.table_en) if language == "en" else (step.zh, step.table_zh)
        yield f"    {word}{text}"
        yield from (f"      | {' | '.join(row)} |" for row in table)
        before = step.kind


def write(folder: Path, text: str, finding: Finding, language: Language = "en") -> Path:
    """Write a scenario; the file's name tells its rule and its finding.

    Raises:
        ConfigurationError: it cannot be written.
    """
    rule = re.sub(r"\W+", "_", text.split("@regression @")[1].split()[0]).lower()
    path = folder / f"{rule}_{finding.id}{'_zh' if language == 'zh' else ''}.feature"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"the scenario cannot be written: {error.strerror or error}", where=str(path), todo="name a writable folder"
        ) from None
    return path
