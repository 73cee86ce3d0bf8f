"""What the xUnit plug-in of Jenkins takes: the rules of its junit-10.xsd, as a table and a walk.

Written from the schema's declarations (jenkinsci/xunit-plugin, types/model/xsd/junit-10.xsd): for each element the
elements below it, the attributes that it may and those that it must have.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

TIME = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?")
"""SUREFIRE_TIME, for suites; a case's time is any text."""
_RERUN = ("stackTrace system-out system-err", "message type", "type")
_REASON = ("", "type message", "")
RULES: dict[str, tuple[str, str, str]] = {
    "testsuites": ("testsuite", "name time tests failures errors", ""),
    "testsuite": (
        "testsuite properties testcase system-out system-err",
        "name tests failures errors group time skipped timestamp hostname id package file log url",
        "name tests failures errors",
    ),
    "properties": ("property", "", ""),
    "property": ("", "name value", "name value"),
    "testcase": (
        "skipped error failure rerunFailure rerunError flakyFailure flakyError system-out system-err",
        "name time classname group",
        "name",
    ),
    "skipped": _REASON, "error": _REASON, "failure": _REASON,
    "rerunFailure": _RERUN, "rerunError": _RERUN, "flakyFailure": _RERUN, "flakyError": _RERUN,
    "stackTrace": ("", "", ""), "system-out": ("", "", ""), "system-err": ("", "", ""),
}  # fmt: skip
WITH_TEXT = frozenset(RULES) - {"testsuites", "testsuite", "testcase", "properties", "property"}


def broken(root: Element) -> list[str]:
    """Every rule that a document breaks, in words; empty: it is valid."""
    found = [] if root.tag in ("testsuites", "testsuite") else [f"<{root.tag}> is no root"]
    for element in root.iter():
        below, may, must = (part.split() for part in RULES.get(element.tag, ("", "", "")))
        if element.tag not in RULES:
            found.append(f"<{element.tag}> is no element")
            continue
        found += [f"<{child.tag}> in <{element.tag}>" for child in element if child.tag not in below]
        found += [f"{name}= in <{element.tag}>" for name in element.attrib if name not in may]
        found += [f"no {name}= in <{element.tag}>" for name in must if name not in element.attrib]
        loose = (element.text or "") + "".join(child.tail or "" for child in element)
        if element.tag not in WITH_TEXT and loose.strip():
            found.append(f"text in <{element.tag}>")
        if element.tag.startswith("testsuite") and not TIME.fullmatch(element.get("time", "")):
            found.append(f"time={element.get('time')!r} in <{element.tag}>")
    return found
