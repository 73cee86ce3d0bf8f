"""A console that speaks UTF-8 or another encoding, and nobody knows which before its first character."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posrig.ground.faults import ConfigurationError
from posrig.screens import two_encodings

TEXT = "\x1b[2J\x1b[1;1H****** 已锁定 ******\x1b[2;1H01号于09:00锁定\x1b[3;1H请主管输入密码"


@given(st.sampled_from(["utf-8", "gbk"]), st.lists(st.integers(0, len(TEXT.encode())), max_size=6))
def test_however_its_bytes_come_in_they_are_read_in_their_encoding(encoding: str, cuts: list[int]) -> None:
    data, undecided, heard = TEXT.encode(encoding), two_encodings.Undecided(), b""
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    read_as = "utf-8"
    for start, end in itertools.pairwise(places):
        piece = data[start:end]
        if undecided.decided:
            heard += piece
        elif (again := undecided.other_after(piece)) is not None:
            read_as, heard = "gbk", again
        else:
            heard += piece
    assert heard.decode(read_as) == TEXT


def test_ascii_alone_decides_nothing() -> None:
    undecided = two_encodings.Undecided()
    assert undecided.other_after(b"READY 12:34") is None
    assert not undecided.decided


@pytest.mark.parametrize(
    "pair", ["gbk or utf-8", "gbk or big5", "utf-8 or utf-8", "utf-8 or utf-16", "utf-8 or gbk or big5"]
)
def test_a_pair_that_cannot_be_told_apart_is_refused(pair: str) -> None:
    with pytest.raises(ConfigurationError, match=r"encoding|apart"):
        two_encodings.of(pair)
