"""Faults on a wire of the rig: between a connection (or a pty) and what serves it, in both directions, in real time.

A message is cut into head, body and end. On a wire that is asked (an instrument) ``command`` is what the client sends,
``answer`` the answer, ``close`` its end and the moment after it. A stream is never asked: there ``command`` is the head
of each message (frame mark, sequence number), ``answer`` its body, ``close`` its end. ``open`` is the first message.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from posrig.simulated.loop.loop import Loop
from posrig.simulated.wires.faults import Striking, WireFaults
from posrig.simulated.wires.sockets import Line, Port

Pieces = list[tuple[str, bytes]]
"""(moment, bytes) in the order of the wire."""
_REPAINT = re.compile(rb"(?=\x1b\]2;frame )")
_LINE = re.compile(rb"(?<=\n)")
_PHOTO = re.compile(rb"(?=--posrigphoto\r\n)")
_HEAD = 12


def answer_pieces(data: bytes) -> list[Pieces]:
    """An instrument's answer: the text, and its end."""
    return [[("answer", line[:-1]), ("close", line[-1:])] for line in _LINE.split(data) if line]


def line_pieces(data: bytes) -> list[Pieces]:
    """The service port's lines: number and time, event, end."""
    return [_cut(line, 1) for line in _LINE.split(data) if line]


def repaint_pieces(data: bytes) -> list[Pieces]:
    """The screen's repaints: frame mark, picture, end mark."""
    return [_cut(repaint, _HEAD) for repaint in _REPAINT.split(data) if repaint]


def photo_pieces(data: bytes) -> list[Pieces]:
    """The camera's answer and photos: head, JPEG, end."""
    cut = []
    for part in _PHOTO.split(data):
        head, blank, photo = part.partition(b"\r\n\r\n")
        if part:
            cut.append([("command", head + blank), ("answer", photo[:-2]), ("close", photo[-2:])])
    return cut


def _cut(message: bytes, end: int) -> Pieces:
    head = min(_HEAD, len(message) // 3)
    last = max(len(message) - end, head)
    return [("command", message[:head]), ("answer", message[head:last]), ("close", message[last:])]


class FaultyWire:
    """One wire of the rig with its listener; ``vanish`` makes it refuse for a while."""

    def __init__(
        self, name: str, loop: Loop, faults: WireFaults, listener: Port, cut: Callable[[bytes], list[Pieces]]
    ) -> None:
        self.name, self.loop, self.faults, self.cut = name, loop, faults, cut
        self._listener = listener
        self._refusing = False
        listener.on_accept = self.joined

    def apply(self, striking: Striking) -> None:
        """A fault was set: one that refuses connections does so from now on."""
        if striking.fault.fault == "vanish" and striking.fault.moment == "open":
            self.vanish(striking)

    def vanish(self, striking: Striking) -> None:
        """No new connection until the fault's time is over, or until it is mended."""
        striking.struck += 1
        self._refusing = True
        self._listener.refuse()
        if striking.fault.seconds > 0:
            self.loop.later(striking.fault.seconds, lambda: self.over(striking))

    def over(self, striking: Striking) -> None:
        """The fault's time is over."""
        self.faults.end(striking)
        self.mended()

    def mended(self) -> None:
        """Listen again. Raises OSError when another program took the port meanwhile."""
        if self.faults.of(self.name, "open", "command", "answer", "close"):
            return
        if self._refusing:
            self._refusing = False
            self._listener.listen()
        self._listener.mended()

    def joined(self, connection: Line) -> None:
        connection.tap = Tap(self, connection)


class Tap:
    """The faults of one connection. Once it is half open it stays so: nothing goes in, nothing comes out, no end.

    A pty gets a new one when its wire is mended: there is no client that could come anew.
    """

    def __init__(self, wire: FaultyWire, connection: Line) -> None:
        self._wire, self._connection = wire, connection
        self._first_in = self._first_out = True
        self._silent = False
        self._inwards = Lane(wire.loop, connection.take)
        self._outwards = Lane(wire.loop, connection.transmit)

    def incoming(self, data: bytes) -> None:
        """Bytes of the client, on their way to what serves it."""
        first, self._first_in = self._first_in, False
        if not self._silent and not self._wire.faults.at_work:
            self._inwards.put(data)
            return
        self._pass(data, ("open", "command") if first else ("command",), self._inwards)

    def outgoing(self, data: bytes) -> None:
        if self._silent:
            return
        if not self._wire.faults.at_work:
            self._first_out = False
            self._outwards.put(data)
            return
        for message in self._wire.cut(data):
            for moment, piece in message:
                self._pass(piece, ("open", moment) if self._first_out else (moment,), self._outwards)
            self._first_out = False

    def _pass(self, data: bytes, moments: tuple[str, ...], lane: Lane) -> None:
        if self._silent:
            return
        late_s = gap_s = 0.0
        for striking in self._wire.faults.of(self._wire.name, *moments):
            kind, seconds = striking.fault.fault, striking.fault.seconds
            if kind in ("half-open", "vanish"):
                # at the end of a message, else the wire would fail before what it is to fail after
                if striking.fault.moment == "close":
                    lane.put(data)
                self._cut_off(striking)
                return
            if kind == "delay":
                late_s, striking.struck = late_s + seconds, striking.struck + 1
            elif kind == "trickle":
                gap_s, striking.struck = max(gap_s, seconds), striking.struck + 1
            else:
                data = striking.changed(data)
        lane.put(data, late_s, gap_s)

    def _cut_off(self, striking: Striking) -> None:
        if striking.fault.fault == "vanish":
            self._wire.vanish(striking)
            self._connection.reset()
            return
        striking.struck += 1
        self._silent = True
        if striking.fault.seconds > 0 and striking.struck == 1:
            self._wire.loop.later(striking.fault.seconds, lambda: self._wire.over(striking))


class Lane:
    """One direction: pieces leave in their order, each when it is due."""

    def __init__(self, loop: Loop, out: Callable[[bytes], None]) -> None:
        self._loop, self._out = loop, out
        self._busy_until = 0.0

    def put(self, data: bytes, late_s: float = 0.0, gap_s: float = 0.0) -> None:
        if not data:
            return
        now = time.monotonic()
        if gap_s:
            for byte in data:
                self._at(max(self._busy_until, now + late_s) + gap_s, bytes((byte,)))
        elif late_s or self._busy_until > now:
            self._at(max(self._busy_until, now + late_s), data)
        else:
            self._out(data)

    def _at(self, due: float, data: bytes) -> None:
        self._busy_until = due
        self._loop.at(due, lambda: self._out(data))
