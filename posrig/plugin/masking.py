"""Secrets are taken out where words begin: exceptions, captured output, what pytest itself writes to the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, TextIO

import pytest

from posrig.evidence.secret_scan import LineScan
from posrig.ground.faults import PosrigError
from posrig.ground.secret import Masks
from posrig.plugin.artefacts import known_secrets
from posrig.reporting.allure_wiring import MASK

Mask = Callable[[str], str]
DEEPEST = 32
"""Errors behind an error, and containers in containers, that are looked into."""
_SPOKEN = ("filename", "filename2", "strerror", "msg", "text", "reason", "object", "name", "doc", "value", "code")
"""What exceptions of Python's own keep beside ``args`` and show."""
_LINES = pytest.StashKey[LineScan]()
WITHHELD_LINE = "(this line held a secret and is not shown)"
_BEFORE = pytest.StashKey[list[tuple[Any, str, object]]]()


def mask_error(error: BaseException, mask: Mask) -> None:
    """In the exception itself, and in those behind it: Allure, pytest and plug-ins read its words in their own way."""
    for one in _chain(error):
        one.args = tuple(masked(value, mask) for value in one.args)
        for name in (*_SPOKEN, *(getattr(one, "__dict__", None) or ())):
            value = getattr(one, name, None)
            if isinstance(value, str | bytes | dict | list | tuple | set) and (kept := masked(value, mask)) != value:
                with suppress(AttributeError, TypeError):
                    setattr(one, name, kept)
        if isinstance(one, PosrigError):
            for name in ("found", "where", "allowed", "todo"):
                setattr(one, name, mask(getattr(one, name)))


def _chain(error: BaseException) -> Iterator[BaseException]:
    waiting, seen = [error], set[int]()
    while waiting and len(seen) < DEEPEST * DEEPEST:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        behind = (one.__cause__, one.__context__, *(one.exceptions if isinstance(one, BaseExceptionGroup) else ()))
        waiting += [other for other in behind if other is not None]


def masked(value: object, mask: Mask, depth: int = DEEPEST) -> object:
    """The value itself where it tells no secret; text, bytes and containers of them without it; else its words."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, bytes | bytearray):
        text = value.decode("latin-1")
        kept = mask(text)
        return value if kept == text else kept.encode("latin-1")
    if depth and type(value) is dict:
        return {masked(key, mask, depth - 1): masked(one, mask, depth - 1) for key, one in value.items()}
    if depth and type(value) in (list, tuple, set, frozenset):
        return type(value)(masked(one, mask, depth - 1) for one in value)  # type: ignore[call-arg, attr-defined]
    if value is None or isinstance(value, bool | BaseException):
        return value
    with suppress(Exception):  # whatever a foreign object does when it is asked for its words
        for words in (repr(value), str(value)):
            if mask(words) != words:
                return mask(words)
    return value


def without_telling(text: str, lines: LineScan) -> str:
    """The text without the lines in which a secret stands in another form than the masks know: turned round, in
    full-width digits, as codes. All of it where only several lines together tell one."""
    rows = text.split("\n")
    telling = [number for number, row in enumerate(rows) if row and lines.tells(row)]
    for number in telling or range(len(rows)):
        rows[number] = WITHHELD_LINE if rows[number] else ""
    return "\n".join(rows)


class MaskedStream:
    """A text stream that writes no secret; everything else it does is the stream's own."""

    def __init__(self, stream: TextIO, mask: Mask) -> None:
        self._stream, self._mask = stream, mask

    def write(self, text: str) -> int:
        """Write it without the secrets."""
        self._stream.write(self._mask(text))
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        """Each without the secrets."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class MaskedLines(MaskedStream):
    """The same for what is written in pieces, as ``print`` does with its values: looked at a line at a time."""

    def __init__(self, stream: TextIO, mask: Mask) -> None:
        super().__init__(stream, mask)
        self._held = ""

    def write(self, text: str) -> int:
        """Written when the line is whole, or is flushed."""
        whole, ended, self._held = (self._held + text).rpartition("\n")
        if ended:
            super().write(whole + ended)
        return len(text)

    def flush(self) -> None:
        """Write what is there of a line, too."""
        held, self._held = self._held, ""
        if held:
            super().write(held)
        self._stream.flush()


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Whatever pytest writes goes through the masks; with ``-s`` also what steps print."""
    config = session.config
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if config.option.collectonly or MASK in config.stash:
        return
    if (known := known_secrets(config)) and not hasattr(config, "workerinput"):
        config.stash[MASK] = Masks(known).mask
        config.stash[_LINES] = LineScan(known)
    before = config.stash.setdefault(_BEFORE, [])

    def mask(text: str) -> str:
        kept = config.stash.get(MASK, str)(text)
        lines = config.stash.get(_LINES, None)
        return kept if lines is None or not lines.tells(kept) else without_telling(kept, lines)

    writers = [(reporter._tw, "_file")] if reporter is not None else []
    logged = getattr(config.pluginmanager.get_plugin("logging-plugin"), "log_file_handler", None)
    if getattr(logged, "stream", None) is not None:  # --log-file
        writers.append((logged, "stream"))
    streams = [(sys, "stdout"), (sys, "stderr")] if config.option.capture == "no" else []
    if config.option.debug and (write := getattr(config.trace.root, "_writer", None)) is not None:
        config.trace.root.setwriter(lambda text: write(mask(text)))
    for owner, name in (*writers, *streams):
        stream = getattr(owner, name)
        before.append((owner, name, stream))
        kind = MaskedLines if (owner, name) in streams else MaskedStream
        setattr(owner, name, kind(stream, mask))


def pytest_unconfigure(config: pytest.Config) -> None:
    """The streams are what they were: a process may run pytest again."""
    before = config.stash.get(_BEFORE, None) or []
    for owner, name, stream in reversed(before):
        if isinstance(masked_ := getattr(owner, name), MaskedLines):
            masked_.flush()
        setattr(owner, name, stream)
