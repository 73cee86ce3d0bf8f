"""An instrument on a TCP port: lines in, answers out, its own time kept, and how it vanishes from the network."""

from __future__ import annotations

from collections import deque

from posrig.simulated.loop.loop import Loop
from posrig.simulated.loop.scheduler import Scheduler
from posrig.simulated.scpi.instrument import Instrument
from posrig.simulated.wires.sockets import Connection, Lines, Listener

WAITING_MESSAGES = 1000
"""Messages that wait for a busy instrument; more are an input buffer overrun (-363)."""
LOSSES = ("drop", "refuse", "silent", "garbled")


class OwnTime:
    """An instrument's own time. Virtual: time moves at once. Real: it is added up, and the answer waits for it."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._owed_s = 0.0

    def elapse(self, seconds: float) -> None:
        if self._scheduler.real_time:
            self._owed_s += seconds
        else:
            self._scheduler.advance(seconds)

    def take_owed(self) -> float:
        owed, self._owed_s = self._owed_s, 0.0
        return owed


class ScpiServer:
    """Several clients, one instrument: while it is busy (real time only), further messages wait their turn."""

    def __init__(
        self,
        loop: Loop,
        scheduler: Scheduler,
        port: int,
        instrument: Instrument,
        time: OwnTime,
    ) -> None:
        self._scheduler = scheduler
        self._flush = loop.flush
        self.instrument, self._time = instrument, time
        self._garbled = False
        self._silent = False
        self._busy = False
        self._waiting: deque[tuple[Connection, str]] = deque()
        self.listener = Listener(loop, port, self._accepted)

    @property
    def port(self) -> int:
        return self.listener.port

    def lose(self, how: str) -> None:
        """``drop``: off the network at once. ``refuse``: no new clients. ``silent``: takes all, answers nothing.

        ``garbled``: does what it is told, and the line loses the second half of each answer but its end.
        """
        if how in ("silent", "garbled"):
            self._silent, self._garbled = how == "silent", how == "garbled"
            return
        self.listener.refuse()
        if how == "drop":
            self.listener.drop()

    def restore(self) -> None:
        """Raises OSError when another program took the port meanwhile."""
        self._silent = self._garbled = False
        self.listener.listen()

    def close(self) -> None:
        self.listener.refuse()
        self.listener.drop()

    def _accepted(self, connection: Connection) -> None:
        Lines(connection, self._line, self._overrun)

    def _overrun(self, connection: Connection) -> None:
        self.instrument.overrun()

    def _line(self, connection: Connection, text: str) -> None:
        if self._silent:
            return
        if self._busy:
            self._queue(connection, text)
            return
        answer = self.instrument.message(text)
        if self._scheduler.real_time and (owed_s := self._time.take_owed()) > 0:
            self._busy = True
            self._scheduler.after(owed_s, lambda: self._ready(connection, answer))
        else:
            self._answer(connection, answer)

    def _queue(self, connection: Connection, text: str) -> None:
        if len(self._waiting) < WAITING_MESSAGES:
            self._waiting.append((connection, text))
        else:
            self.instrument.overrun()

    def _answer(self, connection: Connection, answer: str | None) -> None:
        if answer is None:
            return
        self._flush()
        if self._garbled:
            answer = answer[: len(answer) // 2] + "\x7f"
        connection.send(answer.encode() + b"\n")

    def _ready(self, connection: Connection, answer: str | None) -> None:
        self._busy = False
        self._answer(connection, answer)
        while self._waiting and not self._busy:
            self._line(*self._waiting.popleft())
