"""The console's emulator: any bytes, any size, any encoding, and no more computing than a console may cost."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posrig.ground.faults import ConfigurationError
from posrig.screens.budget import AT_ONCE_S, Budget
from posrig.screens.picture import Emulator, direct_rows, width
from posrig.screens.vt_parser import STRING_S, Parser
from posrig.screens.vt_screen import Screen
from posrig.screens.vt_text import Utf8

TEXT = "终端已锁定 READY é"
ENCODINGS = ("utf-8", "gbk", "gb18030", "big5", "shift_jis", "euc-kr", "latin-1", "cp437", "koi8-r")
PIECES = st.sampled_from(
    [
        b"\x1b",
        b"\x1b[",
        b"\x1bP",
        b"\x1b]",
        b"\x1b_",
        b";",
        b"9" * 70,
        b"\x9b",
        b"\xe9\x94",
        "锁".encode(),
        b"\x1b[?1049h",
        b"\x1b[4h",
        b"\x1b[?7l",
    ]
)
BYTES = st.lists(st.one_of(st.binary(max_size=12), PIECES), max_size=20).map(b"".join)


@given(BYTES, st.integers(1, 30), st.integers(2, 90), st.sampled_from(ENCODINGS))
def test_any_bytes_on_any_display_give_its_rows(data: bytes, rows: int, columns: int, encoding: str) -> None:
    emulator = Emulator(rows, columns, encoding)
    for piece in (data, data[::-1], data):
        emulator.feed(piece)
        found = emulator.rows()
        assert len(found) == rows
        assert not any(char < " " for row in found for char in row)


@given(st.integers(0, 10_000))
def test_a_row_is_never_wider_than_the_display_without_halves(seed: int) -> None:
    """Text and cursor alone cut no character in two but by writing over it, and that clears the other half."""
    choose = random.Random(seed)
    emulator = Emulator(4, 16)
    for _ in range(40):
        emulator.feed(
            choose.choice(
                ["锁", "a", "\r\n", "终端ab", f"\x1b[{choose.randint(1, 4)};{choose.randint(3, 16)}H"]
            ).encode()
        )
    assert all(width(row) <= 16 for row in emulator.rows())


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "big5", "shift_jis", "euc-kr"])
@pytest.mark.parametrize("piece", [1, 2, 3, 100])
def test_text_in_another_encoding_is_read_however_it_is_cut(encoding: str, piece: int) -> None:
    text = {"big5": "終端機已鎖", "shift_jis": "端末ロック中", "euc-kr": "단말기 잠금"}.get(encoding, "终端已锁定")
    data = b"\x1b[H\x1b[2J\x1b[2;1H" + text.encode(encoding) + b"\x1b[3;1HOP01"
    emulator = Emulator(4, 16, encoding)
    for start in range(0, len(data), piece):
        emulator.feed(data[start : start + piece])
    assert emulator.rows() == ("", text, "OP01", "")


def test_bytes_that_are_no_character_are_left_out_and_the_next_ones_are_read() -> None:
    emulator = Emulator(2, 16, "gbk")
    emulator.feed("锁".encode("gbk") + b"\xff\x80\xce\r\n" + "定".encode("gbk"))
    assert emulator.rows() == ("锁", "定")
    emulator = Emulator(2, 16, "latin-1")
    emulator.feed(b"caf\xe9 \x85\x9b2J\r\nok")
    assert emulator.rows() == ("café 2J", "ok")


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-7", "iso2022_jp", "hz", "cp037", "base64", "klingon", "", "rot13", "unicode_escape"]
)
def test_an_encoding_in_which_controls_are_no_controls_is_refused(encoding: str) -> None:
    with pytest.raises(ConfigurationError, match="is no encoding of a console"):
        Emulator(4, 16, encoding)


@pytest.mark.parametrize(("rows", "columns"), [(0, 16), (4, 1), (201, 16), (4, 401), (-4, 16)])
def test_a_size_that_no_display_has_is_refused(rows: int, columns: int) -> None:
    with pytest.raises(ConfigurationError, match="no display has"):
        Emulator(rows, columns)


@pytest.mark.parametrize(
    "opened", [b"\x1bPabc", b"\x1b]2;abc", b"\x1b_abc", b"\x1b^abc", b"\x1bXabc", b"\x1bkabc", b"\x1bP1;"], ids=repr
)
def test_a_string_that_is_never_ended_does_not_swallow_the_console_for_ever(opened: bytes) -> None:
    now = 0.0
    screen = Screen(4, 16)
    parser = Parser(screen, Utf8(), lambda: now)
    parser.feed(opened)
    now = STRING_S / 2
    parser.feed(b"swallowed")
    now = STRING_S + 0.1
    parser.feed(b"READY")
    assert screen.grid.text() == ("READY", "", "", "")


@pytest.mark.parametrize(("rows", "columns"), [(4, 16), (6, 20), (8, 21)])
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_plain_repaint_of_any_size_is_read_directly(rows: int, columns: int, encoding: str) -> None:
    lines = [f"行 {number}" for number in range(rows)]
    painted = b"\x1b[H\x1b[2J" + b"".join(
        b"\x1b[%d;1H%b" % (n, line.encode(encoding)) for n, line in enumerate(lines, 1)
    )
    emulator = Emulator(rows, columns, encoding)
    emulator.feed(painted)
    assert direct_rows(painted, rows, columns, encoding) == emulator.rows() == tuple(lines)
    assert direct_rows(painted, rows - 1, columns, encoding) is None
    assert direct_rows(painted, rows, 2, encoding) is None


class Clocks:
    work = now = 0.0


def test_a_budget_counts_computing_not_time() -> None:
    clocks = Clocks()
    budget = Budget(lambda: clocks.work, lambda: clocks.now)
    for _ in range(100):
        with budget:
            clocks.now += 10.0  # a busy computer
            clocks.work += 0.9 * AT_ONCE_S
        assert not budget.spent


def test_a_budget_is_spent_by_work_at_once_and_by_work_all_the_time() -> None:
    clocks = Clocks()
    budget = Budget(lambda: clocks.work, lambda: clocks.now)
    with budget:
        clocks.work += 1.1 * AT_ONCE_S
    assert "more than can be read" in budget.spent
    clocks, steps = Clocks(), 0
    budget = Budget(lambda: clocks.work, lambda: clocks.now)
    while not budget.spent and steps < 1000:
        with budget:
            clocks.now += 0.1
            clocks.work += 0.09
        steps += 1
    assert 10 < steps < 1000


@pytest.mark.parametrize(
    ("over", "shown"),
    [(b"A", "A 定"), (b"\x1b[P", "定"), (b"\x1b[X", " 定"), (b"\x1b[1K", " 定"), (b"\x1b[@", " 锁定")],
    ids=repr,
)
def test_v1_half_of_a_wide_character_is_painted_over_as_on_tmux(over: bytes, shown: str) -> None:
    emulator = Emulator(2, 16)
    emulator.feed("\x1b[1;1H锁定\x1b[1;1H".encode() + over)
    assert emulator.rows()[0] == shown
