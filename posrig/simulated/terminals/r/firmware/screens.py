"""Screens as data: ``screens*.json`` of this folder, four rows per language with ``{field}`` placeholders.

An entry whose id starts with ``word.`` is a word, not a screen (its first row counts): values that differ by language.
Every file named ``screens*.json`` is read, so that a room may bring its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

ROWS = 4
COLUMNS = 16


@lru_cache(maxsize=4)
def load(language: str) -> Mapping[str, tuple[str, ...]]:
    """Id -> rows of one language (``en`` or ``zh``)."""
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted(Path(__file__).parent.glob("screens*.json")):
        for entry in json.loads(path.read_text(encoding="utf-8")):
            rows = entry[language]
            found[entry["id"]] = tuple(rows) + ("",) * (ROWS - len(rows))
    return found


class Screens:
    def __init__(self, language: str) -> None:
        self.language = language
        self._rows = load(language)

    def lines(self, screen: str, fields: Mapping[str, object]) -> list[str]:
        """The four rows, placeholders filled in."""
        return [row.format_map(fields) if "{" in row else row for row in self._rows[screen]]

    def word(self, name: str) -> str:
        """A word of the language, by its name without ``word.``."""
        return self._rows["word." + name][0]

    def __contains__(self, screen: str) -> bool:
        return screen in self._rows


def width(text: str) -> int:
    """Columns: a Chinese character takes two."""
    return sum(2 if ord(char) >= 0x2E80 else 1 for char in text)


def cut(text: str, columns: int) -> str:
    """As much of the text as fits."""
    while width(text) > columns:
        text = text[:-1]
    return text
