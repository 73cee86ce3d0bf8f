"""The folder of one run, ``reports/runs/<stamp>/``, and ``reports/latest``, which only ever points to a finished one.

A record is on disk as soon as its scenario ends, so a run that dies midway loses nothing: the next run finds the
folder without a holder and without a summary, and finishes it.
"""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from posrig.ground import small_file
from posrig.ground.faults import ConfigurationError
from posrig.reporting.record import parsed_record

RECORDS = "scenarios.jsonl"
SUMMARY = "summary.json"
INDEX = "index.html"
JUNIT = "junit.xml"
ALLURE = "allure-results"
ATTACHMENTS = "attachments"
SET_ASIDE = "set-aside"
_LOCK = ".running"


@dataclass(slots=True)
class RunFolder:
    """The folder of a run that is going on; holds a kernel lock that ends with the process."""

    path: Path
    _lock: TextIOWrapper
    _records: TextIOWrapper

    @classmethod
    def create(cls, base: Path, now: datetime | None = None) -> RunFolder:
        """A new folder below ``base``/runs. Raises ConfigurationError when it cannot be written."""
        stamp = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%S.%f")[:-3]
        path = base / "runs" / f"{stamp}-{os.getpid()}"
        try:
            fresh = base / "runs" / f".new-{path.name}"
            fresh.mkdir(parents=True)
            lock = (fresh / _LOCK).open("w", encoding="utf-8")
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # only now under its name: another run must never see it without its lock and take it for abandoned
            path = _named(fresh, path)
            records = (path / RECORDS).open("a", encoding="utf-8")
        except OSError as error:
            raise ConfigurationError(
                f"the report folder cannot be written: {error.strerror or error}",
                where=str(path), allowed="a folder with write permission", todo="give another with --report-dir DIR",
            ) from None  # fmt: skip
        return cls(path, lock, records)

    def add(self, line: str) -> None:
        """Keep one scenario's record, JSON on one line: on disk when this returns."""
        self._records.write(line + "\n")
        self._records.flush()
        os.fsync(self._records.fileno())

    def close(self) -> None:
        """End the run: the lock is gone, the folder stays."""
        self._records.close()
        (self.path / _LOCK).unlink(missing_ok=True)
        self._lock.close()


def _named(fresh: Path, path: Path) -> Path:
    """The folder under its name, or the next free one: a process may start two runs at one moment."""
    for number in range(2, 1000):
        if not path.exists():
            return fresh.rename(path)
        path = path.with_name(f"{path.name.partition('+')[0]}+{number}")
    raise FileExistsError(17, "too many runs at one moment", str(path))


@dataclass(frozen=True, slots=True)
class Kept:
    """The records of a run, in order. ``left_out`` says of each line that is none its number and why; a last line that
    a kill cut short is not told."""

    records: list[dict[str, Any]]
    left_out: tuple[str, ...] = ()


def read_records(folder: Path) -> Kept:
    """What can be read of a run. Raises nothing: a folder that cannot be read has left all out."""
    file = folder / RECORDS
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").split("\n")
    except FileNotFoundError:
        return Kept([])
    except OSError as error:
        return Kept([], (f"{RECORDS}: {error.strerror or error}",))
    records, left_out = [], []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            records.append(parsed_record(line))
        except ValueError as error:
            if number < len(lines) or not isinstance(error, json.JSONDecodeError):
                left_out.append(f"{RECORDS}:{number}: {error}")
    return Kept(records, tuple(left_out))


def put_aside(base: Path, run: Path) -> Path:
    """Move a run folder that no report can be made of to ``base``/set-aside; returns its new place. Raises OSError."""
    aside = base / SET_ASIDE / run.name
    aside.parent.mkdir(parents=True, exist_ok=True)
    while aside.exists():
        aside = aside.with_name(f"{aside.name}+")
    return run.rename(aside)


def abandoned(base: Path) -> list[Path]:
    """Run folders without a summary whose process is gone, oldest first."""
    runs = sorted((base / "runs").glob("*")) if (base / "runs").is_dir() else []
    named = [path for path in runs if path.is_dir() and not path.name.startswith(".")]
    return [path for path in named if not (path / SUMMARY).exists() and not _held(path)]


def _held(folder: Path) -> bool:
    try:
        with (folder / _LOCK).open("r+", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part."""
    small_file.write_whole(path, text.encode(errors="backslashreplace"))


def publish(base: Path, run: Path) -> Path:
    """Point ``base``/latest to the run, in one step. Returns the link."""
    latest, beside = base / "latest", base / f".latest.{os.getpid()}"
    if latest.is_dir() and not latest.is_symlink():  # a folder copied there by hand or by an older version is kept
        os.replace(latest, base / "runs" / f"kept-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    beside.unlink(missing_ok=True)
    beside.symlink_to(run.relative_to(base))
    os.replace(beside, latest)
    return latest
