"""Where the ledger's counts live: SQLite with a journal beside it, so that a damaged file costs no count.

``ledger.sqlite`` holds the counts, ``ledger.sqlite.backup`` a copy from the last time one process had it for itself,
``ledger.sqlite.since`` every count added since that copy, one JSON line each. Copy plus lines give the counts again.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from posrig.ground.faults import ConfigurationError, RigFault
from posrig.ground.json_text import parsed_json
from posrig.ground.small_file import open_own
from posrig.ground.sqlite_file import connected, lock_file, set_aside, try_alone, unusable

_SCHEMA = """
CREATE TABLE IF NOT EXISTS count (
    subject TEXT NOT NULL, kind TEXT NOT NULL, part TEXT NOT NULL, day TEXT NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (subject, kind, part, day)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS service (
    subject TEXT NOT NULL, kind TEXT NOT NULL, part TEXT NOT NULL, done_at INTEGER NOT NULL DEFAULT 0,
    done_on TEXT NOT NULL DEFAULT '', due_on TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (subject, kind, part)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True, order=True)
class Counted:
    """What was counted. ``subject``: ``terminal 12345678`` or ``rig bench-1``; ``day``: empty for the whole life."""

    subject: str
    kind: str
    part: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """What was serviced: counts up to ``done_at`` belong to the part that was replaced. Dates are ISO 8601."""

    subject: str
    kind: str
    part: str = ""
    done_at: int = 0
    done_on: str = ""
    due_on: str = ""
    note: str = ""


class LedgerDamaged(RigFault):
    """The ledger's file was damaged. It was moved aside, and a new one made from the copy and the journal."""


class LedgerStore:
    """Adds to counts and reads them. Several processes may have the same file open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._backup = path.with_name(path.name + ".backup")
        self._since = path.with_name(path.name + ".since")
        self._lock = _opened(path.with_name(path.name + ".lock"))
        try:
            self._begin()
        except BaseException:
            os.close(self._lock)
            raise

    def _begin(self) -> None:
        alone = try_alone(self._lock)
        try:
            self._db = self._connected()
        except sqlite3.DatabaseError as error:
            raise self._mended(error, alone) from None
        if alone:
            self._catch_up()
            self._copy()
            fcntl.flock(self._lock, fcntl.LOCK_SH)

    def _connected(self) -> sqlite3.Connection:
        try:
            return connected(self.path, _SCHEMA)
        except sqlite3.OperationalError as error:
            raise _unwritable(self.path, error) from None

    def add(self, counts: Mapping[Counted, int], *, durable: bool = False) -> dict[Counted, int]:
        """Add to the counts in one transaction and return their new values, other processes' additions included.

        All or nothing. ``durable``: on the disk itself before this returns, so that a power cut of the PC cannot undo
        it. Raises RigFault when the disk is full or the file was damaged meanwhile.
        """
        rows = [(c.subject, c.kind, c.part, c.day, n) for c, n in sorted(counts.items())]
        try:
            self._db.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            self._db.execute("BEGIN IMMEDIATE")
            try:
                found = {Counted(*row[:4]): int(self._db.execute(_ADD, row).fetchone()[0]) for row in rows}
                # the line before the commit: a line without its commit over-counts by one batch at most, never under
                self._append(rows)
                self._db.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise
        except (sqlite3.Error, OSError) as error:
            raise RigFault(
                f"the ledger cannot be written: {error}",
                where=str(self.path),
                todo="free some disk space or correct the rights; nothing that was recorded before is lost",
            ) from None
        return found

    def counts(self, subject: str | None = None) -> dict[Counted, int]:
        """All counts, or those of one subject."""
        where, args = ("WHERE subject = ?", (subject,)) if subject is not None else ("", ())
        rows = self._db.execute(f"SELECT subject, kind, part, day, n FROM count {where} ORDER BY 1, 2, 3, 4", args)
        return {Counted(*row[:4]): row[4] for row in rows}

    def services(self) -> tuple[Service, ...]:
        rows = self._db.execute("SELECT subject, kind, part, done_at, done_on, due_on, note FROM service")
        return tuple(Service(*row) for row in rows)

    def set_service(self, service: Service) -> None:
        """Record a replacement or a due date."""
        s = service
        values = (s.subject, s.kind, s.part, s.done_at, s.done_on, s.due_on, s.note)
        try:
            self._db.execute("REPLACE INTO service VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        except sqlite3.OperationalError as error:
            raise _unwritable(self.path, error) from None

    def close(self) -> None:
        self._db.close()
        os.close(self._lock)

    def _append(self, rows: Sequence[tuple[str, str, str, str, int]]) -> None:
        line = (json.dumps(rows, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
        number = open_own(self._since, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            before = os.fstat(number).st_size
            if os.write(number, line) != len(line):  # disk full: half a line would be counted as damage
                os.ftruncate(number, before)
                raise OSError(28, "No space left on device")
        finally:
            os.close(number)

    def _recorded(self) -> dict[Counted, int]:
        counts = dict(_read(self._backup))
        for counted, n in _lines(self._since):
            counts[counted] = counts.get(counted, 0) + n
        return counts

    def _catch_up(self) -> None:
        """Add what copy and journal know and the file does not: it was deleted, emptied, or lost its last moments."""
        have = self.counts()
        behind = [(c, n - have.get(c, 0)) for c, n in self._recorded().items() if n > have.get(c, 0)]
        self._db.executemany(_ADD, [(c.subject, c.kind, c.part, c.day, n) for c, n in behind])

    def _copy(self) -> None:
        """A fresh copy, then an empty journal; only while no other process has the ledger open."""
        fresh = self._backup.with_name(self._backup.name + ".new")
        try:
            fresh.unlink(missing_ok=True)
            with contextlib.closing(sqlite3.connect(fresh)) as copy:
                self._db.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")  # one file, that can be read where nothing can be written
            fresh.replace(self._backup)
            self._since.unlink(missing_ok=True)
        except (OSError, sqlite3.Error) as error:
            self._db.close()
            raise _unwritable(self.path, error) from None

    def _mended(self, error: sqlite3.DatabaseError, alone: bool) -> RigFault:
        """Move the damaged file aside and write a new one from copy, journal and whatever can still be read."""
        if not alone:
            return LedgerDamaged(
                f"the ledger is damaged ({error}) and another process has it open",
                where=str(self.path),
                todo="end the other runs, then run again: the ledger mends itself",
            )
        counts = self._recorded()
        for counted, n in _read(self.path):  # counts only grow: the larger one is the one that knows more
            counts[counted] = max(counts.get(counted, 0), n)
        aside = set_aside(self.path)
        with contextlib.closing(self._connected()) as db:
            db.executemany(_ADD, [(c.subject, c.kind, c.part, c.day, n) for c, n in counts.items()])
        return LedgerDamaged(
            f"the ledger was damaged ({error}); {len(counts)} counts were restored from its copy and journal",
            where=str(self.path),
            todo=f"look at the counts with 'posrig ledger', then run again; the damaged file is {aside.name}",
        )


_NO_COUNT = 2**53
_ADD = (
    "INSERT INTO count VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (subject, kind, part, day) DO UPDATE SET n = n + excluded.n RETURNING n"
)


def _is_count(names: Iterable[object], n: object) -> bool:
    return isinstance(n, int) and 0 <= n < _NO_COUNT and all(isinstance(name, str) for name in names)


def _read(path: Path) -> Iterator[tuple[Counted, int]]:
    if not path.is_file():
        return
    with (
        contextlib.suppress(sqlite3.Error),
        contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db,
    ):
        for row in db.execute("SELECT subject, kind, part, day, n FROM count"):
            if _is_count(row[:4], row[4]):
                yield Counted(*row[:4]), row[4]


def _lines(path: Path) -> Iterator[tuple[Counted, int]]:
    lines: Iterable[bytes] = path.read_bytes().splitlines() if path.is_file() else ()
    for line in lines:
        with contextlib.suppress(ValueError, TypeError):
            rows = [(Counted(*names), n) for *names, n in parsed_json(line) if _is_row(names, n)]
            if all(_given(rows, counted) >= 0 for counted, _ in rows):
                yield from rows


def _is_row(names: Sequence[object], n: object) -> bool:
    return len(names) == 4 and isinstance(n, int) and abs(n) < 2**53 and all(isinstance(name, str) for name in names)


def _given(rows: Sequence[tuple[Counted, int]], of: Counted) -> int:
    """What a line adds to the counts of this kind: it may take from one subject only what it gives to another."""
    return sum(n for counted, n in rows if (counted.kind, counted.part, counted.day) == (of.kind, of.part, of.day))


def _opened(path: Path) -> int:
    try:
        return lock_file(path)
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: Exception) -> ConfigurationError:
    todo = "correct the rights or the disk; a run without a ledger would not know its budgets"
    return unusable("ledger", path, error, todo)
