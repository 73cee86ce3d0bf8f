"""Time as an object: the wall clock in a lab, the simulated rig's virtual clock otherwise (docs/wires.md).

All waiting of the harness goes through a :class:`Clock`, so a 30-minute lock-out costs milliseconds on the simulated
rig and 30 minutes in a lab, and the scenario cannot tell.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from dataclasses import dataclass
from typing import Protocol

from posrig.ground.deadline import Deadline
from posrig.ground.faults import RigFault
from posrig.ground.line_socket import LineSocket

ANSWER_WITHIN_S = 60.0
"""Real seconds for one answer of the clock wire: a day of virtual time with a busy terminal takes a few."""

KEPT_STEPS = 10_000
"""As many as pictures are kept."""
CATCH_UP_S = 3.0
"""Real seconds a stream may lag behind the clock's marks before the harness goes on without it."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What the rig had sent when it answered: number of the last repaint, number of the last service line."""

    frame: int = 0
    service: int = 0


class Watch(Protocol):
    """Something that changes by itself and can be waited for: the terminal's streams."""

    @property
    def version(self) -> int:
        """Rises with every change seen."""

    def wait_beyond(self, version: int, timeout_s: float) -> bool:
        """Wait (real time) until something newer than ``version`` was seen."""

    def catch_up(self, marks: Marks, timeout_s: float) -> bool:
        """Wait (real time) until everything up to ``marks`` was read."""


class Clock(Protocol):
    """Seconds since the Unix epoch, and waiting."""

    def now(self) -> float: ...

    def last_now(self) -> float:
        """The latest time known without asking anybody; for stamps."""

    def when(self, frame: int, seen_at: float) -> float:
        """When the repaint of that number was shown, as exactly as can be told; ``seen_at`` is when it was read, which
        may be later on a busy computer. Without a number (0) it is all there is."""

    def sleep(self, seconds: float) -> float:
        """Let that much time pass; returns the time then. Raises TransportError when the clock is lost."""

    def wait_change(self, watch: Watch, since: int, timeout_s: float) -> bool:
        """Let time pass until ``watch`` saw something newer than version ``since``; False after ``timeout_s``."""

    def sync(self, watch: Watch) -> bool:
        """Before anything is judged: wait until the reader has read all that the rig has sent."""

    def deadline(self, seconds: float) -> Deadline: ...

    def close(self) -> None: ...


class RealClock:
    """The computer's clock. Anchored once and monotonic from then on: a clock set back during a run changes nothing."""

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def now(self) -> float:
        return self._offset + time.monotonic()

    last_now = now

    def when(self, frame: int, seen_at: float) -> float:
        return seen_at

    def sleep(self, seconds: float) -> float:
        if seconds > 0:
            time.sleep(seconds)
        return self.now()

    def wait_change(self, watch: Watch, since: int, timeout_s: float) -> bool:
        return watch.wait_beyond(since, timeout_s)

    def sync(self, watch: Watch) -> bool:
        return True

    def deadline(self, seconds: float) -> Deadline:
        return Deadline(seconds, self.now)

    def close(self) -> None:
        return


class SimulatedClock:
    """The virtual clock of a simulated rig. Nothing there moves unless this object advances it."""

    def __init__(self, address: str, *, answer_within_s: float = ANSWER_WITHIN_S) -> None:
        self._wire = LineSocket("clock", address)
        self._within_s = answer_within_s
        self._advances: dict[float, bytes] = {}
        self._now = 0.0
        self._reached = True
        self._shown_to: list[int] = []
        self._shown_at: list[float] = []
        self._forgotten = False
        self.marks = Marks()
        try:
            self._ask(b"N\n")
        except BaseException:
            self._wire.close()
            raise

    def now(self) -> float:
        self._ask(b"N\n")
        return self._now

    def last_now(self) -> float:
        return self._now

    def when(self, frame: int, seen_at: float) -> float:
        """The beginning of the step that showed it, or its end when the step ended by it: never later than it was."""
        step = bisect_left(self._shown_to, frame)
        known = frame > 0 and step < len(self._shown_to) and (step > 0 or not self._forgotten)
        return self._shown_at[step] if known else seen_at

    def _note_shown(self, frame: int, at: float) -> None:
        self._shown_to.append(frame)
        self._shown_at.append(at)
        if len(self._shown_to) > 2 * KEPT_STEPS:
            del self._shown_to[:KEPT_STEPS], self._shown_at[:KEPT_STEPS]
            self._forgotten = True

    def sleep(self, seconds: float) -> float:
        if seconds <= 0:
            return self._now
        line = self._advances.get(seconds)
        if line is None:
            line = f"A {seconds:.6f}\n".encode()
            if len(self._advances) < 256:
                self._advances[seconds] = line
        self._ask(line)
        return self._now

    def wait_change(self, watch: Watch, since: int, timeout_s: float) -> bool:
        left = timeout_s
        while True:
            watch.catch_up(self.marks, CATCH_UP_S)
            if watch.version > since:
                return True
            # below a microsecond the wire's own rounding would never let the time-out end
            if left < 1e-6:
                return False
            before = self._now
            self._ask(f"U {left:.6f}\n".encode())
            left -= max(self._now - before, 1e-6)
            if self._reached:
                left = 0.0

    def sync(self, watch: Watch) -> bool:
        self._ask(b"N\n")  # instruments take time too, so a frame may be newer than the last answer
        return watch.catch_up(self.marks, CATCH_UP_S)

    def deadline(self, seconds: float) -> Deadline:
        return Deadline(seconds, self.last_now)

    def close(self) -> None:
        self._wire.close()

    def _ask(self, line: bytes) -> None:
        answer = self._wire.ask(line, self._within_s)
        try:
            now, reached, frame, service = answer.split()
            marks, at = (int(frame), int(service)), float(now)
            if marks[0] > self.marks.frame:
                # "until something happens" ends at that instant; within any other step it was some time after its begin
                self._note_shown(marks[0], at if line.startswith(b"U") else self._now)
            self._now, self._reached = at, reached == b"1"
        except ValueError:
            raise RigFault(
                f"the clock wire answered {answer.decode('utf-8', 'replace')[:80]!r}",
                instrument="clock",
                where=f"{self._wire.address}, while asking {line.decode().strip()!r}",
                allowed="now reached frame service",
                todo="a rig in real time has no virtual clock: write clock.kind: real in the rig file",
            ) from None
        if (self.marks.frame, self.marks.service) != marks:
            self.marks = Marks(*marks)
