"""The terminal's two streams, each over TCP and over a pty: the screen as VT100, the service port as lines.

Bytes are gathered and leave in :meth:`Stream.flush`, which every answer on any wire is preceded by: whoever has the
answer finds on the streams all that happened before it.
"""

from __future__ import annotations

import json
import os
import pty
import re
import tty
import unicodedata
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from posrig.simulated.hardware.board import Box
from posrig.simulated.hardware.kind import Face
from posrig.simulated.loop.loop import READ, WRITE, Loop
from posrig.simulated.wires.sockets import Connection, HasFaults, Line, Listener

_PLAIN = re.compile(r"[^\s\"'=\\\x00-\x1f\x7f]+")


class Tty:
    """A pty that never blocks: while nobody reads, ``keep`` bytes wait, and whole chunks beyond them are dropped.

    For the faults of a wire it is listener and connection in one (faulty_wire.py): :meth:`refuse` pulls the line out of
    the PC, :meth:`listen` plugs it in again under the same name, ``path``.
    """

    def __init__(self, loop: Loop, keep: int, path: Path | None = None) -> None:
        self._loop, self._keep, self._link = loop, keep, path
        self.tap: HasFaults | None = None
        self.on_accept: Callable[[Line], None] = lambda _: None
        self.on_drained: Callable[[], None] = lambda: None
        self.path = ""
        self._open = False
        self.listen()

    def listen(self) -> None:
        """A new pty, as after plugging a serial adapter in; nothing of before is in it."""
        if self._open:
            return
        self._master, self._slave = pty.openpty()
        # Raw, else the line discipline echoes and turns \n into \r\n. The slave stays open, else the master gets EIO
        # as soon as a reader closes it.
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        name = os.ttyname(self._slave)
        if self._link is not None:
            self._link.unlink(missing_ok=True)
            self._link.symlink_to(name)
        self.path = name if self._link is None else str(self._link)
        self._tail = b""
        self._dropped = False
        self._open = True
        self._loop.watch(self._master, READ, self._ready)
        self.on_accept(self)

    def mended(self) -> None:
        """A line has no connections that stay half open: it is whole again."""
        self.on_accept(self)

    def refuse(self) -> None:
        """The line is pulled: who reads it gets an error, and its name is gone."""
        self.close()

    def reset(self) -> None:
        self.close()

    def take(self, data: bytes) -> None:
        """What a reader writes goes nowhere."""

    def send(self, data: bytes) -> None:
        if self.tap is None:
            self.transmit(data)
        else:
            self.tap.outgoing(data)

    def transmit(self, data: bytes) -> None:
        if not self._open:
            return
        if self._tail:
            if len(self._tail) < self._keep:
                self._tail += data
            else:
                self._dropped = True
            return
        self._write(data)
        if self._tail:
            self._loop.change(self._master, READ | WRITE, self._ready)

    def close(self) -> None:
        if not self._open:
            return
        self._open = False
        if self._link is not None:
            self._link.unlink(missing_ok=True)
        self._loop.forget(self._master)
        os.close(self._master)
        os.close(self._slave)

    def _write(self, data: bytes) -> None:
        try:
            sent = os.write(self._master, data)
        except BlockingIOError:
            sent = 0
        self._tail = data[sent:]

    def _ready(self, mask: int) -> None:
        if mask & READ:
            with suppress(BlockingIOError):
                os.read(self._master, 4096)
        if not (mask & WRITE and self._tail):
            return
        self._write(self._tail)
        if self._tail:
            return
        self._loop.change(self._master, READ, self._ready)
        if self._dropped:
            self._dropped = False
            self.on_drained()


@dataclass(slots=True)
class Sent:
    """What an analyser at the terminal's connector has seen leave: how many messages (repaints, lines with their end),
    and the sum of the CRC-32 of each, modulo 2^32. What happens to them on the wire it does not see."""

    messages: int = 0
    sum: int = 0

    def count(self, data: bytes) -> None:
        self.messages += 1
        self.sum = (self.sum + zlib.crc32(data)) & 0xFFFFFFFF


class Stream:
    """One stream to many readers."""

    tty_keep = 0
    """Bytes kept for a pty's reader; 0 where only the newest picture matters."""

    def __init__(self, loop: Loop, port: int, *, with_tty: bool, tty_path: Path | None = None) -> None:
        self._pending = bytearray()
        self.sent = Sent()
        self.listener = Listener(loop, port, self._joined)
        self._tty = Tty(loop, self.tty_keep, tty_path) if with_tty else None
        if self._tty is not None:
            self._tty.on_drained = self._tty_drained
        loop.before_wait.append(self.flush)

    @property
    def port(self) -> int:
        return self.listener.port

    @property
    def tty(self) -> Tty | None:
        return self._tty

    @property
    def tty_path(self) -> str | None:
        return self._tty.path if self._tty else None

    def close(self) -> None:
        self.listener.refuse()
        self.listener.drop()
        if self._tty is not None:
            self._tty.close()

    def flush(self) -> None:
        if not self._pending:
            return
        data = bytes(self._pending)
        self._pending.clear()
        for connection in tuple(self.listener.connections):
            connection.send(data)
        if self._tty is not None:
            self._tty.send(data)

    def _put(self, data: bytes) -> None:
        self.sent.count(data)
        self._pending += data

    def _present(self) -> bytes:
        """What a reader that comes late gets first."""
        return b""

    def _joined(self, connection: Connection) -> None:
        # What is pending lies before this reader's time; the present picture includes it.
        self.listener.connections.remove(connection)
        self.flush()
        self.listener.connections.append(connection)
        if present := self._present():
            connection.send(present)

    def _tty_drained(self) -> None:
        if self._tty is not None and (present := self._present()):
            self._tty.send(present)


