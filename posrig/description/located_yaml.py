"""YAML files read with the line of each value, so that every error names file, line and field."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from posrig.description.bounded_yaml import LARGEST, FieldPath, YamlRefused, parse_yaml
from posrig.ground.faults import ConfigurationError
from posrig.ground.small_file import read_small

NO_MAPPING, MISSING, UNREADABLE = "no_mapping", "missing", "unreadable"
"""Rules of a file that is no YAML of ours at all."""
SHOWN = 5
"""Wrong fields that are named."""
_LIMITS = ("gt", "ge", "lt", "le", "min_length", "max_length")
# what pydantic calls what is wrong: how its name begins
_RULES = {
    "string_too_short": "short", "string_too_long": "long", "string_type": "text", "string_sub_type": "text",
    "int_": "whole", "float_": "number", "finite_number": "finite", "bool_": "bool", "date": "date",
    "list_type": "list", "tuple_type": "list", "set_type": "list", "dict_type": "mapping", "model_": "mapping",
    "literal_error": "one_of", "enum": "one_of", "greater_than_equal": "least", "greater_than": "above",
    "less_than_equal": "most", "less_than": "below", "too_short": "few", "too_long": "many",
}  # fmt: skip
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class LocatedYaml:
    """One file's plain data and where each value stands (lines from 1)."""

    path: Path
    data: dict[str, Any]
    lines: dict[FieldPath, int]

    def line(self, field: Iterable[str | int]) -> int:
        """The line of a field, or of the nearest parent that has one."""
        path = tuple(field)
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def where(self, field: Iterable[str | int]) -> str:
        path = tuple(field)
        return f"{self.path}:{self.line(path)}, field {dotted(path)}" if path else f"{self.path}:1"


def dotted(field: Iterable[str | int]) -> str:
    return ".".join(short(str(part), 60) for part in field)


def read_yaml(path: Path, what: str) -> LocatedYaml:
    """Read one YAML mapping. Raises ConfigurationError for a missing, unreadable, broken or unbounded file."""
    data, lines = read_tree(path, what)
    if not isinstance(data, dict):
        raise YamlRefused(
            what, NO_MAPPING, "", f"the {what} must be a mapping of fields", where=f"{path}:1", allowed="name: value",
            todo="",
        )  # fmt: skip
    return LocatedYaml(path, data, lines)


def read_tree(path: Path, what: str) -> tuple[Any, dict[FieldPath, int]]:
    """The same for a file that may be a list; with the line of each value. Raises ConfigurationError."""
    try:
        content = read_small(path, LARGEST)
    except FileNotFoundError as exc:
        near = difflib.get_close_matches(path.name, _names_beside(path, ".yaml"), 3, 0.5)
        raise YamlRefused(
            what,
            MISSING,
            f"{path}",
            f"there is no {what} {path}",
            where="",
            allowed=f"in that folder: {', '.join(near)}" if near else "a YAML file",
            todo="check the name, or write one: docs/rig-file.md",
        ) from exc
    except OSError as exc:
        raise YamlRefused(
            what, UNREADABLE, str(exc.strerror or exc), f"the {what} cannot be read: {exc.strerror or exc}",
            where=str(path), allowed=f"a readable YAML file in UTF-8, at most {LARGEST // 1024} KiB", todo="",
        ) from exc  # fmt: skip
    return parse_yaml(content, str(path), what)


def _names_beside(path: Path, ending: str = "") -> list[str]:
    """Names in the folder of a file that is not there, for a hint; none where it cannot be listed."""
    try:
        return [name for name in os.listdir(path.parent)[:1000] if name.endswith(ending)]
    except (OSError, ValueError):
        return []


@dataclass(frozen=True, slots=True)
class WrongField:
    """One field that is not as the file's model wants it. ``rule`` and ``values`` are for whoever tells it in another
    language (posrig/language/yaml_words.py), ``text`` is English."""

    place: str
    rule: str
    values: Mapping[str, object]
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


