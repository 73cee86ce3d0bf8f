"""A terminal's display as a picture, dot by dot: rows of half-width columns, ASCII and Chinese.

Drawn from a bitmap font in the repository, so that a picture is the same on every machine and needs no system font.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache

from PIL import Image

from posrig.shipped import shipped

SIZE = (4, 16)
"""Rows and columns of a display of which no profile says them."""
CELL_WIDTH, CELL_HEIGHT = 8, 16
SCALE, BORDER = 4, 6
FONT = shipped("fonts", "unifont-gb2312.hex")

PANEL = (176, 204, 96)
BEZEL = (58, 66, 52)
DOT = (24, 40, 16)
GHOST = (168, 196, 90)
MISSING = "00007E424242424242424242427E0000"  # an empty box, as Unifont draws what it lacks

Glyph = tuple[int, tuple[int, ...]]


def draw(lines: Sequence[str], size: tuple[int, int] = SIZE, *, backlight: bool = True) -> bytes:
    """The display with these rows as PNG. What does not fit in ``size`` (rows, columns) is cut off, as on the panel."""
    dots = bitmap(lines, size)
    width, height = size[1] * CELL_WIDTH, size[0] * CELL_HEIGHT
    panel = Image.new("RGB", (width + 2 * BORDER, height + 2 * BORDER), BEZEL)
    panel.paste(PANEL if backlight else _dim(PANEL), (BORDER - 2, BORDER - 2, width + BORDER + 2, height + BORDER + 2))
    panel = panel.resize((panel.width * SCALE, panel.height * SCALE), Image.Resampling.NEAREST)
    on, off = (_block(DOT, backlight), _block(GHOST, backlight))
    for y in range(height):
        for x in range(width):
            panel.paste(on if dots[y] >> (width - 1 - x) & 1 else off, ((x + BORDER) * SCALE, (y + BORDER) * SCALE))
    out = io.BytesIO()
    panel.quantize(16).save(out, "PNG", optimize=True)
    return out.getvalue()


def bitmap(lines: Sequence[str], size: tuple[int, int] = SIZE) -> list[int]:
    """The rows of dots, 16 a row of text, as integers of 8 bits a column, leftmost dot highest."""
    rows, columns = size
    dots = [0] * (rows * CELL_HEIGHT)
    for row, line in enumerate(lines[:rows]):
        column = 0
        for character in line:
            cells, glyph = glyph_of(character)
            if column + cells > columns:
                break
            shift = (columns - column - cells) * CELL_WIDTH
            for y, bits in enumerate(glyph):
                dots[row * CELL_HEIGHT + y] |= bits << shift
            column += cells
    return dots


def glyph_of(character: str) -> Glyph:
    """A character's width in cells (1 or 2) and its 16 rows of dots."""
    digits = _font().get(ord(character), MISSING)
    width = len(digits) // CELL_HEIGHT
    rows = tuple(int(digits[at : at + width], 16) for at in range(0, len(digits), width))
    return (width * 4 // CELL_WIDTH, rows)


@cache
def _font() -> dict[int, str]:
    font = {}
    for line in FONT.read_text(encoding="ascii").splitlines():
        code, _, digits = line.partition(":")
        font[int(code, 16)] = digits
    return font


def _block(colour: tuple[int, int, int], backlight: bool) -> Image.Image:
    """One dot with the thin gap that lies between the dots of a panel."""
    lit = colour if backlight or colour == DOT else _dim(colour)
    block = Image.new("RGB", (SCALE, SCALE), PANEL if backlight else _dim(PANEL))
    block.paste(lit, (0, 0, SCALE - 1, SCALE - 1))
    return block


def _dim(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    red, green, blue = (part * 3 // 5 for part in colour)
    return (red, green, blue)
