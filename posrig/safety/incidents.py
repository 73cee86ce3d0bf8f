"""Incident records: what a guard found and did after its harness was killed. The next run shows them once."""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter

from posrig.description.lab import state_folder
from posrig.ground.json_text import parsed_json
from posrig.ground.printable import one_line
from posrig.ground.small_file import read_small, write_whole

_SHOWN = "shown"
_WITH_GUARD = "killed with its guard"
_ENDED = {
    "killed": "was killed",
    "handed over": "ended with the rig not proved safe",
    "stopped": "was stopped or hung",
    _WITH_GUARD: "was killed together with its guard; its last sign of life was",
}
_LARGEST = 256 * 1024


def incident_folder() -> Path:
    """``$POSRIG_INCIDENTS``, else ``incidents`` among the lab's reports, or in the user's state folder outside a
    lab."""
    named = os.environ.get("POSRIG_INCIDENTS")
    return Path(named) if named else state_folder() / "incidents"


@dataclass(frozen=True, slots=True)
class Proof:
    """One safe action in the record; see posrig/safety/actions.py."""

    name: str
    state: str
    detail: str
    took_s: float


@dataclass(frozen=True, slots=True)
class Incident:
    """One end of a harness that left the rig to its guard. Times are UTC, ISO 8601.

    ``cause``: ``killed``; ``handed over`` by a harness that could not prove the rig safe itself; ``stopped`` (SIGSTOP,
    a debugger, a hang); ``killed with its guard``: the next one found the rig as it was left. ``safe``: each was
    proved by read-back. ``safe_after_s``: how long nobody watched. ``found``: what was switched on then.
    """

    rig: str
    terminal: str
    job: str
    harness_pid: int
    began: str
    cause: str
    died: str
    doing: str
    safe: bool
    safe_after_s: float
    attempts: int
    proofs: tuple[Proof, ...]
    found: tuple[str, ...] = ()

    def __str__(self) -> str:
        ended = _ENDED.get(self.cause, self.cause)
        during = f" during: {self.doing}" if self.doing else ""
        head = f"run {self.job!r} on rig {self.rig} (terminal {self.terminal}) {ended} at {self.died}{during}"
        if self.cause == _WITH_GUARD:
            left = f"{head}, {self.safe_after_s:.0f} s ago; found switched on: {'; '.join(self.found) or 'nothing'}"
            if self.safe:
                return one_line(f"{left}; made safe now, proved by read-back")
            head = left
        elif self.safe:
            took = f"{self.safe_after_s:.2f} s"
            return one_line(f"{head}; its guard made the rig safe within {took}, proved by read-back")
        bad = "; ".join(f"{proof.name}: {proof.state}: {proof.detail}" for proof in self.proofs if not _proved(proof))
        return one_line(f"{head}; NOT PROVED SAFE: {bad}; look at the rig before you touch the terminal")


_INCIDENT = TypeAdapter(Incident)


def _proved(proof: Proof) -> bool:
    return proof.state == "done and proved"


def write(incident: Incident, folder: Path, path: Path | None = None) -> Path:
    """Write (or, with ``path``, rewrite) a record, whole or not at all; in the temporary folder as the last place."""
    text = json.dumps(asdict(incident), ensure_ascii=False, indent=2) + "\n"
    stamp = re.sub(r"[^0-9T]", "", incident.died)
    name = f"{stamp}-{re.sub(r'[^A-Za-z0-9_.-]', '_', incident.rig)}-{incident.harness_pid}.json"
    for place in dict.fromkeys((path.parent if path else folder, folder, Path(tempfile.gettempdir()))):
        with contextlib.suppress(OSError):
            place.mkdir(parents=True, exist_ok=True)
            write_whole(place / name, text.encode(errors="replace"))
            return place / name
    raise OSError(f"no place for the incident record {name}")


def keep_shown(incident: Incident, folder: Path | None = None) -> None:
    """Keep a record of what was just said; it is not said again."""
    with contextlib.suppress(OSError):
        write(incident, (folder or incident_folder()) / _SHOWN)


def take_new(folder: Path | None = None) -> tuple[Incident, ...]:
    """The incidents that no run has shown yet; they are moved to ``shown/``, so that each is shown once."""
    folder = folder or incident_folder()
    found = []
    for path in sorted(folder.glob("*.json")):
        incident = _read(path)
        if incident is not None:
            found.append(incident)
        with contextlib.suppress(OSError):
            (folder / _SHOWN).mkdir(exist_ok=True)
            path.replace(folder / _SHOWN / path.name)
    return tuple(found)


def known(folder: Path | None = None) -> tuple[Incident, ...]:
    """All incidents that were recorded, shown or not, oldest first; nothing is moved. Unreadable ones are left out."""
    folder = folder or incident_folder()
    found = (_read(path) for path in sorted([*folder.glob("*.json"), *(folder / _SHOWN).glob("*.json")]))
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.died))


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _read(path: Path) -> Incident | None:
    try:
        return _INCIDENT.validate_python(parsed_json(read_small(path, _LARGEST)))
    except (OSError, ValueError):  # pydantic's error is one
        return None
