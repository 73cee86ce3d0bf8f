"""A map of screens with a way on it, as SVG: boxes in columns, grey lines between them, numbered red arrows for the
way, a dashed green one for where it should have led, words below."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

_BOX_W, _BOX_H, _GAP_X, _GAP_Y, _MARGIN, _HEAD, _LINE, _BELOW, _BULGE = 124, 34, 96, 30, 30, 56, 20, 70, 48
_FONT = "'Noto Sans','Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif"
RED, GREEN, _GREY = "#c0182b", "#1a7f37", "#c4ccd4"
Point = tuple[float, float]
_MOST_NUMBERS = 6
"""Of the numbers that stand at one arrow; more are told by dots."""
Edge = tuple[str, str]
Note = tuple[str, str]
"""A line of words, and its colour."""


@dataclass(frozen=True)
class ScreenMap:
    """Screens by their column, and which leads to which."""

    distance: Mapping[str, int]
    edges: Collection[Edge] = ()


def screen_map_svg(
    title: str, screens: ScreenMap, way: Sequence[Edge], notes: Sequence[Note], missed: Edge | None = None
) -> str:
    """The SVG text. ``way``: from screen to screen, in order; ``missed``: where its last step should have led."""
    places = _places(screens.distance)
    width = max(max(x for x, _ in places.values()) + _BOX_W + _MARGIN, 900)
    low = max(y for _, y in places.values()) + _BOX_H + _BELOW
    bottom = low + _MARGIN
    height = bottom + _LINE * (len(notes) + 1)
    on_way = {screen for edge in way for screen in edge}
    rows = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}"'
        f' height="{height:.0f}" font-family="{_FONT}" font-size="13">',
        f"<title>{escape(title)}</title>",
        *_markers(),
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="{_MARGIN}" y="30" font-size="17" font-weight="600">{escape(title)}</text>',
    ]
    rows += [_line(places[a], places[b], _GREY, 1, "grey") for a, b in sorted(screens.edges) if a != b]
    if missed is not None:
        rows.append(_line(places[missed[0]], places[missed[1]], GREEN, 2.5, "green", dashed=True, low=low))
    rows += [_line(places[a], places[b], RED, 2.5, "red", bend=14, low=low) for a, b in dict.fromkeys(way) if a != b]
    expected = None if missed is None else missed[1]
    rows += [_box(screen, places[screen], screen in on_way, screen == expected) for screen in screens.distance]
    rows += _numbers(way, places, low)
    rows += [
        f'<text x="{_MARGIN}" y="{bottom + _LINE * number:.0f}" fill="{colour}">{escape(text)}</text>'
        for number, (text, colour) in enumerate(notes, 1)
    ]
    return "\n".join([*rows, "</svg>", ""])


def _places(distance: Mapping[str, int]) -> dict[str, Point]:
    """Columns without gaps, those with few pages in the middle."""
    columns = [[page for page, far in distance.items() if far == column] for column in sorted(set(distance.values()))]
    most = max(map(len, columns))
    return {
        page: (
            _MARGIN + column * (_BOX_W + _GAP_X),
            _HEAD + (row + (most - len(pages)) / 2) * (_BOX_H + _GAP_Y),
        )
        for column, pages in enumerate(columns)
        for row, page in enumerate(pages)
    }


def _markers() -> Iterator[str]:
    for name, colour in (("red", RED), ("green", GREEN), ("grey", _GREY)):
        yield (
            f'<defs><marker id="{name}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="9" markerHeight="9" '
            f'markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="{colour}"/></marker></defs>'
        )


def _ends(start: Point, end: Point) -> tuple[float, float, float, float]:
    """From the side of one box to the facing side of the other; in one column from bottom to top or back."""
    if start[0] == end[0]:
        down = end[1] > start[1]
        x = start[0] + _BOX_W / 2
        return (x, start[1] + _BOX_H, x, end[1]) if down else (x, start[1], x, end[1] + _BOX_H)
    right = end[0] > start[0]
    y1, y2 = start[1] + _BOX_H * (0.35 if right else 0.65), end[1] + _BOX_H * (0.35 if right else 0.65)
    return (start[0] + _BOX_W, y1, end[0], y2) if right else (start[0], y1, end[0] + _BOX_W, y2)


def _far_back(start: Point, end: Point) -> bool:
    """Over other columns: such an arrow goes below the boxes."""
    return abs(start[0] - end[0]) > 1.5 * (_BOX_W + _GAP_X)


def _line(
    start: Point, end: Point, colour: str, stroke: float, marker: str, *, dashed: bool = False, bend: float = 0,
    low: float | None = None,
) -> str:  # fmt: skip
    """An arrow. ``low``: the bottom of the map, for arrows that must be seen whole."""
    if low is not None and _far_back(start, end):
        x1, x2, y1, y2 = start[0] + _BOX_W / 2, end[0] + _BOX_W / 2, start[1] + _BOX_H, end[1] + _BOX_H
        curve = f"M{x1:.0f},{y1:.0f} C{x1:.0f},{low:.0f} {x2:.0f},{low:.0f} {x2:.0f},{y2:.0f}"
    elif low is not None and start[0] == end[0]:
        x, y1, y2 = start[0] + _BOX_W, start[1] + _BOX_H / 2, end[1] + _BOX_H / 2
        curve = f"M{x:.0f},{y1:.0f} C{x + _BULGE:.0f},{y1:.0f} {x + _BULGE:.0f},{y2:.0f} {x:.0f},{y2:.0f}"
    else:
        x1, y1, x2, y2 = _ends(start, end)
        middle = f"{(x1 + x2) / 2:.0f},{(y1 + y2) / 2 + (bend if x2 < x1 else -bend):.0f}"
        curve = f"M{x1:.0f},{y1:.0f} Q{middle} {x2:.0f},{y2:.0f}"
    dash = ' stroke-dasharray="7 5"' if dashed else ""
    return (
        f'<path d="{curve}" fill="none" stroke="{colour}" stroke-width="{stroke}"{dash} marker-end="url(#{marker})"/>'
    )


def _box(page: str, place: Point, on_way: bool, expected: bool) -> str:
    x, y = place
    stroke, colour = (2.5, RED) if on_way else (2.5, GREEN) if expected else (1, "#59636e")
    fill = "#fff1f1" if on_way else "#effaf1" if expected else "#f6f8fa"
    return (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{_BOX_W}" height="{_BOX_H}" rx="7" fill="{fill}" stroke="{colour}" '
        f'stroke-width="{stroke}"/>'
        f'<text x="{x + _BOX_W / 2:.0f}" y="{y + 22:.0f}" text-anchor="middle">{escape(page)}</text>'
    )


def _numbers(ways: Sequence[tuple[str, str]], places: Mapping[str, Point], low: float) -> Iterator[str]:
    """The numbers of the acts: those that take the same way stand together, at its middle; those that stay, over the
    page's box."""
    together: dict[tuple[str, str], list[str]] = {}
    for number, way in enumerate(ways, 1):
        together.setdefault(way, []).append(str(number))
    for (source, target), numbers in together.items():
        if source == target:
            x, y = places[source][0] + _BOX_W / 2, places[source][1] - 6
        elif _far_back(places[source], places[target]):
            (x1, y1), (x2, y2) = places[source], places[target]
            x, y = (x1 + x2 + _BOX_W) / 2, 0.75 * low + 0.125 * (y1 + y2 + 2 * _BOX_H) - 6
        else:
            x1, y1, x2, y2 = _ends(places[source], places[target])
            part, off = (0.5, 20) if x2 < x1 else (0.72, -8)  # back below; forth above, where the arrows have parted
            x, y = x1 + part * (x2 - x1), y1 + part * (y2 - y1) + off
            if x1 == x2:
                x, y = places[source][0] + _BOX_W + 0.75 * _BULGE, (y1 + y2) / 2 + 5
        yield (
            f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle" font-weight="700" fill="{RED}" stroke="white" '
            f'stroke-width="4" paint-order="stroke">{_some(numbers)}</text>'
        )


def _some(numbers: Sequence[str]) -> str:
    """A way that is taken again and again: the first times.

    >>> _some(["1", "2"]), _some(list("12345678"))
    ('1, 2', '1, 2, 3, 4, 5, 6, …')
    """
    return ", ".join([*numbers[:_MOST_NUMBERS], *(["…"] if len(numbers) > _MOST_NUMBERS else [])])
