"""A mistake in a feature file, and what a check of one file gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posrig.ground.printable import one_line
from posrig.language.catalogue import LABELS
from posrig.language.messages import say, spoken
from posrig.language.step_index import short_path

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake: file and line, what was found, what is allowed, what to do; ``rule`` names its kind."""

    path: Path
    line: int
    found: str
    allowed: str = ""
    todo: str = ""
    rule: str = ""
    language: str = "en"

    @classmethod
    def of(cls, path: Path, number: int, rule: str, told: str, /, **values: object) -> Finding:
        """A finding in the words of the catalogue, in the language ``told``."""
        words = say(rule, told, **values)
        return cls(path, number, words.found, words.allowed, words.todo, rule, spoken(told))

    def __str__(self) -> str:
        chinese = self.language == "zh"
        rows = [f"{one_line(short_path(self.path))}:{self.line}: {self.found}"]
        rows += [f"    {LABELS['allowed'][chinese]}{self.allowed}"] if self.allowed else []
        rows += [f"    {LABELS['todo'][chinese]}{self.todo}"] if self.todo else []
        return "\n".join(rows)


@dataclass(frozen=True, slots=True)
class Checked:
    """A feature file's syntax tree (None when it cannot be read) and its findings."""

    path: Path
    feature: Node | None
    findings: tuple[Finding, ...]
