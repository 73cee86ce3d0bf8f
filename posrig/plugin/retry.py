"""A rig fault says nothing about the terminal: the scenario is tried again, with the terminal prepared anew.

Only a rig fault. A product failure is never tried again, however it looks: a defect that shows itself once in two
tries would be reported half of the time. Every attempt is kept: its verdict in the record's facts, its evidence in the
report.
"""

from __future__ import annotations

import pytest
from _pytest.runner import call_and_report

from posrig.plugin.collection import is_scenario
from posrig.plugin.evidence import EVIDENCE, Attachment
from posrig.plugin.opening import stays_closed
from posrig.plugin.scenario_run import RECORD, attempt, judged, open_record
from posrig.plugin.verdicts import Verdict

MOST_RETRIES = 3


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("posrig")
    group.addoption(
        "--retries",
        metavar="N",
        type=int,
        choices=range(MOST_RETRIES + 1),
        default=1,
        help="how often a scenario is tried again after a rig fault (default 1; a product failure is never retried)",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a scenario, and again after a rig fault; only the last attempt is reported, with those before it inside."""
    if not is_scenario(item):
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    properties = list(item.user_properties)
    left, earlier = item.config.getoption("--retries"), list[str]()
    reports, again = _attempt(item, nextitem, left)
    while again:
        verdict, message = _verdict(item)
        earlier.append(f"attempt {len(earlier) + 1}: {verdict}: {message}")
        _begin_again(item, earlier, properties)
        left -= 1
        reports, again = _attempt(item, nextitem, left)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def _attempt(item: pytest.Item, nextitem: pytest.Item | None, left: int) -> tuple[list[pytest.TestReport], bool]:
    """Set up, run and tear down once; True when it is to be tried again. The session's rig stays open then."""
    if not item._request:  # type: ignore[attr-defined]
        item._initrequest()  # type: ignore[attr-defined]
    reports = [call_and_report(item, "setup", log=False)]
    if reports[0].passed:
        reports.append(call_and_report(item, "call", log=False))
    # a rig that does not open was tried as often as is allowed (posrig/plugin/opening.py): not again for each scenario
    stopping = item.session.shouldfail or item.session.shouldstop
    left = 0 if stays_closed(item.config) else left
    again = left > 0 and not stopping and _verdict(item)[0] is Verdict.RIG_FAULT
    # down to the file: the scenario's own fixtures end, the session's rig stays open
    following = None if stopping else item.parent if again else nextitem
    reports.append(call_and_report(item, "teardown", log=False, nextitem=following))
    item._request = False  # type: ignore[attr-defined]
    item.funcargs = None  # type: ignore[attr-defined]
    return reports, again


def _verdict(item: pytest.Item) -> tuple[Verdict, str]:
    verdict, worst = judged(item.stash[RECORD])
    return verdict, worst.message.splitlines()[0] if worst else ""


def _begin_again(item: pytest.Item, earlier: list[str], properties: list[tuple[str, object]]) -> None:
    """A new record and new fixtures; what the attempt left as evidence stays."""
    before = item.stash[RECORD]
    kept = item.stash[EVIDENCE].attachments
    del item.stash[EVIDENCE]
    item.user_properties[:] = properties
    item.stash[RECORD] = open_record(item)
    item.stash[RECORD].attempts = [*before.attempts, attempt(before)]
    evidence = item.stash[EVIDENCE]
    number = len(earlier)
    evidence.attachments += [Attachment(f"attempt {number}: {a.name}", a.mime, a.content) for a in kept]
    evidence.tell(attempts="; ".join(earlier))
    for line in earlier:
        evidence.add_event("verdict", line, 0.0)
