"""Text of a dot-matrix display from a photo: the display's plane is rectified, its dots are told from its ground, and
each cell's dots are compared with the glyphs of the terminal's font.

No general text recognition: a terminal paints its glyphs dot by dot, so a cell is either a glyph of its font, or it was
not seen well enough, and then the photo is no picture (:class:`Reading` says which cells). Needs the extra ``camera``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from posrig.screens.camera_stream import Reading

CELL_WIDTH, CELL_HEIGHT = 8, 16
CELL = CELL_WIDTH * CELL_HEIGHT
_SCALE = 4
"""Pixels of the rectified picture for one dot."""
_STROKE = 9
"""Dots: no ink is wider than this in both directions, so what is left after closing over it is the ground."""
CONTRAST = 0.12
"""Ink must be darker than its ground by this share of it; else nothing is shown."""
LEAST_DOTS = 2
"""So many of the darkest dots are not asked how dark ink is. The least glyph, an accent, has three."""
WRONG_DOTS = 4
"""So far may a half-width cell be from its glyph, in dots of its 128; a Chinese character twice as far."""
GLARE = 240
"""Grey level from which a pixel is taken for saturated: what the sensor clips, less what noise and JPEG take away."""
BRIGHTER = 1.4
"""Ground that is brighter than the display's usual by this factor is lit by something else: light that is added takes
the contrast out of ink, here a third of it, long before anything is saturated."""
MOST_GLARE = 0.02
"""Share of a cell that may be saturated: ink under it cannot be told from none, so the cell is not read."""
FAINT = 0.3
"""Ink of a dot that is none of a space: half a change of the page, or ink with light upon it."""
CLEARER_BY = 1.0
"""The next likely glyph must be worse by so many dots."""

Points = Sequence[tuple[float, float]]
Ink = NDArray[np.float32]
Size = tuple[int, int]
"""Rows and half-width columns of a display."""


def dots_of(size: Size) -> tuple[int, int]:
    """How many dots a display is wide and high.

    >>> dots_of((4, 16))
    (128, 64)
    """
    return size[1] * CELL_WIDTH, size[0] * CELL_HEIGHT


class DisplayReader:
    """Reads photos of a display of so many rows and columns whose corners lie where ``corners`` says: the outer
    corners of the first and last dots, top left, top right, bottom right, bottom left, in pixels. ``characters``: only
    these are looked for."""

    def __init__(self, corners: Points, font: Path, size: Size, characters: str = "") -> None:
        self._corners = np.array(corners, dtype=np.float32)
        self._rows, self._columns = size
        self._width, self._height = dots_of(size)
        self._pixels = pixels = (self._width * _SCALE, self._height * _SCALE)
        plane = np.array(((0, 0), (pixels[0], 0), pixels, (0, pixels[1])), dtype=np.float32)
        self._plane = cv2.getPerspectiveTransform(self._corners, plane)
        self._font = _font(font, characters)
        self._last: tuple[bytes, Reading] = (b"", Reading(None))

    def read(self, photo: bytes) -> Reading | None:
        """The rows of a photo (JPEG or PNG); None when it is no whole picture."""
        if self._last[0] == photo:
            return self._last[1]
        grey = decoded(photo)
        if grey is None:
            return None
        reading = self.read_grey(grey)
        self._last = (photo, reading)
        return reading

    def read_grey(self, grey: NDArray[Any]) -> Reading:
        flat = self._flat(grey)
        ground = _ground(flat)
        lit = (flat >= GLARE) | (ground > BRIGHTER * np.median(ground))
        glare = cv2.resize(lit.astype(np.float32), (self._columns, self._rows), interpolation=cv2.INTER_AREA)
        dots = self._dots(flat, ground)
        if dots is None and not (glare > MOST_GLARE).any():
            return Reading(("",) * self._rows)
        if dots is None:
            dots = np.zeros((self._height, self._width), np.float32)
        return self._text(dots, glare > MOST_GLARE)

    def distance(self, grey: NDArray[Any]) -> float:
        """How far the cells are from the glyphs that are nearest to them, in dots, read or not."""
        flat = self._flat(grey)
        ink = self._dots(flat, _ground(flat))
        if ink is None:
            return float(self._width * self._height)
        narrow, wide = self._font.distances(ink, (self._rows, self._columns))
        total = 0.0
        for row in range(self._rows):
            column = 0
            while column < self._columns:
                if column + 1 < self._columns and wide[row, column] < 2 * narrow[row, column]:
                    total, column = total + float(wide[row, column]), column + 2
                else:
                    total, column = total + float(narrow[row, column]), column + 1
        return total

    def _flat(self, grey: NDArray[Any]) -> NDArray[Any]:
        """The display as seen from straight ahead, :data:`_SCALE` pixels a dot."""
        flat: NDArray[Any] = cv2.warpPerspective(grey, self._plane, self._pixels, flags=cv2.INTER_LINEAR)
        return flat

    def _dots(self, flat: NDArray[Any], ground: NDArray[Any]) -> Ink | None:
        """How much ink each dot of the display has, 0 to 1; None when nothing is shown."""
        share = flat.astype(np.float32) / np.maximum(ground.astype(np.float32), 1.0)
        means = cv2.resize(share, (self._width, self._height), interpolation=cv2.INTER_AREA)
        paper, ink = float(np.median(means)), float(np.partition(means, LEAST_DOTS, axis=None)[LEAST_DOTS])
        if paper - ink < CONTRAST:
            return None
        dots: Ink = np.clip((paper - means) / (paper - ink), 0.0, 1.0).astype(np.float32)
        return dots

    def _text(self, dots: Ink, glare: NDArray[np.bool_]) -> Reading:
        rows, unread, wrong, hidden = [], [], 0.0, 0
        for row in range(self._rows):
            band = dots[row * CELL_HEIGHT : (row + 1) * CELL_HEIGHT]
            text, column = "", 0
            while column < self._columns:
                char, cells, distance = self._font.glyph(band[:, column * CELL_WIDTH : (column + 2) * CELL_WIDTH])
                if glare[row, column : column + cells].any():
                    char, hidden = None, hidden + 1
                if char is None:
                    unread.append((row + 1, column + 1))
                text, column, wrong = text + (char or "\ufffd"), column + cells, wrong + distance
            rows.append(text.rstrip(" "))
        return Reading(None if unread else tuple(rows), tuple(unread), wrong, hidden)


def _ground(flat: NDArray[Any]) -> NDArray[Any]:
    """What the display would look like without ink."""
    kernel = np.ones((_STROKE * _SCALE, _STROKE * _SCALE), dtype=np.uint8)
    ground: NDArray[Any] = cv2.blur(cv2.morphologyEx(flat, cv2.MORPH_CLOSE, kernel), (4 * _SCALE, 4 * _SCALE))
    return ground


class _Font:
    """Glyphs by width; cells whose dots are exactly a glyph's are looked up, others compared with all."""

    def __init__(self, glyphs: dict[str, bytes]) -> None:
        self._exact = {dots: char for char, dots in glyphs.items()}
        self._chars, self._dots = {}, {}
        for cells in (1, 2):
            chars = [char for char, dots in glyphs.items() if len(dots) == cells * CELL_HEIGHT]
            packed = np.frombuffer(b"".join(glyphs[char] for char in chars), dtype=np.uint8)
            self._chars[cells] = chars
            self._dots[cells] = np.unpackbits(packed).astype(np.float32).reshape(len(chars), cells * CELL)

    def glyph(self, ink: Ink) -> tuple[str | None, int, float]:
        """Character (None: unreadable), its width in cells, how far the dots are from its own. ``ink`` is two cells
        wide, or one at the end of a row. Faint ink is no space."""
        char, width, distance = self._likely(ink)
        if char == " " and int((ink[:, :CELL_WIDTH] > FAINT).sum()) >= LEAST_DOTS:
            return None, width, distance
        return char, width, distance

    def _likely(self, ink: Ink) -> tuple[str | None, int, float]:
        narrow, whole = ink[:, :CELL_WIDTH], ink.shape[1] > CELL_WIDTH
        if whole and (wide := self._exact.get(_packed(ink))) is not None:
            return wide, 2, 0.0
        if (char := self._exact.get(_packed(narrow))) is not None:
            return char, 1, 0.0
        best = self._nearest(narrow, 1)
        if whole:
            wide_best = self._nearest(ink, 2)
            if wide_best[2] < 2 * best[2]:
                return wide_best
        return best

    def distances(self, ink: Ink, size: Size) -> tuple[Ink, Ink]:
        """How far the nearest glyph is, in dots, of one and of two cells that begin at each cell of the display.

        Shapes: (rows, columns) and (rows, columns - 1).
        """
        cells = ink.reshape(size[0], CELL_HEIGHT, size[1], CELL_WIDTH).transpose(0, 2, 1, 3)
        pairs = np.concatenate((cells[:, :-1], cells[:, 1:]), axis=3)
        return self._least(cells, 1), self._least(pairs, 2)

    def _least(self, cells: Ink, width: int) -> Ink:
        dots = cells.reshape(-1, CELL * width)
        if len(self._chars[width]) < 2:
            return np.full(cells.shape[:2], CELL * width, dtype=np.float32)
        apart = (1.0 - 2.0 * dots) @ self._dots[width].T
        least: Ink = np.einsum("ij,ij->i", dots, dots) + apart.min(axis=1)
        return least.reshape(cells.shape[:2])

    def _nearest(self, ink: Ink, width: int) -> tuple[str | None, int, float]:
        """By the sum over the dots of (ink - glyph) squared, which is one product of matrices."""
        dots = ink.reshape(-1)
        if len(self._chars[width]) < 2:
            return None, width, float(CELL * width)
        distances = float(dots @ dots) + self._dots[width] @ (1.0 - 2.0 * dots)
        first, second = np.partition(distances, 1)[:2]
        sure = first <= WRONG_DOTS * width and second - first >= CLEARER_BY
        return self._chars[width][int(distances.argmin())] if sure else None, width, float(first)


def _packed(ink: Ink) -> bytes:
    return np.packbits(ink > 0.5, axis=1).tobytes()


@cache
def _font(path: Path, characters: str) -> _Font:
    """A font in Unifont's hex format: ``code point:dots``, 16 rows of 8 or 16 dots."""
    glyphs: dict[str, bytes] = {}
    taken: set[bytes] = set()
    for line in path.read_text(encoding="ascii").splitlines():
        code, _, digits = line.partition(":")
        char, dots = chr(int(code, 16)), bytes.fromhex(digits)
        # of glyphs that look alike the first (a Latin A, no Greek one); a wide space is two narrow ones
        if characters and char not in characters:
            continue
        if dots not in taken and (char == " " or any(dots)):
            glyphs[char] = dots
            taken.add(dots)
    return _Font(glyphs)


def decoded(photo: bytes) -> NDArray[Any] | None:
    """A photo's grey levels; None when it cannot be decoded."""
    if not photo:
        return None
    grey: NDArray[Any] | None = cv2.imdecode(np.frombuffer(photo, dtype=np.uint8), cv2.IMREAD_GRAYSCALE)
    return grey
