"""A program that a rig file names is run with this user's rights: only one that no other user can change."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from posrig.ground.faults import ConfigurationError


def program_of_own(program: str, where: str) -> str:
    """The path of the program. Who may write it, or a folder on its way, gets every secret of the rig.

    Raises ConfigurationError: there is none, or somebody else than this user and root may put another in its place.
    """
    named = shutil.which(program)
    found = None if named is None else _resolved(named)
    if named is None or found is None:
        raise ConfigurationError(
            "no credentials: No such file or directory", where=where, allowed="a program that can be run"
        )
    beside = Path(named).absolute().parent
    for path in dict.fromkeys((found, *found.parents, beside, *beside.parents)):
        status = path.stat()
        if status.st_uid not in (os.geteuid(), 0):
            raise ConfigurationError(
                f"another user (number {status.st_uid}) owns the {'program' if path == found else f'folder {path}'}",
                where=where,
                allowed="a program that you or root own, in folders of yours or root's",
                todo=f"take a copy of your own, after reading it: {found}",
            )
        everybody = status.st_mode & stat.S_IWOTH and not (path != found and status.st_mode & stat.S_ISVTX)
        if everybody:
            raise ConfigurationError(
                f"everybody may change the {'program' if path == found else f'folder {path}'}: "
                f"mode {stat.S_IMODE(status.st_mode):04o}",
                where=where,
                allowed="a program that only its owner may write",
                todo=f"chmod o-w {path}",
            )
    return named


def _resolved(named: str) -> Path | None:
    try:
        return Path(named).resolve(strict=True)
    except (OSError, ValueError, RuntimeError):
        return None
