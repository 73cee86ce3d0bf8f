"""A model as a picture (SVG): screens as boxes in columns by the number of keys from the start, keys as arrows.

Keys that change nothing are told inside the box, not drawn. Graphviz lays the picture out when its ``dot`` is there,
else the columns below do.
"""

from __future__ import annotations

import itertools
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

from posrig.fuzzing.machines.mealy import Mealy, Word
from posrig.ground.faults import ConfigurationError

_BOX_W, _BOX_H, _GAP_X, _GAP_Y, _MARGIN = 168, 58, 210, 52, 40
_LAYOUT_TIMEOUT_S = 20.0
_MOST_STATES = 2000
_CJK_FONT = "'Noto Sans','Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif"


@dataclass(frozen=True)
class Texts:
    """The words of a drawing."""

    title: str = "Screens and keys"
    nothing: str = "{count} keys: no change"
    start: str = "start"


CHINESE = Texts(title="界面与按键", nothing="{count} 个键：无变化", start="开机")


@dataclass(frozen=True)
class Arrow:
    """Every key from one state to another, and whether a highlighted path takes it."""

    source: int
    target: int
    keys: tuple[str, ...]
    marked: bool


def draw(
    machine: Mealy,
    *,
    texts: Texts | None = None,
    label: Callable[[str], str] = str,
    path: Word = (),
    graphviz: bool = True,
) -> str:
    """The model as SVG text. ``label`` turns input and answer names into what people read; ``path`` is drawn in red.

    Raises:
        ConfigurationError: more states than a picture can show.
    """
    if machine.size > _MOST_STATES:
        raise ConfigurationError(
            f"a picture of {machine.size} states is not legible", allowed=f"up to {_MOST_STATES} states"
        )
    texts = texts or Texts()
    arrows = list(_arrows(machine, path, label))
    boxes = [_box_lines(machine, state, texts, label) for state in range(machine.size)]
    if graphviz and shutil.which("dot"):
        laid_out = _by_graphviz(boxes, arrows, machine.start, texts)
        if laid_out is not None:
            return laid_out
    return _by_columns(machine, boxes, arrows, texts)


def _arrows(machine: Mealy, path: Word, label: Callable[[str], str]) -> Iterable[Arrow]:
    states = machine.path(path)
    taken = set(itertools.pairwise(states))
    for state, row in enumerate(machine.next_state):
        by_target: dict[int, list[str]] = {}
        for key, target in enumerate(row):
            if target != state:
                by_target.setdefault(target, []).append(label(machine.inputs[key]))
        for target, keys in by_target.items():
            yield Arrow(state, target, tuple(keys), (state, target) in taken)


def _box_lines(machine: Mealy, state: int, texts: Texts, label: Callable[[str], str]) -> list[str]:
    """What a box says: the screen that shows there most, and how many keys change nothing."""
    shown = Counter(
        machine.answers[source][key]
        for source, row in enumerate(machine.next_state)
        for key, target in enumerate(row)
        if target == state
    )
    lines = [label(shown.most_common(1)[0][0])] if shown else []
    if state == machine.start:
        lines.insert(0, texts.start)
    still = sum(target == state for target in machine.next_state[state])
    return [*(_short(line, 24) for line in lines), *([texts.nothing.format(count=still)] if still else [])]


