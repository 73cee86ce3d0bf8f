"""Whether a run of pytest is posrig's. Cheap where it is not: nothing of posrig is imported for a project of others."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

PROJECT = "pyproject.toml"
MOST_FILES = 200
"""Feature files that are looked into for a sentence of posrig; a suite of others is given up after that many."""
_FEATURE = re.compile(r"\.feature(?:$|:)")
_LEFT_OUT = frozenset({"build", "dist", "node_modules", "venv"})


def wanted(args: Sequence[str], named: Sequence[str], base: Path) -> bool:
    """``args`` as typed, ``named`` what pytest takes for files and folders, ``base`` the working directory."""
    if any(word in ("--rig", "--posrig-suite") or word.startswith("--rig=") or _FEATURE.search(word) for word in args):
        return True
    paths = [path for path in (base / word.partition("::")[0] for word in named) if path.exists()]
    if any(in_lab(path) for path in paths or [base]):
        return True
    return any(path.is_dir() and _holds_ours(path) for path in paths)


def in_lab(path: Path) -> bool:
    """Whether the nearest pyproject.toml with a table ``[tool.posrig]`` stands above ``path``."""
    path = path.resolve()
    return any(_is_lab(folder / PROJECT) for folder in (path, *path.parents))


def _is_lab(project: Path) -> bool:
    try:
        text = project.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    if "posrig" not in text:
        return False
    try:
        return "posrig" in tomllib.loads(text).get("tool", {})
    except tomllib.TOMLDecodeError:  # ours by its words: that it cannot be read is told as our error
        return re.search(r"tool\W{1,3}posrig|\btool\b[^\n]*\bposrig\b", text) is not None


def _holds_ours(folder: Path) -> bool:
    """Whether posrig knows one of the sentences of the features below. Their steps may be behave's or pytest-bdd's."""
    files = [path for _, path in zip(range(MOST_FILES), features_below(folder), strict=False)]
    if not files:
        return False
    from posrig.plugin.recognising import knows_a_sentence

    return any(knows_a_sentence(path) for path in files)


def features_below(folder: Path) -> Iterator[Path]:
    """The feature files of a folder, without what pytest leaves out too: hidden folders, environments, builds."""
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "_")) and name not in _LEFT_OUT)
        yield from (Path(root, name).resolve() for name in sorted(files) if name.endswith(".feature"))
