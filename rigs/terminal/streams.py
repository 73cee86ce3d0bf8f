"""The terminal's two outputs as streams: the screen's pictures and the service port's lines (docs/wires.md)."""

from __future__ import annotations

import json
import re
import threading
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice, takewhile

from rigs.clock import Marks
from rigs.terminal.console import Console
from rigs.terminal.contracts import ServiceLine
from rigs.terminal.picture import ROWS, TITLE, Emulator, direct_rows

KEPT_PICTURES = 10_000
KEPT_LINES = 100_000
_BUFFER_CAP = 65_536
RENEWALS = 5
"""New connections tried for a picture that came in damaged: on a line that loses 1 byte in 200 each third one is."""
RENEWED_WITHIN_S = 0.3
SILENCES = 3
"""So often in a row may the service port miss its time before it is lost: each costs a second of real time."""
PRESENT_PICTURE_S = 0.05
"""Real seconds in which a lit display sends its present picture to a new client; a dark one never does."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One whole repaint. ``number`` counts repaints (0 where the terminal does not count), ``at`` is clock time."""

    lines: tuple[str, ...]
    number: int
    at: float


BLANK = Picture(("",) * ROWS, 0, 0.0)


class ScreenStream(Console):
    """Pictures from the VT100 mirror. ``on_picture`` is called by the reader thread for each whole repaint."""

    def __init__(
        self,
        address: str,
        stamp: Callable[[], float],
        on_picture: Callable[[Picture], None] | None = None,
        changed: threading.Condition | None = None,
    ) -> None:
        self._buffer = b""
        self._emulator = Emulator()
        self._unfed = b""
        self._numbered = False
        self._seen = 0
        self._begun: int | None = None
        self._painted: bytes | None = None
        self._sum = b""
        self._summed = False
        self._whole_to = 0
        self._missing = self._spoiled = 0
        self._on_picture = on_picture
        self.picture = BLANK
        self.pictures: deque[Picture] = deque(maxlen=KEPT_PICTURES)
        self.published = 0
        """How many pictures came in all: a place for :meth:`since`."""
        super().__init__("screen console", address, stamp, changed)

    def _take(self, data: bytes) -> bool:
        self._buffer += data
        while (title := TITLE.search(self._buffer)) is not None:
            painted, self._buffer = self._buffer[: title.start()], self._buffer[title.end() :]
            self._numbered = True
            if title[1] == b"frame":
                self._begin(int(title[2]), painted)
            elif title[1] == b"painted":
                self._end(int(title[2]), painted)
            else:
                self._painted, self._sum = painted, title[3]
        if self._numbered and len(self._buffer) < _BUFFER_CAP:
            return False
        # no titles: the bytes go to the emulator, and the picture counts once the line is quiet
        mark = _MARK_BEGUN.search(self._buffer)
        feed, self._buffer = (self._buffer, b"") if mark is None else (self._buffer[: mark.start()], mark[0])
        self._feed(feed)
        return True

    def _begin(self, number: int, before: bytes) -> None:
        """A frame mark. What came before it belongs to no whole repaint."""
        if before:
            self._feed(before)
        if self._begun is not None:
            self._spoil(self._begun)  # its end mark never came
        self._begun, self._painted, self._sum = number, None, b""

    def _end(self, number: int, rest: bytes) -> None:
        """An end mark: the repaint is published when nothing speaks against it, else it is counted as damaged."""
        begun, summed, check = self._begun, self._painted, self._sum
        self._begun, self._painted, self._sum = None, None, b""
        painted = rest if summed is None else summed
        self._summed = self._summed or summed is not None
        sound = begun == number and not (summed is not None and rest) and b"\x1b]2;" not in painted
        if self._summed:
            sound = sound and check == b"%08x" % zlib.crc32(b"%d" % number + painted)
        if sound:
            self._publish(self._rows(painted), number)
        else:
            self._spoil(number if begun is None else min(begun, number))

    def _spoil(self, number: int) -> None:
        """A repaint that came in damaged is no picture; waiters wake up and look for a whole one."""
        self._spoiled += 1
        self._seen = max(self._seen, min(number, self._seen + 1))  # a number may be what was damaged
        self.version += 1

    @property
    def damaged(self) -> int:
        """How many repaints are missing so far: lost, or with bytes lost or changed, as far as their marks tell."""
        return self._missing + self._spoiled

    @property
    def whole(self) -> bool:
        """The picture is the last one that the terminal is known to have sent."""
        return self._seen <= self._whole_to and not self._spoiled

    def accept(self) -> None:
        """What is missing until now will not come: the display is dark."""
        with self.changed:
            self._missing, self._spoiled = self.damaged, 0
            self._whole_to = self._seen

    def _feed(self, data: bytes) -> None:
        """To the emulator, after the last repaint that went past it: an update may build on that."""
        unfed, self._unfed = self._unfed, b""
        self._emulator.feed(unfed + data)

    def _rows(self, painted: bytes) -> tuple[str, ...]:
        rows = direct_rows(painted)
        if rows is not None:
            self._unfed = painted
            return rows
        self._feed(painted)
        return self._emulator.rows()

    def _quiet(self) -> None:
        self._publish(self._emulator.rows(), 0)

    def _publish(self, lines: tuple[str, ...], number: int) -> None:
        self.picture = Picture(lines, number, self._stamp())
        self.pictures.append(self.picture)
        self.published += 1
        if number and self._whole_to:
            self._missing += max(number - self._whole_to - 1, 0)
        self._spoiled = 0
        self._seen = max(self._seen, number)
        self._whole_to = max(self._whole_to, number)
        self.version += 1
        if self._on_picture is not None:
            self._on_picture(self.picture)

    def since(self, published: int) -> tuple[Picture, ...]:
        """The pictures that came after :attr:`published` had this value (the last 10,000 are kept)."""
        with self.changed:
            newest = tuple(islice(reversed(self.pictures), max(self.published - published, 0)))
        return newest[::-1]

    def blank(self) -> None:
        """The power went: there is no picture until the next repaint."""
        with self.changed:
            self.picture = BLANK
            self._unfed = b""
            self._emulator = Emulator()
        self.accept()

    def catch_up(self, marks: Marks, timeout_s: float) -> bool:
        """Wait until the picture of that number was seen; after ``timeout_s`` go on without it: it is missing."""
        if self._seen >= marks.frame and not self._lost:
            return True
        if self.wait_until(lambda: self._seen >= marks.frame, timeout_s):
            return True
        with self.changed:
            self._seen = max(self._seen, marks.frame)  # or every later look would wait again for what never comes
        return False

    def make_whole(self) -> bool:
        """When the last picture came in damaged or not at all: fetch the present one over a new connection.

        Raises TransportError when there is no new connection to be had.
        """
        for _ in range(RENEWALS):
            if self.whole or not self.renewable:
                break
            self.renew()
            self.wait_until(lambda: self.whole, RENEWED_WITHIN_S)
        return self.whole

    def _anew(self) -> None:
        self._buffer, self._unfed = b"", b""
        self._begun, self._painted, self._sum = None, None, b""
        self._emulator = Emulator()


