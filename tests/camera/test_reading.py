"""Photos of the display, read: every page of the terminal, bad light, and what must not be guessed."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from posrig.description.lab import SIMULATED
from posrig.description.profile import read_profile
from posrig.description.rig_file import read_rig
from posrig.screens.camera import camera_eye
from posrig.screens.photo_reading import DisplayReader
from posrig.screens.picture import COLUMNS, ROWS, width
from posrig.simulated.wires.photograph import CORNERS, Lens

PROFILE = read_profile(read_rig(SIMULATED).terminal.profile)
FONT = PROFILE.data.display.font
assert FONT is not None
LENS = Lens(3)
READER = DisplayReader(CORNERS, FONT, (4, 16))
NARROW = [chr(code) for code in range(33, 127)]
WIDE = sorted({c for s in PROFILE.screens.values() for row in s.rows["zh"] for c in row if width(c) == 2})


def fitted(characters: list[str]) -> str:
    row = ""
    for char in characters:
        if width(row + char) > COLUMNS:
            break
        row += char
    return row.rstrip(" ")


ROW = st.lists(st.sampled_from([*NARROW, " ", " ", *WIDE]), max_size=COLUMNS).map(fitted)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ROW, min_size=ROWS, max_size=ROWS), st.booleans())
def test_any_rows_are_read_as_they_are_shown(rows: list[str], backlight: bool) -> None:
    reading = READER.read(LENS.photo(rows, backlight=backlight))
    assert reading is not None
    assert reading.rows == tuple(rows), reading


def test_every_page_of_the_terminal_is_read_in_both_languages() -> None:
    wrong = []
    for name, screen in PROFILE.screens.items():
        for language, patterns in screen.rows.items():
            shown = tuple(re.sub(r"\{[^}]*\}", "7", row).rstrip(" ") for row in patterns)
            rows = (*shown, "", "", "", "")[:ROWS]
            reading = READER.read(LENS.photo(rows, backlight=True))
            if reading is None or reading.rows != rows:
                wrong.append((name, language, reading))
    assert not wrong


@pytest.mark.parametrize("corner", range(4))
@pytest.mark.parametrize("way", [(9.0, 0.0), (0.0, 9.0), (-9.0, 0.0), (0.0, -9.0)])
def test_with_wrong_corners_a_page_is_read_right_or_not_at_all(corner: int, way: tuple[float, float]) -> None:
    rows = ("SELF-TEST FAILED", "Code E31", "Out of service", "Call support")
    corners = [(x + way[0], y + way[1]) if at == corner else (x, y) for at, (x, y) in enumerate(CORNERS)]
    reading = DisplayReader(corners, FONT, (4, 16)).read(LENS.photo(rows, backlight=True))
    assert reading is not None
    assert reading.rows in (None, rows), reading
    assert reading.rows is not None or reading.unread


def test_a_finger_before_the_display_leaves_cells_unread() -> None:
    photo = Image.open(io.BytesIO(LENS.photo(("LOCKED", "by OP01", "Cause C01", "ENTER: unlock"), backlight=True)))
    ImageDraw.Draw(photo).ellipse((180, 120, 330, 260), fill=120)
    reading = READER.read(_jpeg(photo))
    assert reading is not None
    assert reading.rows is None
    assert {row for row, _ in reading.unread} <= {1, 2, 3, 4}


@pytest.mark.parametrize(
    ("before", "after"),
    [("Tries left: 4", "Tries left: 3"), ("OP01", "OP07"), ("0.00", "8.00"), ("剩余3次", "剩余5次"), ("", "LOCKED")],
)
def test_a_photo_taken_while_the_display_changes_is_not_read(before: str, after: str) -> None:
    pages = [Image.open(io.BytesIO(LENS.photo(("SIGN ON", row), backlight=True))) for row in (before, after)]
    reading = READER.read(_jpeg(Image.blend(*pages, 0.5)))
    assert reading is not None
    assert reading.rows is None, reading


def test_a_blot_on_a_cell_is_no_glyph_however_clear_it_is() -> None:
    photo = Image.open(io.BytesIO(LENS.photo(("READY", "Amount:", "0.00"), backlight=True)))
    ImageDraw.Draw(photo).rectangle((225, 95, 245, 128), fill=20)
    reading = READER.read(_jpeg(photo))
    assert reading is not None
    assert reading.rows is None, reading


def _jpeg(photo: Image.Image) -> bytes:
    out = io.BytesIO()
    photo.save(out, "JPEG")
    return out.getvalue()


def test_a_display_without_power_is_dark_and_half_a_photo_is_none() -> None:
    dark = READER.read(LENS.photo(None, backlight=True))
    assert dark is not None
    assert dark.dark
    assert READER.read(b"\xff\xd8 no photo \xff\xd9") is None
    assert READER.read(b"") is None


@pytest.mark.parametrize(
    "rows",
    [
        ("NOT SIGNED ON", "", "ENTER: sign on", "F1: version"),
        ("READY      12:34", "Amount:", "0.00", "OP01"),
        ("终端已锁定", "操作员01锁定", "原因 C01", "确认键:解锁"),
    ],
)
def test_the_corners_are_found_from_what_stands_on_the_display(rows: tuple[str, ...]) -> None:
    characters = "".join(
        {char for screen in PROFILE.screens.values() for r in screen.rows.values() for x in r for char in x}
    )
    eye = camera_eye(PROFILE)
    photo = Lens(4).photo(rows, backlight=True)
    found = eye.find_corners(photo, characters + "0123456789.:")
    assert found is not None
    reading = eye.reader(found).read(photo)
    assert reading is not None
    assert reading.rows == rows
    # where nothing stands near a corner it may lie some dots off: the rows are right all the same
    assert all(
        abs(a - b) < 12 for one, other in zip(found, CORNERS, strict=True) for a, b in zip(one, other, strict=True)
    )
    assert Image.open(io.BytesIO(eye.drawn(photo, found))).size == (640, 400)


def test_no_corners_are_found_where_no_display_is() -> None:
    assert camera_eye(PROFILE).find_corners(_jpeg(Image.new("L", (640, 400), 120)), "ABC") is None
