"""The requirements that tags may name: ``features/requirements.yaml``, a list of id, en, zh, source, firmness."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from posrig.ground.faults import ConfigurationError

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


def read_requirements(path: Path) -> dict[str, Requirement]:
    """Requirements by id; empty when there is no file. Raises ConfigurationError naming file and entry."""
    if not path.is_file():
        return {}
    try:
        entries = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError("the requirements cannot be read", where=f"{path}: {error}") from None
    if not isinstance(entries, list):
        raise ConfigurationError("the requirements are no list", where=str(path), allowed="- id: R-LOCK-1 ...")
    found: dict[str, Requirement] = {}
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict) or not entry.get("id"):
            raise ConfigurationError(
                f"entry {number} of the requirements has no id", where=str(path), allowed=", ".join(FIELDS)
            )
        one = Requirement(**{name: str(entry.get(name, "")) for name in FIELDS})
        if one.id in found:
            raise ConfigurationError(f"the requirement {one.id} stands twice", where=str(path), todo="keep one of them")
        found[one.id] = one
    return found


def known_requirements(root: Path) -> dict[str, Requirement]:
    """The requirements of the repository at ``root``."""
    return read_requirements(root / PLACE)


def requirement_ids(tags: Iterable[str], known: Iterable[str]) -> list[str]:
    """Which of the tags are requirements: those that are known, or look like one when none is known.

    >>> requirement_ids(["slow", "R-LOCK-3"], [])
    ['R-LOCK-3']
    """
    ids = set(known)
    return sorted(tag for tag in tags if (tag in ids if ids else LOOKS_LIKE_ONE.match(tag)))
