"""The clock: virtual time over its wire, real time, deadlines."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time

import pytest
from hangs import HANGS_S, sooner

from posrig.ground.clock import Marks, RealClock, SimulatedClock
from posrig.ground.deadline import Deadline
from posrig.ground.faults import RigFault, TransportError


class ClockServer:
    """A clock wire that keeps virtual time; ``events`` are instants at which a repaint is sent."""

    def __init__(self, events: tuple[float, ...] = ()) -> None:
        self.now, self.frame, self.events, self.asked = 1000.0, 0, list(events), []
        self.answer = self._answer
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError), client.makefile("rb") as lines:
            for line in lines:
                self.asked.append(line.decode().strip())
                answer = self.answer(line.decode().split())
                if answer is None:
                    return
                client.sendall(answer)

    def _answer(self, words: list[str]) -> bytes | None:
        reached, end = 1, self.now + float(words[1] if len(words) > 1 else 0)
        while self.events and self.events[0] <= end:
            self.now = self.events.pop(0)
            self.frame += 1
            if words[0] == "U":
                reached = 0
                break
        else:
            self.now = end
        return f"{self.now:.6f} {reached} {self.frame} 0\n".encode()


class FrameWatch:
    """A stream that has always read what the rig has sent."""

    version = 0

    def catch_up(self, marks: Marks, timeout_s: float) -> bool:
        self.version = marks.frame
        return True

    def wait_beyond(self, version: int, timeout_s: float) -> bool:
        raise AssertionError("virtual time never waits in real time")


def test_sleep_moves_virtual_time_and_costs_no_real_time() -> None:
    clock = SimulatedClock(ClockServer().address)
    before = clock.now()
    with sooner(1800.0):
        assert clock.sleep(1800.0) == pytest.approx(before + 1800)
    assert clock.last_now() == clock.now()
    clock.close()


def test_nothing_is_asked_for_no_time() -> None:
    server = ClockServer()
    clock = SimulatedClock(server.address)
    clock.sleep(0)
    clock.sleep(-3.0)
    assert server.asked == ["N"]


def test_wait_change_stops_at_the_change() -> None:
    clock, watch = SimulatedClock(ClockServer(events=(1007.5,)).address), FrameWatch()
    assert clock.wait_change(watch, 0, 30.0)
    assert clock.now() == 1007.5


def test_wait_change_ends_at_its_time_out_when_nothing_changes() -> None:
    clock, watch = SimulatedClock(ClockServer().address), FrameWatch()
    assert not clock.wait_change(watch, 0, 30.0)
    assert clock.now() == 1030.0


def test_a_change_that_was_sent_before_is_seen_without_letting_time_pass() -> None:
    clock, watch = SimulatedClock(ClockServer(events=(1000.05,)).address), FrameWatch()
    clock.sleep(0.1)
    assert clock.wait_change(watch, 0, 30.0)
    assert clock.now() == 1000.1


def test_a_rig_in_real_time_is_told_apart() -> None:
    server = ClockServer()
    server.answer = lambda _: b"E real time\n"
    with pytest.raises(RigFault, match="real time") as raised:
        SimulatedClock(server.address)
    assert "clock.kind: real" in raised.value.todo


def test_a_clock_that_does_not_answer_is_a_transport_error_within_its_deadline() -> None:
    server = ClockServer()
    clock = SimulatedClock(server.address, answer_within_s=0.2)
    server.answer = lambda _: b""
    with sooner(), pytest.raises(TransportError, match="no answer within"):
        clock.sleep(1.0)


def test_a_clock_that_trickles_its_answer_does_not_outlast_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def trickle() -> None:
            client, _ = listener.accept()
            client.recv(100)
            with contextlib.suppress(OSError):
                while True:
                    client.sendall(b"1")
                    time.sleep(0.05)

        threading.Thread(target=trickle, daemon=True).start()
        with sooner(), pytest.raises(TransportError, match="no answer within"):
            SimulatedClock(f"tcp://127.0.0.1:{listener.getsockname()[1]}", answer_within_s=0.3)


def test_a_clock_that_hangs_up_is_a_transport_error_and_the_next_question_opens_anew() -> None:
    server = ClockServer()
    clock = SimulatedClock(server.address)
    server.answer = lambda _: None
    with pytest.raises(TransportError, match="closed the connection"):
        clock.sleep(1.0)
    server.answer = server._answer
    assert clock.now() == 1000.0


def test_ctrl_c_between_question_and_answer_does_not_shift_the_answers() -> None:
    server = ClockServer()
    clock = SimulatedClock(server.address)

    def slow(words: list[str]) -> bytes:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.1)
        return b"5.0 1 0 0\n"

    server.answer = slow
    with pytest.raises(KeyboardInterrupt):
        clock.sleep(1.0)
    server.answer = server._answer
    time.sleep(0.15)
    assert clock.now() == 1000.0


def test_the_real_clock_waits_for_real() -> None:
    clock = RealClock()
    assert clock.now() == pytest.approx(time.time(), abs=HANGS_S)
    start = time.monotonic()
    clock.sleep(0.05)
    assert time.monotonic() - start >= 0.05


def test_a_deadline_runs_on_its_own_clock() -> None:
    now = [10.0]
    deadline = Deadline(5.0, lambda: now[0])
    assert (deadline.remaining, deadline.expired) == (5.0, False)
    now[0] = 14.0
    assert (deadline.remaining, deadline.waited) == (1.0, 4.0)
    now[0] = 99.0
    assert (deadline.remaining, deadline.expired) == (0.0, True)


def test_a_repaint_was_shown_when_its_step_began_however_late_it_is_read() -> None:
    """Or at the end of a step that it ended. A reader that lags makes no picture younger, nor older."""
    server = ClockServer(events=(1000.05, 1000.3, 1004.0))
    clock = SimulatedClock(server.address)
    try:
        assert clock.when(1, 7.0) == 7.0  # no step has told of it yet
        clock.sleep(0.1)
        clock.sleep(0.1)
        clock.sleep(0.5)
        assert clock.wait_change(FrameWatch(), 2, 30.0)
        clock.sleep(10.0)
        assert [clock.when(frame, 1014.0) for frame in (1, 2, 3)] == [1000.0, 1000.2, 1004.0]
        assert clock.when(0, 1014.0) == 1014.0
    finally:
        clock.close()