class WrongFields(ConfigurationError):  # noqa: N818
    """A file with wrong fields, the first :data:`SHOWN` of them."""

    def __init__(self, what: str, wrong: Sequence[WrongField], count: int, *, where: str, docs: str) -> None:
        self.what, self.wrong, self.count, self.docs = what, tuple(wrong), count, docs
        more = [f"... and {count - len(wrong)} more"] if count > len(wrong) else []
        super().__init__(
            f"the {what} has {count} wrong field{'s' if count > 1 else ''}:\n    "
            + "\n    ".join([*map(str, wrong), *more]),
            where=where,
            todo=f"mend the lines named above; all fields are explained in {docs}",
        )


def validate(source: LocatedYaml, model: type[Model], what: str, docs: str = "docs/rig-file.md") -> Model:
    """The file as a model. Raises WrongFields naming up to five wrong fields with line and what is allowed."""
    try:
        return model.model_validate(source.data)
    except ValidationError as exc:
        errors = exc.errors(include_url=False)
        wrong = [_one_error(source, model, error) for error in errors[:SHOWN]]
        where = f"{source.path}:{source.line(_location(errors[0]))}"
        raise WrongFields(what, wrong, len(errors), where=where, docs=docs) from exc


def existing(source: LocatedYaml, field: FieldPath, value: Path, what: str) -> Path:
    """A file that a field names, relative to the file that it stands in. Raises ConfigurationError."""
    try:
        full = source.path.parent / value.expanduser()
        there = full.is_file()
    except (OSError, ValueError, RuntimeError) as exc:  # too long, a null character, ~nobody
        raise ConfigurationError(
            f"{short(str(value))} is no path of a file: {getattr(exc, 'strerror', None) or exc}",
            where=source.where(field),
            allowed=f"a path relative to the {what}",
        ) from None
    if not there:
        near = difflib.get_close_matches(full.name, _names_beside(full), 3, 0.4)
        raise ConfigurationError(
            f"there is no file {full}",
            where=source.where(field),
            allowed=f"in that folder: {', '.join(near)}" if near else f"a path relative to the {what}",
        )
    return full


def short(text: str, most: int = 200) -> str:
    """A text of a file as an error quotes it: a field may hold the whole file."""
    return text if len(text) <= most else f"{text[: most - 20]}... ({len(text)} characters)"


def _location(error: ErrorDetails) -> FieldPath:
    return tuple(part for part in error["loc"] if not (isinstance(part, str) and part.startswith("function-")))


def _one_error(source: LocatedYaml, model: type[BaseModel], error: ErrorDetails) -> WrongField:
    field = _location(error)
    at = f"{source.path.name}:{source.line(field)}: {dotted(field)}"
    found, context = short(repr(error["input"])), error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            known = _fields_at(model, field[:-1])
            near = difflib.get_close_matches(str(field[-1]), known, 1, 0.5)
            hint = f"did you mean {near[0]!r}? " if near else ""
            allowed = ", ".join(known)
            values = {"near": near[0] if near else "", "allowed": allowed}
            return WrongField(at, "unknown", values, f"unknown field; {hint}allowed: {allowed}")
        case "missing":
            return WrongField(at, "missing", {}, "is missing")
        case "value_error":
            own = short(error["msg"].removeprefix("Value error, "), 500)
            return WrongField(at, "own", {"reason": own}, own)
        case kind:
            rule = next((rule for begin, rule in _RULES.items() if kind.startswith(begin)), "other")
            limit = next((value for name, value in context.items() if name in _LIMITS), "")
            said = error["msg"].removeprefix("Input ")
            values = {"found": found, "limit": limit, "allowed": context.get("expected", ""), "reason": said}
            return WrongField(at, rule, values, f"{said} (found: {found})")


def _fields_at(model: type[BaseModel], field: FieldPath) -> list[str]:
    current: Any = model
    for part in field:
        info = getattr(current, "model_fields", {}).get(part)
        if info is None:
            continue
        candidates = [info.annotation, *getattr(info.annotation, "__args__", ())]
        current = next((c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)), current)
    return sorted(f.alias or name for name, f in getattr(current, "model_fields", {}).items())
