"""The screen read by camera, over the real wire: the simulated rig's camera, and one of any other make."""

from __future__ import annotations

import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import pytest
from hangs import sooner

from posrig.description.lab import SIMULATED
from posrig.description.profile import read_profile
from posrig.description.rig_file import RigDescription, read_rig
from posrig.ground.clock import Marks, SimulatedClock
from posrig.ground.faults import ConfigurationError, RigFault, TransportError
from posrig.rig.rig import Rig, RigOptions
from posrig.screens.camera_stream import CameraStream, PhotoReader, Reading
from posrig.screens.photo_reading import DisplayReader
from posrig.screens.screen_stream import ScreenStream
from posrig.simulated.wires.photograph import CORNERS
from posrig.terminal import preparing
from posrig.terminal.models.terminal_r import locking, selling, starting
from tests.camera.small_camera import HEAD, again_and_again, jpeg, part, serving

BY_CAMERA = Path(__file__).parents[2] / "rigs" / "camera.yaml"
READY, LOCKED, MENU = ("READY      12:34", "", "0.00", "OP01"), ("LOCKED", "", "", ""), ("1 Sale   2 Void", "", "", "")


@contextmanager
def stream_of(
    address: str, made: Callable[[DisplayReader], PhotoReader] = lambda reader: reader
) -> Iterator[CameraStream]:
    font = read_profile(read_rig(SIMULATED).terminal.profile).data.display.font
    assert font is not None
    stream = CameraStream(address, made(DisplayReader(CORNERS, font, (4, 16))), time.monotonic)
    try:
        yield stream
    finally:
        stream.close()


def shown(stream: CameraStream) -> list[tuple[str, ...]]:
    return [picture.lines for picture in stream.pictures]


def test_of_any_camera_a_picture_counts_when_two_photos_agree() -> None:
    one, between, other = part(jpeg(*READY)), part(jpeg(*MENU)), part(jpeg(*LOCKED))
    asked: list[bytes] = []
    with (
        serving([HEAD, one, one, one, between, other, other], asked=asked) as address,
        stream_of(address) as stream,
    ):
        assert stream.wait_until(lambda: stream.picture.lines == LOCKED, 5.0)
        assert shown(stream) == [READY, LOCKED]
        assert stream.whole
    assert asked[0].startswith(b"GET /stream?res=640 HTTP/1.1\r\nHost: 127.0.0.1:")


def test_while_a_hand_is_before_the_display_there_is_no_picture_and_then_there_is() -> None:
    good, hidden = part(jpeg(*READY)), part(b"\xff\xd8no photo\xff\xd9")
    with serving(chain([HEAD, good, good], again_and_again(hidden))) as address, stream_of(address) as stream:
        assert stream.wait_until(lambda: stream.damaged == 1, 5.0)
        assert not stream.make_whole()
        assert stream.damaged == 1
    with serving([HEAD, good, good, hidden, good]) as address, stream_of(address) as stream:
        assert stream.wait_until(lambda: stream.published == 1 and stream.photo == jpeg_of(good), 5.0)
        assert stream.wait_until(lambda: stream.whole, 5.0)


def test_of_a_camera_that_counts_a_photo_without_its_number_is_no_picture() -> None:
    """Its head came in damaged: which repaint it shows nobody knows."""
    bare = part(jpeg(*LOCKED))
    pieces = [HEAD, numbered(7, READY), bare, bare]
    with serving(pieces) as address, stream_of(address) as stream:
        assert stream.wait_until(lambda: stream.photo == jpeg_of(bare) and stream.version > 1, 5.0)
        assert not stream.wait_until(lambda: stream.published > 1, 0.1)
        assert shown(stream) == [READY]
        assert not stream.whole


class Slow:
    """Reads a photo in a twentieth of a second, as a busy computer does."""

    def __init__(self, reader: DisplayReader) -> None:
        self._reader = reader

    def read(self, jpeg: bytes) -> Reading | None:
        time.sleep(0.05)
        return self._reader.read(jpeg)


def numbered(number: int, rows: tuple[str, ...]) -> bytes:
    page = jpeg(*rows)
    told = b"Content-Length: %d\r\nX-Repaint: %d %08x\r\n\r\n" % (len(page), number, zlib.crc32(b"%d" % number + page))
    return told + page + b"\r\n--boundarydonotcross\r\n"


def test_photos_that_are_read_one_after_the_other_are_waited_for() -> None:
    """Half an hour of a countdown in virtual time is 1,800 photos at once: none is lost because reading takes time."""
    pieces = [HEAD, *(numbered(number, (READY, MENU)[number % 2]) for number in range(1, 21))]
    with serving(pieces) as address, stream_of(address, Slow) as stream:
        assert stream.catch_up(Marks(20, 0), 0.2)
        assert (stream.published, stream.damaged, stream.whole) == (20, 0, True)
        with sooner():
            assert not stream.catch_up(Marks(21, 0), 0.2)  # it never comes


