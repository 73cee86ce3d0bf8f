"""A scenario's timeline as people read it: seconds from its first event, keys joined into runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

KEY = "key"
_DONE = (KEY, "power", "network", "bench")
_TOLD = ("screen", "service")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a timeline; ``at_s`` counts from the first event."""

    at_s: float
    kind: str
    text: str
    after: str = ""
    """What had been done last when the terminal did this: it stands above, whatever the times say."""


def spoken(keyword: str, text: str) -> str:
    """A step as it is written: Chinese keywords join their sentence, English ones keep a space.

    >>> spoken("那么", "终端已锁定"), spoken("Then", "the terminal is locked")
    ('那么终端已锁定', 'Then the terminal is locked')
    """
    keyword = keyword.strip()
    return f"{keyword} {text}" if keyword.isascii() else keyword + text


def keys_pressed(timeline: Iterable[Sequence[Any]]) -> str:
    """All keys of a timeline in order, as a person would call them out.

    >>> keys_pressed([[0, "key", "MENU"], [1, "screen", "menu"], [2, "key", "5"]])
    'MENU 5'
    """
    return " ".join(str(text) for _, kind, text in timeline if kind == KEY)


def rows(timeline: Sequence[Sequence[Any]]) -> list[Row]:
    """The rows to show: neighbouring keys are one row, so that what the terminal did in between stands out.

    >>> rows([[9.0, "step", "When"], [9.5, "key", "MENU"], [9.5, "screen", "Sale"]])[-1]
    Row(at_s=0.5, kind='screen', text='Sale', after='key MENU')
    """
    # what an attempt before this one came to has no time of its own
    start = min((float(time_s) for time_s, _, _ in timeline if time_s > 0), default=0.0)
    out: list[Row] = []
    done = ""
    for time_s, kind, text in timeline:
        at_s = max(round(float(time_s) - start, 3), 0.0)
        if kind == KEY and out and out[-1].kind == KEY:
            out[-1] = Row(out[-1].at_s, KEY, f"{out[-1].text} {text}")
        else:
            out.append(Row(at_s, str(kind), str(text), done if kind in _TOLD else ""))
        if kind in _DONE:
            done = f"{kind} {text}"
    return out
