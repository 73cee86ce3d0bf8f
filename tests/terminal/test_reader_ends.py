"""A reader that ends, whatever ended it, makes its stream lost: never an old picture, always a rig fault with the reason."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from posrig.description.lab import SIMULATED
from posrig.description.profile import read_profile
from posrig.description.rig_file import read_rig
from posrig.ground.clock import RealClock
from posrig.ground.faults import RigFault, TransportError
from posrig.screens import screen_stream
from posrig.screens.camera_stream import CameraStream, Reading
from posrig.screens.console import Console
from posrig.screens.picture import Emulator
from posrig.screens.pictures import Picture
from posrig.screens.screen_stream import ScreenStream
from posrig.terminal.screen import ConsoleScreen
from posrig.terminal.service_stream import ServiceStream
from posrig.terminal.streams import Streams

WRONG = [AssertionError("half a character"), SystemExit(1), KeyboardInterrupt(), MemoryError(), RecursionError("deep")]
PHOTO = b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=b\r\n\r\n--b\r\nContent-Length: 4\r\n\r\n\xff\xd8\xff\xd9\r\n--b"


def raises(error: BaseException) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail


class BrokenReader:
    def __init__(self, error: BaseException) -> None:
        self._error = error

    def read(self, jpeg: bytes) -> Reading | None:
        raise self._error


@contextmanager
def served(open_stream: Callable[[str], Console]) -> Iterator[tuple[socket.socket, Console]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stream = open_stream(f"127.0.0.1:{listener.getsockname()[1]}")
        client, _ = listener.accept()
        try:
            yield client, stream
        finally:
            stream.close()
            client.close()


def lost(stream: Console) -> str:
    with pytest.raises(TransportError) as said:
        stream.wait_until(lambda: False, 5.0)
    assert said.value.todo
    assert stream.lost in str(said.value)
    return stream.lost


@pytest.mark.parametrize("error", WRONG, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("place", ["emulator", "direct", "callback", "service", "camera"])
def test_v1_whatever_ends_a_reader_its_stream_is_lost(
    place: str, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    repaint = b"\x1b]2;frame 1\x07\x1b[H\x1b[2J\x1b[1;1Ha\x1b[2;1H\x1b[3;1H\x1b[4;1H\x1b]2;painted 1\x07"
    sent = {"emulator": b"READY", "service": b"1 1.0 boot\n", "camera": PHOTO}.get(place, repaint)

    def opened(where: str) -> Console:
        if place == "service":
            return ServiceStream(f"tcp://{where}", time.time, raises(error))
        if place == "camera":
            return CameraStream(f"http://{where}/", BrokenReader(error), time.time)
        return ScreenStream(f"tcp://{where}", time.time, raises(error) if place == "callback" else None)

    if place == "emulator":
        monkeypatch.setattr(Emulator, "feed", raises(error))
    if place == "direct":
        monkeypatch.setattr(screen_stream, "direct_rows", raises(error))
    with served(opened) as (client, stream):
        client.sendall(sent)
        assert type(error).__name__ in lost(stream)
        assert "report it" in stream._todo


def test_a_reader_that_just_stops_makes_its_stream_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScreenStream, "_read_on", lambda _: "it was tired")
    with served(lambda where: ScreenStream(f"tcp://{where}", time.time)) as (_, stream):
        assert lost(stream) == "it was tired"


def test_no_verdict_is_given_on_the_picture_before(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as screen:
        streams = Streams(f"tcp://127.0.0.1:{screen.getsockname()[1]}", None, time.time)
        try:
            client, _ = screen.accept()
            shows = ConsoleScreen(streams, read_profile(read_rig(SIMULATED).terminal.profile), RealClock())
            client.sendall("\x1b[H\x1b[2J就绪".encode())
            assert streams.screen.wait_beyond(0, 5.0)
            assert shows.frame().lines[0] == "就绪"
            monkeypatch.setattr(Emulator, "feed", raises(AssertionError("half a character")))
            client.sendall(b"x")
            lost(streams.screen)
            looks: list[Callable[[], object]] = [
                shows.frame,
                shows.latest,
                shows.history,
                lambda: shows.settled(0.01),
                lambda: shows.leaves("idle", 0.01),
            ]
            for look in looks:
                with pytest.raises(RigFault, match="half a character"):
                    look()
            monkeypatch.undo()
            streams.revive()
            again, _ = screen.accept()
            again.sendall("锁定".encode())
            assert streams.screen.wait_until(lambda: streams.screen.picture.lines[0] == "锁定", 5.0)
        finally:
            streams.close()


def test_b7_a_console_that_floods_is_lost_and_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posrig.screens.budget.AT_ONCE_S", 0.05)
    monkeypatch.setattr("posrig.screens.budget.SHARE", 0.0)  # a busy computer may give the reader less than its share
    with served(lambda where: ScreenStream(f"tcp://{where}", time.time)) as (client, stream):
        client.settimeout(0.1)
        for _ in range(300):
            with suppress(TimeoutError):  # nobody reads it any more
                client.send(b"\x1b#8" * 20_000)
            if stream.lost:
                break
        assert "more than can be read" in lost(stream)


def test_who_waits_for_the_stream_does_not_wait_for_the_computing(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, goes_on = threading.Event(), threading.Event()

    def long(self: Emulator, data: bytes) -> None:
        begun.set()
        assert goes_on.wait(5.0)

    monkeypatch.setattr(Emulator, "feed", long)
    with served(lambda where: ScreenStream(f"tcp://{where}", time.time)) as (client, stream):
        client.sendall(b"READY")
        assert begun.wait(5.0)
        assert stream.changed.acquire(timeout=2.0)
        stream.changed.release()
        goes_on.set()


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030"])
def test_a_console_of_another_size_and_encoding(encoding: str) -> None:
    with served(lambda where: ScreenStream(f"tcp://{where}", time.time, rows=6, columns=20, encoding=encoding)) as (
        client,
        stream,
    ):
        assert isinstance(stream, ScreenStream)
        assert stream.picture == Picture(("",) * 6, 0, 0.0)
        client.sendall("\x1b[H\x1b[2J\x1b[6;1H终端已锁定请输入密码".encode(encoding))
        assert stream.wait_beyond(0, 5.0)
        assert stream.picture.lines == ("", "", "", "", "", "终端已锁定请输入密码")
        assert "终端" in stream.text()
