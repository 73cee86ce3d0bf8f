"""The picture that an oracle refused, as its failure quotes it: in a box, or behind bars.

The terminal may have gone on since: what it shows when the evidence is fetched need not be what was judged.
"""

from __future__ import annotations

import re

_EDGE = re.compile(r"\s*\+-+\+\s*")
_BARE = re.compile(r"\s*\|(.*)")


def judged_rows(message: str) -> tuple[str, ...] | None:
    """The rows of the last picture that a failure's message quotes; None when it quotes none.

    >>> judged_rows("expected: lock\\n+----+\\n|锁  |\\n|    |\\n+----+\\nkeys so far: 1")
    ('锁', '')
    >>> judged_rows("expected: lock\\n  |READY\\n  |\\nkeys so far: 1")
    ('READY', '')
    """
    rows: list[str] = []
    found: tuple[str, ...] | None = None
    boxed = False
    for line in [*message.splitlines(), ""]:
        row = _BARE.fullmatch(line)
        if row is not None:
            rows.append((row[1].removesuffix("|") if boxed else row[1]).rstrip())
            continue
        found = tuple(rows) if rows else found
        rows, boxed = [], _EDGE.fullmatch(line) is not None
    return found
