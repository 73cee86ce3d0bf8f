"""From a program message to commands: header patterns, the header path of ``;``, parameters.

Parsing a message is a pure function of its text, so whole messages are cached: a harness sends the same few dozen
messages thousands of times, and pays for the patterns once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from posrig.simulated.scpi.errors import ScpiError
from posrig.simulated.scpi.values import Parameters, channel_numbers

Handler = Callable[[Parameters], str | None]

CACHE_LIMIT = 2048
_TOKEN = re.compile(r"[A-Za-z]+|[\[\]:?#*]")


class Channels(Enum):
    """Does a command take a channel list ``(@...)``?"""

    NONE = 0
    OPTIONAL = 1
    REQUIRED = 2


@dataclass(frozen=True, slots=True)
class Command:
    pattern: re.Pattern[str]
    handler: Handler
    least: int
    most: int
    channels: Channels


@dataclass(frozen=True, slots=True)
class Unit:
    """One program message unit, ready to run: a handler with its parameters, or the error that it is."""

    handler: Handler | None
    parameters: Parameters
    error: ScpiError | None = None


def header_pattern(text: str) -> re.Pattern[str]:
    """``[SOURce#:]VOLTage[:LEVel]?`` as a regular expression: optional nodes, short forms, numeric suffixes.

    >>> bool(header_pattern("[SOURce#:]VOLTage[:LEVel]?").fullmatch("SOUR2:VOLT?"))
    True
    """
    parts = []
    for token in _TOKEN.findall(text):
        if token == "[":
            parts.append("(?:")
        elif token == "]":
            parts.append(")?")
        elif token == "#":
            parts.append(r"(\d{0,6})")
        elif token in ":?*":
            parts.append(re.escape(token))
        else:
            short = "".join(c for c in token if c.isupper())
            parts.append(f"(?:{token.upper()}|{short})" if short != token else token)
    return re.compile("".join(parts))


class CommandSet:
    """All commands of one instrument."""

    def __init__(self) -> None:
        self._commands: list[Command] = []
        self._found: dict[str, tuple[Command, tuple[int | None, ...]] | None] = {}
        self._messages: dict[str, tuple[Unit, ...]] = {}

    def add(
        self,
        header: str,
        handler: Handler,
        *,
        values: int | tuple[int, int] = 0,
        channels: Channels = Channels.NONE,
    ) -> None:
        """Add a command. ``values``: how many parameters it takes (least, most), the channel list not counted."""
        least, most = (values, values) if isinstance(values, int) else values
        self._commands.append(Command(header_pattern(header), handler, least, most, channels))

    def parse(self, message: str) -> tuple[Unit, ...]:
        units = self._messages.get(message)
        if units is None:
            units = tuple(self._parsed(message))
            if len(self._messages) >= CACHE_LIMIT:
                self._messages.clear()
            self._messages[message] = units
        return units

    def _parsed(self, message: str) -> list[Unit]:
        try:
            texts = split_outside(message, ";")
        except ScpiError as error:
            return [Unit(None, Parameters(), error)]
        units, path = [], ""
        for text in texts:
            stripped = text.strip()
            if not stripped:
                continue
            header, _, rest = stripped.replace("\t", " ").partition(" ")
            full, path = resolve(header.upper(), path)
            try:
                units.append(self._unit(full, rest.strip()))
            except ScpiError as error:
                units.append(Unit(None, Parameters(), error))
        return units

    def _unit(self, header: str, rest: str) -> Unit:
        if not header.isascii() or not rest.isascii():
            raise ScpiError(-101)
        found = self._find(header)
        if found is None:
            raise ScpiError(-113)
        command, suffixes = found
        values = [part.strip() for part in split_outside(rest, ",")] if rest else []
        channels = None
        if command.channels is not Channels.NONE and values and values[-1].startswith("("):
            channels = channel_numbers(values.pop())
        if "" in values:
            raise ScpiError(-103)
        if len(values) > command.most:
            raise ScpiError(-108)
        if len(values) < command.least or (command.channels is Channels.REQUIRED and channels is None):
            raise ScpiError(-109)
        return Unit(command.handler, Parameters(suffixes, tuple(values), channels))

    def _find(self, header: str) -> tuple[Command, tuple[int | None, ...]] | None:
        if header in self._found:
            return self._found[header]
        found = None
        for command in self._commands:
            match = command.pattern.fullmatch(header)
            if match is not None:
                found = command, tuple(int(group) if group else None for group in match.groups())
                break
        if len(self._found) >= CACHE_LIMIT:
            self._found.clear()
        self._found[header] = found
        return found


def resolve(header: str, path: str) -> tuple[str, str]:
    """The full header and the path for the next unit (IEEE 488.2 appendix A.1.1, SCPI-99 volume 1, 6.2.4).

    >>> resolve("CURR?", "SOUR2")
    ('SOUR2:CURR?', 'SOUR2')
    >>> resolve("*ESR?", "SOUR2")
    ('*ESR?', 'SOUR2')
    """
    if header.startswith("*"):
        return header, path
    full = f"{path}:{header}" if path and not header.startswith(":") else header.removeprefix(":")
    return full, full.rpartition(":")[0]


def split_outside(text: str, separator: str) -> list[str]:
    """Split at a separator outside quotes and brackets. Raises ScpiError -151 or -171 when one stays open."""
    if not ('"' in text or "'" in text or "(" in text or ")" in text):
        return text.split(separator)
    parts, start, quote, depth = [], 0, "", 0
    for at, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
        elif char == separator and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    if quote:
        raise ScpiError(-151)
    if depth:
        raise ScpiError(-171)
    return [*parts, text[start:]]
