"""Looks for the display's corners in a photo: first the bright panel in its darker frame, then the edges of its dots.

The dots' edges lie somewhere within the panel. They are where what is shown can best be read: each edge is moved, the
farthest first and ever less, while the cells come closer to glyphs of the terminal's font. Needs the extra ``camera``.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from posrig.screens.photo_reading import DisplayReader, Size, dots_of

Corners = tuple[tuple[float, float], ...]
LEAST_SHARE = 0.04
"""Of the photo's area: a smaller panel has too few pixels for its dots."""
_STEPS = (4.0, 2.0, 1.0, 0.5, 0.25, 3.0, 1.5, 0.75, 0.4)
"""Dots by which an edge is moved."""
_MARGINS = tuple(range(0, 11, 2))
"""Dots between the panel's edge and its first dot that are tried to begin with."""
LEAST_GAIN = 0.5
"""Dots by which a move must bring the cells nearer to glyphs: where nothing stands, noise moves no corner."""
LEAST_OF_START = 0.85
"""Of the area where the search begins: a plane with less of the display on it has less that could be misread."""
_TRIES = 8
_SHAKE = 1.5
_EDGES = ((0, 1), (1, 2), (2, 3), (3, 0))


@dataclass(frozen=True, slots=True)
class _Display:
    """What is looked for: a display of this size whose glyphs are these."""

    font: Path
    size: Size
    characters: str

    def cost(self, grey: NDArray[Any], corners: Corners) -> float:
        """How far the cells are from glyphs, in dots; no ink at all is as bad as can be."""
        return DisplayReader(corners, self.font, self.size, self.characters).distance(grey)

    def moved(self, corners: Corners, change: Sequence[float]) -> Corners:
        """``change``: dots by which the top edge goes down, the right edge right, the bottom edge down, the left edge
        right; or, with seven numbers, one corner's number and its way in dots."""
        points = np.array(corners, dtype=np.float64)
        width, height = dots_of(self.size)
        across = (points[1] - points[0] + points[2] - points[3]) / (2 * width)
        down = (points[3] - points[0] + points[2] - points[1]) / (2 * height)
        if len(change) == 7:
            points[int(change[4])] += change[5] * across + change[6] * down
        else:
            for (first, second), dots, way in zip(_EDGES, change, (down, across, down, across), strict=True):
                points[[first, second]] += dots * way
        return tuple((float(x), float(y)) for x, y in points)

    def inwards(self, panel: NDArray[np.float32], across: float, down: float) -> Corners:
        """The panel's corners, moved inwards by so many dots."""
        corners: Corners = tuple((float(x), float(y)) for x, y in panel)
        return self.moved(corners, (down, -across, -down, across))


def find_corners(grey: NDArray[Any], font: Path, size: Size, characters: str) -> Corners | None:
    """Top left, top right, bottom right, bottom left, in pixels; None when no panel is seen or nothing can be read.

    ``size``: rows and columns of the display. ``characters`` are those that it may show now: the fewer, the faster.
    """
    display = _Display(font, size, characters)
    starts = [display.inwards(panel, x, y) for panel in _panels(grey) for x in _MARGINS for y in _MARGINS]
    costs = sorted((display.cost(grey, corners), corners) for corners in starts)
    if not costs:
        return None
    chance, (cost, start) = random.Random(1), costs[0]
    corners, least = start, LEAST_OF_START * _area(start)
    for _ in range(_TRIES):
        corners = _nearer(display, grey, corners, cost, least)
        reading = DisplayReader(corners, font, size).read_grey(grey)
        if reading.rows is not None and not reading.dark:
            return tuple((round(x, 1), round(y, 1)) for x, y in corners)
        corners = start
        for corner in range(4):  # stuck beside the right place: from a little aside, again
            change = [0.0] * 4 + [float(corner), chance.uniform(-_SHAKE, _SHAKE), chance.uniform(-_SHAKE, _SHAKE)]
            corners = display.moved(corners, change)
        cost = display.cost(grey, corners)
    return None


def _nearer(display: _Display, grey: NDArray[Any], corners: Corners, cost: float, least: float) -> Corners:
    """Moved as long as that brings the cells nearer to glyphs; never to a plane smaller than ``least`` pixels."""
    for step in _STEPS:
        moved = True
        while moved:
            moved = False
            for change in _changes(step):
                tried = display.moved(corners, change)
                if _area(tried) < least:
                    continue
                new = display.cost(grey, tried)
                if new < cost - LEAST_GAIN:
                    cost, corners, moved = new, tried, True
    return corners


def _panels(grey: NDArray[Any]) -> list[NDArray[np.float32]]:
    """Bright quadrilaterals, the largest first."""
    _, light = cv2.threshold(cv2.GaussianBlur(grey, (5, 5), 0), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    closed = cv2.morphologyEx(light, cv2.MORPH_CLOSE, np.ones((25, 25), dtype=np.uint8))
    outlines, _ = cv2.findContours(closed, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for outline in outlines:
        hull = cv2.convexHull(outline)
        quad = cv2.approxPolyDP(hull, 0.03 * cv2.arcLength(hull, True), True).reshape(-1, 2)
        if len(quad) == 4 and cv2.contourArea(hull) > LEAST_SHARE * grey.size:
            found.append(quad.astype(np.float32))
    found.sort(key=lambda quad: -float(cv2.contourArea(quad)))
    return [_ordered(quad) for quad in found[:3]]


def _ordered(quad: NDArray[np.float32]) -> NDArray[np.float32]:
    """From the top left, clockwise."""
    sums, differences = quad.sum(axis=1), quad[:, 0] - quad[:, 1]
    return quad[[int(sums.argmin()), int(differences.argmax()), int(sums.argmax()), int(differences.argmin())]]


def _changes(step: float) -> list[Sequence[float]]:
    """Each edge outwards and inwards; two opposite ones together, which moves the picture; corners by themselves."""
    single = [[sign * step if edge == at else 0.0 for edge in range(4)] for at in range(4) for sign in (1, -1)]
    both = [[sign * step, 0.0, sign * step, 0.0] for sign in (1, -1)]
    both += [[0.0, sign * step, 0.0, sign * step] for sign in (1, -1)]
    corner = [
        [*(0.0 for _ in range(4)), float(at), axis_x * step, axis_y * step]
        for at in range(4)
        for axis_x, axis_y in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
    ]
    return [*single, *both, *corner]


def _area(corners: Corners) -> float:
    return float(cv2.contourArea(np.array(corners, dtype=np.float32)))


def drawn(photo: bytes, corners: Corners) -> bytes:
    """The photo as PNG, the corners joined by a line, the first one marked."""
    picture = cv2.imdecode(np.frombuffer(photo, dtype=np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        return photo
    points = np.array(corners, dtype=np.float32).round().astype(np.int32)
    cv2.polylines(picture, [points], True, (60, 60, 230), 1, cv2.LINE_AA)
    cv2.circle(picture, tuple(map(int, points[0])), 5, (60, 60, 230), 1, cv2.LINE_AA)
    return cv2.imencode(".png", picture)[1].tobytes()
