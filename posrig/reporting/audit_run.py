"""A finished run as an audit or a manual takes it in: whole, unchanged, readable, or an error with file and line."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from posrig.ground.faults import ConfigurationError
from posrig.ground.json_text import parsed_json
from posrig.reporting.record import Record, parsed_record
from posrig.reporting.run_folder import RECORDS, SUMMARY


def _moment(text: str) -> str:
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("a time without a zone")
    return text


_Moment = Annotated[str, AfterValidator(_moment)]


class _Summary(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    started: _Moment
    ended: _Moment
    complete: bool
    exit_code: int
    total: int
    counts: dict[str, int]
    requirements: dict[str, dict[str, int]]
    scenarios: list[dict[str, Any]]


SUMMARY_NEEDED = ("started", "ended", "complete", "exit_code", "total", "counts", "requirements", "scenarios")
RUN_AGAIN = "make a new run (pytest features), or take an unchanged copy of the folder"


@dataclass(frozen=True, slots=True)
class File:
    """One file of the evidence, as it was read."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class AuditedRun:
    """A run folder that was read. ``cut``: the last record was cut short when the run was killed."""

    folder: Path
    summary: Mapping[str, Any]
    records: tuple[Record, ...]
    evidence: tuple[File, ...]
    cut: bool = False


def read_run(folder: Path) -> AuditedRun:
    """Read all of a run. Raises ConfigurationError: no such folder, not finished, damaged, or the files disagree."""
    folder = folder.resolve()
    summary = read_summary(folder)
    data = _bytes(folder / RECORDS)
    records, cut = _records(folder / RECORDS, data, complete=bool(summary["complete"]))
    counted = dict(sorted(Counter(record["verdict"] for record in records).items()))
    if counted != dict(sorted(summary["counts"].items())):
        raise ConfigurationError(
            f"the evidence does not agree with itself: {SUMMARY} counts {_words(summary['counts'])}, "
            f"{RECORDS} holds {_words(counted)}",
            where=str(folder),
            allowed="both files as the run left them",
            todo=RUN_AGAIN,
        )
    evidence = (_file(RECORDS, data), _file(SUMMARY, _bytes(folder / SUMMARY)))
    return AuditedRun(folder, summary, tuple(records), evidence, cut)


def read_summary(folder: Path) -> dict[str, Any]:
    """The summary of a finished run. Raises ConfigurationError."""
    file = folder / SUMMARY
    if not folder.is_dir():
        raise ConfigurationError(
            "there is no such run",
            where=str(folder),
            allowed="the folder of a run, as reports/latest or one of reports/runs",
            todo="make a run: pytest features",
        )
    if not file.is_file():
        raise ConfigurationError(
            "this folder holds no finished run",
            where=str(folder),
            allowed=f"a folder with {SUMMARY} and {RECORDS}",
            todo="wait until the run has ended; of a killed run the next 'pytest features' makes the summary",
        )
    try:
        summary = parsed_json(_bytes(file))
    except ValueError as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise _damaged(file, line, "no JSON") from None
    missing = [name for name in SUMMARY_NEEDED if not isinstance(summary, dict) or name not in summary]
    if missing:
        raise _damaged(file, 1, f"without {', '.join(missing)}")
    try:
        _Summary.model_validate(summary)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise _damaged(file, 1, f"{'.'.join(map(str, first['loc']))[:80]}: {first['msg']}") from None
    return dict(summary)


def finished_before(run: AuditedRun) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The finished runs beside this one that began before it, newest first. Unreadable ones are passed over."""
    for folder in sorted(run.folder.parent.glob("*"), reverse=True):
        if folder == run.folder or folder.name.startswith(".") or not (folder / SUMMARY).is_file():
            continue
        try:
            summary = read_summary(folder)
        except ConfigurationError:
            continue
        if summary["complete"] and summary["started"] < run.summary["started"]:
            yield folder, summary


def previous(run: AuditedRun, since: date | None = None) -> tuple[Path, dict[str, Any]] | None:
    """The newest finished run before this one with at least as many scenarios; ``since``: of that day or before."""
    for folder, summary in finished_before(run):
        if summary["total"] < run.summary["total"]:
            continue
        if since is None or datetime.fromisoformat(summary["started"]).astimezone(UTC).date() <= since:
            return folder, summary
    return None


def _records(file: Path, data: bytes, *, complete: bool) -> tuple[list[Record], bool]:
    lines = data.decode("utf-8", errors="replace").split("\n")
    records: list[Record] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            records.append(parsed_record(line))
        except json.JSONDecodeError:
            if not complete and number == len(lines):  # no line end: the kill came while it was written
                return records, True
            raise _damaged(file, number, "no JSON") from None
        except ValueError as error:
            raise _damaged(file, number, str(error)) from None
    return records, False


def _damaged(file: Path, line: int, what: str) -> ConfigurationError:
    return ConfigurationError(
        f"a record of the evidence cannot be read: {what}",
        where=f"{file}:{line}",
        allowed="the file as the run left it",
        todo=RUN_AGAIN,
    )


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"the evidence cannot be read: {error.strerror}", where=str(file), todo=RUN_AGAIN
        ) from None


def _file(name: str, data: bytes) -> File:
    return File(name, len(data), hashlib.sha256(data).hexdigest())


def _words(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {verdict}" for verdict, number in sorted(counts.items())) or "nothing"