class ScreenStream(Stream):
    """The terminal's :class:`~posrig.simulated.hardware.board.Display`, mirrored. ``frame`` counts repaints from
    process start."""

    def __init__(self, loop: Loop, port: int, face: Face, *, with_tty: bool, tty_path: Path | None = None) -> None:
        super().__init__(loop, port, with_tty=with_tty, tty_path=tty_path)
        self.face = face
        self.frame = 0
        self._rows: tuple[str, ...] | None = None
        self._sent: tuple[str, ...] | None = None
        """The picture that who has read everything has before the eyes."""
        self.boxes: tuple[Box, ...] = ()
        self.lit = True
        self.on_backlight: Callable[[bool], None] = lambda _: None
        self.on_change: list[Callable[[], None]] = []
        """Called after each repaint, and when the display goes dark: who looks at it sees that too."""

    def show(self, lines: Sequence[str], boxes: Sequence[Box] = ()) -> None:
        rows = tuple(clipped(line, self.face.columns) for line in lines)
        self._rows = (*rows, *[""] * self.face.rows)[: self.face.rows]
        self.boxes = tuple(boxes)
        self._repaint()

    def backlight(self, on: bool) -> None:
        self.lit = on
        self.on_backlight(on)
        if self._rows is not None:
            self._repaint()

    def dark(self) -> None:
        """The power is gone, and the picture with it."""
        self._rows, self._sent, self.boxes, self.lit = None, None, (), True
        self._tell()

    @property
    def rows(self) -> tuple[str, ...] | None:
        return self._rows

    def _repaint(self) -> None:
        self.frame += 1
        self._put(self._marked(self._change()))
        self._sent = self._rows
        self._tell()

    def _tell(self) -> None:
        for call in self.on_change:
            call()

    def _present(self) -> bytes:
        return b"" if self._rows is None else self._marked(self._whole(self._rows))

    def _whole(self, shown: tuple[str, ...]) -> bytes:
        rows = "".join(f"\x1b[{n};1H{row}" for n, row in enumerate(shown, 1))
        return f"\x1b[H\x1b[2J{rows}".encode(self.face.encoding, "replace")

    def _change(self) -> bytes:
        """What is written for this repaint: all, or on a console that paints partially what is new in each row."""
        if self._rows is None:
            return b""
        if not self.face.partial or self._sent is None:
            return self._whole(self._rows)
        pairs = zip(self._sent, self._rows, strict=True)
        changed = "".join(changed_row(n, old, new) for n, (old, new) in enumerate(pairs, 1) if old != new)
        return changed.encode(self.face.encoding, "replace")

    def _marked(self, picture: bytes) -> bytes:
        number = str(self.frame).encode()
        check = b"%08x" % zlib.crc32(number + picture)
        return b"\x1b]2;frame %b\x07%b\x1b]2;sum %b\x07\x1b]2;painted %b\x07" % (number, picture, check, number)


class ServiceStream(Stream):
    """The service port: ``seq time event key=value ...``. ``seq`` counts lines from process start."""

    tty_keep = 1 << 16

    def __init__(
        self, loop: Loop, port: int, now: Callable[[], float], *, with_tty: bool, tty_path: Path | None = None
    ) -> None:
        super().__init__(loop, port, with_tty=with_tty, tty_path=tty_path)
        self._now = now
        self.seq = 0

    def emit(self, event: str, **fields: object) -> None:
        self.seq += 1
        text = "".join(f" {name}={written(value)}" for name, value in fields.items())
        line = f"{self.seq} {self._now():.3f} {event}{text}".encode()
        self._put(b"%b *%08x\n" % (line, zlib.crc32(line)))


class NoServicePort:
    """Of a terminal that has none: what its firmware says there is heard by nobody."""

    seq = 0

    def emit(self, event: str, **fields: object) -> None:
        """Into the air."""


def cells(text: str) -> int:
    """Half-width columns that a text takes.

    >>> cells("签到 01")
    7
    """
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def changed_row(number: int, old: str, new: str) -> str:
    """VT100 for a row that changed: the cursor to the first column that is new, the rest of the row, and clear.

    >>> changed_row(3, "密码:*", "密码:**")
    '\\x1b[3;7H*\\x1b[K'
    """
    same = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    return f"\x1b[{number};{cells(new[:same]) + 1}H{new[same:]}\x1b[K"


def clipped(line: str, columns: int = 16) -> str:
    """What fits a row of the display: a Chinese character takes two columns; a control character is no glyph.

    >>> clipped("Operator no.: 01234"), clipped("操作员签到操作员签到")
    ('Operator no.: 01', '操作员签到操作员')
    """
    if len(line) <= columns // 2 and line.isprintable():
        return line
    shown, used = [], 0
    for char in line:
        used += 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if used > columns:
            break
        shown.append(char if char.isprintable() else "?")
    return "".join(shown)


def written(value: object) -> str:
    """A value as the service port writes it.

    >>> written("OP01"), written("two words"), written(True), written(2.50)
    ('OP01', '"two words"', 'true', '2.5')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
