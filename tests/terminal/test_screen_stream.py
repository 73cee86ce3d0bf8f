"""The screen and service streams: bytes over a real socket become pictures and lines, however they are cut up."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hangs import HANGS_S, LONG_S, sooner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posrig.ground.clock import Marks
from posrig.ground.faults import ConfigurationError, TransportError
from posrig.screens.console import open_bytes
from posrig.screens.picture import Emulator, direct_rows, width
from posrig.screens.pictures import Picture
from posrig.screens.screen_stream import ScreenStream
from posrig.terminal.service_stream import parse_line
from posrig.terminal.streams import Streams


def fitted(text: str) -> str:
    while width(text) > 16:
        text = text[:-1]
    return text


ROW = st.text(st.sampled_from("READY 0123:*_.锁定终端确认键!请输入密码"), max_size=16).map(fitted)
ROWS = st.lists(ROW, min_size=4, max_size=4)


def repaint(rows: list[str]) -> bytes:
    return ("\x1b[H\x1b[2J" + "".join(f"\x1b[{n};1H{row}" for n, row in enumerate(rows, 1))).encode()


def titled(number: int, rows: list[str]) -> bytes:
    return b"\x1b]2;frame %d\x07" % number + repaint(rows) + b"\x1b]2;painted %d\x07" % number


@contextmanager
def console() -> Iterator[tuple[socket.socket, ScreenStream]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stream = ScreenStream(f"tcp://127.0.0.1:{listener.getsockname()[1]}", time.monotonic)
        client, _ = listener.accept()
        try:
            yield client, stream
        finally:
            stream.close()
            client.close()


class Unconnected(ScreenStream):
    """The parser alone: no thread, no socket."""

    def _open(self) -> None:  # type: ignore[override]
        return

    def _start(self, opened: object) -> None:
        return


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS)
def test_the_direct_way_reads_the_same_rows_as_the_emulator(rows: list[str]) -> None:
    emulator = Emulator()
    emulator.feed(repaint(rows))
    assert direct_rows(repaint(rows)) == emulator.rows()


@pytest.mark.parametrize(
    "painted",
    [
        repaint(["a" * 17, "", "", ""]),
        repaint(["锁" * 9, "", "", ""]),
        repaint(["e\u0301", "", "", ""]),
        repaint(["a", "b", "c", "d"]) + b"\x1b[2;1Hx",
        repaint(["a\x1b[7mb", "", "", ""]),
        b"\x1b[1;1Honly a row",
        b"\x1b[H\x1b[2J\x1b[1;1H\xff\x1b[2;1H\x1b[3;1H\x1b[4;1H",
    ],
    ids=["too long", "too wide", "combining", "row again", "colour", "one row", "no UTF-8"],
)
def test_anything_else_than_a_plain_repaint_is_left_to_the_emulator(painted: bytes) -> None:
    assert direct_rows(painted) is None


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ROWS, min_size=1, max_size=4), st.data())
def test_pictures_are_the_same_however_the_bytes_are_cut(frames: list[list[str]], data: st.DataObject) -> None:
    stream = Unconnected("tcp://127.0.0.1:1", lambda: 1.0)
    sent = b"".join(titled(number, rows) for number, rows in enumerate(frames, 1))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=6)))
    for start, end in zip([0, *cuts], [*cuts, len(sent)], strict=True):
        stream._take(sent[start:end])
    expected = [tuple(row.rstrip(" ") for row in rows) for rows in frames]
    assert [picture.lines for picture in stream.pictures if picture.number] == expected
    assert stream.picture.number == len(frames)


def test_an_update_builds_on_the_repaint_before_it() -> None:
    with console() as (client, stream):
        client.sendall(titled(1, ["READY", "Amount:", "0.00", "OP01"]))
        client.sendall(b"\x1b]2;frame 2\x07\x1b[3;1H9.99\x1b]2;painted 2\x07")
        assert stream.catch_up(Marks(2, 0), HANGS_S)
        assert stream.picture.lines == ("READY", "Amount:", "9.99", "OP01")


def test_a_stream_without_titles_counts_once_the_line_is_quiet() -> None:
    with console() as (client, stream):
        client.sendall(b"\x1b[H\x1b[2J\x1b[1;1HREA")
        client.sendall(b"DY\x1b[2;1H" + "锁定".encode()[:4])
        client.sendall("锁定".encode()[4:])
        assert stream.wait_beyond(0, HANGS_S)
        assert stream.picture.lines == ("READY", "锁定", "", "")
        assert [p.lines[0] for p in stream.pictures] == ["READY"]


def test_a_lost_console_is_a_rig_fault_that_names_it_and_waits_for_nothing() -> None:
    with console() as (client, stream):
        client.sendall(titled(1, ["READY", "", "", ""]))
        assert stream.catch_up(Marks(1, 0), HANGS_S)
        client.close()
        with sooner(), pytest.raises(TransportError, match="screen console was lost"):
            stream.wait_beyond(stream.version, LONG_S)
        with sooner(), pytest.raises(TransportError):
            stream.catch_up(Marks(2, 0), LONG_S)


def test_a_frame_that_never_comes_is_waited_for_once() -> None:
    with console() as (_, stream):
        assert not stream.catch_up(Marks(7, 0), 0.05)
        with sooner():
            assert stream.catch_up(Marks(7, 0), LONG_S)


def test_since_gives_every_picture_once_and_blank_forgets_the_present_one() -> None:
    with console() as (client, stream):
        client.sendall(b"".join(titled(n, [str(n), "", "", ""]) for n in (1, 2, 3)))
        assert stream.catch_up(Marks(3, 0), HANGS_S)
        assert [picture.lines[0] for picture in stream.since(1)] == ["2", "3"]
        stream.blank()
        assert stream.picture == Picture(("",) * 4, 0, 0.0)


def test_both_streams_wake_one_wait() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as screen,
        socket.create_server(("127.0.0.1", 0)) as service,
    ):
        addresses = [f"tcp://127.0.0.1:{server.getsockname()[1]}" for server in (screen, service)]
        streams = Streams(addresses[0], addresses[1], time.monotonic)
        try:
            with screen.accept()[0], service.accept()[0] as lines:
                version = streams.version
                threading.Timer(0.05, lambda: lines.sendall(b'3 12.5 log record=000147 what="SIGN-ON NO"\n')).start()
                assert streams.wait_beyond(version, HANGS_S)
                (line,) = streams.service.after(0)
                assert (line.event, dict(line.fields)) == ("log", {"record": "000147", "what": "SIGN-ON NO"})
                assert streams.service.after(3) == ()
        finally:
            streams.close()


@pytest.mark.parametrize("text", ["", "boot", "x 1.0 boot", "1 y boot", "U-Boot 2026.01 (Nov 1)"])
def test_what_is_no_service_line_is_none(text: str) -> None:
    assert parse_line(text) is None


def test_a_console_that_does_not_answer_is_named_at_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(TransportError, match="screen console does not answer"):
        ScreenStream(address, time.monotonic)
    with pytest.raises(TransportError, match=r"(?i)no such file"):
        open_bytes("screen console", "serial:/dev/ttyNOSUCH?baud=9600")
    with pytest.raises(ConfigurationError, match="options"):
        open_bytes("screen console", "serial:/dev/ttyNOSUCH?bauds=9600")
