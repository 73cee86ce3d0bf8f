"""The record of one scenario as every report reads it: what a line of scenarios.jsonl must be to be one.

A record may come from a killed run, a full disk, an older version or somebody's hand. What is none is named and left
out; nothing that reads records meets another type or a path that leads out of the run's folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from posrig.ground.json_text import parsed_json

Record = Mapping[str, Any]
_Number = Annotated[int, Field(ge=0, le=10**12)]
_Seconds = Annotated[float, Field(ge=0, le=1e9)]
_Moment = Annotated[float, Field(ge=0, le=253_402_300_799)]
"""Seconds since 1970 that a calendar has."""


def _inside(name: str) -> str:
    path = PurePath(name)
    if not name or path.is_absolute() or ".." in path.parts or "\x00" in name:
        raise ValueError("no file inside the run's folder")
    return name


class _Plain(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)


class _Failure(_Plain):
    verdict: str
    message: str
    phase: str = ""
    step: str = ""
    place: str = ""
    instrument: str = ""
    keys: str = ""
    traceback: str = ""


class _Step(_Plain):
    sentence: str
    result: str = ""


class _Counts(_Plain):
    presses: _Number
    missed: _Number
    doubled: _Number
    missed_by_rig: _Number
    doubled_by_rig: _Number


class _Kept(_Plain):
    name: str
    file: Annotated[str, AfterValidator(_inside)]
    mime: str


class _Attempt(_Plain):
    verdict: str
    failure: _Failure | None = None
    started: _Moment = 0
    wall_seconds: _Seconds = 0
    presses: _Number = 0
    keys: dict[str, _Counts] = {}
    facts: dict[str, Any] = {}
    steps: list[_Step] = []


class _Scenario(_Attempt):
    """What tells one scenario from another, and what it came to, is never made up; an older version knew less."""

    id: str
    name: str
    file: Annotated[str, Field(min_length=1)]
    line: _Number
    requirements: list[str]
    facts: dict[str, Any]
    rig: str
    terminal: str
    timeline: list[Annotated[list[Any], Field(min_length=3, max_length=3)]]
    feature: str = ""
    rule: str = ""
    language: str = ""
    example: dict[str, Any] = {}
    tags: list[str] = []
    failures: list[_Failure] = []
    terminal_seconds: _Seconds = 0
    attempts: list[_Attempt] = []
    power_cycles: _Number = 0
    seed: str = ""
    attachments: list[_Kept] = []


def parsed_record(line: str) -> dict[str, Any]:
    """One line of scenarios.jsonl, what it leaves out filled in. Raises ValueError with the reason in one line: no JSON
    (then a json.JSONDecodeError), or no record."""
    try:
        record = _Scenario.model_validate(parsed_json(line))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(map(str, first["loc"])) or "the whole"
        raise ValueError(f"{field[:80]}: {first['msg']}") from None
    if (reason := _wrong_in(record)) is not None:
        raise ValueError(reason)
    if record.verdict not in ("held", "skipped") and record.failure is None:
        record.failure = _Failure(verdict=record.verdict, message="no reason was recorded")
    return record.model_dump()


def _wrong_in(record: _Scenario) -> str | None:
    facts = [part.facts for part in (record, *record.attempts)]
    words = ("serial_number", "firmware", "seed")
    if not all(isinstance(fact.get(name, ""), str) for fact in facts for name in words):
        return f"facts: {', '.join(words)} should be texts"
    if not all(isinstance(at, int | float) for at, _, _ in record.timeline):
        return "timeline: a time should be a number"
    return None
