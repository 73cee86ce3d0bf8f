"""The display as a picture: the right dots, for every screen of the profile, from the font that ships."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import read_rig
from posrig.evidence.lcd import (
    BORDER,
    DOT,
    FONT,
    GHOST,
    MISSING,
    SCALE,
    SIZE,
    bitmap,
    draw,
    glyph_of,
)

ROWS, COLUMNS = SIZE
WIDTH, HEIGHT = COLUMNS * 8, ROWS * 16


def as_text(dots: list[int], rows: range, columns: range) -> list[str]:
    return ["".join("#" if dots[y] >> (WIDTH - 1 - x) & 1 else "." for x in columns) for y in rows]


def test_a_letter_has_its_dots() -> None:
    assert as_text(bitmap([" A"]), range(3, 15), range(8, 16)) == [
        "........", "...##...", "..#..#..", "..#..#..", ".#....#.", ".#....#.", ".######.", ".#....#.", ".#....#.",
        ".#....#.", ".#....#.", "........",
    ]  # fmt: skip


def test_a_chinese_character_takes_two_columns() -> None:
    assert glyph_of("锁")[0] == 2
    assert glyph_of("A")[0] == 1
    after = as_text(bitmap(["锁A"]), range(16), range(16, 24))
    assert after == as_text(bitmap(["A"]), range(16), range(8))


def test_what_does_not_fit_is_cut_off_and_no_half_character_is_drawn() -> None:
    assert bitmap(["A" * 20] * 6) == bitmap(["A" * COLUMNS] * ROWS)
    assert bitmap(["A" * 15 + "锁"]) == bitmap(["A" * 15])


def test_a_display_of_another_size_is_drawn_whole() -> None:
    rows = ["员工菜单", "1.退出登录 2.本机信息", "", "", "", "", "", "              #键确认"]
    dots = bitmap(rows, (8, 21))
    assert len(dots) == 128
    assert any(row & 0xFF for row in dots[112:]), "the last row's last column"
    assert Image.open(io.BytesIO(draw(rows, (8, 21)))).size == ((168 + 2 * BORDER) * SCALE, (128 + 2 * BORDER) * SCALE)


def test_a_character_the_font_lacks_is_a_box() -> None:
    assert glyph_of("\U0001f512")[1] == tuple(int(MISSING[at : at + 2], 16) for at in range(0, 32, 2))


def test_every_character_of_the_profile_is_in_the_font() -> None:
    text = read_rig(SIMULATED).terminal.profile.read_text(encoding="utf-8")
    assert "锁定" in text
    lacking = {c for c in text if c.isprintable() and ord(c) > 0x7F and glyph_of(c) == glyph_of("\U0001f512")}
    assert lacking == set()


def test_the_picture_shows_the_bitmap() -> None:
    lines = ["*** 已锁定 ***", "01号 12:34锁定", "操作员号:", "__"]
    picture = Image.open(io.BytesIO(draw(lines))).convert("RGB")
    assert picture.size == ((WIDTH + 2 * BORDER) * SCALE, (HEIGHT + 2 * BORDER) * SCALE)
    dots = bitmap(lines)

    def near(pixel: object, colour: tuple[int, int, int]) -> bool:
        assert isinstance(pixel, tuple)
        return max(abs(a - b) for a, b in zip(pixel, colour, strict=True)) < 12

    for y in range(HEIGHT):
        for x in range(WIDTH):
            pixel = picture.getpixel(((x + BORDER) * SCALE + 1, (y + BORDER) * SCALE + 1))
            assert near(pixel, DOT if dots[y] >> (WIDTH - 1 - x) & 1 else GHOST), (x, y)


def test_without_backlight_the_picture_is_darker() -> None:
    lit, dark = (Image.open(io.BytesIO(draw(["A"], backlight=on))).convert("L") for on in (True, False))
    assert sum(dark.resize((1, 1)).tobytes()) < sum(lit.resize((1, 1)).tobytes())


@pytest.mark.parametrize("text", ["", "\x00\x1b[2J", "é"])
def test_odd_text_is_drawn_too(text: str) -> None:
    assert draw([text]).startswith(b"\x89PNG")


@given(st.lists(st.text(max_size=20), max_size=6))
def test_a_bitmap_never_leaves_the_panel(lines: list[str]) -> None:
    dots = bitmap(lines)
    assert len(dots) == HEIGHT
    assert all(0 <= row < 1 << WIDTH for row in dots)


def test_the_font_is_small_and_its_licence_lies_beside() -> None:
    assert FONT.stat().st_size < 600_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONT.parent / "LICENSE-unifont.txt").read_text(encoding="utf-8")
