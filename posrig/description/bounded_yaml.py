"""YAML as the project's files use it: mappings, lists, texts, numbers; nothing that is made while it is read.

The one reader of every YAML file, over the parser's events and never over its objects: a small file can ask a parser
for a gigabyte (aliases), for hours (brackets in brackets), or for an object of its choice (tags).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from posrig.ground.faults import ConfigurationError

FieldPath = tuple[str | int, ...]

LARGEST = 256 * 1024
"""Bytes of a file. The profile of terminal R has 22 kB, a list of 150 requirements 24 kB."""
MOST_VALUES = 12_000
DEEPEST = 20
MOST_DIGITS = 18
DOCS = "docs/rig-file.md, Limits of files"

_INTEGER = re.compile(r"[-+]?[0-9]+|0x[0-9a-fA-F]+|0o[0-7]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")
}
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class YamlRefused(ConfigurationError):  # noqa: N818
    """A file that is not read. ``rule`` and ``value`` are for whoever tells it in another language
    (posrig/language/yaml_words.py); the words are English."""

    def __init__(self, what: str, rule: str, value: str, said: str, *, where: str, allowed: str, todo: str) -> None:
        self.what, self.rule, self.value = what, rule, value
        super().__init__(said, where=where, allowed=allowed, todo=todo)


class _Wrong(Exception):  # noqa: N818 - never leaves this module
    def __init__(
        self,
        rule: str,
        found: str,
        line: int,
        *,
        quoted: str = "",
        value: object = "",
        allowed: str = "",
        todo: str = "",
    ) -> None:
        self.rule, self.found, self.quoted, self.line, self.allowed, self.todo = (
            rule,
            found,
            quoted,
            line,
            allowed,
            todo,
        )
        self.value = str(value)
        super().__init__(found)


def parse_yaml(content: bytes, name: str, what: str, *, quiet: bool = False) -> tuple[Any, dict[FieldPath, int]]:
    """The plain data of one document, and the line of each value (from 1). Keys are texts, as they are written.

    ``name`` is the file for errors, ``what`` it is in words; ``quiet``: the content is secret, errors quote none of it.
    Raises ConfigurationError, and nothing else.
    """
    reading = _Reading()
    try:
        if len(content) > LARGEST:
            raise _Wrong(
                "large", f"larger than {LARGEST // 1024} KiB", 1, value=LARGEST // 1024, allowed="a small file"
            )
        text = content.decode("utf-8-sig")
        return reading.whole(iter(YAML(typ="safe", pure=True).parse(text))), reading.lines
    except _Wrong as wrong:
        quote = "" if quiet or not wrong.quoted else f": {wrong.quoted[:80]!r}"
        said, rule, value = wrong.found + quote, wrong.rule, wrong.value or quote
        line, allowed, todo = wrong.line, wrong.allowed, wrong.todo
    except UnicodeDecodeError as error:
        said, allowed, todo = "it is not UTF-8", "UTF-8 text", "save it as UTF-8"
        rule, value = "not_utf8", ""
        line = content.count(b"\n", 0, error.start) + 1
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said, allowed = "" if quiet else str(error.problem or error.context), ""  # its words may quote the line
        line, todo = (mark.line + 1 if mark else reading.line), "mend that line"
        rule, value = "syntax", said
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        said, allowed, todo = "a control character", "readable text", "mend that line"
        rule, value = "control", ""
    except Exception as error:  # noqa: BLE001 - the parser's own slips on strange bytes: the file's fault, near here
        said, line, allowed, todo = f"{type(error).__name__} near this line", reading.line, "", "mend that line"
        rule, value = "syntax", ""
    said = f"the {what} is not YAML that is read here: {said}".removesuffix(": ")
    raise YamlRefused(what, rule, value, said, where=f"{name}:{line}", allowed=allowed, todo=todo) from None


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read. ``key`` is the mapping's key whose value comes next."""

    at: FieldPath
    made: dict[str, Any] | list[Any]
    key: str | None = None