def _short(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _keys_text(keys: tuple[str, ...]) -> str:
    text = ", ".join(keys[:3])
    return f"{text} +{len(keys) - 3}" if len(keys) > 3 else text


def _by_graphviz(boxes: list[list[str]], arrows: list[Arrow], start: int, texts: Texts) -> str | None:
    """Laid out by Graphviz, or None when it fails or takes too long: the columns always work."""
    rows = [
        "digraph model {",
        f"rankdir=LR; label={_dot_quoted(texts.title)}; labelloc=t; fontname={_dot_quoted('Noto Sans CJK SC')};",
        f"node [shape=box style=rounded fontname={_dot_quoted('Noto Sans CJK SC')} fontsize=11];",
        f"edge [fontname={_dot_quoted('Noto Sans CJK SC')} fontsize=9];",
    ]
    for state, lines in enumerate(boxes):
        text = "\\n".join(_dot_escaped(line) for line in lines)
        rows.append(f's{state} [label="{text}"{" penwidth=2" if state == start else ""}];')
    for arrow in arrows:
        red = " color=red fontcolor=red penwidth=2" if arrow.marked else ""
        rows.append(f"s{arrow.source} -> s{arrow.target} [label={_dot_quoted(_keys_text(arrow.keys))}{red}];")
    try:
        done = subprocess.run(
            ["dot", "-Tsvg"], input="\n".join([*rows, "}"]), capture_output=True, text=True, timeout=_LAYOUT_TIMEOUT_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 and "<svg" in done.stdout else None


def _dot_escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _dot_quoted(text: str) -> str:
    return f'"{_dot_escaped(text)}"'


def _by_columns(machine: Mealy, boxes: list[list[str]], arrows: list[Arrow], texts: Texts) -> str:
    places = _places(machine)
    width = max(x for x, _ in places.values()) + _BOX_W + _MARGIN
    height = max(y for _, y in places.values()) + _BOX_H + 2 * _MARGIN
    rows = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' font-family="{_CJK_FONT}" font-size="11">',
        f"<title>{escape(texts.title)}</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0,0 L8,4 L0,8 z" fill="context-stroke"/></marker></defs>',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="{_MARGIN}" y="24" font-size="16">{escape(texts.title)}</text>',
    ]
    ordered = sorted(arrows, key=lambda arrow: arrow.marked)
    rows += [_svg_arrow(arrow, places) for arrow in ordered]
    rows += [_svg_box(boxes[state], *place, state == machine.start) for state, place in places.items()]
    rows += [_svg_label(arrow, places) for arrow in ordered]  # last: no line and no box may cross a label
    return "\n".join([*rows, "</svg>", ""])


def _places(machine: Mealy) -> dict[int, tuple[int, int]]:
    """A column per number of keys from the start; in a column each box near the middle of those that lead to it."""
    columns: dict[int, list[int]] = {}
    for state, word in machine.access_words().items():
        columns.setdefault(len(word), []).append(state)
    rows: dict[int, float] = {}
    places = {}
    for column, states in sorted(columns.items()):
        states.sort(key=lambda state: (_middle(machine, state, rows), state))
        for row, state in enumerate(states):
            rows[state] = float(row)
            places[state] = (_MARGIN + column * (_BOX_W + _GAP_X), _MARGIN + row * (_BOX_H + _GAP_Y))
    return places


def _middle(machine: Mealy, state: int, rows: dict[int, float]) -> float:
    above = [rows[source] for source in rows if state in machine.next_state[source]]
    return sum(above) / len(above) if above else 0.0


def _svg_box(lines: list[str], x: int, y: int, first: bool) -> str:
    text = "".join(
        f'<text x="{x + _BOX_W / 2}" y="{y + 18 + 15 * number}" text-anchor="middle">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    stroke = 2.5 if first else 1
    box = f'<rect x="{x}" y="{y}" width="{_BOX_W}" height="{_BOX_H}" rx="9" fill="#f6f8fa" stroke="#333"'
    return f'<g>{box} stroke-width="{stroke}"/>{text}</g>'


def _svg_arrow(arrow: Arrow, places: dict[int, tuple[int, int]]) -> str:
    x1, y1, x2, y2 = _ends(arrow, places)
    colour, stroke = ("#c00", 2.5) if arrow.marked else ("#789", 1)
    if places[arrow.source][0] == places[arrow.target][0]:
        bends = f"{x1 - 50},{y1} {x2 - 50},{y2}"
    else:
        bend = 60 if x2 > x1 else -60 - abs(y2 - y1) // 8
        bends = f"{x1 + bend},{y1} {x2 - bend},{y2}"
    curve = f"M{x1},{y1} C{bends} {x2},{y2}"
    return f'<path d="{curve}" fill="none" stroke="{colour}" stroke-width="{stroke}" marker-end="url(#tip)"/>'


def _ends(arrow: Arrow, places: dict[int, tuple[int, int]]) -> tuple[int, int, int, int]:
    """Where an arrow leaves and arrives: forward ones above, those that go back or stay in the column below."""
    (x1, y1), (x2, y2) = places[arrow.source], places[arrow.target]
    if x2 > x1:
        return x1 + _BOX_W, y1 + 22, x2, y2 + 22
    return x1, y1 + 42, x2 if x2 == x1 else x2 + _BOX_W, y2 + 42


def _svg_label(arrow: Arrow, places: dict[int, tuple[int, int]]) -> str:
    """Near the arrow's tail: arrows that share an end keep their labels apart."""
    x1, y1, x2, y2 = _ends(arrow, places)
    x, y = (x1 - 38, y1 + (y2 - y1) * 0.4) if x1 == x2 else (x1 + (x2 - x1) * 0.35, y1 + (y2 - y1) * 0.35 - 4)
    colour = "#c00" if arrow.marked else "#456"
    halo = 'paint-order="stroke" stroke="white" stroke-width="3" text-anchor="middle"'
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="9" {halo} fill="{colour}">{escape(_keys_text(arrow.keys))}</text>'
