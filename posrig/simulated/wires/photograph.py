"""What a camera in front of the terminal sees: the display at an angle, unevenly lit, a little blurred, with noise.

The lens maps the display's corners to :data:`CORNERS`; the plane's mapping is the projective one of a quadrilateral
(P. Heckbert, Fundamentals of Texture Mapping and Image Warping, 1989, section 2.2).
"""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from functools import cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from posrig.shipped import shipped
from posrig.simulated.hardware.board import Box
from posrig.simulated.hardware.kind import Face

FONT = shipped("fonts", "unifont-gb2312.hex")
PHOTO = (640, 400)
"""Width and height in pixels."""
CORNERS = ((74.0, 78.0), (571.0, 60.0), (583.0, 318.0), (62.0, 331.0))
"""Where the outer corners of the first and last dots come to lie: top left, top right, bottom right, bottom left.

Of a display of other dots than :data:`DOTS` photo and corners are larger in proportion: :func:`seen_at`.
"""
DOTS = (128, 64)
USUAL = Face(rows=4, columns=16)
_ROW = 16
_DOT = 4
_MARGIN, _BEZEL = 12, 28
_PANEL, _INK, _CASE, _BENCH = 190, 52, 44, 96
_DIM = 0.55
_QUALITY = 72
_NOISE = 0.06
_UNKNOWN = "00007E424242424242424242427E0000"


class Lens:
    """Takes photos of one terminal's display. Chance (noise) comes from ``seed``."""

    def __init__(self, seed: int, display: Face = USUAL) -> None:
        self._dots = width, height = display.dots
        self._size, corners = seen_at(self._dots)
        self._random = random.Random(f"{seed}:camera")
        self._noise = Image.frombytes("L", self._size, self._random.randbytes(self._size[0] * self._size[1]))
        self._light = _light(self._size)
        face = (width * _DOT + 2 * (_MARGIN + _BEZEL), height * _DOT + 2 * (_MARGIN + _BEZEL))
        self._case = Image.new("L", face, _CASE)
        self._case.paste(_PANEL, (_BEZEL, _BEZEL, face[0] - _BEZEL, face[1] - _BEZEL))
        self._inverse = _onto_dots(self._dots, corners, _MARGIN + _BEZEL, _DOT)

    def photo(self, rows: Sequence[str] | None, *, backlight: bool, boxes: Sequence[Box] = ()) -> bytes:
        """JPEG, grey. ``rows`` None: the display is dark (no power)."""
        face = self._case.copy()
        if rows is not None:
            width, height = self._dots
            dots = panel(rows, self._dots, boxes).convert("L").resize((width * _DOT, height * _DOT), 0)
            face.paste(_INK, (_MARGIN + _BEZEL, _MARGIN + _BEZEL), dots)
        if rows is None or not backlight:
            face = face.point([round(value * _DIM) for value in range(256)])
        seen = face.transform(
            self._size, Image.Transform.PERSPECTIVE, self._inverse, Image.Resampling.BILINEAR, fillcolor=_BENCH
        )
        seen = ImageChops.multiply(seen.filter(ImageFilter.GaussianBlur(0.9)), self._light)
        noise = ImageChops.offset(self._noise, *map(self._random.randrange, self._size))
        out = io.BytesIO()
        Image.blend(seen, noise, _NOISE).save(out, "JPEG", quality=_QUALITY)
        return out.getvalue()


def seen_at(dots: tuple[int, int]) -> tuple[tuple[int, int], tuple[tuple[float, float], ...]]:
    """Width and height of a photo of a display of so many dots, and where the display's corners are in it.

    >>> seen_at((240, 320))
    ((1200, 2000), ((138.75, 390.0), (1070.625, 300.0), (1093.125, 1590.0), (116.25, 1655.0)))
    """
    across, down = dots[0] / DOTS[0], dots[1] / DOTS[1]
    return (round(PHOTO[0] * across), round(PHOTO[1] * down)), tuple((x * across, y * down) for x, y in CORNERS)


def panel(rows: Sequence[str], dots: tuple[int, int], boxes: Sequence[Box] = ()) -> Image.Image:
    """The display's own picture, a bit a dot (1: ink): its text, and a frame for each box."""
    picture = Image.frombytes("1", dots, _dots(rows, dots))
    draw = ImageDraw.Draw(picture)
    for x, y, width, height in boxes:
        draw.rectangle((x, y, x + width - 1, y + height - 1), outline=1)
    return picture


def _dots(rows: Sequence[str], dots: tuple[int, int]) -> bytes:
    """The panel's dots, a bit each, row by row: half-width cells of 8 x 16 dots."""
    font, panel = _font(), bytearray(dots[0] // 8 * dots[1])
    for number, row in enumerate(rows[: dots[1] // _ROW]):
        column = 0
        for char in row:
            glyph = bytes.fromhex(font.get(char, _UNKNOWN))
            wide = len(glyph) // _ROW
            if column + wide > dots[0] // 8:
                break
            for line in range(_ROW):
                start = (number * _ROW + line) * (dots[0] // 8) + column
                panel[start : start + wide] = glyph[line * wide : (line + 1) * wide]
            column += wide
    return bytes(panel)


@cache
def _font() -> dict[str, str]:
    rows = (line.split(":") for line in FONT.read_text("ascii").splitlines())
    return {chr(int(code, 16)): digits for code, digits in rows}


@cache
def _light(size: tuple[int, int]) -> Image.Image:
    """A lamp at the upper left: the far corner gets six tenths of its light."""
    ramp = Image.linear_gradient("L").resize(size)
    across = ramp.transpose(Image.Transpose.ROTATE_90).resize(size)
    return ImageChops.add(ramp, across, 2).point([round(255 - 0.4 * value) for value in range(256)])


def _onto_dots(
    dots: tuple[int, int], corners: tuple[tuple[float, float], ...], edge: float, dot: float
) -> tuple[float, ...]:
    """Photo pixel -> pixel of the face, as the eight numbers that Pillow's perspective transform takes."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    ax, ay = x0 - x1 + x2 - x3, y0 - y1 + y2 - y3
    bx, by, cx, cy = x1 - x2, y1 - y2, x3 - x2, y3 - y2
    det = bx * cy - cx * by
    g, h = (ax * cy - cx * ay) / det, (bx * ay - ax * by) / det
    # the unit square onto the photo
    a, b, c = x1 - x0 + g * x1, x3 - x0 + h * x3, x0
    d, e, f = y1 - y0 + g * y1, y3 - y0 + h * y3, y0
    # its inverse (the adjugate will do: the scale cancels out), then from the unit square to the face
    u = (e - f * h, c * h - b, b * f - c * e)
    v = (f * g - d, a - c * g, c * d - a * f)
    w = (d * h - e * g, b * g - a * h, a * e - b * d)
    width, height = dots[0] * dot, dots[1] * dot
    x = [width * one + edge * scale for one, scale in zip(u, w, strict=True)]
    y = [height * one + edge * scale for one, scale in zip(v, w, strict=True)]
    return tuple(value / w[2] for value in (*x, *y, w[0], w[1]))
