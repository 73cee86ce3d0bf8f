"""A finding as a picture (SVG): the map of the screens of its scope, and on it the way of its acts to the difference.

Boxes are pages in columns by the fewest acts from the start; grey lines are what the model knows, numbered red arrows
the acts of the finding, a dashed green one where its last act should have led. The acts stand below by their numbers.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from fuzzing.findings import Finding
from fuzzing.terminal_r.canonical import IMPOSSIBLE, screens_of
from fuzzing.terminal_r.gherkin import Language
from fuzzing.terminal_r.hunting import folder_of
from fuzzing.terminal_r.lock_model import LockModel, Scope
from fuzzing.terminal_r.plan import Plan
from rigs.faults import ConfigurationError
from rigs.terminal.profile import Profile

_BOX_W, _BOX_H, _GAP_X, _GAP_Y, _MARGIN, _HEAD, _LINE, _BELOW, _BULGE = 124, 34, 96, 30, 30, 56, 20, 70, 48
_FONT = "'Noto Sans','Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif"
_RED, _GREEN, _GREY = "#c0182b", "#1a7f37", "#c4ccd4"
_TEXT_W = 150
"""Characters of a line of the legend."""
Point = tuple[float, float]


@dataclass(frozen=True)
class _Words:
    title: str
    expected: str
    seen: str


_IN: Mapping[str, _Words] = {
    "en": _Words("Finding {id}: {scope}, oracle {oracle}", "expected", "seen"),
    "zh": _Words("发现 {id}：范围 {scope}，判据 {oracle}", "预期", "实际"),
}


@dataclass(frozen=True)
class _Map:
    """Pages by their distance from the start, and which leads to which."""

    distance: Mapping[str, int]
    edges: frozenset[tuple[str, str]]


def write_picture(profile: Profile, plan: Plan, scope: Scope, finding: Finding, language: Language) -> Path | None:
    """The picture beside the archive, under the finding's id; None for a trial, and where nothing is kept.

    Raises:
        ConfigurationError: it cannot be written.
    """
    if plan.findings is None or not scope.acts:
        return None
    path = folder_of(plan, scope) / f"{finding.id}.svg"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path_picture(LockModel(profile, scope), finding, language), "utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"the picture cannot be written: {error.strerror or error}", where=str(path), todo="name a writable folder"
        ) from None
    return path


def path_picture(model: LockModel, finding: Finding, language: Language = "en") -> str:
    """The picture's SVG text."""
    pages = _pages(model, finding)
    expected, seen = pages[-1], _last_page(finding.seen)
    found = _map(model)
    extra = [page for page in dict.fromkeys((seen,)) if page not in found.distance]
    distance = {**found.distance, **dict.fromkeys(extra, max(found.distance.values()))}
    places = _places(distance)
    words = _IN[language]
    legend = list(_legend(finding, pages, words))
    width = max(max(x for x, _ in places.values()) + _BOX_W + _MARGIN, 900)
    low = max(y for _, y in places.values()) + _BOX_H + _BELOW
    bottom = low + _MARGIN
    height = bottom + _LINE * (len(legend) + 1)
    title = words.title.format(id=finding.id, scope=model.scope.name, oracle=finding.oracle)
    on_way = {*pages[:-1], seen}
    rows = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}"'
        f' height="{height:.0f}" font-family="{_FONT}" font-size="13">',
        f"<title>{escape(title)}</title>",
        *_markers(),
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="{_MARGIN}" y="30" font-size="17" font-weight="600">{escape(title)}</text>',
    ]
    rows += [_line(places[a], places[b], _GREY, 1, "grey") for a, b in sorted(found.edges) if a != b]
    if expected != seen:
        rows.append(_line(places[pages[-2]], places[expected], _GREEN, 2.5, "green", dashed=True, low=low))
    ways = [*itertools.pairwise(pages[:-1]), (pages[-2], seen)]
    rows += [_line(places[a], places[b], _RED, 2.5, "red", bend=14, low=low) for a, b in ways if a != b]
    rows += [_box(page, places[page], page in on_way, page == expected) for page in distance]
    rows += _numbers(ways, places, low)
    rows += [
        f'<text x="{_MARGIN}" y="{bottom + _LINE * number:.0f}" fill="{colour}">{escape(text)}</text>'
        for number, (text, colour) in enumerate(legend, 1)
    ]
    return "\n".join([*rows, "</svg>", ""])


def _pages(model: LockModel, finding: Finding) -> list[str]:
    """The page before each act, and after the last one as it should be."""
    state = model.start
    pages = [state.page]
    for name in finding.keys:
        state = model.step(state, name)[0]
        pages.append(state.page)
    return pages


def _last_page(answer: str) -> str:
    """Where the terminal ended; a frame of no screen is ``?``."""
    return screens_of(answer)[-1].split(" ")[0] if answer else "?"


def _map(model: LockModel) -> _Map:
    distance, edges = {model.start.page: 0}, set[tuple[str, str]]()
    queue, known = deque([(model.start, 0)]), {model.start}
    while queue:
        state, far = queue.popleft()
        for name in model.inputs:
            there, answer = model.step(state, name)
            if answer == IMPOSSIBLE:
                continue
            edges.add((state.page, there.page))
            distance.setdefault(there.page, far + 1)
            if there not in known:
                known.add(there)
                queue.append((there, far + 1))
    return _Map(distance, frozenset(edges))


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
    for name, colour in (("red", _RED), ("green", _GREEN), ("grey", _GREY)):
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
    stroke, colour = (2.5, _RED) if on_way else (2.5, _GREEN) if expected else (1, "#59636e")
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
            f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle" font-weight="700" fill="{_RED}" stroke="white" '
            f'stroke-width="4" paint-order="stroke">{", ".join(numbers)}</text>'
        )


def _legend(finding: Finding, pages: Sequence[str], words: _Words) -> Iterator[tuple[str, str]]:
    for number, (name, page) in enumerate(zip(finding.keys, pages, strict=False), 1):
        yield f"{number}  {page}: {name}", "#1f2328"
    yield _cut(f"{words.expected}: {finding.expected}"), _GREEN
    yield _cut(f"{words.seen}: {finding.seen}"), _RED


def _cut(text: str) -> str:
    return text if len(text) <= _TEXT_W else text[: _TEXT_W - 1] + "…"
