"""Draw the rooms of posrig from their imports: docs/pictures/house.svg. ``--check``: say whether it is up to date.

A box is a package with the first line of its docstring; an arrow says "imports". Arrows that follow from others are
left out, and one leads to a room only where nothing between them is imported too.
"""

from __future__ import annotations

import importlib
import sys
import textwrap
from pathlib import Path

import grimp
import networkx as nx

from posrig.fuzzing.learning.layout import Arrow, Box, laid_out

PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "house.svg"


def rooms() -> nx.DiGraph:
    """The rooms and which imports which, without arrows that follow from others. Raises where there is a circle."""
    graph = grimp.build_graph("posrig")
    names = sorted(graph.find_children("posrig"))
    house = nx.DiGraph()
    house.add_nodes_from(names)
    for room in names:
        for other in names:
            if room != other and graph.direct_import_exists(importer=room, imported=other, as_packages=True):
                house.add_edge(room, other)
    return nx.transitive_reduction(house)


def purpose(room: str) -> list[str]:
    words = (importlib.import_module(room).__doc__ or "").strip().splitlines()[0].replace("``", "")
    return textwrap.wrap(words, 34)


def drawn() -> str:
    house = rooms()
    order = sorted(house)
    boxes = [Box([room.removeprefix("posrig."), *purpose(room)]) for room in order]
    arrows = [Arrow(order.index(a), order.index(b), [""], "#556677") for a, b in sorted(house.edges)]
    return laid_out("posrig: each room and what it imports", boxes, arrows)


if __name__ == "__main__":
    new = drawn()
    if "--check" in sys.argv:
        same = PICTURE.is_file() and PICTURE.read_text("utf-8") == new
        sys.exit(0 if same else f"{PICTURE.name} is not what the imports say: python .ci/draw_house.py")
    PICTURE.write_text(new, "utf-8")
