"""YAML files read with the line of each value, so that every error names file, line and field."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from posrig.ground.faults import ConfigurationError

Model = TypeVar("Model", bound=BaseModel)
FieldPath = tuple[str | int, ...]


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
    return ".".join(str(part) for part in field)


def read_yaml(path: Path, what: str) -> LocatedYaml:
    """Read one YAML mapping. Raises ConfigurationError for a missing, unreadable, broken or doubled-key file."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as exc:
        near = difflib.get_close_matches(path.name, [p.name for p in path.parent.glob("*.yaml")], 3, 0.5)
        raise ConfigurationError(
            f"there is no {what} {path}",
            allowed=f"in that folder: {', '.join(near)}" if near else "a YAML file",
            todo="check the name, or write one: docs/rig-file.md",
        ) from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigurationError(
            f"the {what} cannot be read: {exc}", where=str(path), allowed="a readable YAML file in UTF-8"
        ) from exc
    try:
        tree = YAML(typ="rt").load(text)
    except MarkedYAMLError as exc:
        line = exc.problem_mark.line + 1 if exc.problem_mark else 1
        raise ConfigurationError(
            f"the {what} is not YAML: {exc.problem}", where=f"{path}:{line}", todo="mend that line"
        ) from exc
    except YAMLError as exc:
        raise ConfigurationError(f"the {what} is not YAML: {str(exc).splitlines()[0]}", where=str(path)) from exc
    except (ValueError, RecursionError):
        raise ConfigurationError(
            f"the {what} is not YAML: a value looks like a date or a number and is none, or it is nested too deeply",
            where=str(path),
            todo="put texts in quotes",
        ) from None
    if not isinstance(tree, CommentedMap):
        raise ConfigurationError(f"the {what} must be a mapping of fields", where=f"{path}:1", allowed="name: value")
    lines: dict[FieldPath, int] = {}
    data = _plain(tree, (), lines)
    return LocatedYaml(path, data, lines)


def _plain(node: Any, at: FieldPath, lines: dict[FieldPath, int]) -> Any:
    if isinstance(node, CommentedMap):
        result: dict[str, Any] = {}
        for key, value in node.items():
            path = (*at, str(key))
            lines[path] = node.lc.key(key)[0] + 1
            result[str(key)] = _plain(value, path, lines)
        return result
    if isinstance(node, CommentedSeq):
        items = []
        for index, value in enumerate(node):
            path = (*at, index)
            lines[path] = node.lc.item(index)[0] + 1
            items.append(_plain(value, path, lines))
        return items
    return str(node) if isinstance(node, str) else node


def validate(source: LocatedYaml, model: type[Model], what: str, docs: str = "docs/rig-file.md") -> Model:
    """The file as a model. Raises ConfigurationError naming up to five wrong fields with line and what is allowed."""
    try:
        return model.model_validate(source.data)
    except ValidationError as exc:
        errors = exc.errors(include_url=False)
        rows = [_one_error(source, model, error) for error in errors[:5]]
        more = [f"... and {len(errors) - 5} more"] if len(errors) > 5 else []
        raise ConfigurationError(
            f"the {what} has {len(errors)} wrong field{'s' if len(errors) > 1 else ''}:\n    "
            + "\n    ".join(rows + more),
            where=f"{source.path}:{source.line(_location(errors[0]))}",
            todo=f"mend the lines named above; all fields are explained in {docs}",
        ) from exc


def existing(source: LocatedYaml, field: FieldPath, value: Path, what: str) -> Path:
    """A file that a field names, relative to the file that it stands in. Raises ConfigurationError."""
    full = value.expanduser() if value.is_absolute() else (source.path.parent / value.expanduser())
    if not full.is_file():
        near = difflib.get_close_matches(full.name, [p.name for p in full.parent.glob("*")], 3, 0.4)
        raise ConfigurationError(
            f"there is no file {full}",
            where=source.where(field),
            allowed=f"in that folder: {', '.join(near)}" if near else f"a path relative to the {what}",
        )
    return full


def _location(error: ErrorDetails) -> FieldPath:
    return tuple(part for part in error["loc"] if not (isinstance(part, str) and part.startswith("function-")))


def _one_error(source: LocatedYaml, model: type[BaseModel], error: ErrorDetails) -> str:
    field = _location(error)
    at = f"{source.path.name}:{source.line(field)}: {dotted(field)}"
    match error["type"]:
        case "extra_forbidden":
            known = _fields_at(model, field[:-1])
            near = difflib.get_close_matches(str(field[-1]), known, 1, 0.5)
            hint = f"did you mean {near[0]!r}? " if near else ""
            return f"{at}: unknown field; {hint}allowed: {', '.join(known)}"
        case "missing":
            return f"{at}: is missing"
        case "value_error":
            return f"{at}: {error['msg'].removeprefix('Value error, ')}"
        case _:
            return f"{at}: {error['msg']} (found: {error['input']!r})"


def _fields_at(model: type[BaseModel], field: FieldPath) -> list[str]:
    current: Any = model
    for part in field:
        info = getattr(current, "model_fields", {}).get(part)
        if info is None:
            continue
        candidates = [info.annotation, *getattr(info.annotation, "__args__", ())]
        current = next((c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)), current)
    return sorted(f.alias or name for name, f in getattr(current, "model_fields", {}).items())
