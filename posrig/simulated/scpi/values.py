"""Parameters of a program message unit: numbers with units, MIN/MAX/DEF, booleans, keywords, channel lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from posrig.simulated.scpi.errors import ScpiError

CHANNEL_LIST_LIMIT = 1000
"""No instrument here has more channels: a longer range is an error before it costs memory."""

_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:\s*E\s*[+-]?\d+)?)\s*([A-Z]*)", re.IGNORECASE)
_RANGE = re.compile(r"(\d{1,6})(?::(\d{1,6}))?")
_PREFIXES: Mapping[str, float] = {"": 1.0, "N": 1e-9, "U": 1e-6, "M": 1e-3, "K": 1e3, "MA": 1e6}


@dataclass(frozen=True, slots=True)
class Limits:
    """Range and reset value of a numeric parameter, in its unit (``V``, ``A``, ``S`` or nothing)."""

    minimum: float
    maximum: float
    default: float
    unit: str = ""

    def keyword(self, text: str) -> float | None:
        """The value behind MINimum, MAXimum or DEFault; None when the text is none of them."""
        return {
            "MIN": self.minimum,
            "MINIMUM": self.minimum,
            "MAX": self.maximum,
            "MAXIMUM": self.maximum,
            "DEF": self.default,
            "DEFAULT": self.default,
        }.get(text.upper())

    def value(self, text: str) -> float:
        """Raises ScpiError -104 (not a number), -131 (wrong unit), -222 (out of range)."""
        keyword = self.keyword(text)
        if keyword is not None:
            return keyword
        number = decimal(text, self.unit)
        # Half a display digit: 6.18 sent as a float must not fall outside 6.18.
        if not self.minimum - 1e-9 <= number <= self.maximum + 1e-9:
            raise ScpiError(-222)
        return number


def decimal(text: str, unit: str = "") -> float:
    """A decimal number in its base unit: ``500 mV`` is 0.5."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise ScpiError(-104)
    mantissa, suffix = match[1].replace(" ", ""), match[2].upper()
    if not suffix:
        return float(mantissa)
    if not unit or not suffix.endswith(unit) or suffix[: -len(unit)] not in _PREFIXES:
        raise ScpiError(-131)
    return float(mantissa) * _PREFIXES[suffix[: -len(unit)]]


def channel_numbers(text: str) -> tuple[int, ...]:
    """``(@1001,1003:1005)`` -> (1001, 1003, 1004, 1005); a range may run downwards. Raises ScpiError -171."""
    if not (text.startswith("(@") and text.endswith(")")):
        raise ScpiError(-171)
    inner = text[2:-1].replace(" ", "")
    if not inner:
        return ()
    numbers: list[int] = []
    for part in inner.split(","):
        match = _RANGE.fullmatch(part)
        if match is None:
            raise ScpiError(-171)
        first, last = int(match[1]), int(match[2] or match[1])
        if abs(last - first) >= CHANNEL_LIST_LIMIT:
            raise ScpiError(112)
        numbers += range(first, last + 1) if last >= first else range(first, last - 1, -1)
        if len(numbers) > CHANNEL_LIST_LIMIT:
            raise ScpiError(112)
    return tuple(numbers)


def matches(text: str, mnemonic: str) -> bool:
    """Is the text the long or the short form of a mnemonic such as ``IMMediate``?"""
    short = "".join(c for c in mnemonic if not c.islower())
    return text.upper() in (short.upper(), mnemonic.upper())


@dataclass(frozen=True, slots=True)
class Parameters:
    """What followed one header: its numeric suffixes, its values in order, its channel list (if any)."""

    suffixes: tuple[int | None, ...] = ()
    values: tuple[str, ...] = ()
    channels: tuple[int, ...] | None = None

    def suffix(self, index: int, allowed: range, default: int = 1) -> int:
        number = self.suffixes[index]
        if number is None:
            return default
        if number not in allowed:
            raise ScpiError(-114)
        return number

    def number(self, limits: Limits, index: int = 0) -> float:
        return limits.value(self.values[index])

    def queried(self, limits: Limits, actual: float) -> float:
        """For ``VOLT? [MIN|MAX|DEF]``: the limit that was asked for, else the actual value."""
        if not self.values:
            return actual
        keyword = limits.keyword(self.values[0])
        if keyword is None:
            raise ScpiError(-224)
        return keyword

    def boolean(self, index: int = 0) -> bool:
        text = self.values[index].upper()
        if text in ("ON", "OFF"):
            return text == "ON"
        return round(decimal(text)) != 0

    def keyword(self, *mnemonics: str, index: int = 0) -> str:
        """The one of ``mnemonics`` (``IMMediate``) that was sent, long or short. Raises ScpiError -224."""
        for mnemonic in mnemonics:
            if matches(self.values[index], mnemonic):
                return mnemonic
        raise ScpiError(-224)

    def string(self, index: int = 0) -> str:
        text = self.values[index]
        if len(text) < 2 or text[0] not in "\"'" or text[-1] != text[0]:
            raise ScpiError(-104)
        return text[1:-1].replace(text[0] * 2, text[0])
