"""``summary.json``: a run in numbers. docs/reports.md describes each field; other tools rely on it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from posrig.language.catalogue import LABELS

Record = Mapping[str, Any]

SCHEMA = 1
COUNTED = ("presses", "missed", "doubled", "missed_by_rig", "doubled_by_rig")
# a rig fault says nothing about the terminal, so it covers nothing
JUDGED = {"held", "product failure"}
PER_SCENARIO = (
    "id", "name", "feature", "rule", "file", "line", "language", "tags", "requirements", "verdict", "rig", "terminal",
    "seed", "wall_seconds", "terminal_seconds", "presses", "power_cycles",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NotStarted:
    """Why no scenario ran: whose fault it is, what was found, where, what is allowed and what to do."""

    verdict: str
    found: str
    where: str = ""
    allowed: str = ""
    todo: str = ""
    language: str = "en"
    """Of the words: ``en`` or ``zh``."""

    @property
    def text(self) -> str:
        """As it is told in a terminal."""
        labels = {name: pair[self.language == "zh"] for name, pair in LABELS.items()}
        rows = ((labels["where"], self.where), (labels["allowed"], self.allowed), (labels["todo"], self.todo))
        return "\n".join([self.found, *(f"  {label}{text}" for label, text in rows if text)])


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What the records do not say: when, how it ended, and what could have been covered."""

    started: float
    ended: float
    exit_code: int
    complete: bool
    command: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    safe_state: tuple[Mapping[str, Any], ...] = ()
    secret_scan: Mapping[str, Any] | None = None
    not_started: NotStarted | None = None


def summarise(records: Sequence[Record], facts: RunFacts) -> dict[str, Any]:
    """The content of summary.json."""
    requirements = requirements_of(records)
    covered = sorted(one for one, verdicts in requirements.items() if JUDGED & set(verdicts))
    return {
        "schema": SCHEMA,
        "started": _iso(facts.started),
        "ended": _iso(facts.ended),
        "complete": facts.complete,
        "exit_code": facts.exit_code,
        "not_started": asdict(facts.not_started) if facts.not_started is not None else None,
        "command": list(facts.command),
        "total": len(records),
        "counts": dict(sorted(Counter(record["verdict"] for record in records).items())),
        "requirements": requirements,
        "requirements_covered": covered,
        "requirements_not_covered": sorted((set(facts.requirements) | set(requirements)) - set(covered)),
        "presses": sum(record["presses"] for record in records),
        "keys": keys_of(records),
        "power_cycles": sum(record["power_cycles"] for record in records),
        "wall_seconds": round(facts.ended - facts.started, 3),
        "terminal_seconds": round(sum(record["terminal_seconds"] for record in records), 3),
        "safe_state": [dict(row) for row in facts.safe_state],
        "secret_scan": dict(facts.secret_scan) if facts.secret_scan is not None else None,
        "scenarios": [_short(record) for record in records],
    }


def requirements_of(records: Iterable[Record]) -> dict[str, dict[str, int]]:
    """Each requirement that a scenario names, with how often each verdict fell; skipped ones say nothing."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for record in records:
        if record["verdict"] != "skipped":
            for requirement in record["requirements"]:
                counted[requirement][record["verdict"]] += 1
    return {requirement: dict(sorted(verdicts.items())) for requirement, verdicts in sorted(counted.items())}


def keys_of(records: Iterable[Record]) -> dict[str, dict[str, int]]:
    """Presses of the run by key, every attempt: how many, missed and doubled, and by the rig's own contacts."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for record in records:
        for part in (record, *record.get("attempts", ())):
            for key, counts in part.get("keys", {}).items():
                found[key].update(counts)
    return {key: {name: found[key][name] for name in COUNTED} for key in sorted(found, key=lambda k: (k == "*", k))}


def flow_of(record: Record) -> str:
    """The flow a scenario belongs to: its folder below features/, or its folder's name.

    >>> flow_of({"file": "features/unlock/own.feature"})
    'unlock'
    """
    folders = PurePath(record["file"]).parts[:-1]
    if "features" in folders:
        below = folders[folders.index("features") + 1 :]
        return below[0] if below else "features"
    return folders[-1] if folders else "."


def to_text(summary: Mapping[str, Any]) -> str:
    """The file's text: Chinese readable, one indented object."""
    return json.dumps(summary, ensure_ascii=False, indent=1) + "\n"


def _short(record: Record) -> dict[str, Any]:
    failure = record.get("failure") or {}
    return {
        **{name: record.get(name, "") for name in PER_SCENARIO},
        "flow": flow_of(record),
        "message": failure.get("message", ""),
        "failed_step": failure.get("step", ""),
        "failed_at": failure.get("place", ""),
        "attachments": [f"attachments/{kept['file']}" for kept in record.get("attachments", ())],
    }


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
