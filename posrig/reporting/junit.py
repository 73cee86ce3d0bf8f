"""``junit.xml`` from records: what Jenkins (xUnit plug-in, junit-10.xsd) and GitLab read, and no more than both allow.

A test suite per feature file, whose ``file`` is the attribute that the schema has for it; the line stands in
``system-out``. Requirements are properties of the suite: the schema refuses ``<properties>`` in a test case.
GitLab drops the second of two cases of one class and name, so names are unique in their suite.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from posrig.ground.printable import printable
from posrig.reporting.summary import NotStarted

Record = Mapping[str, Any]
HELD, SKIPPED, QUARANTINED, PRODUCT_FAILURE = "held", "skipped", "quarantined", "product failure"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no character for (its production 2, Char)."""


def junit(
    records: Iterable[Record], *, started: float, tests: Iterable[Record] = (), not_started: NotStarted | None = None
) -> str:
    """The file's text. ``started``: seconds since 1970. ``tests``: those of the session that are no scenarios, as
    records with ``name``, ``file``, ``line``, ``verdict``, ``failure``, ``wall_seconds``."""
    suites: dict[str, list[Record]] = {}
    for record in (*records, *tests):
        suites.setdefault(str(record["file"]), []).append(record)
    root = Element("testsuites", name="posrig")
    if not_started is not None:
        _refused(root, not_started, started)
    for file, own in suites.items():
        _suite(root, file, own)
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite(root: Element, file: str, records: Sequence[Record]) -> None:
    kinds = Counter(_kind(record) for record in records)
    suite = SubElement(
        root, "testsuite", name=_text(file), file=_text(file), tests=str(len(records)),
        failures=str(kinds["failure"]), errors=str(kinds["error"]), skipped=str(kinds["skipped"]),
        time=f"{sum(record['wall_seconds'] for record in records):.3f}",
        timestamp=_moment(min(record["started"] for record in records)),
    )  # fmt: skip
    if named := sorted({one for record in records for one in record.get("requirements", ())}):
        properties = SubElement(suite, "properties")
        for requirement in named:
            SubElement(properties, "property", name="requirement", value=_text(requirement))
    used = Counter[str]()
    for record in records:
        name = shown_name(record)
        used[name] += 1
        if used[name] > 1:
            name = f"{name} ({used[name]})"
        _case(suite, class_of(file), name, record)


def _case(suite: Element, class_name: str, name: str, record: Record) -> None:
    case = SubElement(
        suite, "testcase", name=_text(name), classname=_text(class_name), time=f"{record['wall_seconds']:.3f}"
    )
    verdict, failure = str(record["verdict"]), record.get("failure") or {}
    if (kind := _kind(record)) != HELD:
        message = str(failure.get("message", ""))
        first = f"{verdict}: {message.partition(chr(10))[0]}"
        told = SubElement(case, kind, type=_text(verdict), message=_text(first))
        told.text = _text("\n".join(_told(record, message)))
    for attempt in record.get("attempts", ()):
        before = attempt.get("failure") or {}
        said = str(before.get("message", "")) or str(attempt["verdict"])
        kind = "flakyError" if verdict == HELD else "rerunError"
        again = SubElement(case, kind, type=_text(attempt["verdict"]), message=_text(said.partition("\n")[0]))
        SubElement(again, "stackTrace").text = _text(said)
    rows = [f"{record['file']}:{record['line']}", f"verdict: {verdict}"]
    rows += [f"requirements: {', '.join(record['requirements'])}"] if record.get("requirements") else []
    SubElement(case, "system-out").text = _text("\n".join(rows))


def _told(record: Record, message: str) -> Iterable[str]:
    failure = record.get("failure") or {}
    yield f"{record['verdict']}: {message}"
    if failure.get("step"):
        yield f"in the step: {failure['step']}"
    yield f"at: {failure.get('place') or '{}:{}'.format(record['file'], record['line'])}"
    if failure.get("traceback"):
        yield str(failure["traceback"])


def _refused(root: Element, told: NotStarted, started: float) -> None:
    """One case that fails: a pipeline that reads this file alone must not take the run for a good one."""
    suite = SubElement(
        root, "testsuite", name="posrig", tests="1", failures="0", errors="1", skipped="0", time="0.000",
        timestamp=_moment(started),
    )  # fmt: skip
    case = SubElement(suite, "testcase", name=f"the run did not start: {told.verdict}", classname="posrig", time="0")
    first = told.found.partition("\n")[0]
    SubElement(case, "error", type=told.verdict, message=_text(first)).text = _text(told.text)


def _kind(record: Record) -> str:
    """The element for a verdict; a quarantined failure decides nothing, as a skipped one, and says what it is."""
    verdict = record["verdict"]
    if verdict == HELD:
        return HELD
    if verdict in (SKIPPED, QUARANTINED):
        return "skipped"
    return "failure" if verdict == PRODUCT_FAILURE else "error"


def shown_name(record: Record) -> str:
    """The scenario's name with its row, where the name alone does not tell one row from another.

    >>> shown_name({"name": "Pressed 3 times", "example": {"n": "3", "key": "OK"}})
    'Pressed 3 times [3 · OK]'
    """
    row = " · ".join(map(str, record.get("example", {}).values()))
    return f"{record['name']} [{row}]" if row else str(record["name"])


def class_of(file: str) -> str:
    """What CI groups by, in dots; Jenkins takes what stands before the last dot for a package.

    >>> class_of("features/lock/own.feature")
    'features.lock.own'
    """
    path = PurePath(file)
    return ".".join(part for part in (*path.parts[:-1], path.stem) if part != path.anchor)


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _text(value: object) -> str:
    return _NO_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", printable(str(value)))
