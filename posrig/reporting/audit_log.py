"""The log review of an audit: what the terminal recorded in its own log while the scenarios ran.

The terminal tells each record on its service port as it writes it
("log record=000012 what=lock operator=01 result=C01");
that the same records stand in the log viewer on its display is what the scenarios of R-LOG-* judge.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from posrig.reporting.record import Record

RECORD = re.compile(r"log record=(?P<number>\d+) what=(?P<what>\S+) operator=(?P<operator>\S*)(?: result=.*)?")
ABOUT = ("R-LOG-", "R-ROLE-")
"""Requirements about the log itself, and about who may do what."""
NOTABLE = frozenset({"lockout", "tamper", "finger_dead"})


def log_review(records: Sequence[Record], rules: Iterable[str]) -> dict[str, Any]:
    """Records by event and operator, breaks in their numbers, and the verdicts of the scenarios about log and roles."""
    events: Counter[str] = Counter()
    operators: Counter[str] = Counter()
    scenarios: Counter[str] = Counter()
    jumps: list[dict[str, Any]] = []
    telling = 0
    for record in records:
        told = _records(record)
        telling += bool(told)
        operators.update(operator for _, _, operator in told)
        events.update(what for _, what, _ in told)
        scenarios.update({what for _, what, _ in told})
        jumps += _jumps(record["id"], [number for number, _, _ in told])
    return {
        "rows": len(records),
        "rows_with_records": telling,
        "records": events.total(),
        "events": [
            {"what": what, "records": number, "rows": scenarios[what], "refused": refused(what)}
            for what, number in events.most_common()
        ],
        "operators": [{"operator": operator, "records": number} for operator, number in operators.most_common()],
        "number_jumps": jumps,
        "requirements": [_about(id_, records) for id_ in rules if id_.startswith(ABOUT)],
    }


def refused(what: str) -> bool:
    """Does this event say that something was refused or went wrong?

    >>> refused("sign_on_no"), refused("sign_on")
    (True, False)
    """
    return what.endswith("_no") or what in NOTABLE


def _records(record: Record) -> list[tuple[int, str, str]]:
    lines = (RECORD.fullmatch(str(text)) for _, kind, text in record["timeline"] if kind == "service")
    return [(int(found["number"]), found["what"], found["operator"]) for found in lines if found]


def _jumps(scenario: str, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """Where a number does not follow the one before: a record is missing, stands twice, or the count began anew."""
    return [{"scenario": scenario, "after": one, "came": other} for one, other in pairwise(numbers) if other != one + 1]


def _about(id_: str, records: Iterable[Record]) -> dict[str, Any]:
    verdicts = Counter(r["verdict"] for r in records if id_ in r["requirements"] and r["verdict"] != "skipped")
    return {"id": id_, "verdicts": dict(sorted(verdicts.items())), "rows": verdicts.total()}
