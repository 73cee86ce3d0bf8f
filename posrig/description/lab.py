"""The lab that a command works in: the folder whose pyproject.toml has a table ``[tool.posrig]``.

    [tool.posrig]
    rig = "rigs/lab-1.yaml"            # the rig file when no --rig is given
    sentences = ["acme_sentences"]     # modules with sentences, beside the lab's own steps/

Outside a lab posrig works too: on the simulated rig that it brings along, with reports where it was called.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_state_path

from posrig.ground.faults import ConfigurationError
from posrig.shipped import shipped

PROJECT = "pyproject.toml"
FIELDS = ("rig", "sentences")
SIMULATED = shipped("simulated.yaml")
IN_USE = "POSRIG_LAB"
"""The lab of a process that works for a run elsewhere (a worker, a guard) is told by this variable."""
_TABLE = re.compile(r"^\s*\[\s*tool\s*\.\s*posrig\s*\]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Lab:
    """``rig`` and ``sentences`` as the table says; None and empty where it says nothing."""

    root: Path
    rig: Path | None = None
    sentences: tuple[str, ...] = ()

    @property
    def project(self) -> Path:
        return self.root / PROJECT


def find_lab(start: Path) -> Lab | None:
    """The lab that ``start`` (a file or a folder) lies in. Raises ConfigurationError for a table that is wrong."""
    start = start.absolute()
    for folder in (start, *start.parents):
        project = folder / PROJECT
        if project.is_file() and (table := _table(project)) is not None:
            return _lab(project, table)
    return None


def lab_in_use() -> Lab | None:
    """The lab of this process: as it was told (``$POSRIG_LAB``), else the one that the working directory lies in."""
    return find_lab(Path(os.environ.get(IN_USE) or Path.cwd()))


def lab_root() -> Path:
    """The root of the lab in use; outside a lab the working directory."""
    lab = lab_in_use()
    return Path.cwd() if lab is None else lab.root


def state_folder() -> Path:
    """Where ledger and incident records are kept: the lab's reports/, outside a lab the user's own state folder."""
    lab = lab_in_use()
    return user_state_path("posrig") if lab is None else lab.root / "reports"


def default_rig() -> Path:
    """The rig file when none is named: that of the lab in use (:func:`rig_of`)."""
    return rig_of(lab_in_use())


def rig_of(lab: Lab | None) -> Path:
    """A lab's own rig file; outside a lab the simulated rig that posrig brings along.

    Raises ConfigurationError for a lab that has no rig file, or several and names none.
    """
    if lab is None:
        return SIMULATED
    if lab.rig is not None:
        return lab.rig
    found = sorted((lab.root / "rigs").glob("*.yaml"))
    usual = [path for path in found if path.name == SIMULATED.name] or found
    if len(usual) == 1:
        return usual[0]
    raise ConfigurationError(
        f"this lab names no rig file, and there are {len(found)} in {lab.root / 'rigs'}"
        if found
        else f"this lab has no rig file: there is no {lab.root / 'rigs'}/*.yaml",
        where=f"{lab.project}:{line_of(lab.project)}, table [tool.posrig]",
        allowed=" or ".join(f'rig = "rigs/{path.name}"' for path in found) or 'rig = "rigs/my-rig.yaml"; --rig FILE',
        todo="name one" if found else "write one (docs/rig-file.md); posrig init makes a lab with a simulated rig",
    )


def _table(project: Path) -> Mapping[str, Any] | None:
    try:
        text = project.read_text("utf-8")
        data = tomllib.loads(text)
    except (OSError, UnicodeDecodeError):
        return None
    except tomllib.TOMLDecodeError as error:
        if not _TABLE.search(text):
            return None  # somebody else's file, and theirs to mend
        line = re.search(r"at line (\d+)", str(error))
        raise ConfigurationError(
            f"{PROJECT} is not TOML: {error}", where=f"{project}:{line[1] if line else 1}", todo="mend that line"
        ) from None
    tool = data.get("tool")
    table = tool.get("posrig") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise _wrong(project, "posrig", "[tool.posrig] is no table", "[tool.posrig] with rig, sentences")
    return table


def _lab(project: Path, table: Mapping[str, Any]) -> Lab:
    for name in table:
        if name not in FIELDS:
            near = difflib.get_close_matches(name, FIELDS, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise _wrong(project, name, f"[tool.posrig] has no field {name!r}{hint}", ", ".join(FIELDS))
    rig, sentences = table.get("rig"), table.get("sentences", [])
    allowed = 'a path from this file: rig = "rigs/my-rig.yaml"'
    if rig is not None and not isinstance(rig, str):
        raise _wrong(project, "rig", f"rig is {rig!r} and no path", allowed)
    if rig is not None and not (project.parent / rig).is_file():
        what = "is a folder and no rig file" if (project.parent / rig).is_dir() else "is not there"
        raise _wrong(project, "rig", f"the rig file {rig!r} {what}", allowed)
    if not isinstance(sentences, list) or not all(isinstance(one, str) and _dotted(one) for one in sentences):
        raise _wrong(project, "sentences", "sentences is no list of module names", 'sentences = ["acme.sentences"]')
    return Lab(project.parent, None if rig is None else project.parent / rig, tuple(sentences))


def _dotted(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))


def _wrong(project: Path, field: str, found: str, allowed: str) -> ConfigurationError:
    where = f"{project}:{line_of(project, field)}, table [tool.posrig], field {field}"
    return ConfigurationError(found, where=where, allowed=allowed, todo="docs/own-lab.md explains the table")


def line_of(project: Path, field: str = "") -> int:
    """The line of a field of the table, or of the table itself."""
    text = project.read_text("utf-8")
    table = _TABLE.search(text) or re.search(r"^.*\bposrig\b", text, re.MULTILINE)
    at = table.end() if table else 0
    named = re.compile(rf"^\s*{re.escape(field)}\s*=", re.MULTILINE).search(text, at) if field else None
    return text.count("\n", 0, named.end() if named else at) + 1
