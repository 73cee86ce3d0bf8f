"""What is told about feature files, step sentences and the quarantine list, in English and Chinese.

A message has a name (its rule); ``posrig.language.catalogue`` holds the words. Whoever reads a Chinese feature file
reads Chinese messages; a command can be told with ``--language``.
"""

from __future__ import annotations

from dataclasses import dataclass

from posrig.ground.faults import ConfigurationError
from posrig.ground.printable import printable
from posrig.language.catalogue import CATALOGUE, LABELS
from posrig.language.step_index import CJK

LONGEST_VALUE = 240
_OWN = frozenset(
    ("allowed", "near", "todo", "known", "texts", "places", "columns", "reason", "reasons", "kinds", "wrong")
)
"""Values that are words of ours: lists may be long, and have lines."""
SPOKEN = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Words:
    """What was found, what is allowed, what to do."""

    found: str
    allowed: str = ""
    todo: str = ""


def spoken(language: str) -> str:
    """The language of messages for a file's language.

    >>> spoken("zh-CN"), spoken("fr")
    ('zh', 'en')
    """
    return "zh" if language.startswith("zh") else "en"


def language_of(*texts: str) -> str:
    """The language of messages about texts that no feature file holds: Chinese as soon as one has Chinese in it."""
    return "zh" if any(CJK.search(text) for text in texts) else "en"


def say(rule: str, told: str, /, **values: object) -> Words:
    """The words of a rule. Values that are foreign text are cut to a line's length, what cannot be seen is escaped.

    ``near`` may be a list of what was perhaps meant.
    """
    shown = {name: _cut(value) if name not in _OWN else value for name, value in values.items()}
    if isinstance(near := values.get("near"), list | tuple):
        shown["near"] = say("did_you_mean", told, near="  |  ".join(near)).found if near else ""
    return Words(*(printable(part.format(**shown)) for part in CATALOGUE[rule][spoken(told) == "zh"]))


def rows(words: Words, language: str, where: str = "") -> str:
    """The words as lines, for people."""
    chinese = spoken(language) == "zh"
    lines = [words.found]
    for name, text in (("where", where), ("allowed", words.allowed), ("todo", words.todo)):
        lines += [f"  {LABELS[name][chinese]}{text}"] if text else []
    return "\n".join(lines)


def _cut(value: object) -> object:
    return f"{value[:LONGEST_VALUE]}…" if isinstance(value, str) and len(value) > LONGEST_VALUE else value


class Told(ConfigurationError):  # noqa: N818 - the family's names say whose fault it is
    """A configuration error out of the catalogue: it can be told in either language."""

    def __init__(self, rule: str, language: str = "en", /, *, where: str = "", **values: object) -> None:
        self.rule, self.language, self.values = rule, language, values
        words = say(rule, language, **values)
        super().__init__(words.found, where=where, allowed=words.allowed, todo=words.todo)

    def __str__(self) -> str:
        return rows(Words(self.found, self.allowed, self.todo), self.language, self.where)

    def within(self, language: str) -> str:
        """As part of a longer message, in that language."""
        return inner(say(self.rule, language, **self.values), language)


def inner(words: Words, language: str) -> str:
    """Words as part of a finding's text, one indent further in."""
    return rows(words, language).replace("\n  ", "\n    ")
