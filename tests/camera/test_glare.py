"""W1: a lamp that is reflected in the display leaves cells unread; it never turns ink into a space."""

from __future__ import annotations

import io
import random
from functools import cache

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from posrig.description.lab import SIMULATED
from posrig.description.profile import read_profile
from posrig.description.rig_file import read_rig
from posrig.screens.photo_reading import DisplayReader
from posrig.simulated.wires.photograph import CORNERS, PHOTO, Lens

FONT = read_profile(read_rig(SIMULATED).terminal.profile).data.display.font
assert FONT is not None
READER, LENS = DisplayReader(CORNERS, FONT, (4, 16)), Lens(3)
PAGES = (
    ("SIGN ON", "Operator no.:", "", "ENTER: next"),
    ("终端已锁定", "操作员01锁定", "原因 C01", "确认键:解锁"),
    ("READY      12:34", "Amount:", "0.00", "OP01"),
    ("SELF-TEST FAILED", "Code E31", "Out of service", "Call support"),
)


@cache
def seen(page: tuple[str, ...], backlight: bool) -> bytes:
    return LENS.photo(page, backlight=backlight)


def lamp(photo: bytes, at: tuple[float, float], radius: float, strength: int, quality: int) -> bytes:
    """The photo with an oval of light added, soft at its edge; what is more than white is clipped, as by a sensor."""
    spot = Image.new("L", PHOTO, 0)
    oval = (at[0] - radius, at[1] - 0.7 * radius, at[0] + radius, at[1] + 0.7 * radius)
    ImageDraw.Draw(spot).ellipse(oval, fill=strength)
    out = io.BytesIO()
    spot = spot.filter(ImageFilter.GaussianBlur(radius / 3))
    ImageChops.add(Image.open(io.BytesIO(photo)), spot).save(out, "JPEG", quality=quality)
    return out.getvalue()


@pytest.mark.parametrize("seed", range(3))
def test_no_page_is_read_wrong_under_a_lamp_of_any_strength_and_place(seed: int) -> None:
    chance = random.Random(seed)
    wrong, unread, told = [], 0, set[str]()
    for number in range(105):
        page = PAGES[number % len(PAGES)]
        place = (chance.uniform(60, 580), chance.uniform(60, 330))
        radius, strength = chance.choice((15, 30, 50, 80, 140)), chance.choice((40, 70, 90, 110, 140, 180, 255))
        photo = seen(page, chance.random() < 0.75)
        reading = READER.read(lamp(photo, place, radius, strength, chance.choice((60, 72, 90))))
        assert reading is not None
        if reading.rows is None:
            unread += 1
            told.add("washed out" if "washed out (a lamp is reflected" in reading.unreadable else "no glyph")
        elif reading.rows != page:
            wrong.append((place, radius, strength, reading.rows))
    assert not wrong
    assert 0 < unread < 95, "a weak lamp beside the text hinders nobody"
    assert "washed out" in told


def test_a_display_that_is_washed_out_whole_is_unread_and_not_dark() -> None:
    photo = lamp(LENS.photo(PAGES[0], backlight=True), (320, 200), 900, 255, 90)
    reading = READER.read(photo)
    assert reading is not None
    assert (reading.rows, reading.dark) == (None, False)
    assert len(reading.unread) == reading.washed_out == 64
