"""Files that others may have written: read up to a limit and never waited for; files of ours opened as no other's."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path


def read_small(path: Path, limit: int, *, check: Callable[[os.stat_result], None] | None = None) -> bytes:
    """The bytes of a regular file of at most ``limit`` bytes. Raises OSError, for a larger one and every other kind of
    file too: a pipe would be waited for, a device never ends. ``check`` sees the open file before it is read."""
    with os.fdopen(_opened(path, os.O_RDONLY), "rb") as file:
        _refuse_unless_regular(file.fileno(), path)
        if check is not None:
            check(os.fstat(file.fileno()))
        content = file.read(limit + 1)
    if len(content) > limit:
        raise OSError(errno.EFBIG, f"it is larger than {limit} bytes", str(path))
    return content


def read_start(path: Path, limit: int) -> bytes:
    """The first ``limit`` bytes of a regular file, links not followed. Raises OSError."""
    with os.fdopen(_opened(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        _refuse_unless_regular(file.fileno(), path)
        return file.read(limit)


def open_own(path: Path, flags: int, mode: int = 0o666) -> int:
    """A descriptor of a regular file under this one name only. Raises OSError for a link, and for a file that has
    other names (hard links): somebody may have put a file of ours there, to have it emptied."""
    number = _opened(path, flags | os.O_NOFOLLOW, mode)
    try:
        _refuse_unless_regular(number, path)
        if (names := os.fstat(number).st_nlink) > 1:
            raise OSError(errno.EMLINK, f"the file has {names} names (hard links)", str(path))
    except OSError:
        os.close(number)
        raise
    return number


def refuse_foreign_link(path: Path) -> None:
    """Raises OSError where ``path`` is a link that neither this user nor root has made. A missing file is none."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return
    if stat.S_ISLNK(status.st_mode) and status.st_uid not in (os.geteuid(), 0):
        raise OSError(errno.ELOOP, "it is a link that another user made", str(path))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part. Raises OSError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    # made anew, not opened: in a folder of everybody's a link under that name would be followed
    with os.fdopen(_opened(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW), "wb") as file:
        file.write(content)
    os.replace(beside, path)


def _opened(path: Path, flags: int, mode: int = 0o666) -> int:
    try:
        return os.open(path, flags | os.O_CLOEXEC | os.O_NONBLOCK, mode)
    except ValueError as error:  # a null character or half a surrogate pair
        raise OSError(errno.EINVAL, f"no name of a file: {error}", repr(str(path))) from None


def _refuse_unless_regular(number: int, path: Path) -> None:
    if not stat.S_ISREG(os.fstat(number).st_mode):
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