@dataclass(slots=True)
class _Reading:
    lines: dict[FieldPath, int] = field(default_factory=dict)
    line: int = 1
    count: int = 0

    def whole(self, events: Iterator[Event]) -> Any:
        found: list[Any] = []
        stack: list[_Open] = []
        for event in events:
            self.line = event.start_mark.line + 1
            if isinstance(event, CollectionEndEvent):
                stack.pop()
            elif isinstance(event, DocumentStartEvent):
                if found:
                    raise _Wrong("second", "a second document", self.line, allowed="one document a file")
            elif isinstance(event, AliasEvent | ScalarEvent | SequenceStartEvent | MappingStartEvent):
                self._one(event, stack, found)
        return found[0] if found else None

    def _one(self, event: Event, stack: list[_Open], found: list[Any]) -> None:
        self.count += 1
        if self.count > MOST_VALUES:
            raise _Wrong(
                "many",
                f"more than {MOST_VALUES} values",
                self.line,
                value=MOST_VALUES,
                allowed=f"up to {MOST_VALUES}, see {DOCS}",
            )
        self._refuse_references(event)
        here = stack[-1] if stack else None
        if here is not None and isinstance(here.made, dict) and here.key is None:
            self._key(event, here, here.made)
            return
        value, at = self._value(event), self._place(here)
        if here is None:
            found.append(value)
        elif isinstance(here.made, dict):
            here.made[str(here.key)], here.key = value, None
        else:
            here.made.append(value)
        if isinstance(value, dict | list):
            if len(stack) == DEEPEST:
                raise _Wrong(
                    "deep",
                    f"nested more than {DEEPEST} deep",
                    self.line,
                    value=DEEPEST,
                    allowed=f"up to {DEEPEST}, see {DOCS}",
                )
            stack.append(_Open(at, value))

    def _place(self, here: _Open | None) -> FieldPath:
        if here is None:
            return ()
        if isinstance(here.made, dict):
            return (*here.at, str(here.key))
        at = (*here.at, len(here.made))
        self.lines[at] = self.line
        return at

    def _key(self, event: Event, here: _Open, made: dict[str, Any]) -> None:
        if not isinstance(event, ScalarEvent):
            raise _Wrong("no_name", "a mapping or a list as the name of a field", self.line, allowed="name: value")
        key = self._text(event.value)
        if key == "<<" and event.style is None:
            raise _Wrong("merge", "a merge key (<<)", self.line, todo="write the fields out")
        if key in made:
            raise _Wrong("twice", "found duplicate key", self.line, quoted=key, todo="keep one of the two")
        here.key = key
        self.lines[(*here.at, key)] = self.line

    def _refuse_references(self, event: Event) -> None:
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise _Wrong(
                "alias", "an anchor or alias (& or *)", self.line, todo="write it out, or put the text in quotes"
            )
        if getattr(event, "tag", None):
            raise _Wrong("tag", "a tag (!)", self.line, todo="leave it out, or put the text in quotes")

    def _value(self, event: Event) -> Any:
        if isinstance(event, MappingStartEvent):
            return {}
        if isinstance(event, SequenceStartEvent):
            return []
        assert isinstance(event, ScalarEvent)
        text = self._text(event.value)
        return text if event.style is not None else self._plain(text)

    def _text(self, text: str) -> str:
        if wrong := _NO_TEXT.search(text):
            raise _Wrong(
                "control",
                f"the control character U+{ord(wrong[0]):04X} in a text",
                self.line,
                value=f"U+{ord(wrong[0]):04X}",
                allowed="readable text",
            )
        return text

    def _plain(self, text: str) -> Any:
        if text in _WORDS:
            return _WORDS[text]
        if _NOT_FINITE.fullmatch(text):
            raise _Wrong(
                "not_finite", "no finite number", self.line, quoted=text, allowed="a number, or the text in quotes"
            )
        if text[0] not in "-+.0123456789":
            return text
        if not (whole := _INTEGER.fullmatch(text)) and not _FLOAT.fullmatch(text):
            return text
        if sum(char.isdigit() for char in text) > MOST_DIGITS:
            raise _Wrong(
                "digits",
                f"a number of more than {MOST_DIGITS} digits",
                self.line,
                value=MOST_DIGITS,
                allowed="a number, or the text in quotes",
            )
        if whole:
            return int(text, {"0x": 16, "0o": 8}.get(text[:2], 10))
        if not math.isfinite(number := float(text)):
            raise _Wrong(
                "not_finite", "a number that is not finite", self.line, allowed="a number, or the text in quotes"
            )
        return number
