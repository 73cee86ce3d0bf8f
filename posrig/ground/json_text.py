"""JSON that others may have written, read so that a ValueError is all that can go wrong; and JSON to be printed."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from posrig.ground.printable import UNSAFE

_WIDEST = 2**63


def parsed_json(text: str | bytes) -> Any:
    """The value. Raises ValueError alone: for what is no JSON, nested too deeply, no UTF-8, half a surrogate pair, a
    number that is not finite or has more than 64 bits (no file, no page and no database takes these)."""
    if isinstance(text, bytes):
        text = text.decode("utf-8")
    try:
        found = json.loads(text, parse_constant=_refused, parse_int=_whole, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if "\\u" in text:
        json.dumps(found, ensure_ascii=False).encode()
    return found


def json_text(value: Any) -> str:
    """One line of JSON for a terminal: what would steer it stands as \\uXXXX."""
    return steerless(json.dumps(value, ensure_ascii=False))


def steerless(text: str) -> str:
    """JSON that was written already, with the same characters escaped; its line feeds stay."""
    return re.sub(UNSAFE, lambda found: f"\\u{ord(found[0]):04x}", text)


def _refused(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _whole(text: str) -> int:
    if len(text) > 20 or not -_WIDEST <= (number := int(text)) < _WIDEST:
        raise ValueError(f"a number of {len(text)} digits")
    return number


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number that is not finite")
    return number
