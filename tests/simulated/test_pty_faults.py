"""The faults of a wire on its pty: what a serial cable does to a console, seen by a plain reader of the pty."""

from __future__ import annotations

import os
import select
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from rig_process import RigProcess

from conftest import SMALL_RIG
from posrig.simulated.wires.faults import PTY, WireFault, WireFaults

QUIET_S = 0.2
NEVER_S = 600.0


@pytest.fixture(scope="module")
def process() -> Iterator[RigProcess]:
    started = RigProcess([str(SMALL_RIG)], {"seed": 5}, argument=True)
    started.power()
    yield started
    assert started.end() == 0, started.errors


@pytest.fixture
def sound(process: RigProcess) -> Iterator[RigProcess]:
    yield process
    process.act("wire.mend", all=True)


class Line:
    """A serial line's reader. ``gone``: the line was pulled."""

    def __init__(self, rig: RigProcess) -> None:
        self.rig, self.path = rig, Path(rig.announcement["ttys"]["service"])
        self.fd = os.open(self.path, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
        self.gone = False
        self._rest()

    def press(self) -> bytes:
        """One key press; what comes of it until the line is quiet."""
        self.rig.press(1005)
        self.rig.advance(0.5)
        return self._rest()

    def _rest(self) -> bytes:
        data = b""
        while not self.gone and select.select([self.fd], [], [], QUIET_S)[0]:
            try:
                more = os.read(self.fd, 65_536)
            except OSError:
                more = b""
            self.gone = not more
            data += more
        return data

    def close(self) -> None:
        os.close(self.fd)


@pytest.fixture
def line(sound: RigProcess) -> Iterator[Line]:
    opened = Line(sound)
    yield opened
    opened.close()


def is_whole(said: bytes) -> bool:
    """Lines, each with the sum of what stands before it."""
    *rows, rest = said.split(b"\n")
    cut = [row.rpartition(b" *") for row in rows]
    return bool(rows) and not rest and all(b"%08x" % zlib.crc32(text) == check for text, _, check in cut)


def struck(rig: RigProcess) -> tuple[int, int]:
    (told,) = rig.act("wire.faults")
    return told["struck"], told["struck_pty"]


@pytest.mark.parametrize("fault", ["drop", "corrupt", "garbage"])
def test_bytes_are_struck_on_the_pty_and_counted_apart(sound: RigProcess, line: Line, fault: str) -> None:
    assert is_whole(line.press())
    sound.act("wire.fault", wire="service", fault=fault, rate=0.5)
    said = line.press()
    assert said
    assert not is_whole(said)
    on_tcp, on_pty = struck(sound)
    assert (on_tcp, on_pty > 0) == (0, True), "nobody reads the service port over TCP"
    sound.act("wire.mend")
    assert is_whole(line.press())


def test_a_reader_over_tcp_does_not_change_what_the_pty_gets() -> None:
    """The chance of the pty is its own: what is struck repeats, whoever else reads."""
    sent, got = bytes(2000), []
    for read_over_tcp in (False, True):
        faults = WireFaults([WireFault("service", "drop", rate=0.05)])
        if read_over_tcp:
            faults.of("service", "answer")[0].changed(sent)
        got.append(faults.of("service" + PTY, "answer")[0].changed(sent * 2))
    assert len(got[0]) == len(got[1]) < 4000
    faults.mend("service")
    faults.mend()
    assert [fault["wire"] for fault in faults.as_list()] == ["service"]


def test_a_late_line_comes_late_and_a_slow_one_byte_by_byte(sound: RigProcess, line: Line) -> None:
    sound.act("wire.fault", wire="service", fault="delay", seconds=NEVER_S)
    assert not is_whole(line.press())
    assert not line.gone
    sound.act("wire.mend")
    assert is_whole(line.press())
    sound.act("wire.fault", wire="service", fault="trickle", seconds=0.0005)
    assert is_whole(line.press())


def test_a_half_open_line_says_nothing_and_is_whole_again_when_mended(sound: RigProcess, line: Line) -> None:
    sound.act("wire.fault", wire="service", fault="half-open")
    line.press()
    assert line.press() == b""
    assert not line.gone, "nothing says that it is dead"
    sound.act("wire.mend")
    assert is_whole(line.press())


def test_a_half_open_line_comes_back_after_its_time(sound: RigProcess, line: Line) -> None:
    sound.act("wire.fault", wire="service", fault="half-open", seconds=0.05)
    line.press()
    assert is_whole(line.press())


@pytest.mark.parametrize("moment", ["open", "answer"])
def test_a_line_that_vanishes_is_pulled_out_and_comes_back_under_its_name(
    sound: RigProcess, line: Line, moment: str
) -> None:
    sound.act("wire.fault", wire="service", fault="vanish", moment=moment)
    line.press()
    assert line.gone
    assert not os.path.lexists(line.path)
    with pytest.raises(FileNotFoundError):
        Line(sound)
    sound.act("wire.mend")
    again = Line(sound)
    assert is_whole(again.press())
    again.close()


def test_a_fault_of_the_rig_file_is_on_the_pty_from_the_start() -> None:
    rig = RigProcess(
        [str(SMALL_RIG)], {"faults": [{"wire": "service", "fault": "vanish", "moment": "open"}]}, argument=True
    )
    assert not os.path.lexists(rig.announcement["ttys"]["service"])
    assert os.path.exists(rig.announcement["ttys"]["screen"])
    rig.act("wire.mend", all=True)
    assert os.path.exists(rig.announcement["ttys"]["service"])
    assert rig.end() == 0