_MARK_BEGUN = re.compile(rb"\x1b(?:\](?:2(?:;[^\x07\x1b]*)?)?)?\Z")
"""The beginning of a mark at the end of what has come so far."""
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
        return str(json.loads(value))
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
        self.damaged = 0
        """How many lines are missing so far: lost, or with bytes lost or changed, as far as numbers and sums tell."""
        self.lines: deque[ServiceLine] = deque(maxlen=KEPT_LINES)
        super().__init__("service port", address, stamp, changed)

    def _take(self, data: bytes) -> bool:
        *whole, self._buffer = (self._buffer + data).split(b"\n")
        for raw in whole:
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


class Streams:
    """Both outputs as one thing to wait for: they share one condition."""

    def __init__(
        self,
        screen: str,
        service: str | None,
        stamp: Callable[[], float],
        on_picture: Callable[[Picture], None] | None = None,
        on_line: Callable[[ServiceLine], None] | None = None,
    ) -> None:
        changed = threading.Condition()
        self.screen = ScreenStream(screen, stamp, on_picture, changed)
        self.service: ServiceStream | None = None
        if service is not None:
            try:
                self.service = ServiceStream(service, stamp, on_line, changed)
            except BaseException:
                self.screen.close()
                raise

    @property
    def version(self) -> int:
        return self.screen.version + (self.service.version if self.service else 0)

    def wait_beyond(self, version: int, timeout_s: float) -> bool:
        self.check()
        return self.screen.wait_until(lambda: self.version > version, timeout_s)

    def catch_up(self, marks: Marks, timeout_s: float) -> bool:
        seen = self.screen.catch_up(marks, timeout_s)
        return (self.service is None or self.service.catch_up(marks, timeout_s)) and seen

    def begin_at(self, marks: Marks) -> None:
        """What was sent before these clients connected never comes, save the present picture."""
        if self.service is not None:
            self.service.begin_at(marks)
        if not self.screen.catch_up(marks, PRESENT_PICTURE_S) and not self.screen.damaged:
            self.screen.accept()

    @property
    def damaged(self) -> int:
        """Repaints and lines that are missing so far."""
        return self.screen.damaged + (self.service.damaged if self.service else 0)

    def revive(self) -> None:
        """Between scenarios: a stream that was lost is opened anew. Raises TransportError."""
        for stream in (self.screen, self.service):
            if stream is not None and stream.lost:
                stream.renew()
        if self.service is not None:
            self.service.revived()

    def check(self) -> None:
        """Raises TransportError when one of them was lost."""
        self.screen.check()
        if self.service is not None:
            self.service.check()

    def close(self) -> None:
        self.screen.close()
        if self.service is not None:
            self.service.close()
