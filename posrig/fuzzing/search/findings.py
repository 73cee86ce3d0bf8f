"""The archive of findings: one file per terminal model and firmware, written so that no kill loses a finding.

JSON lines, appended and synced to the disk before the search goes on. The first line says what the file is about. A
line cut short by a kill is left out when reading and closed before the next append. Later lines about the same finding
(its verdict, its shortest keys) replace earlier ones.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from pydantic import TypeAdapter

from posrig.ground.faults import ConfigurationError
from posrig.ground.json_text import parsed_json

_FORMAT = "posrig findings 1"


@dataclass(frozen=True)
class Finding:
    """A failure of a terminal: the inputs that show it, what should have come and what came."""

    keys: tuple[str, ...]
    expected: str
    seen: str
    oracle: str = "model"
    state: str = ""
    """The model's state before the last input."""
    begins_at: tuple[str, str] | None = None
    """State and input at which it starts to go wrong, when that was worked out."""
    verdict: str = "not yet replayed"
    fired: int = 0
    tried: int = 0
    minimal: bool = False
    found_keys: int = 0
    """How many inputs there were before shortening."""
    same_as: str = ""
    """The id of the finding that begins at the same place, when there is one."""
    phase: str = ""
    seed: int = 0
    presses: int = 0
    """Presses of the run until it showed."""
    when: str = ""
    """ISO time of the first sight."""
    path: tuple[str, ...] = ()
    """The screens that a trial passed, where no model says them; ``?`` is no screen of the profile."""
    id: str = ""

    def named(self) -> Finding:
        """With an id made of what was first seen: shorter keys keep it."""
        if self.id:
            return self
        text = json.dumps([self.keys, self.expected, self.seen, self.oracle], ensure_ascii=False)
        return replace(self, id=hashlib.sha256(text.encode()).hexdigest()[:12])


_FINDING = TypeAdapter(Finding)


class FindingArchive:
    """The findings about one firmware of one terminal model."""

    def __init__(self, path: Path, *, terminal: str, firmware: str) -> None:
        """Open or begin an archive.

        Raises:
            ConfigurationError: the file is about another terminal or firmware, is no archive, or cannot be written.
        """
        self.path = path
        self._terminal, self._firmware = terminal, firmware
        self._findings: dict[str, Finding] = {}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists() and path.stat().st_size:
                self._load()
            else:
                self._append({"format": _FORMAT, "terminal": terminal, "firmware": firmware})
        except OSError as error:
            raise ConfigurationError(
                f"cannot keep findings here: {error.strerror or error}", where=str(path), todo="name a writable folder"
            ) from None

    @classmethod
    def in_folder(cls, folder: Path, *, terminal: str, firmware: str) -> FindingArchive:
        """The archive of a terminal and firmware under its usual name. Raises as the constructor does."""
        return cls(folder / archive_name(terminal, firmware), terminal=terminal, firmware=firmware)

    def all(self) -> list[Finding]:
        """Every finding as last known, the shortest first."""
        return sorted(self._findings.values(), key=lambda finding: (len(finding.keys), finding.id))

    def keep(self, finding: Finding) -> Finding:
        """Write a finding, or what is now known about it; it is on the disk when this returns.

        Raises:
            ConfigurationError: it cannot be written (disk full, no permission).
        """
        finding = finding.named()
        try:
            self._append({"finding": asdict(finding)})
        except OSError as error:
            raise ConfigurationError(
                f"a finding could not be written: {error.strerror or error}", where=str(self.path), todo="free the disk"
            ) from None
        self._findings[finding.id] = finding
        return finding

    def _append(self, record: dict[str, object]) -> None:
        """One line, after closing a line that a kill cut short; synced, so that it outlives this process."""
        line = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            size = os.fstat(handle).st_size
            if size and os.pread(handle, 1, size - 1) != b"\n":
                line = b"\n" + line
            written = 0
            while written < len(line):
                written += os.write(handle, line[written:])
            os.fsync(handle)
        finally:
            os.close(handle)

    def _load(self) -> None:
        records = list(_records(self.path))
        head = records[0] if records else {}
        if head.get("format") != _FORMAT:
            raise ConfigurationError(
                "this file is no archive of findings", where=f"{self.path}:1", todo="name another file or folder"
            )
        about = (head.get("terminal"), head.get("firmware"))
        if about != (self._terminal, self._firmware):
            raise ConfigurationError(
                f"these findings are about terminal {about[0]}, firmware {about[1]}; the one under test is"
                f" {self._terminal}, firmware {self._firmware}",
                where=str(self.path),
                todo="use one archive per firmware; old findings are replayed by naming that firmware",
            )
        for record in records[1:]:
            finding = _finding(record.get("finding"))
            if finding is not None:
                self._findings[finding.id] = finding


class RunFindings:
    """What a run has found so far, each kept in the archive, where there is one, before the run goes on."""

    def __init__(self, archive: FindingArchive | None = None) -> None:
        self._archive = archive
        self._now: dict[str, Finding] = {}
        self.gone: list[Finding] = []
        """Findings of earlier runs that did not show again."""

    def __len__(self) -> int:
        return len(self._now)

    def __iter__(self) -> Iterator[Finding]:
        return iter(tuple(self._now.values()))

    def known(self) -> list[Finding]:
        """What earlier runs found."""
        return self._archive.all() if self._archive is not None else []

    def keep(self, finding: Finding) -> Finding:
        """A new finding, or what is now known about one of this run. Raises as the archive does."""
        finding = self._archive.keep(finding) if self._archive is not None else finding.named()
        self._now[finding.id] = finding
        return finding

    def again(self, finding: Finding) -> None:
        """One of an earlier run showed again."""
        self._now[finding.id] = finding

    def drop(self, finding: Finding) -> None:
        """It counts no more; what was kept of it stays."""
        self._now.pop(finding.id, None)


def _records(path: Path) -> Iterable[dict[str, object]]:
    """The lines that are whole; one that is not was cut by a kill and never reported as kept."""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            record = parsed_json(line)
        except ValueError:
            continue
        if isinstance(record, dict):
            yield record


def _finding(data: object) -> Finding | None:
    """A finding from its record; fields of a later version are passed over, what is not a finding is None."""
    if not isinstance(data, dict) or not isinstance(data.get("keys"), list):
        return None
    known = {field.name for field in fields(Finding)}
    values = {name: value for name, value in data.items() if name in known}
    values["keys"] = tuple(str(key) for key in data["keys"])
    path = data.get("path")
    values["path"] = tuple(map(str, path)) if isinstance(path, list) else ()
    place = data.get("begins_at")
    values["begins_at"] = (str(place[0]), str(place[1])) if isinstance(place, list) and len(place) == 2 else None
    if not {"expected", "seen", "id"} <= values.keys():
        return None
    try:
        return _FINDING.validate_python(values)
    except ValueError:  # pydantic's error is one
        return None


def archive_name(terminal: str, firmware: str) -> str:
    """The file name of the archive about one firmware of one terminal model."""
    return f"{_file_part(terminal)}--{_file_part(firmware)}.jsonl"


def _file_part(text: str) -> str:
    """A name as part of a file name; different names stay different."""
    plain = re.sub(r"[^\w.\-]+", "_", text) or "_"
    if plain == text:
        return plain
    return f"{plain}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"
