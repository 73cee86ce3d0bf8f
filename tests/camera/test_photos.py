"""MJPEG cut into photos: however the bytes come, whatever becomes of them on the way."""

from __future__ import annotations

import zlib
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posrig.screens.mjpeg import NoPhotosError, Photo, Photos

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=cut\r\n\r\n"


def photo(body: bytes) -> bytes:
    return b"\xff\xd8" + body + b"\xff\xd9"


def numbered(number: int, body: bytes) -> bytes:
    told, whole = str(number).encode(), photo(body)
    return b"--cut\r\nContent-Length: %d\r\nX-Repaint: %b %08x\r\n\r\n%b\r\n" % (
        len(whole),
        told,
        zlib.crc32(told + whole),
        whole,
    )


BODIES = st.binary(max_size=60).filter(lambda body: b"--cut" not in body)


@given(st.lists(BODIES, max_size=5), st.data())
def test_photos_are_the_same_however_the_stream_is_cut(bodies: list[bytes], data: st.DataObject) -> None:
    stream = ANSWER + b"".join(numbered(at, body) for at, body in enumerate(bodies, 1))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    photos = Photos()
    found = [one for a, b in pairwise([0, *cuts, len(stream)]) for one in photos.feed(stream[a:b])]
    assert found == [Photo(photo(body), at) for at, body in enumerate(bodies, 1)]


@given(st.lists(BODIES, min_size=2, max_size=4), st.data())
def test_a_changed_byte_never_makes_another_photo(bodies: list[bytes], data: st.DataObject) -> None:
    """Neither another picture nor another number: what comes out whole is what went in."""
    stream = bytearray(b"".join(numbered(at, body) for at, body in enumerate(bodies, 1)))
    at = data.draw(st.integers(0, len(stream) - 1))
    kind = data.draw(st.sampled_from(("change", "drop", "add")))
    if kind == "change":
        stream[at] ^= data.draw(st.integers(1, 255))
    elif kind == "drop":
        del stream[at]
    else:
        stream[at:at] = data.draw(st.binary(min_size=1, max_size=8))
    sent = {(photo(body), number) for number, body in enumerate(bodies, 1)}
    for one in Photos().feed(ANSWER + bytes(stream)):
        assert not one.number or (one.jpeg, one.number) in sent


@given(st.binary(max_size=200))
def test_any_bytes_at_all_are_photos_or_a_clear_error(noise: bytes) -> None:
    for head in (b"", ANSWER, ANSWER + b"--cut\r\n"):
        with suppress(NoPhotosError):
            Photos().feed(head + noise)


def test_a_photo_cut_short_costs_only_itself() -> None:
    photos = Photos()
    first, second, third = (numbered(at, bytes((at,)) * 40) for at in (1, 2, 3))
    found = photos.feed(ANSWER + first + second[:70] + third)
    assert [one.number for one in found if one.jpeg] == [1, 3]
    assert sum(not one.jpeg for one in found) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 404 Not Found\r\n\r\n", "it answers 404 Not Found"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", "'text/html', no multipart/x-mixed-replace"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "it answers no HTTP"),
        (b"x" * 9000, "it answers no HTTP"),
    ],
    ids=["another path", "a page", "another server", "no end"],
)
def test_what_is_no_camera_is_said(answer: bytes, said: str) -> None:
    with pytest.raises(NoPhotosError, match=said):
        Photos().feed(answer)
