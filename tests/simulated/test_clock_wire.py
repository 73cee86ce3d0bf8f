"""The clock wire: virtual time moves only when somebody moves it; real time goes by itself."""

from __future__ import annotations

import time

import pytest
from hangs import HANGS_S
from rig_process import RigProcess

from posrig.simulated.loop.scheduler import Scheduler, TimeStandsStill


def test_time_stands_still(rig: RigProcess) -> None:
    before = rig.now()
    time.sleep(0.05)
    assert rig.now() == before


def test_advance(rig: RigProcess) -> None:
    before = rig.now()
    answer = rig.wire("clock").ask("A 1800.5").split()
    assert float(answer[0]) == pytest.approx(before + 1800.5)
    assert answer[1] == "1"


def test_until_stops_after_the_first_thing_to_see(rig: RigProcess) -> None:
    rig.power()
    before, frame = rig.now(), int(rig.wire("clock").ask("N").split()[2])
    now, reached, frame_now, _ = rig.wire("clock").ask("U 30").split()
    assert float(now) == pytest.approx(before + 1.0)
    assert (reached, int(frame_now)) == ("0", frame + 1)
    now, reached, frame_now, _ = rig.wire("clock").ask("U 30").split()
    assert float(now) == pytest.approx(before + 31.0)
    assert (reached, int(frame_now)) == ("1", frame + 1)


@pytest.mark.parametrize("text", ["A", "A x", "A -1", "A nan", "A inf", "A 1e12", "B 1", "N 1", "", "a 1", "U"])
def test_bad_requests(rig: RigProcess, text: str) -> None:
    before = rig.now()
    assert rig.wire("clock").ask(text).startswith("E ")
    assert rig.now() == before


def test_an_answer_comes_after_what_it_counts(rig: RigProcess) -> None:
    rig.power()
    rig.press(1016)
    rig.lines()
    rig.wire("clock").ask("A 100")
    seq = int(rig.wire("clock").ask("N").split()[3])
    rig.wire("service").socket.settimeout(HANGS_S)
    assert int(rig.lines()[-1].split()[0]) == seq


def test_real_time(start) -> None:
    rig = start(real_time=True)
    rig.wire("service")
    assert rig.wire("clock").ask("A 1") == "E real time"
    asked = time.monotonic()
    first = rig.now()
    begun = time.monotonic()
    rig.power()
    rig.scpi("switch", "ROUT:CLOS (@1016);*OPC?")
    assert time.monotonic() - begun > 0.003
    lines = rig.wire("service").read_until("tick")
    lines += rig.wire("service").read_until("tick")
    assert rig.now() - first <= time.monotonic() - asked + 0.1  # never faster than the world
    assert rig.now() - first >= 0.5
    started = time.monotonic()
    assert float(rig.scpi("meter", "CONF:CURR;:CURR:NPLC 1;:READ?")) > 0.1
    assert time.monotonic() - started >= 0.02


def test_a_busy_instrument_makes_its_clients_wait_their_turn(start) -> None:
    rig = start(real_time=True)
    other = rig.another("meter")
    rig.wire("meter").write("CONF:CURR;:CURR:NPLC 1;:SAMP:COUN 25;:READ?")
    time.sleep(0.02)
    begun = time.monotonic()
    assert other.ask("SAMP:COUN?") == "+25"
    assert time.monotonic() - begun > 0.1
    assert rig.wire("meter").read().count(",") == 24
    assert rig.scpi("supply", "*OPC?") == "1"
    other.close()


def test_a_flood_at_a_busy_instrument_is_an_overrun(start) -> None:
    rig = start(real_time=True)
    wire = rig.wire("meter")
    wire.socket.sendall(b"*CLS;:CONF:CURR;:CURR:NPLC 1;:SAMP:COUN 25;:READ?\n" + b"*OPC?\n" * 1500)
    assert wire.read().count(",") == 24
    assert [wire.read() for _ in range(1000)] == ["1"] * 1000
    assert wire.ask("SYST:ERR?") == '-363,"Input buffer overrun"'


def test_time_that_stands_still_is_an_error_and_no_endless_loop() -> None:
    scheduler = Scheduler(0.0)

    def again() -> None:
        scheduler.after(0.0, again)

    again()
    with pytest.raises(TimeStandsStill):
        scheduler.advance(1)


def test_jumping_keeps_distances() -> None:
    scheduler, ran = Scheduler(1000.0), []
    scheduler.after(5, lambda: ran.append(scheduler.now))
    scheduler.jump(50.0)
    scheduler.advance(4.9)
    assert ran == []
    scheduler.advance(0.2)
    assert ran == [55.0]


def test_events_of_one_instant_run_in_order_and_cancelled_ones_never() -> None:
    scheduler, ran = Scheduler(0.0), []
    timers = [scheduler.after(1, lambda n=n: ran.append(n)) for n in range(5)]
    timers[2].cancel()
    assert scheduler.advance(1)
    assert ran == [0, 1, 3, 4]
    assert not any(timer.pending for timer in timers)