def jpeg_of(one: bytes) -> bytes:
    return one[one.index(b"\xff\xd8") : one.rindex(b"\xff\xd9") + 2]


def test_an_address_that_is_no_camera_is_a_lost_wire_with_words() -> None:
    with serving([b"HTTP/1.1 401 Unauthorized\r\n\r\n"]) as address, stream_of(address) as stream:
        with pytest.raises(TransportError, match="it answers 401 Unauthorized") as error:
            stream.wait_until(lambda: False, 5.0)
        assert "posrig camera" in str(error.value)


def by_camera() -> RigDescription:
    return read_rig(BY_CAMERA)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with Rig.open(by_camera(), options=RigOptions(incidents=tmp_path)) as rig:
        preparing.prepare(rig.terminal)
        rig.begin_scenario()
        yield rig


def test_a_terminal_is_locked_cut_and_unlocked_with_the_screen_read_by_camera_only(rig: Rig) -> None:
    """The console beside it tells the same pictures in the same order."""
    assert isinstance(rig.streams.screen, CameraStream)
    assert isinstance(rig.clock, SimulatedClock)
    console = ScreenStream(f"tcp://127.0.0.1:{rig.addresses['screen']}", rig.clock.last_now)
    try:
        before = rig.streams.screen.published
        starting.ready(rig.terminal, "01")
        locking.lock(rig.terminal)
        starting.cut_power(rig.terminal)
        locking.is_locked(rig.terminal)
        locking.unlock(rig.terminal, "01")
        selling.sale_is_accepted(rig.terminal)
        rig.clock.sync(rig.streams)
        assert console.catch_up(rig.clock.marks, 5.0)
        seen = [(picture.number, picture.lines) for picture in rig.streams.screen.since(before)]
        told = [(picture.number, picture.lines) for picture in console.pictures if picture.number >= seen[0][0]]
        assert len(seen) > 20
        assert seen == told
        assert rig.screen.history()
    finally:
        console.close()


def test_a_dark_display_is_no_picture(rig: Rig) -> None:
    starting.ready(rig.terminal, "01")
    published = rig.streams.screen.published
    rig.supply.off()  # behind the harness's back, as a blown fuse
    assert rig.streams.screen.wait_until(lambda: not any(rig.streams.screen.picture.lines), 5.0)
    assert rig.streams.screen.published == published
    assert rig.screen.frame().screen is None


def test_photos_that_come_in_damaged_are_fetched_anew_or_a_rig_fault(rig: Rig) -> None:
    starting.ready(rig.terminal, "01")
    rig.bench.do("wire.fault", wire="camera", fault="corrupt", moment="answer", rate=0.0001, seed=3)

    def watched() -> None:
        for _ in range(30):
            for key in ("MENU", "CANCEL"):
                rig.keypad.press(key)
                rig.screen.settled()
        rig.screen.history()

    with pytest.raises(RigFault) as error:  # a photo in three comes whole: five tries are not always enough
        watched()
    assert error.value.instrument == "camera"
    rig.bench.do("wire.mend")
    rig.screen.begin()
    rig.keypad.press("MENU")
    assert rig.screen.settled().screen == "menu"


def test_a_rig_file_without_corners_that_go_round_is_refused_with_its_line(tmp_path: Path) -> None:
    text = BY_CAMERA.read_text().replace("profiles/", f"{SIMULATED.parent}/profiles/")
    wrong = tmp_path / "rig.yaml"
    for old, new, said in (
        ("[[74, 78], [571, 60]", "[[571, 60], [74, 78]", "goes not once around a display"),
        ("http://127.0.0.1:{camera}/stream", "rtsp://10.0.0.1/x", "no address of an MJPEG stream"),
        ("camera:   ", "kamera:   ", "did you mean 'camera'?"),
        ("screen: camera", "screen: webcam", "or camera"),
    ):
        assert old in text
        wrong.write_text(text.replace(old, new))
        with pytest.raises(ConfigurationError, match=said) as error:
            read_rig(wrong)
        assert "rig.yaml:" in str(error.value)


def test_without_the_extra_or_the_font_it_is_said_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    description = by_camera()
    profile = read_profile(description.terminal.profile)
    bare = tmp_path / "profile.yaml"
    bare.write_text(description.terminal.profile.read_text().replace(", font: unifont-gb2312.hex", ""))
    with pytest.raises(ConfigurationError, match="its font is not known"):
        Rig.open(description, profile=read_profile(bare), options=RigOptions(incidents=tmp_path))
    monkeypatch.setitem(sys.modules, "cv2", None)
    for name in ("posrig.screens.photo_reading", "posrig.screens.photo_corners"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    with pytest.raises(ConfigurationError, match=r"pip install 'posrig\[camera\]'"):
        Rig.open(description, profile=profile, options=RigOptions(incidents=tmp_path))
