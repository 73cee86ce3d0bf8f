"""The history of runs: every attempt of every scenario, and presses per key, in one SQLite file beside the ledger.

It is an index over what runs leave (reports/runs/): a damaged or deleted history is made again from the run folders
that are still there. Runs with seeded defects fail on purpose and are left out. Docs: docs/flakes.md.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posrig.description.lab import lab_root
from posrig.ground.faults import ConfigurationError, RigFault
from posrig.ground.sqlite_file import connected, lock_file, set_aside, try_alone, unusable
from posrig.reporting.run_folder import read_records

Record = Mapping[str, Any]
KEPT_RUNS = 1000
"""Older runs are left out: a history grows by about 100 kB a run of the whole suite."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS run (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, started REAL NOT NULL, rig TEXT NOT NULL,
    complete INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS word (number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS attempt (
    run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE, scenario INTEGER NOT NULL, attempt INTEGER NOT NULL,
    verdict INTEGER NOT NULL, serial_number INTEGER NOT NULL, firmware INTEGER NOT NULL, seed INTEGER NOT NULL,
    step INTEGER NOT NULL, instrument INTEGER NOT NULL, keys INTEGER NOT NULL, started REAL NOT NULL,
    PRIMARY KEY (run, scenario, attempt)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS step (
    run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE, sentence INTEGER NOT NULL, ran INTEGER NOT NULL,
    PRIMARY KEY (run, sentence)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS press (
    run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE, serial_number INTEGER NOT NULL,
    key INTEGER NOT NULL, presses INTEGER NOT NULL, missed INTEGER NOT NULL, doubled INTEGER NOT NULL,
    missed_by_rig INTEGER NOT NULL, doubled_by_rig INTEGER NOT NULL,
    PRIMARY KEY (run, serial_number, key)) WITHOUT ROWID;
"""
COUNTS = ("presses", "missed", "doubled", "missed_by_rig", "doubled_by_rig")


def history_path(reports: Path | None = None) -> Path:
    """``$POSRIG_HISTORY``, else ``history.sqlite`` in the folder of reports, beside the ledger."""
    named = os.environ.get("POSRIG_HISTORY")
    return Path(named) if named else (reports or lab_root() / "reports") / "history.sqlite"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a scenario. ``step``, ``instrument`` and ``keys`` are empty when nothing of the kind was named."""

    run: str
    scenario: str
    attempt: int
    verdict: str
    rig: str
    serial_number: str
    firmware: str
    seed: str
    step: str
    instrument: str
    keys: str
    started: float


@dataclass(frozen=True, slots=True)
class Presses:
    """Presses of one key on one terminal, over the runs that were read; a star: of secrets."""

    serial_number: str
    key: str
    presses: int
    missed: int
    doubled: int
    missed_by_rig: int
    doubled_by_rig: int


class HistoryDamaged(RigFault):
    """The history's file is damaged."""


class History:
    """The open history. Several runs may end at the same moment: a writer waits for the one before."""

    def __init__(self, path: Path, runs: Path | None = None) -> None:
        """``runs``: the folder of run folders from which a damaged history is made again.

        Raises ConfigurationError when the file cannot be used, HistoryDamaged when it is damaged and somebody else
        has it open. :attr:`mended` says what was done to a damaged one.
        """
        self.path, self.mended = path, ""
        try:
            self._lock = lock_file(path.with_name(path.name + ".lock"))
        except OSError as error:
            raise _unusable(path, error) from None
        try:
            self._open(runs)
        except BaseException:
            os.close(self._lock)
            raise

    def _open(self, runs: Path | None) -> None:
        alone = try_alone(self._lock)
        try:
            self._db = connected(self.path, _SCHEMA)
        except sqlite3.OperationalError as error:
            raise _unusable(self.path, error) from None
        except sqlite3.DatabaseError as error:
            if not alone:
                raise _damaged(self.path, error, "end the other runs, then run again: it mends itself") from None
            self._mend(runs, error)
        else:
            self._db.execute("PRAGMA foreign_keys=ON")

    def _mend(self, runs: Path | None, error: sqlite3.DatabaseError) -> None:
        aside = set_aside(self.path)
        self._db = connected(self.path, _SCHEMA)
        self._db.execute("PRAGMA foreign_keys=ON")
        read = self.rebuild(runs) if runs is not None else 0
        self.mended = (
            f"the history was damaged ({error}): made again from {read} run folder{'' if read == 1 else 's'}; "
            f"the damaged file is {aside.name}"
        )

    def rebuild(self, runs: Path) -> int:
        """Take in every run folder that is not known yet; returns how many were there."""
        folders = sorted(path for path in runs.glob("*") if path.is_dir() and not path.name.startswith("."))
        for folder in folders[-KEPT_RUNS:]:
            self.add(folder.name, read_records(folder).records, complete=(folder / "summary.json").is_file())
        return len(folders)

    def add(self, run: str, records: Sequence[Record], *, complete: bool = True) -> bool:
        """Add a run, all or nothing; False when there is nothing to add or the run is known. Raises RigFault."""
        kept = [record for record in records if not record.get("facts", {}).get("defects")]
        if not kept:
            return False
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                added = self._add(run, kept, complete)
                self._db.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise RigFault(
                f"the history cannot be written: {error}",
                where=str(self.path),
                todo="free some disk space or correct the rights; then 'posrig flakes --rebuild' takes this run in",
            ) from None
        return added

    def _add(self, run: str, records: Sequence[Record], complete: bool) -> bool:
        rig = next((record["rig"] for record in records if record["rig"]), "")
        started = min(record["started"] for record in records)
        done = self._db.execute(
            "INSERT OR IGNORE INTO run (id, started, rig, complete) VALUES (?, ?, ?, ?)", (run, started, rig, complete)
        )
        if done.rowcount == 0:
            return False
        number, words = done.lastrowid, _Words(self._db)
        attempts = [
            (
                number,
                words[one.scenario],
                one.attempt,
                *(words[text] for text in (one.verdict, one.serial_number, one.firmware, one.seed)),
                *(words[text] for text in (one.step, one.instrument, one.keys)),
                one.started,
            )
            for one in _attempts(run, records)
        ]
        self._db.executemany(f"INSERT OR REPLACE INTO attempt VALUES ({_marks(11)})", attempts)
        steps = [(number, words[sentence], ran) for sentence, ran in _steps(records).items()]
        self._db.executemany(f"INSERT INTO step VALUES ({_marks(3)})", steps)
        presses = [
            (number, words[serial], words[key], *(counts[name] for name in COUNTS))
            for (serial, key), counts in _presses(records).items()
        ]
        self._db.executemany(f"INSERT INTO press VALUES ({_marks(8)})", presses)
        self._db.execute(
            "DELETE FROM run WHERE number NOT IN (SELECT number FROM run ORDER BY started DESC LIMIT ?)", (KEPT_RUNS,)
        )
        return True

    def close(self) -> None:
        self._db.close()
        os.close(self._lock)

    def __enter__(self) -> History:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def remember(reports: Path, run: str, records: Sequence[Record], *, complete: bool) -> str:
    """Add a run that ended; returns what people should know of it. A history never decides what a run came to."""
    if not records:
        return ""
    try:
        with History(history_path(reports), reports / "runs") as history:
            history.add(run, records, complete=complete)
            return history.mended
    except (ConfigurationError, RigFault) as error:
        return f"{error.found} ({error.where}); {error.todo}"


class Reading:
    """The history for those who only look: the newest ``last`` runs, or all."""

    def __init__(self, path: Path, last: int | None = None) -> None:
        """Raises ConfigurationError when there is none, HistoryDamaged when it cannot be read."""
        if not path.is_file():
            raise ConfigurationError(
                "there is no history yet",
                where=str(path),
                allowed="a history that a run of scenarios has begun",
                todo="run scenarios ('pytest features'), or take in the runs that are there: posrig flakes --rebuild",
            )
        self.path, self._last = path, last
        self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5.0)
        try:
            if (answer := self._db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
                raise sqlite3.DatabaseError(answer)
            self.runs = [
                str(row[0])
                for row in self._db.execute("SELECT id FROM run ORDER BY started DESC LIMIT ?", (self._most,))
            ]
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise _damaged(path, error, "posrig flakes --rebuild makes it again from the run folders") from None

    @property
    def _most(self) -> int:
        return -1 if self._last is None else self._last

    def attempts(self) -> Iterator[Attempt]:
        """Every attempt, oldest run first."""
        columns = ("scenario", "verdict", "serial_number", "firmware", "seed", "step", "instrument", "keys")
        said = {name: f"(SELECT text FROM word WHERE number = a.{name})" for name in columns}
        query = f"""SELECT r.id, {said["scenario"]}, a.attempt, {said["verdict"]}, r.rig, {said["serial_number"]},
            {said["firmware"]}, {said["seed"]}, {said["step"]}, {said["instrument"]}, {said["keys"]}, a.started
            FROM attempt a JOIN ({_NEWEST}) r ON a.run = r.number ORDER BY r.started, a.started"""
        return (Attempt(*row) for row in self._db.execute(query, (self._most,)))

    def steps(self) -> dict[str, int]:
        """How often each sentence was run."""
        query = f"""SELECT w.text, SUM(s.ran) FROM step s JOIN ({_NEWEST}) r ON s.run = r.number
            JOIN word w ON w.number = s.sentence GROUP BY 1"""
        return dict(self._db.execute(query, (self._most,)))

    def presses(self) -> list[Presses]:
        sums = ", ".join(f"SUM(p.{name})" for name in COUNTS)
        query = f"""SELECT t.text, k.text, {sums} FROM press p JOIN ({_NEWEST}) r ON p.run = r.number
            JOIN word t ON t.number = p.serial_number JOIN word k ON k.number = p.key GROUP BY 1, 2"""
        return [Presses(*row) for row in self._db.execute(query, (self._most,))]

    def __enter__(self) -> Reading:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()


_NEWEST = "SELECT * FROM run ORDER BY started DESC LIMIT ?"


class _Words:
    """Each text once in the file: a run repeats a few hundred of them a thousand times."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._known: dict[str, int] = {}

    def __getitem__(self, text: str) -> int:
        number = self._known.get(text)
        if number is None:
            self._db.execute("INSERT OR IGNORE INTO word (text) VALUES (?)", (text,))
            number = int(self._db.execute("SELECT number FROM word WHERE text = ?", (text,)).fetchone()[0])
            self._known[text] = number
        return number


def _attempts(run: str, records: Iterable[Record]) -> Iterator[Attempt]:
    for record in records:
        parts = (*record.get("attempts", ()), record)
        for number, part in enumerate(parts, 1):
            failure, facts = part.get("failure") or {}, part.get("facts", {})
            yield Attempt(
                run,
                record["id"],
                number,
                part["verdict"],
                record["rig"],
                facts.get("serial_number", ""),
                facts.get("firmware", ""),
                facts.get("seed", ""),
                failure.get("step", ""),
                failure.get("instrument", ""),
                failure.get("keys", ""),
                part["started"],
            )


def _steps(records: Iterable[Record]) -> dict[str, int]:
    ran: dict[str, int] = {}
    for record in records:
        for part in (*record.get("attempts", ()), record):
            for step in part.get("steps", ()):
                if step["result"] != "not run":
                    ran[step["sentence"]] = ran.get(step["sentence"], 0) + 1
    return ran


def _presses(records: Iterable[Record]) -> dict[tuple[str, str], dict[str, int]]:
    found: dict[tuple[str, str], dict[str, int]] = {}
    for record in records:
        for part in (*record.get("attempts", ()), record):
            serial = part.get("facts", {}).get("serial_number", "")
            for key, counts in part.get("keys", {}).items():
                total = found.setdefault((serial, key), dict.fromkeys(COUNTS, 0))
                for name in COUNTS:
                    total[name] += counts[name]
    return found


def _marks(number: int) -> str:
    return ", ".join("?" * number)


def _unusable(path: Path, error: Exception) -> ConfigurationError:
    todo = "correct the rights or the disk, or name another file: POSRIG_HISTORY=FILE"
    return unusable("history", path, error, todo)


def _damaged(path: Path, error: Exception, todo: str) -> HistoryDamaged:
    return HistoryDamaged(f"the history is damaged: {error}", where=str(path), todo=todo)
