"""The service port: lines that the terminal writes about itself (docs/wires.md)."""

from __future__ import annotations

import re
import threading
import zlib
from collections import deque
from collections.abc import Callable
from itertools import takewhile

from posrig.ground.clock import Marks
from posrig.ground.json_text import parsed_json
from posrig.screens.came import Came
from posrig.screens.console import Console
from posrig.terminal.contracts import ServiceLine

KEPT_LINES = 100_000
SILENCES = 3
"""So often in a row may the service port miss its time before it is lost: each costs a second of real time."""
_PAIR = re.compile(r'([A-Za-z_][\w.]*)=("(?:[^"\\]|\\.)*"|\S*)')


def parse_line(text: str) -> ServiceLine | None:
    """A service line, or None when it is none (a lab's terminal may print other things too).

    >>> parse_line('7 1767945600.250 screen id=boot').fields['id']
    'boot'
    """
    parts = text.strip().split(" ", 3)
    if len(parts) < 3:
        return None
    try:
        seq, at = int(parts[0]), float(parts[1])
    except ValueError:
        return None
    fields: dict[str, str] = {}
    for key, value in _PAIR.findall(parts[3] if len(parts) > 3 else ""):
        fields[key] = _unquoted(value)
    return ServiceLine(seq, at, parts[2], fields)


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    try:
        return str(parsed_json(value))
    except ValueError:
        return value


class ServiceStream(Console):
    """Lines from the service port. ``on_line`` is called by the reader thread for each."""

    def __init__(
        self,
        address: str,
        stamp: Callable[[], float],
        on_line: Callable[[ServiceLine], None] | None = None,
        changed: threading.Condition | None = None,
    ) -> None:
        self._buffer = b""
        self._seen = 0
        self._on_line = on_line
        self._summed = False
        self._gap_after = -1
        self._silences = 0
        self.came = Came()
        self.damaged = 0
        """How many lines are missing so far: lost, or with bytes lost or changed, as far as numbers and sums tell."""
        self.lines: deque[ServiceLine] = deque(maxlen=KEPT_LINES)
        super().__init__("service port", address, stamp, changed)

    def _take(self, data: bytes) -> bool:
        *whole, self._buffer = (self._buffer + data).split(b"\n")
        for raw in whole:
            self.came.count(raw + b"\n")
            text, sound = self._checked(raw)
            line = parse_line(text.decode("utf-8", "replace")) if sound else None
            if line is None:
                self._spoil(sound)
                continue
            if self._seen and line.seq > self._seen + 1:
                self._gap(line.seq - self._seen - 1)
            self._silences = 0
            self.lines.append(line)
            self._seen = max(self._seen, line.seq)
            self.version += 1
            if self._on_line is not None:
                self._on_line(line)
        return False

    def _checked(self, raw: bytes) -> tuple[bytes, bool]:
        """The line without its sum, and whether the sum is right; once a line had one, all must."""
        text, star, check = raw.rpartition(b" *")
        if star and len(check) == 8:
            self._summed = True
            return text, check == b"%08x" % zlib.crc32(text)
        return raw, not self._summed

    def _spoil(self, sound: bool) -> None:
        """A line that is none: on a port with sums it was damaged, on another the terminal may print what it likes."""
        if not sound or self._summed:
            self._gap(1)
            self._seen += 1
            self.version += 1

    def _gap(self, lines: int) -> None:
        self.damaged += lines
        self._gap_after = self._seen

    def gap_since(self, seq: int) -> bool:
        """Are lines with a higher number missing?"""
        return self._gap_after >= seq

    def after(self, seq: int, event: str | None = None) -> tuple[ServiceLine, ...]:
        """The lines with a higher number; only those of one event if named."""
        with self.changed:
            newer = [*takewhile(lambda line: line.seq > seq, reversed(self.lines))]
        return tuple(line for line in reversed(newer) if event is None or line.event == event)

    def catch_up(self, marks: Marks, timeout_s: float) -> bool:
        """Wait until the line of that number was seen; after ``timeout_s`` go on without it."""
        if self._seen >= marks.service and not self._lost:
            return True
        if self.wait_until(lambda: self._seen >= marks.service, timeout_s):
            return True
        with self.changed:
            if self._seen < marks.service:
                self._gap(marks.service - self._seen)
                self._seen = marks.service
            self._silences += 1
            if self._silences >= SILENCES:
                self._lost = f"it stayed silent {self._silences} times while lines were due"
                return False
        if self.renewable:
            self.renew()  # half open perhaps: the lines since then are lost, those from now on need not be
        return False

    def _anew(self) -> None:
        self._buffer = b""

    def revived(self) -> None:
        """Another scenario: silence is counted from here, and lines that came or were lost before are none of its."""
        with self.changed:
            self._silences = 0
            self._gap_after = -1
            self.lines.clear()

    def begin_at(self, marks: Marks) -> None:
        """Lines sent before this client connected never come: do not wait for them."""
        with self.changed:
            self._seen = max(self._seen, marks.service)
