"""W2: answers of cameras of any make: chunked or not, any legal boundary, and why there is no picture."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest
from hangs import HANGS_S
from hypothesis import given
from hypothesis import strategies as st

from posrig.ground.faults import TransportError
from posrig.screens import camera_stream
from posrig.screens.camera_stream import CameraStream, Reading
from posrig.screens.mjpeg import NoPhotosError, Photos
from tests.camera.small_camera import HEAD as SMALL_HEAD
from tests.camera.small_camera import serving

PHOTO = b"\xff\xd8 a photo \r\n\r\n with lines \xff\xd9"


def chunked(body: bytes, sizes: list[int]) -> bytes:
    out, at = b"", 0
    for size in [*sizes, len(body)]:
        piece = body[at : at + size]
        at += size
        out += b"%x;ext=1\r\n%b\r\n" % (len(piece), piece) if piece else b""
    return out


def answer(boundary: str, sent: str, *, length: bool, chunks: list[int] | None) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace;  boundary={boundary}\r\n"
    told = f"Content-Length: {len(PHOTO)}\r\n" if length else ""
    part = f"{sent}\r\nContent-Type: image/jpeg\r\n{told}\r\n".encode() + PHOTO + b"\r\n"
    body = b"a preamble\r\n" + part * 3 + sent.encode() + b"\r\n"
    if chunks is None:
        return head.encode() + b"\r\n" + body
    return head.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(body, chunks)


NAMES = st.text("abcXYZ019'()+_,-./:=?", min_size=1, max_size=30)
"""RFC 2046, section 5.1.1: bchars."""


@given(
    NAMES, st.booleans(), st.sampled_from(["by the rule", "as it was told"]),
    st.none() | st.lists(st.integers(1, 90), max_size=8), st.lists(st.integers(0, 500), max_size=5),
)  # fmt: skip
def test_any_legal_boundary_is_read_however_it_comes(
    name: str, length: bool, way: str, chunks: list[int] | None, cuts: list[int]
) -> None:
    name = name if way == "by the rule" else f"--{name}"
    sent = f"--{name}" if way == "by the rule" else name
    stream = answer(f'"{name}"', sent, length=length, chunks=chunks)
    places = sorted(min(cut, len(stream)) for cut in cuts)
    photos = Photos()
    found = [one.jpeg for a, b in pairwise([0, *places, len(stream)]) for one in photos.feed(stream[a:b])]
    assert found == [PHOTO] * 3
    assert photos.missing == ""


def test_a_boundary_that_is_told_with_hyphens_and_sent_with_two_more() -> None:
    found = Photos().feed(answer("--frame", "----frame", length=True, chunks=None))
    assert [one.jpeg for one in found] == [PHOTO] * 3


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=cut\r\n"


@pytest.mark.parametrize(
    ("bytes_", "why"),
    [
        (b"", "it sent nothing"),
        (b"HTTP/1.1 200 OK\r\n", "it sent no head"),
        (b"HTTP/1.1 401 Unauthorized\r\n\r\n", "it answers 401 Unauthorized"),
        (b"HTTP/1.1 200 OK\r\n\r\n", "it sends 'nothing that has a type'"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n", "'image/jpeg', no multipart/x-mixed-replace"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace\r\n\r\n", "without a boundary"),
        (HEAD + b"\r\n--other\r\n\r\n" + PHOTO, "no line --cut came"),
        (HEAD + b"\r\n--cut\r\nContent-Length: 90\r\n\r\nabc", "no part came whole"),
        (HEAD + b"\r\n--cut\r\nContent-Type: image/png\r\n\r\npng\r\n--cut\r\n", r"no JPEG \(image/png\)"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", "chunks have no length"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "it ended its answer"),
        (HEAD + b"Transfer-Encoding: gzip\r\n\r\n", "coding 'gzip'"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_stream_without_a_picture_says_why(bytes_: bytes, why: str) -> None:
    photos = Photos()
    try:
        photos.feed(bytes_)
        said = photos.missing
    except NoPhotosError as error:
        said = str(error)
    assert re.search(why, said), said


def test_a_quiet_moment_between_the_head_and_the_first_part_loses_nothing() -> None:
    photos, stream = Photos(), answer("frame", "--frame", length=True, chunks=None)
    first = stream.index(b"--frame") + 3
    assert photos.feed(stream[:first]) == []
    photos.torn()  # what a reader says of what stands still
    assert [one.jpeg for one in photos.feed(stream[first:])] == [PHOTO] * 3


@contextmanager
def stream_of(address: str) -> Iterator[CameraStream]:
    stream = CameraStream(address, Blind(), time.monotonic)
    try:
        yield stream
    finally:
        stream.close()


class Blind:
    """Reads every photo as the same page."""

    def read(self, jpeg: bytes) -> Reading | None:
        return Reading(("READY", "", "", ""))


PART = b"Content-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(PHOTO) + PHOTO + b"\r\n--boundarydonotcross\r\n"


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ([], "it sent nothing"),
        ([SMALL_HEAD], "no part came whole"),
        ([SMALL_HEAD, PART, PART], "the stream stands still since its last photo"),
    ],
    ids=["nothing", "no photo", "no more"],
)
def test_a_camera_that_falls_silent_is_lost_with_the_reason(
    sent: list[bytes], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its last picture stands for nothing: the terminal may show another one since."""
    monkeypatch.setattr(camera_stream, "SILENT_S", 0.3)
    monkeypatch.setattr(camera_stream, "FRESH_S", 0.1)
    with serving(sent) as address, stream_of(address) as stream:
        with pytest.raises(TransportError, match=f"{re.escape(address)} gave no picture within 0.3 s: {why}"):
            stream.wait_until(lambda: False, HANGS_S)
        assert stream.lost


def test_a_picture_that_is_judged_is_no_older_than_its_camera_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera_stream, "FRESH_S", 0.1)
    monkeypatch.setattr(camera_stream, "SILENT_S", 0.4)
    with serving([SMALL_HEAD, PART, PART]) as address, stream_of(address) as stream:
        assert stream.wait_until(lambda: stream.published == 1, HANGS_S)
        assert stream.whole
        stream.wait_until(lambda: not stream.whole, 0.15)
        assert not stream.whole
        with pytest.raises(TransportError, match="stands still"):
            stream.make_whole()
