"""An audit of one run: what was tested, each requirement, what is open, what the terminal's log recorded, what changed.

Pure: a run that was read, the requirements, the suite and the incidents go in, one plain object comes out, which the
page and ``--json`` both show. docs/reports.md describes it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from posrig.evidence.timeline import keys_pressed
from posrig.reporting.audit_log import log_review
from posrig.reporting.audit_run import AuditedRun
from posrig.reporting.record import Record
from posrig.safety.incidents import Incident

SCHEMA = 1
HELD, FAILED, QUARANTINED, UNDECIDED, NOT_TRIED = "held", "failed", "quarantined", "undecided", "not tried"
STATES = (FAILED, UNDECIDED, NOT_TRIED, QUARANTINED, HELD)
"""Worst first. ``quarantined``: all that failed is known and owned; ``undecided``: tried, not judged."""
PRODUCT_FAILURE = "product failure"
CLOSED_VERDICTS = frozenset({HELD, "skipped"})
LAST_SCREENS = 3

_OWNED = re.compile(
    r"in quarantine until (?P<expires>\d{4}-\d\d-\d\d), owner (?P<owner>.*?): (?P<reason>.*?)\n"
    r"it was: (?P<was>.*)",
    re.DOTALL,
)


class Rule(Protocol):
    """A requirement, as features/requirements.yaml has it."""

    @property
    def id(self) -> str: ...
    @property
    def en(self) -> str: ...
    @property
    def zh(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def firmness(self) -> str: ...
    @property
    def article(self) -> str: ...


class Planned(Protocol):
    """A scenario of the suite; ``runs`` counts its Example rows."""

    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def runs(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Suite:
    """What there is to try today: the requirements and the scenarios of the feature files."""

    requirements: Mapping[str, Rule]
    scenarios: Sequence[Planned]


def audit(
    run: AuditedRun,
    suite: Suite,
    incidents: Iterable[Incident],
    before: tuple[Path, Mapping[str, Any]] | None,
    today: date,
) -> dict[str, Any]:
    """The audit of a run; ``before``: the last audit's run and its summary."""
    requirements = _requirements(run.records, suite.requirements)
    findings = _findings(run.records, today)
    findings["incidents"] = _incidents(run, incidents, before)
    findings["secret_scan"] = run.summary.get("secret_scan")
    scope = _scope(run, suite)
    reasons = _reasons(scope, requirements, findings)
    return {
        "schema": SCHEMA,
        "open": bool(reasons),
        "reasons": reasons,
        "run": scope,
        "requirements": requirements,
        "states": {state: sum(one["state"] == state for one in requirements) for state in STATES},
        "findings": findings,
        "log_review": log_review(run.records, suite.requirements),
        "change": _change(run, requirements, before) if before else None,
    }


def state_of(verdicts: Mapping[str, int]) -> str:
    """The state of a requirement from how often each verdict fell.

    >>> state_of({"held": 3, "product failure": 1}), state_of({"rig fault": 2}), state_of({})
    ('failed', 'undecided', 'not tried')
    """
    if verdicts.get(PRODUCT_FAILURE):
        return FAILED
    if verdicts.get("quarantined"):
        return QUARANTINED
    if verdicts.get(HELD):
        return HELD
    return UNDECIDED if sum(n for verdict, n in verdicts.items() if verdict != "skipped") else NOT_TRIED


