"""Exclusive leases: one job per terminal and per shared instrument, between xdist workers, jobs and users of one PC.

The kernel's ``flock`` decides, one file per resource; what stands in the file is for people only. The kernel frees the
lock the moment its last holder is gone, so a lease is never stale and nobody guesses from process numbers. When a
harness is killed, its guard still holds the lease until the rig is safe (:meth:`Lease.filenos`).
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import getpass
import hashlib
import json
import os
import random
import socket
import stat
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from urllib.parse import quote, unquote

from posrig.ground.faults import ConfigurationError, RigFault
from posrig.ground.json_text import parsed_json
from posrig.ground.printable import one_line
from posrig.ground.small_file import open_own, read_start, refuse_foreign_link

POLL_S = 0.05
PROGRESS_EVERY_S = 5.0
_SHARED_FOLDER_MODE = 0o1777
_RECORD_LIMIT = 4096
_LONGEST_NAME = 240
_LONGEST_WORDS = 200


class Busy(RigFault):
    """Another job has the terminal or the instrument. Says who, which job, since when."""


@dataclass(frozen=True, slots=True)
class Record:
    """Who holds a resource: for people, never for a decision. ``since`` is UTC, ISO 8601."""

    resource: str
    holder: str
    job: str
    host: str
    pid: int
    since: str
    doing: str = ""

    def __str__(self) -> str:
        doing = f", doing: {self.doing}" if self.doing else ""
        return one_line(
            f"{self.resource} is held by {self.holder} on {self.host}, job {self.job}, "
            f"since {self.since} (process {self.pid}){doing}"
        )


def lease_directory() -> Path:
    """Where the locks are: ``$POSRIG_LEASES``, else one folder that every user of this PC sees.

    It does not depend on user, home or ``$TMPDIR``: with a folder each, two users would both get the terminal.
    """
    if named := os.environ.get("POSRIG_LEASES"):
        return Path(named)
    runtime = Path("/run/lock")
    with contextlib.suppress(OSError):
        if runtime.stat().st_mode & _SHARED_FOLDER_MODE == _SHARED_FOLDER_MODE:
            return runtime / "posrig"
    return Path("/tmp/posrig-leases")


def default_job() -> str:
    """The name under which a job is known to people: ``$POSRIG_JOB``, the CI's job, else the program's name."""
    names = ("POSRIG_JOB", "CI_JOB_URL", "BUILD_TAG", "GITHUB_WORKFLOW")
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    program = "pytest" if worker else Path(sys.argv[0]).name or "python"
    job = next((os.environ[name] for name in names if os.environ.get(name)), program)
    return f"{job} {worker}" if worker else job


@dataclass(frozen=True, slots=True)
class Left:
    """What stood in a lease that was free: its holder ended without giving it back, and no guard finished its work.
    ``last_sign``: when somebody last watched, seconds since the epoch."""

    record: Record
    last_sign: float


class Lease:
    """Held resources. Free again on :meth:`release`, at the end of ``with``, and when the process is gone."""

    def __init__(self, name: str, held: Mapping[str, int], directory: Path, job: str) -> None:
        self.name = name
        self.resources = tuple(held)
        self._held = dict(held)
        self._directory = directory
        self._job = job[:_LONGEST_WORDS]
        self._since = _now()
        self.left = _left(held)

    def filenos(self) -> tuple[int, ...]:
        """Descriptors that a guard process inherits: the lease then outlives a killed harness until the rig is safe."""
        return tuple(self._held.values())

    def doing(self, what: str) -> None:
        """Say in the record what is going on now (a scenario's name); shown to those who wait."""
        for resource, number in self._held.items():
            record = Record(
                resource, _user(), self._job, socket.gethostname(), os.getpid(), self._since, what[:_LONGEST_WORDS]
            )
            with contextlib.suppress(OSError):  # a full disk spoils the record, not the lock
                _write(number, json.dumps(asdict(record), ensure_ascii=False))

    def check(self) -> None:
        """Raise RigFault when a lock file was deleted or replaced behind our back: another job could get in now."""
        for resource, number in self._held.items():
            if not _same_file(number, _file(self._directory, resource)):
                raise RigFault(
                    f"the lease of {resource} is lost: its lock file was deleted or replaced",
                    where=str(_file(self._directory, resource)),
                    todo="keep clean-up jobs away from the lease folder, or name another one in POSRIG_LEASES",
                )

    def release(self) -> None:
        """Give everything back, also when a guard still has the descriptors. May be called twice."""
        while self._held:
            _, number = self._held.popitem()
            with contextlib.suppress(OSError):
                os.ftruncate(number, 0)
            fcntl.flock(number, fcntl.LOCK_UN)
            os.close(number)

    def leave(self) -> None:
        """Let go without unlocking: a guard that has copies of :meth:`filenos` holds it on until it ends."""
        while self._held:
            os.close(self._held.popitem()[1])

    def __enter__(self) -> Lease:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def take(
    resources: Iterable[str],
    *,
    job: str | None = None,
    doing: str = "",
    wait_s: float = 0.0,
    progress: Callable[[str], None] | None = None,
    directory: Path | None = None,
) -> Lease:
    """Lease all of ``resources`` or none. Waits up to ``wait_s`` of real time.

    Raises :class:`Busy` with the holder's name, ConfigurationError when the lease folder cannot be used.
    """
    return take_any({"": tuple(resources)}, job=job, doing=doing, wait_s=wait_s, progress=progress, directory=directory)


def take_any(
    options: Mapping[str, Iterable[str]],
    *,
    job: str | None = None,
    doing: str = "",
    wait_s: float = 0.0,
    progress: Callable[[str], None] | None = None,
    directory: Path | None = None,
) -> Lease:
    """Lease the first option (name -> resources) of which everything is free; its name is :attr:`Lease.name`.

    All or nothing, so that two jobs that want the same two instruments can never wait for each other.
    """
    folder = directory or lease_directory()
    wanted = {name: tuple(dict.fromkeys(resources)) for name, resources in options.items()}
    if any(wanted.values()):  # a simulated rig of one's own needs no lease, and no folder
        _prepared(folder)
    start = time.monotonic()
    told_at: float | None = None
    while True:
        for name, resources in wanted.items():
            held = _try(folder, resources)
            if held is not None:
                lease = Lease(name, held, folder, job or default_job())
                lease.doing(doing)
                return lease
        waited = time.monotonic() - start
        if waited >= max(wait_s, POLL_S):  # a few looks even without waiting: `holders` locks for an instant
            raise _refusal(folder, wanted, waited)
        if progress is not None and waited < wait_s and (told_at is None or waited - told_at >= PROGRESS_EVERY_S):
            told_at = waited
            progress(f"waiting {waited:.0f} of at most {wait_s:g} s: {'; '.join(_who(folder, wanted))}")
        time.sleep(POLL_S * random.uniform(0.2, 1.0))


def holders(directory: Path | None = None) -> tuple[Record, ...]:
    """The records of everything that is held now."""
    folder = directory or lease_directory()
    found = []
    for file in sorted(folder.glob("*.lock")):
        resource = unquote(file.name.removesuffix(".lock"))
        if _is_held(file):
            found.append(_record(file, resource))
    return tuple(found)


def _try(folder: Path, resources: tuple[str, ...]) -> dict[str, int] | None:
    held: dict[str, int] = {}
    try:
        for resource in sorted(resources):
            number = _lock(_file(folder, resource))
            if number is None:
                return None
            held[resource] = number
        taken, held = held, {}
        return taken
    finally:
        for number in held.values():
            os.close(number)


def _lock(file: Path) -> int | None:
    number = _open(file)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(number)
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            return None
        # fail closed: without a working lock two jobs would press the same keys
        raise _unusable(file, error) from None
    if not _same_file(number, file):  # deleted between open and lock: that lock would exclude nobody
        os.close(number)
        return None
    return number


def _open(file: Path) -> int:
    try:
        # without O_CREAT first: the kernel forbids it for another user's file in a sticky folder (protected_regular)
        with contextlib.suppress(FileNotFoundError):
            return open_own(file, os.O_RDWR)
        with contextlib.suppress(FileExistsError):
            number = open_own(file, os.O_RDWR | os.O_CREAT | os.O_EXCL)
            os.fchmod(number, 0o666)
            return number
        return open_own(file, os.O_RDWR)
    except OSError as error:
        raise _unusable(file, error) from None


def _prepared(folder: Path) -> None:
    try:
        refuse_foreign_link(folder)
        folder.mkdir(parents=True)
        folder.chmod(_SHARED_FOLDER_MODE)
    except FileExistsError:
        pass
    except OSError as error:
        raise _unusable(folder, error) from None
    if not stat.S_ISDIR(folder.stat().st_mode):
        raise ConfigurationError("the lease folder is not a folder", where=str(folder), allowed="a writable folder")


def _unusable(path: Path, error: OSError) -> ConfigurationError:
    return ConfigurationError(
        f"cannot take a lease: {error.strerror or error}",
        where=str(path),
        allowed="a folder that every user of the rig may write to, on a file system with locks",
        todo="correct the folder's rights, or name another folder in POSRIG_LEASES",
    )


def _refusal(folder: Path, wanted: Mapping[str, tuple[str, ...]], waited_s: float) -> Busy:
    who = _who(folder, wanted) or ["it was released this very moment"]
    return Busy(
        f"no free terminal after {waited_s:.1f} s: {'; '.join(who)}" if waited_s > 1 else f"in use: {'; '.join(who)}",
        where=str(folder),
        todo="wait (--lease-wait SECONDS), ask the holder, or choose another rig file",
    )


def _who(folder: Path, wanted: Mapping[str, tuple[str, ...]]) -> list[str]:
    resources = dict.fromkeys(resource for option in wanted.values() for resource in option)
    files = [(resource, _file(folder, resource)) for resource in resources]
    return [str(_record(file, resource)) for resource, file in files if _is_held(file)]


def _is_held(file: Path) -> bool:
    try:
        number = open_own(file, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(number, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(number)
    return False


def _left(held: Mapping[str, int]) -> Left | None:
    """Read before the lease's own record is written over it."""
    for resource, number in held.items():
        if text := os.pread(number, _RECORD_LIMIT, 0):
            try:
                record = Record(**json.loads(text))
            except (ValueError, TypeError):
                record = Record(
                    resource, "somebody (no readable record)", "unknown", socket.gethostname(), 0, "unknown"
                )
            return Left(record, os.fstat(number).st_mtime)
    return None


def _record(file: Path, resource: str) -> Record:
    try:
        return Record(**parsed_json(read_start(file, _RECORD_LIMIT)))
    except (OSError, ValueError, TypeError):
        return Record(resource, "somebody (no readable record)", "unknown", socket.gethostname(), 0, "unknown")


def _write(number: int, text: str) -> None:
    data = text.encode(errors="replace")[:_RECORD_LIMIT]
    os.pwrite(number, data, 0)
    os.ftruncate(number, len(data))


def _same_file(number: int, file: Path) -> bool:
    try:
        there = file.stat()
    except OSError:
        return False
    here = os.fstat(number)
    return (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino)


def _file(folder: Path, resource: str) -> Path:
    name = quote(resource, safe=" ", errors="replace")
    if len(name) > _LONGEST_NAME:  # a file's name has 255 bytes at most, and two long ones must not be one
        name = f"{name[: _LONGEST_NAME - 65]}-{hashlib.sha256(resource.encode(errors='replace')).hexdigest()}"
    return folder / f"{name}.lock"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return f"user {os.getuid()}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
