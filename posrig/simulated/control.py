"""The two wires beside the instruments: the clock (virtual time) and the bench (acts as JSON lines)."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

from posrig.simulated.bench_acts import BenchActs, BenchError
from posrig.simulated.loop.scheduler import Scheduler
from posrig.simulated.wires.sockets import Connection
from posrig.simulated.wires.streams import NoServicePort, ScreenStream, ServiceStream

LONGEST_S = 400 * 86400.0
"""More than a year at once is a slip of a unit, not a wish."""


class ClockWire:
    """``A seconds``, ``U seconds``, ``N``; each answered ``now reached frame service``."""

    def __init__(
        self,
        scheduler: Scheduler,
        screen: ScreenStream,
        service: ServiceStream | NoServicePort,
        flush: Callable[[], None],
    ) -> None:
        self._scheduler, self._screen, self._service, self._flush = scheduler, screen, service, flush

    def line(self, connection: Connection, text: str) -> None:
        answer = self.answer(text)
        # The streams first: who reads this answer must find there what it counts.
        self._flush()
        connection.send(answer.encode())

    def answer(self, text: str) -> str:
        command, _, rest = text.strip().partition(" ")
        reached = True
        if command in ("A", "U"):
            if self._scheduler.real_time:
                return "E real time\n"
            seconds = _seconds(rest)
            if seconds is None:
                return f"E seconds from 0 to {LONGEST_S:.0f}, not {rest[:40]!r}\n"
            reached = self._scheduler.advance(seconds, self._anything_new() if command == "U" else None)
        elif command != "N" or rest:
            return f"E unknown request {text[:40]!r}; allowed: A seconds, U seconds, N\n"
        return f"{self._scheduler.now:.6f} {int(reached)} {self._screen.frame} {self._service.seq}\n"

    def overrun(self, connection: Connection) -> None:
        connection.send(b"E request too long\n")

    def _anything_new(self) -> Callable[[], bool]:
        screen, service = self._screen, self._service
        frame, seq = screen.frame, service.seq
        return lambda: screen.frame != frame or service.seq != seq


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and 0 <= seconds <= LONGEST_S else None


class BenchWire:
    """``{"id": 1, "do": "host.lock", "args": {...}}`` -> ``{"id": 1, "ok": true, "result": ...}``."""

    def __init__(self, acts: BenchActs, flush: Callable[[], None]) -> None:
        self._acts, self._flush = acts, flush

    def line(self, connection: Connection, text: str) -> None:
        if not text.strip():
            return
        answer = self.answer(text)
        self._flush()
        connection.send(json.dumps(answer, ensure_ascii=False).encode() + b"\n")

    def answer(self, text: str) -> dict[str, Any]:
        try:
            request = json.loads(text)
        except json.JSONDecodeError as error:
            return _failed(None, f"not JSON: {error.msg} at column {error.colno}")
        if not isinstance(request, dict) or not isinstance(request.get("do"), str):
            return _failed(None, 'no request; allowed: an object {"id": ..., "do": "act", "args": {...}}')
        number, args = request.get("id"), request.get("args") or {}
        if not isinstance(args, dict):
            return _failed(number, "args is no object; allowed: name -> value")
        try:
            return {"id": number, "ok": True, "result": self._acts.perform(request["do"], args)}
        except BenchError as error:
            return _failed(number, str(error))

    def overrun(self, connection: Connection) -> None:
        connection.send(json.dumps(_failed(None, "request too long")).encode() + b"\n")


def _failed(number: Any, error: str) -> dict[str, Any]:
    return {"id": number, "ok": False, "error": error}
