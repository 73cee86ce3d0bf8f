"""The ledger: wear and budgets per terminal and per rig, charged before the act.

Fuzzing presses a key a million times and guesses passwords: without a ledger it would wear out a relay or lock a real
terminal for good. :meth:`Ledger.charge` raises SafetyAbort before the act that would exceed a limit of the rig file.
Presses are counted in memory and written now and then; what could hurt (wrong passwords, flash writes) is written
before it is done.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from types import TracebackType

from posrig.description.lab import state_folder
from posrig.description.rig_file import Limits
from posrig.ground.faults import RigFault, SafetyAbort
from posrig.safety.ledger_store import Counted, LedgerStore, Service

FLUSH_EVERY_S = 30.0
"""Presses are written no finer than this: written one by one, the file would tell which keys a password was typed with.
A killed run forgets that much wear at most."""


def ledger_path() -> Path:
    """``$POSRIG_LEDGER``, else ``ledger.sqlite`` among the lab's reports: one ledger for all runs of a lab on this
    PC."""
    named = os.environ.get("POSRIG_LEDGER")
    return Path(named) if named else state_folder() / "ledger.sqlite"


HIDDEN = "*"
"""The part under which presses of secrets are counted, whatever their keys and channels."""


class Kind(Enum):
    """What is counted. ``part``: key, channel, operator id, which code, or what is written to the flash."""

    PRESS = "press"
    RELAY = "relay cycle"
    POWER = "power cycle"
    FLASH = "flash write"
    WRONG_PASSWORD = "wrong password"
    WRONG_CODE = "wrong code"
    MISSED = "missed press"
    DOUBLED = "doubled press"
    LOST_CLOSING = "lost closing"
    DOUBLED_CLOSING = "doubled closing"


AT_ONCE = frozenset({Kind.POWER, Kind.FLASH, Kind.WRONG_PASSWORD, Kind.WRONG_CODE})
"""Written to disk before the act: a killed harness must not forget that it guessed."""

PER_DAY = frozenset({Kind.WRONG_PASSWORD, Kind.WRONG_CODE})
ON_RIG = frozenset({Kind.RELAY, Kind.LOST_CLOSING, Kind.DOUBLED_CLOSING})
RATE_OF: Mapping[Kind, Kind] = {
    Kind.MISSED: Kind.PRESS,
    Kind.DOUBLED: Kind.PRESS,
    Kind.LOST_CLOSING: Kind.RELAY,
    Kind.DOUBLED_CLOSING: Kind.RELAY,
}
"""What these are a share of, with the same part. A missed press reached the key's line and the terminal gave nothing
back; a lost closing did not reach it."""
TOGETHER = frozenset({Kind.POWER, Kind.FLASH, Kind.WRONG_PASSWORD, Kind.WRONG_CODE})
"""Limited as the sum over all parts: five guesses at each of seven ids are 35 guesses at one terminal."""

_LIMIT_FIELDS: Mapping[Kind, str] = {
    Kind.PRESS: "presses_per_key",
    Kind.RELAY: "relay_cycles_per_channel",
    Kind.POWER: "power_cycles",
    Kind.FLASH: "flash_writes",
    Kind.WRONG_PASSWORD: "wrong_passwords_per_day",
    Kind.WRONG_CODE: "wrong_codes_per_day",
}


@dataclass(slots=True, eq=False)
class _Cell:
    """One running count: ``n`` since the last service, ``pending`` of them not yet written."""

    counted: Counted
    n: int
    pending: int = 0


_Act = tuple[_Cell, _Cell | None, Kind, int | None]
"""What is counted, what else may hold the same key's presses, its kind and its limit."""


