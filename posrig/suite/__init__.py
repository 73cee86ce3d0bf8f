"""The suite for any terminal: feature files that name no screen, key, role or number of any model (docs/suite.md)."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
REQUIREMENTS = FOLDER / "requirements.yaml"
NAME = "posrig/suite"
"""What its scenarios are called by: posrig/suite/lock.feature::TITLE, wherever posrig is installed."""


def files() -> tuple[Path, ...]:
    """Every feature file, in the order in which they run."""
    return tuple(sorted(FOLDER.glob("*.feature")))


def in_suite(path: Path) -> bool:
    """Whether a feature file is one of them."""
    return path.parent == FOLDER
