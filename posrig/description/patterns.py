"""Rows of a profile's screens as patterns: kinds of placeholders, what matches them, and how long that may take."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Collection, Mapping, Sequence

KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "n": (r"\d+", ("3", "12")),
    "id": (r"\d\d", ("47",)),
    "time": (r"\d\d:\d\d", ("12:34",)),
    "date": (r"\d\d-\d\d-\d\d", ("26-01-09",)),
    "money": (r"\d+\.\d\d", ("12.00",)),
    "version": (r"\d+\.\d+\.\d+", ("2.4.1",)),
    "record": (r"\d{6}", ("000147",)),
    "trace": (r"\d{6}", ("000031",)),
    "challenge": (r"\d{4}", ("4821",)),
    "serial": (r"\d{8}", ("12345678",)),
    "code": (r"[A-Z0-9]+", ("C02", "51")),
    "mask": (r"[*_]*", ("****", "__")),
    "entry": (r"[0-9_.]*", ("__", "0_")),
    "bar": (r"\[[#.]{10}\]", ("[#####.....]",)),
    "mb": (r"\d+\.\d", ("1.3",)),
    "word": (r"\S+", ("Word",)),
    "text": (r"\S.*?", ("SIGN-ON NO",)),
    "rest": (r".*?", ("", "x 1")),
}
"""Kind of a placeholder -> (regular expression, samples used to find patterns that match each other's screens)."""

MOST_WAYS = 20_000
"""In how many ways a row's placeholders may share a full row between them; a matcher may have to try all."""
_FREE = {"n": r"\d", "version": r"\d", "code": "[A-Z0-9]", "mask": r"[*_]", "entry": "[0-9_.]", "word": r"\S",
         "text": ".", "rest": "."}  # fmt: skip
"""Kinds without an end of their own -> what they go on over."""

PLACEHOLDER = re.compile(r"\{(\w+)(?::(\w+))?\}")


def padded(rows: Sequence[str], count: int) -> list[str]:
    return [*rows, *[""] * (count - len(rows))]


_ANYTHING = r"[^\n]*"


Kinds = Mapping[str, tuple[str, tuple[str, ...]]]


def compiled(
    rows: Sequence[str], count: int, *, veil: frozenset[str] = frozenset(), kinds: Kinds = KINDS
) -> re.Pattern[str]:
    """``veil``: of these kinds anything is taken, and only they have names. ``kinds``: the profile's own among them."""
    used: set[str] = set()

    def one(row: str) -> str:
        parts, end = [], 0
        for found in PLACEHOLDER.finditer(row):
            parts.append(re.escape(row[end : found.start()]))
            kind = found[2] or "text"
            expression = _ANYTHING if kind in veil else kinds[kind][0]
            named = found[1] not in used and (not veil or kind in veil)
            parts.append(f"(?P<{found[1]}>{expression})" if named else f"(?:{expression})")
            used.add(found[1])
            end = found.end()
        parts.append(re.escape(row[end:].rstrip() if end == 0 else row[end:]))
        return "".join(parts)

    # atomic: no kind goes over the end of a row, so what a row has matched is never tried in another way
    *above, last = (one(row) for row in padded(rows, count))
    return re.compile("".join(f"(?>{row}\n)" for row in above) + last)


def ways(row: str, columns: int, own: Collection[str] = ()) -> int:
    """How many ways a matcher may have to try on a full row: placeholders that may go on over what follows them share
    its characters between them; one that its follower ends has no choice. ``own``: kinds of the profile's own, of
    which nobody knows where they end.

    >>> ways("{time:time} {event:text}", 16), ways("{a:rest}{b:rest}", 16), ways("{a:n}/{b:n}", 16)
    (1, 17, 1)
    """
    found = list(PLACEHOLDER.finditer(row))
    free = 0
    free_over = _FREE | dict.fromkeys(own, ".")
    for place, after in itertools.pairwise(found):
        goes_on = free_over.get(place[2] or "text")
        between = row[place.end() : after.start()]
        if goes_on is not None and (not between or re.match(goes_on, between)):
            free += 1
    if found and (goes_on := free_over.get(found[-1][2] or "text")) is not None:
        free += bool(re.match(goes_on, row[found[-1].end() :]))
    return math.comb(columns + free, free)


def samples(rows: Sequence[str], count: int, kinds: Kinds = KINDS) -> list[str]:
    """Two frames of the pattern: all first samples, all last samples."""
    frames = []
    for pick in (0, -1):

        def fill(found: re.Match[str], pick: int = pick) -> str:
            return kinds[found[2] or "text"][1][pick]

        frames.append("\n".join(PLACEHOLDER.sub(fill, row).rstrip() for row in padded(rows, count)))
    return frames
