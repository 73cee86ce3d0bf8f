"""Screen and service streams over TCP and pty: whole repaints, late and slow readers, nobody at all."""

from __future__ import annotations

import os
import re
import select
import time
import tty
import unicodedata
import zlib

import pytest
from hangs import HANGS_S
from hypothesis import given
from hypothesis import strategies as st
from rig_process import RigProcess

from posrig.simulated.wires.streams import clipped, written


def read_some(fd: int, until: bytes) -> bytes:
    data = b""
    deadline = time.monotonic() + HANGS_S
    while until not in data:
        left = deadline - time.monotonic()
        assert left > 0, data[-200:]
        if select.select([fd], [], [], left)[0]:
            data += os.read(fd, 65536)
    return data


def open_tty(path: str) -> int:
    fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(fd)
    return fd


def test_a_repaint_is_as_the_wire_says(rig: RigProcess) -> None:
    rig.power()
    frame = int(rig.wire("clock").ask("N").split()[2])
    picture = "\x1b[H\x1b[2J\x1b[1;1HStarting...\x1b[2;1H\x1b[3;1H\x1b[4;1H"
    check = f"{zlib.crc32(f'{frame}{picture}'.encode()):08x}"
    expected = f"\x1b]2;frame {frame}\x07{picture}\x1b]2;sum {check}\x07\x1b]2;painted {frame}\x07".encode()
    assert rig.wire("screen").socket.recv(65536) == expected


def test_a_late_reader_gets_the_present_picture_once(rig: RigProcess) -> None:
    rig.power()
    rig.advance(2)
    late = rig.another("screen")
    data = late.socket.recv(65536).decode()
    assert re.findall(r"painted (\d+)", data) == [rig.wire("clock").ask("N").split()[2]]
    assert "就绪" in data
    late.close()


def test_no_picture_without_power(rig: RigProcess) -> None:
    rig.power()
    rig.scpi("supply", "OUTP OFF,(@2);*OPC?")
    late = rig.another("screen")
    rig.now()
    late.socket.settimeout(0.05)
    with pytest.raises(TimeoutError):
        late.socket.recv(1)
    late.close()


def test_service_lines_count_and_carry_the_clock(rig: RigProcess) -> None:
    rig.power()
    rig.press(1005)
    lines = [line.split() for line in rig.lines()]
    numbers = [int(line[0]) for line in lines]
    assert numbers == list(range(numbers[0], numbers[0] + len(lines)))
    assert [line[1] for line in lines] == sorted(line[1] for line in lines)
    assert all(re.fullmatch(r"\d+\.\d{3}", line[1]) for line in lines)


def test_both_streams_over_their_ptys(start) -> None:
    rig = start()
    screen, service = (open_tty(rig.announcement["ttys"][name]) for name in ("screen", "service"))
    rig.power()
    rig.advance(2)
    assert "就绪" in read_some(screen, b"painted 2").decode()
    assert b"power state=on *" in read_some(service, b"boot ")
    os.close(screen)
    os.close(service)


def test_ptys_without_a_reader_block_nothing_and_show_the_present_when_one_comes(start) -> None:
    rig = start()
    rig.power()
    rig.press(1016)
    for _ in range(100):
        rig.press(1014)
    rig.advance(2000)
    last = rig.wire("clock").ask("N").split()[2]
    screen = open_tty(rig.announcement["ttys"]["screen"])
    assert read_some(screen, f"painted {last}\x07".encode())
    os.write(screen, b"typed at the console")
    rig.now()
    os.close(screen)


def test_ptys_can_be_left_out(start) -> None:
    assert start(ttys=False).announcement["ttys"] == {}


def test_a_reader_that_never_reads_is_cut_off_and_the_others_go_on(start) -> None:
    rig = start(ttys=False)
    rig.wire("service")
    slow = rig.another("service")
    rig.now()
    rig.power()
    rig.press(1016)
    for _ in range(60):
        rig.advance(1000)
        rig.lines()
    got = 0
    slow.socket.settimeout(HANGS_S)
    while chunk := slow.socket.recv(1 << 20):
        got += len(chunk)
    assert got > 100_000
    assert rig.scpi("supply", "*OPC?") == "1"


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_a_row_never_leaves_the_display(text: str) -> None:
    shown = clipped(text)
    assert sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in shown) <= 16
    assert shown.isprintable()


@given(st.text())
def test_a_value_is_one_word_or_a_json_string(text: str) -> None:
    import json

    value = written(text)
    if value.startswith('"'):
        assert json.loads(value) == text
    else:
        assert value == text
        assert not re.search(r"\s", value)
    assert "\n" not in value
