"""What many scenarios failed of alike: one fault of a rig that strikes three hundred is one fault, and told once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

RIG_FAULT = "rig fault"
_MEASURED = re.compile(r"[-+]?\d+\.\d+")
One = TypeVar("One")


def cause(message: str) -> str:
    """What was expected and found, without the frame of the screen and the keys: those differ from row to row.

    >>> cause("expected: lock\\nfound: idle\\n+--+\\n|  |\\n+--+\\nkeys so far: 1")
    'expected: lock\\nfound: idle'
    """
    rows = message.splitlines()
    frame = next((number for number, row in enumerate(rows) if row.startswith("+--")), len(rows))
    return "\n".join(rows[:frame])


def alike(failure: Mapping[str, Any]) -> tuple[str, ...]:
    """Equal for failures of one cause: verdict, phase and :func:`cause`. A rig's fault is the same one in every phase,
    and whatever was measured with it."""
    verdict, message = str(failure["verdict"]), str(failure["message"])
    if verdict == RIG_FAULT:
        return verdict, str(failure.get("instrument", "")), _MEASURED.sub("#", cause(message))
    return verdict, str(failure.get("phase", "")), cause(message)


def together(failed: Iterable[tuple[Mapping[str, Any], One]]) -> list[list[One]]:
    """Those of one cause in one list, in the order in which they came; a pair each of the failure, and whose it is.

    >>> fault = {"verdict": "rig fault", "message": "supply: 0.31 V", "phase": "setup"}
    >>> together([(fault, 1), ({**fault, "phase": "call"}, 2), ({**fault, "message": "no camera"}, 3)])
    [[1, 2], [3]]
    """
    found: dict[tuple[str, ...], list[One]] = {}
    for failure, one in failed:
        found.setdefault(alike(failure), []).append(one)
    return list(found.values())