def _scope(run: AuditedRun, suite: Suite) -> dict[str, Any]:
    summary, records = run.summary, run.records
    told = [record["facts"] for record in records]
    terminals = Counter(
        (
            record["rig"],
            record["terminal"],
            record["facts"].get("serial_number", ""),
            record["facts"].get("firmware", ""),
        )
        for record in records
    )
    done = Counter(
        (record["file"], record["line"], record["name"]) for record in records if record["verdict"] != "skipped"
    )
    missing = [(one, max(0, one.runs - _rows_of(one, done))) for one in suite.scenarios]
    return {
        "folder": str(run.folder),
        "name": run.folder.name,
        "started": summary["started"],
        "ended": summary["ended"],
        "complete": summary["complete"],
        "last_record_cut": run.cut,
        "short": "--short" in summary.get("command", ()),
        "command": list(summary.get("command", ())),
        "exit_code": summary["exit_code"],
        "counts": dict(summary["counts"]),
        "scenarios": len({(record["file"], record["line"]) for record in records}),
        "rows": len(records),
        "suite_rows": sum(one.runs for one in suite.scenarios),
        "rows_not_run": sum(rows for _, rows in missing),
        "not_run": [f"{one.file}:{one.line} {one.name}" for one, rows in missing if rows],
        "terminals": [
            {"rig": rig, "terminal": terminal, "serial_number": serial, "firmware": firmware, "rows": rows}
            for (rig, terminal, serial, firmware), rows in terminals.most_common()
        ],
        "simulated": any(facts.get("seed") for facts in told),
        "defects": sorted({facts["defects"] for facts in told if facts.get("defects")}),
        "evidence_not_kept": sum("not kept" in facts for facts in told),
        "evidence": [asdict(file) for file in run.evidence],
        "safe_state": [dict(row) for row in summary.get("safe_state", ())],
    }


def _rows_of(planned: Planned, done: Mapping[tuple[str, int, str], int]) -> int:
    """How many rows of a scenario ran. Of a name with <columns> the line counts too."""
    if "<" not in planned.name:
        return sum(n for (file, _, name), n in done.items() if (file, name) == (planned.file, planned.name))
    form = re.compile(".*".join(map(re.escape, re.split(r"<[^<>]+>", planned.name))), re.DOTALL)
    return sum(
        n
        for (file, line, name), n in done.items()
        if (file, line) == (planned.file, planned.line) and form.fullmatch(name)
    )


def _requirements(records: Sequence[Record], rules: Mapping[str, Rule]) -> list[dict[str, Any]]:
    by_id: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        for one in record["requirements"]:
            by_id[one].append(record)
    found = [_requirement(id_, rules.get(id_), by_id[id_]) for id_ in dict.fromkeys([*rules, *sorted(by_id)])]
    return sorted(found, key=lambda one: STATES.index(one["state"]))


def _requirement(id_: str, rule: Rule | None, records: Sequence[Record]) -> dict[str, Any]:
    tried = [record for record in records if record["verdict"] != "skipped"]
    verdicts = Counter(record["verdict"] for record in tried)
    return {
        "id": id_,
        "known": rule is not None,
        "en": rule.en if rule else "",
        "zh": rule.zh if rule else "",
        "source": rule.source if rule else "",
        "firmness": rule.firmness if rule else "",
        "article": rule.article if rule else "",
        "state": state_of(verdicts),
        "verdicts": dict(sorted(verdicts.items())),
        "scenarios": len({(record["file"], record["line"]) for record in tried}),
        "rows": len(tried),
        "evidence": [record["id"] for record in tried],
    }


def _findings(records: Iterable[Record], today: date) -> dict[str, Any]:
    found: dict[str, Any] = {"product_failures": [], "quarantined": [], "other": []}
    for record in records:
        if record["verdict"] in CLOSED_VERDICTS:
            continue
        one = _finding(record)
        if record["verdict"] == PRODUCT_FAILURE:
            found["product_failures"].append(one)
        elif record["verdict"] == "quarantined":
            found["quarantined"].append({**one, **_owned(one["message"], today)})
        else:
            found["other"].append(one)
    return found


def _finding(record: Record) -> dict[str, Any]:
    failure = record.get("failure") or {}
    screens = [str(text) for _, kind, text in record["timeline"] if kind == "screen"]
    pictures = [kept["file"] for kept in record.get("attachments", ()) if kept["mime"] == "image/png"]
    return {
        "id": record["id"],
        "name": record["name"],
        "example": dict(record.get("example", {})),
        "feature": record.get("feature", ""),
        "place": f"{record['file']}:{record['line']}",
        "verdict": record["verdict"],
        "requirements": list(record["requirements"]),
        "step": failure.get("step", ""),
        "message": failure.get("message", ""),
        "instrument": failure.get("instrument", ""),
        "keys": keys_pressed(record["timeline"]),
        "last_screens": list(dict.fromkeys(reversed(screens)))[:LAST_SCREENS][::-1],
        "picture": f"attachments/{pictures[0]}" if pictures else "",
    }