class Ledger:
    """The ledger of one terminal on one rig for one run. ``now`` gives seconds since the epoch, in UTC."""

    def __init__(
        self,
        path: Path,
        serial_number: str,
        rig: str,
        limits: Limits | None = None,
        *,
        now: Callable[[], float] = time.time,
        flush_every_s: float = FLUSH_EVERY_S,
    ) -> None:
        self._store, self._flush_every_s = LedgerStore(path), flush_every_s
        self._terminal, self._rig, self._now = f"terminal {serial_number}", f"rig {rig}", now
        self._limit = {kind: getattr(limits, field, None) for kind, field in _LIMIT_FIELDS.items()}
        self._cells: dict[tuple[Kind, str], _Cell] = {}
        self._pairs: dict[tuple[str, int, bool], tuple[_Act, _Act]] = {}
        self._dirty: dict[_Cell, None] = {}
        self._day = ""
        self._failed = False
        self._counting, self._writing, self._ended = threading.Lock(), threading.Lock(), threading.Event()
        self._load()
        self._writer = threading.Thread(target=self._write_now_and_then, name="ledger", daemon=True)
        self._writer.start()

    def press(self, key: str, channel: int, secret: bool = False) -> None:
        """A key press: charged to the terminal's key and to the rig's relay, both or neither. See :meth:`charge`.

        ``secret``: part of one. All those are counted under one name, or the counts of one run would tell its digits.
        Against a limit they count for every digit: too many, never too few.
        """
        if self._failed:
            self.flush()
        with self._counting:
            acts = self._pairs.get((key, channel, secret))
            if acts is None:
                acts = self._pairs[key, channel, secret] = self._both(key, channel, secret)
            for cell, beside, kind, limit in acts:
                used = cell.n if beside is None else cell.n + beside.n
                if limit is not None and used >= limit:
                    raise self._refusal(kind, cell.counted.part, used, 1, limit)
            for cell, _, _, _ in acts:
                cell.n += 1
                cell.pending += 1
                self._dirty[cell] = None

    def _both(self, key: str, channel: int, secret: bool) -> tuple[_Act, _Act]:
        """The counts of a key and of its relay, each with the count that may hold presses of it too."""

        def act(kind: Kind, part: str) -> _Act:
            openly, hidden = self._cell(kind, part), self._cell(kind, HIDDEN) if key.isdigit() or secret else None
            limit = self._limit[kind]
            return (hidden, openly, kind, limit) if secret and hidden else (openly, hidden, kind, limit)

        return act(Kind.PRESS, key), act(Kind.RELAY, str(channel))

    def charge(self, kind: Kind, part: str = "", count: int = 1) -> None:
        """Count ``count`` acts that are about to be done.

        Raises SafetyAbort when they would exceed the limit, RigFault when the ledger cannot be written. Then nothing
        was counted, and the act must not be done.
        """
        self._charge(((kind, part),), count)

    def note(self, kind: Kind, part: str, count: int) -> None:
        """Count what was done already, beyond the limit too: then the next act is refused. Raises RigFault."""
        if count < 1:
            return
        with self._counting:
            cell = self._cell(kind, part)
            cell.n += count
            self._add_pending(cell, count)
        self._write([cell], durable=self._limit.get(kind) is not None)

    def moved(self, kind: Kind, count: int, serial_number: str) -> None:
        """So many acts that were charged to this terminal were another one's, as it has said since: they are counted
        there. Raises RigFault."""
        own = self._cell(kind, "")
        self._write([own], durable=False)
        other = Counted(f"terminal {serial_number}", kind.value)
        with self._writing:
            totals = self._store.add({own.counted: -count, other: count})
            with self._counting:
                own.n = totals[own.counted] - self._serviced.get(own.counted, 0) + own.pending

    def count(self, kind: Kind, part: str = "") -> int:
        """Since the last service; wrong passwords and codes: today."""
        with self._counting:
            return self._cell(kind, part).n

    def remaining(self, kind: Kind, part: str = "") -> int | None:
        """How many more are allowed; None: no limit. For a planner, before it starts what it could not end."""
        with self._counting:
            limit = self._limit.get(kind)
            return None if limit is None else max(limit - self._used(kind, part), 0)

    @property
    def path(self) -> Path:
        return self._store.path

    def services(self) -> tuple[Service, ...]:
        """Services and due dates of this terminal and this rig."""
        return tuple(s for s in self._store.services() if s.subject in (self._terminal, self._rig))

    def nearly_used(self, share: float) -> list[str]:
        """Budgets with less than this share left, in words. Parts that share a budget are one row."""
        with self._counting:
            rows = {
                (kind, "" if kind in TOGETHER else part): (self._used(kind, part), limit)
                for kind, part in tuple(self._cells)
                if (limit := self._limit.get(kind)) is not None
            }
        return [
            f"{kind.value} {part}".strip() + f" {used} of {limit}"
            for (kind, part), (used, limit) in sorted(rows.items(), key=lambda row: (row[0][0].value, row[0][1]))
            if limit - used < share * limit
        ]

    def newest_day(self) -> str:
        """The last day (UTC) on which guesses were counted, here or in an earlier run; empty: never."""
        return max((counted.day for counted in self._store.counts(self._terminal)), default="")

    def flush(self) -> None:
        """Write everything now. Raises RigFault; what could not be written stays counted and is tried again."""
        self._write(None, durable=False)

    def _write(self, only: list[_Cell] | None, *, durable: bool) -> None:
        with self._writing:
            with self._counting:
                batch = [(cell, cell.pending) for cell in (only if only is not None else self._dirty)]
                for cell, _ in batch:
                    self._dirty.pop(cell, None)
                    cell.pending = 0
            if not batch:
                return
            try:
                totals = self._store.add({cell.counted: pending for cell, pending in batch}, durable=durable)
            except RigFault:
                self._failed = True
                with self._counting:
                    for cell, pending in batch:
                        self._add_pending(cell, pending)
                raise
            self._failed = False
            with self._counting:
                for cell, _ in batch:  # another process may have the same terminal in its own simulated rig
                    cell.n = totals[cell.counted] - self._serviced.get(cell.counted, 0) + cell.pending

    def close(self) -> None:
        """Write the rest and end. Raises RigFault when the rest cannot be written."""
        if self._ended.is_set():
            return
        self._ended.set()
        self._writer.join(5.0)
        try:
            self.flush()
        finally:
            self._store.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _charge(self, acts: tuple[tuple[Kind, str], ...], count: int) -> None:
        if self._failed:
            self.flush()
        with self._counting:
            for kind, part in acts:
                limit = self._limit.get(kind)
                if limit is not None and (used := self._used(kind, part)) + count > limit:
                    raise self._refusal(kind, part, used, count, limit)
            cells = [self._cell(kind, part) for kind, part in acts]
            for cell in cells:
                cell.n += count
                self._add_pending(cell, count)
        if acts[0][0] in AT_ONCE:
            self._write_before_the_act(cells, count, durable=self._limit[acts[0][0]] is not None)

    def _write_before_the_act(self, cells: list[_Cell], count: int, *, durable: bool) -> None:
        try:
            self._write(cells, durable=durable)
        except RigFault:
            with self._counting:
                for cell in cells:
                    cell.n -= count
                    cell.pending -= count
            raise

    def _add_pending(self, cell: _Cell, count: int) -> None:
        self._dirty[cell] = None
        cell.pending += count

    def _cell(self, kind: Kind, part: str) -> _Cell:
        cell = self._cells.get((kind, part))
        if cell is not None and (kind not in PER_DAY or cell.counted.day == self._today()):
            return cell
        subject = self._rig if kind in ON_RIG else self._terminal
        cell = _Cell(Counted(subject, kind.value, part, self._today() if kind in PER_DAY else ""), 0)
        self._cells[kind, part] = cell
        return cell

    def _used(self, kind: Kind, part: str) -> int:
        if kind not in TOGETHER:
            return self._cell(kind, part).n
        parts = {part} | {other for of, other in self._cells if of is kind}
        return sum(self._cell(kind, other).n for other in parts)

    def _today(self) -> str:
        # a clock set back must not give the guesses of a day a second time
        self._day = max(self._day, datetime.fromtimestamp(self._now(), UTC).date().isoformat())
        return self._day

    def _load(self) -> None:
        counts = {**self._store.counts(self._terminal), **self._store.counts(self._rig)}
        self._serviced = {
            Counted(service.subject, service.kind, service.part): service.done_at for service in self._store.services()
        }
        self._day = max((counted.day for counted in counts), default="")
        today = self._today()
        kinds = {kind.value: kind for kind in Kind}
        for counted, total in counts.items():
            if counted.kind in kinds and counted.day in ("", today):
                cell = _Cell(counted, total - self._serviced.get(counted, 0))
                self._cells[kinds[counted.kind], counted.part] = cell

    def _refusal(self, kind: Kind, part: str, used: int, count: int, limit: int) -> SafetyAbort:
        subject = self._rig if kind in ON_RIG else self._terminal
        when = f" on {self._day}" if kind in PER_DAY else ""
        what = f"{kind.value} {part}".strip()
        return SafetyAbort(
            f"{subject}: {what} would be number {used + count} of at most {limit}{when}",
            where=f"ledger {self._store.path}, limit {_LIMIT_FIELDS[kind]} of the rig file",
            allowed=f"{max(limit - used, 0)} more",
            todo="wait for the next day"
            if kind in PER_DAY
            else "have the part serviced and say so with 'posrig ledger --serviced', or raise the limit",
        )

    def _write_now_and_then(self) -> None:
        while not self._ended.wait(self._flush_every_s):
            # the next charge tries again and raises, in the thread that can stop the run
            with suppress(RigFault):
                self.flush()
