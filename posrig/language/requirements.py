"""The requirements that tags may name: ``features/requirements.yaml``, a list of id, en, zh, source, firmness."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from posrig.description.located_yaml import read_tree
from posrig.language.messages import Told

PLACE = Path("features", "requirements.yaml")
FIELDS = ("id", "en", "zh", "source", "firmness", "article")
# what counts as a requirement tag while there is no requirements.yaml
LOOKS_LIKE_ONE = re.compile(r"^(?:PCI-DSS|PCI-PTS|EMV|ASVS|SUIT|TUF|PSA|REQ|R)-[A-Z0-9][\w.-]*$")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement: ``firmness`` says how sure the source is, ``article`` is the row of the source article."""

    id: str
    en: str = ""
    zh: str = ""
    source: str = ""
    firmness: str = ""
    article: str = ""


def read_requirements(path: Path, language: str = "en") -> dict[str, Requirement]:
    """Requirements by id; empty when there is no file. Raises ConfigurationError naming file and line, in the reader's
    ``language``."""
    if not path.is_file():
        return {}
    entries, lines = read_tree(path, "list of requirements")
    if not isinstance(entries, list):
        raise Told("requirements_no_list", language, where=f"{path}:1")
    found: dict[str, Requirement] = {}
    for number, entry in enumerate(entries):
        where = f"{path}:{lines[number,]}"
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str) or not entry["id"]:
            raise Told("requirement_no_id", language, where=where, number=number + 1, allowed=", ".join(FIELDS))
        one = Requirement(**{name: _text(entry.get(name), name, where, language) for name in FIELDS})
        if one.id in found:
            raise Told("requirement_twice", language, where=where, name=one.id)
        found[one.id] = one
    return found


def _text(value: object, field: str, where: str, language: str) -> str:
    if isinstance(value, list | dict):
        raise Told("requirement_no_text", language, where=f"{where}, field {field}", name=field)
    return "" if value is None else str(value)


def known_requirements(root: Path, language: str = "en") -> dict[str, Requirement]:
    """The requirements of the repository at ``root``. Raises ConfigurationError in the reader's ``language``."""
    return read_requirements(root / PLACE, language)


def requirement_ids(tags: Iterable[str], known: Iterable[str]) -> list[str]:
    """Which of the tags are requirements: those that are known, or look like one when none is known.

    >>> requirement_ids(["slow", "R-LOCK-3"], [])
    ['R-LOCK-3']
    """
    ids = set(known)
    return sorted(tag for tag in tags if (tag in ids if ids else LOOKS_LIKE_ONE.match(tag)))
