"""R6: junit.xml is what Jenkins and GitLab read: valid, names filled and unique, file and line, quarantine as it is."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posrig.plugin.verdicts import Verdict
from posrig.reporting.junit import junit
from posrig.reporting.summary import NotStarted
from tests.reports.junit_rules import broken
from tests.reports.test_run_reports import record


def parsed(*records: dict[str, Any], **more: Any) -> ElementTree.Element:
    return ElementTree.fromstring(junit(records, started=1_000_000.0, **more))


def test_the_rules_refuse_what_pytests_own_file_has() -> None:
    """A test that cannot fail proves nothing: the shape that Jenkins refused, and its kin."""
    text = """<testsuites name="a"><testsuite name="b" tests="1" failures="0" errors="0" time="1e3" hostname="c">words
    <testcase name="n" file="x.feature" line="3"><properties><property name="q"/></properties></testcase></testsuite>
    </testsuites>"""
    assert sorted(broken(ElementTree.fromstring(text))) == [
        "<properties> in <testcase>", "file= in <testcase>", "line= in <testcase>", "no value= in <property>",
        "text in <testsuite>", "time='1e3' in <testsuite>",
    ]  # fmt: skip


ATTEMPT = {"verdict": "rig fault", "failure": {"verdict": "rig fault", "message": "relay\nstuck"}, "started": 1.0}
TEXT = st.text(st.characters(codec=None, categories=None), max_size=12)


@given(TEXT, TEXT, TEXT, st.sampled_from(list(Verdict)), st.integers(0, 2), st.booleans())
def test_any_text_in_any_field_gives_a_valid_file(
    name: str, message: str, file: str, verdict: Verdict, attempts: int, refused: bool
) -> None:
    one = record(name, str(verdict), file=file or "x", requirements=[name], example={name: message})
    one["attempts"] = [ATTEMPT | {"verdict": message}] * attempts
    if one["failure"] is not None:
        one["failure"] |= {"message": message, "step": name, "traceback": message}
    root = parsed(one, one, not_started=NotStarted("nothing ran", message, name) if refused else None)
    assert broken(root) == []
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(names) == len(set(names)) == 2 + refused


def test_each_verdict_is_what_it_is_and_says_where() -> None:
    root = parsed(*(record(str(verdict), str(verdict)) for verdict in Verdict))
    kinds = {case.get("name"): next(child.tag for child in case) for case in root.iter("testcase")}
    assert kinds == {
        "held": "system-out", "product failure": "failure", "rig fault": "error", "configuration error": "error",
        "safety abort": "error", "inconclusive": "error", "harness error": "error", "interrupted": "error",
        "quarantined": "skipped", "skipped": "skipped",
    }  # fmt: skip
    suite = root.find("testsuite")
    assert suite is not None
    counted = [suite.get(name) for name in ("file", "tests", "failures", "errors", "skipped")]
    assert counted == ["features/lock/a.feature", "10", "1", "6", "2"]
    for case in root.iter("testcase"):
        assert "features/lock/a.feature:3" in (case.findtext("system-out") or "")
    known = next(case for case in root.iter("testcase") if case.get("name") == "quarantined").find("skipped")
    assert known is not None
    assert (known.get("message") or "").startswith("quarantined: expected <lock>")


@pytest.mark.parametrize(("verdict", "kind"), [("held", "flakyError"), ("rig fault", "rerunError")])
def test_attempts_before_the_last_are_told(verdict: str, kind: str) -> None:
    root = parsed(record("a", verdict, attempts=[ATTEMPT]))
    again = root.find(f".//{kind}")
    assert broken(root) == []
    assert again is not None
    assert (again.get("type"), again.get("message"), again.findtext("stackTrace")) == (
        "rig fault", "relay", "relay\nstuck",
    )  # fmt: skip
