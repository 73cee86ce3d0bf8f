"""Before a report is handed on: no secret of this run, and no card number, may be in it.

What is found is taken out: the file goes to ``withheld/`` beside the runs, and a note stands in its place; of the
records only those that hold it. What is published says so, and never what it was.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from posrig.description.lab import SIMULATED, default_rig
from posrig.description.profile import Profile, read_profile
from posrig.description.rig_file import read_rig
from posrig.evidence.secret_scan import Scan, Wanted, scan
from posrig.ground.faults import PosrigError
from posrig.ground.secret import Secret
from posrig.plugin.rig import DESCRIPTION, PROFILE
from posrig.reporting.run_folder import RECORDS
from posrig.rig.preparation import credentials_of, generated_for

SHOWN_FINDINGS = 12
WITHHELD = "withheld"
NOTE = ".withheld.txt"
_RECORD: Mapping[str, Callable[[], object]] = {
    **dict.fromkeys(("feature", "about", "rule", "language", "rig", "terminal", "seed"), str),
    **dict.fromkeys(("example", "keys", "facts"), dict),
    **dict.fromkeys(("tags", "requirements", "steps", "failures", "attempts", "timeline", "attachments"), list),
}
"""What else a record has, empty: the names in a damaged one may be anything."""
NEVER_TELLS = ("held", "skipped")
"""Verdicts without a failure."""


def known_secrets(config: pytest.Config, records: Iterable[Mapping[str, Any]] = ()) -> tuple[Secret, ...]:
    """Passwords and seeds of the run's rig, and of the simulated rigs that these records come from."""
    found: dict[Secret, None] = {}
    description = None
    try:
        description = config.stash.get(DESCRIPTION, None)
        if description is None and config.getoption("rig", default=None) is not None:
            description = read_rig(Path(config.option.rig))
        elif description is None and hasattr(config.option, "rig"):
            description = read_rig(default_rig())
        if description is not None:
            found |= dict.fromkeys(credentials_of(description, config.stash.get(PROFILE, None)).masks.secrets)
    except PosrigError:  # the run itself says so, and without credentials nothing is typed
        pass
    seeds = {(record.get("seed", ""), record.get("facts", {}).get("serial_number", "")) for record in records}
    for seed, serial_number in sorted((seed, number) for seed, number in seeds if str(seed).isdigit()):
        for profile in _profiles(config):
            found |= dict.fromkeys(generated_for(profile, int(seed), serial_number).masks.secrets)
    wanted = Wanted(found)
    if description is not None:
        wanted.channels = description.keypad.channels
    return wanted


def _profiles(config: pytest.Config) -> list[Profile]:
    """Whose passwords a simulated rig made up: the run's terminal's, and those of the one that posrig begins with, for
    records that an earlier run left."""
    own = config.stash.get(PROFILE, None)
    return [*([] if own is None else [own]), read_profile(read_rig(SIMULATED).terminal.profile)]


def look_through(roots: Iterable[Path], known: Iterable[Secret], base: Path, run: str) -> Scan:
    """Search files and folders, and take out what holds a secret. Raises OSError."""
    secrets = known if isinstance(known, Wanted) else tuple(known)
    findings, unread, files = list[Any](), list[str](), 0
    for root in roots:
        if not root.exists():
            continue
        found = scan([root], secrets)
        _take_out(root, found, secrets, base / WITHHELD / run)
        findings, unread, files = [*findings, *found.findings], [*unread, *found.unread], files + found.files
    return Scan(tuple(findings), tuple(unread), files)


def joined(first: Scan, second: Scan) -> Scan:
    """Two looks as one."""
    return Scan(first.findings + second.findings, first.unread + second.unread, max(first.files, second.files))


def _take_out(root: Path, found: Scan, secrets: Sequence[Secret], to: Path) -> None:
    names = [finding.file for finding in found.findings] + [row.partition(": ")[0] for row in found.unread]
    for name in dict.fromkeys(name.partition("!")[0] for name in names):
        file = root / name if root.is_dir() else root
        if not file.is_file():
            continue
        _private(to)
        if file.name == RECORDS:
            _take_out_records(file, secrets, to)
            continue
        kept = to / name
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(file, kept)
        about = [str(finding) for finding in found.findings if finding.file.partition("!")[0] == name]
        text = f"This file was withheld: it held a secret, or could not be looked into.\n{os.linesep.join(about)}\n"
        file.with_name(file.name + NOTE).write_text(text, encoding="utf-8")


def _private(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.parent.chmod(0o700)


def _take_out_records(file: Path, secrets: Sequence[Secret], to: Path) -> None:
    """Each record by itself; all of them where the secret goes over the end of one."""
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    part = to / "record"
    bad = set[int]()
    for number, line in enumerate(lines):
        part.write_text(line, encoding="utf-8")
        if not scan([part], secrets).clean:
            bad.add(number)
    part.unlink(missing_ok=True)
    bad = bad or set(range(len(lines)))
    shutil.copyfile(file, to / file.name)
    kept = [_bared(line, number) if number in bad else line for number, line in enumerate(lines)]
    file.write_text("".join(line + "\n" for line in kept), encoding="utf-8")


def bared(records: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Records of which nothing may be told but verdicts and numbers."""
    return [json.loads(_bared(json.dumps(record), number)) for number, record in enumerate(records)]


def _bared(line: str, number: int) -> str:
    """What may be told of a record that holds a secret: its verdict and its numbers."""
    try:
        record = json.loads(line)
    except json.JSONDecodeError:
        return line[:0]
    verdict = record["verdict"]
    said = "this record held a secret and was withheld"
    failure = {"verdict": verdict, "message": said, "phase": "call", "step": "", "place": ""}
    told: dict[str, Any] = {name: kind() for name, kind in _RECORD.items()} | {"failure": None}
    for name in ("verdict", "started", "wall_seconds", "terminal_seconds", "presses", "power_cycles", "line"):
        told[name] = record.get(name, 0)
    told |= {"id": f"withheld-{number + 1}", "name": f"({said})", "file": WITHHELD}
    if verdict not in NEVER_TELLS:
        told |= {"failure": failure, "failures": [failure]}
    return json.dumps(told, ensure_ascii=False)


def told(found: Scan) -> dict[str, object]:
    """The scan for summary.json; never the secret itself."""
    return {"files": found.files, "findings": [str(one) for one in found.findings], "unread": list(found.unread)}


def rows(found: Scan) -> list[str]:
    """What people read; never the secret itself."""
    if found.clean:
        return []
    return [
        f"SECRETS IN THE REPORT: taken out of it before it was published, into {WITHHELD}/ beside the runs",
        *(f"    {finding}" for finding in found.findings[:SHOWN_FINDINGS]),
        *(f"    not looked into: {name}" for name in found.unread[:SHOWN_FINDINGS]),
    ]