def _owned(message: str, today: date) -> dict[str, Any]:
    """Owner, reason and last day of a quarantine, as its run's record names them."""
    said = _OWNED.fullmatch(message)
    if said is None:
        return {"owner": "", "reason": "", "expires": "", "expired": False}
    expires = date.fromisoformat(said["expires"])
    return {
        "owner": said["owner"],
        "reason": said["reason"],
        "expires": said["expires"],
        "expired": expires < today,
        "message": said["was"],
    }


def _incidents(
    run: AuditedRun, incidents: Iterable[Incident], before: tuple[Path, Mapping[str, Any]] | None
) -> list[dict[str, Any]]:
    """Those of the rigs of this run since the last audit, up to its end."""
    rigs = {record["rig"] for record in run.records}
    since = before[1]["ended"] if before else ""
    return [
        {
            "died": one.died,
            "rig": one.rig,
            "terminal": one.terminal,
            "cause": one.cause,
            "safe": one.safe,
            "text": str(one),
        }
        for one in sorted(incidents, key=lambda one: one.died)
        if one.rig in rigs and since < one.died <= run.summary["ended"]
    ]


def _reasons(
    scope: Mapping[str, Any], requirements: Iterable[Mapping[str, Any]], findings: Mapping[str, Any]
) -> dict[str, int]:
    """What keeps the audit open, with how many of each; nothing open: empty."""
    states = Counter(one["state"] for one in requirements)
    scan = findings["secret_scan"] or {}
    counted = {
        "product failures": len(findings["product_failures"]),
        "requirements failed": states[FAILED],
        "requirements undecided": states[UNDECIDED],
        "requirements not tried": states[NOT_TRIED],
        "quarantine run out": sum(one["expired"] for one in findings["quarantined"]),
        "scenarios without a verdict": len(findings["other"]),
        "rig not proved safe": sum(not one["safe"] for one in findings["incidents"])
        + sum(not row["proved"] for row in scope["safe_state"]),
        "secrets in the evidence": len(scan.get("findings", ())) + len(scan.get("unread", ())),
        "run not finished": int(not scope["complete"]),
    }
    return {name: number for name, number in counted.items() if number}


def _change(
    run: AuditedRun, requirements: Iterable[Mapping[str, Any]], before: tuple[Path, Mapping[str, Any]]
) -> dict[str, Any]:
    folder, last = before
    then = {one["id"]: one for one in last["scenarios"]}
    now = {record["id"]: record for record in run.records}
    states = {one["id"]: one["state"] for one in requirements}
    were = {id_: state_of(last["requirements"].get(id_, {})) for id_ in {*states, *last["requirements"]}}
    failed_then = {id_ for id_, one in then.items() if one["verdict"] in (PRODUCT_FAILURE, "quarantined")}
    failed_now = {id_ for id_, one in now.items() if one["verdict"] in (PRODUCT_FAILURE, "quarantined")}
    held_now = {id_ for id_, one in now.items() if one["verdict"] == HELD}
    return {
        "since": folder.name,
        "folder": str(folder),
        "started": last["started"],
        "rows": last["total"],
        "exit_code": last["exit_code"],
        "requirements": [
            {"id": id_, "before": were[id_], "now": states.get(id_, NOT_TRIED)}
            for id_ in sorted(were)
            if were[id_] != states.get(id_, NOT_TRIED)
        ],
        "new_failures": sorted(failed_now - failed_then),
        "still_failing": sorted(failed_now & failed_then),
        "fixed": sorted(failed_then & held_now),
        "no_longer_judged": sorted(failed_then - failed_now - held_now),
        "new_scenarios": sorted(now.keys() - then.keys()),
        "removed_scenarios": sorted(then.keys() - now.keys()),
    }
