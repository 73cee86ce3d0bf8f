"""The console over a serial line: a pseudo terminal stands for the cable."""

from __future__ import annotations

import os
import time
import tty
from collections.abc import Iterator

import pytest

from posrig.ground.clock import Marks
from posrig.ground.faults import TransportError
from posrig.screens.screen_stream import ScreenStream


@pytest.fixture
def cable() -> Iterator[tuple[int, str]]:
    master, slave = os.openpty()
    tty.setraw(slave)
    yield master, f"serial:{os.ttyname(slave)}?baud=115200"
    for end in (master, slave):
        try:
            os.close(end)
        except OSError:
            continue


def test_pictures_come_over_a_serial_line(cable: tuple[int, str]) -> None:
    master, address = cable
    stream = ScreenStream(address, time.monotonic)
    try:
        painted = "\x1b]2;frame 1\x07\x1b[H\x1b[2J\x1b[1;1H正在启动\x1b[2;1H固件 2.4.1\x1b[3;1H\x1b[4;1H\x1b]2;painted 1\x07".encode()
        for start in range(0, len(painted), 7):  # a slow line cuts characters in two
            os.write(master, painted[start : start + 7])
        assert stream.catch_up(Marks(1, 0), 2.0)
        assert stream.picture.lines == ("正在启动", "固件 2.4.1", "", "")
    finally:
        stream.close()


def test_a_pulled_cable_is_a_lost_console(cable: tuple[int, str]) -> None:
    master, address = cable
    stream = ScreenStream(address, time.monotonic)
    try:
        os.close(master)
        with pytest.raises(TransportError, match="screen console was lost"):
            stream.wait_beyond(0, 3.0)
    finally:
        stream.close()
