"""The terminal's flash: a journalled store (SQLite) and raw areas (files) for block writes without a journal.

A power cut throws the firmware object away. What was written outside a transaction, or in one that ended, is there at
the next start; an open transaction is rolled back. Transactions never span simulated time: work that takes time commits
step by step, so that a cut leaves exactly the steps that were written.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

STORE_FILE = "store.sqlite"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS kv (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS operators (id TEXT PRIMARY KEY, salt TEXT, digest TEXT, changed REAL, is_default INTEGER,
    past TEXT, seed TEXT, finger TEXT, last_step INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS failures (id TEXT PRIMARY KEY, count INTEGER, left_s REAL, in_a_row INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS log (number INTEGER PRIMARY KEY, time REAL, what TEXT, operator TEXT, result TEXT,
    noise INTEGER);
CREATE TABLE IF NOT EXISTS causes (number INTEGER PRIMARY KEY, time REAL, cause TEXT, operator TEXT, count INTEGER);
"""


class Store:
    """One connection per power-on. Synchronous is off (a power cut of the simulation is no crash of the computer)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._db = sqlite3.connect(folder / STORE_FILE, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=MEMORY")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute("PRAGMA temp_store=MEMORY")
        if self._db.execute("PRAGMA user_version").fetchone()[0] == 0:
            self._db.executescript("BEGIN;" + _SCHEMA + "PRAGMA user_version=1;COMMIT;")
        self._depth = 0
        self._read: dict[tuple[object, ...], tuple[Any, ...] | None] = {}
        """What :meth:`row` found since the last write: a key press asks seven times, a write is rare."""
        self._kv: dict[str, Any] = {
            key: json.loads(value) for key, value in self._db.execute("SELECT key, value FROM kv")
        }

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; nests (the outermost decides)."""
        if self._depth:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        self._depth = 1
        kept = dict(self._kv)
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            self._kv = kept
            self._read.clear()
            raise
        else:
            self._db.execute("COMMIT")
        finally:
            self._depth = 0

    def get(self, key: str, default: Any = None) -> Any:
        """A plain value (anything JSON knows)."""
        return self._kv.get(key, default)

    def put(self, key: str, value: Any) -> None:
        if self._kv.get(key, _MISSING) == value:
            return
        self._db.execute("INSERT OR REPLACE INTO kv VALUES (?, ?)", (key, json.dumps(value)))
        self._kv[key] = value

    def delete(self, key: str) -> None:
        self._db.execute("DELETE FROM kv WHERE key = ?", (key,))
        self._kv.pop(key, None)

    def names(self, prefix: str = "") -> list[str]:
        return sorted(key for key in self._kv if key.startswith(prefix))

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        asked = (sql, *values)
        if asked not in self._read:
            self._read[asked] = self._db.execute(sql, values).fetchone()
        return self._read[asked]

    def run(self, sql: str, *values: object) -> int:
        """Write; the number of the row that was put in."""
        self._read.clear()
        return self._db.execute(sql, values).lastrowid or 0

    def create(self, sql: str) -> None:
        """``CREATE TABLE IF NOT EXISTS ...`` of another room (the journal's tables)."""
        self._read.clear()
        self._db.execute(sql)

    def wipe(self, table: str) -> None:
        """Empty a table, as one step of a factory reset."""
        self._read.clear()
        self._db.execute(f'DELETE FROM "{table}"')
        if table == "kv":
            self._kv.clear()

    def tables(self) -> list[str]:
        return [row[0] for row in self.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]

    def area(self, name: str) -> Path:
        """A raw area of the flash: a file written in blocks, with no journal. What was written stays after a cut."""
        folder = self.folder / "areas"
        folder.mkdir(exist_ok=True)
        return folder / name

    def close(self) -> None:
        """The power is gone: an open transaction is rolled back."""
        self._db.close()


_MISSING = object()
