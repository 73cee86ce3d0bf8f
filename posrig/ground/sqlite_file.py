"""SQLite files that several processes write and that may be damaged: opened with care, and set aside when broken."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from datetime import datetime
from pathlib import Path

from posrig.ground.faults import ConfigurationError
from posrig.ground.small_file import open_own

BUSY_S = 5.0
"""How long a writer waits for another one."""


def connected(path: Path, schema: str) -> sqlite3.Connection:
    """The file, made when there is none, with its tables. Raises sqlite3.OperationalError when it cannot be written or
    is a link or has other names, another sqlite3.DatabaseError when it is damaged; then it is closed again."""
    try:
        os.close(open_own(path, os.O_RDWR | os.O_CREAT))
    except OSError as error:
        raise sqlite3.OperationalError(error.strerror or str(error)) from None
    db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        db.executescript(schema)
        if (answer := db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise sqlite3.DatabaseError(answer)
    except sqlite3.Error:
        db.close()
        raise
    return db


def unusable(what: str, path: Path, error: Exception, todo: str) -> ConfigurationError:
    """The file cannot be opened or written, and is not damaged: rights, a full disk, another writer."""
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return ConfigurationError(
        f"the {what} cannot be used: {reason}",
        where=str(path),
        allowed="a file in a folder you may write to, with free space",
        todo=todo,
    )


def lock_file(path: Path) -> int:
    """An open descriptor for :func:`try_alone`. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return open_own(path, os.O_RDWR | os.O_CREAT)


def try_alone(lock: int) -> bool:
    """Has this process the file for itself? If not, it shares it. The lock goes with the descriptor."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(lock, fcntl.LOCK_SH)
        return False
    return True


def set_aside(path: Path) -> Path:
    """Move a damaged file and what SQLite keeps beside it out of the way; returns its new name."""
    stamp = datetime.now().strftime("%Y%m%dT%H%M%S%f")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            Path(f"{path}{suffix}").replace(f"{aside}{suffix}")
    return aside
