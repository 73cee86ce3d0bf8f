"""Scenario outlines: their rows, how ``<columns>`` are filled, and what in their tables would have no effect.

pytest-bdd fills otherwise than every other tool (a ``<`` in the text hides the next column, a value is never filled
again): here it is done as in Cucumber's pickles, for the check and for the run.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from posrig.language.findings import Node
from posrig.language.messages import say

PLACEHOLDER = re.compile(r"<([^<>\s](?:[^<>\n]*[^<>\s])?)>")
MOST_ROWS = 5000
"""In one file: more would be a load test of pytest, not of a terminal."""

Rule = tuple[Node, str, dict[str, object]]
"""Where, the rule that is broken, its values."""


def scenarios_of(feature: Node) -> Iterator[tuple[Node, Node | None]]:
    """Each scenario with the rule it stands under, in file order."""
    for child in feature["children"]:
        if "scenario" in child:
            yield child["scenario"], None
        for sub in child.get("rule", {}).get("children", ()):
            if "scenario" in sub:
                yield sub["scenario"], child["rule"]


def example_rows(scenario: Node) -> list[dict[str, str]]:
    """The rows of all Examples tables as column -> value; one empty row for a plain scenario."""
    rows: list[dict[str, str]] = []
    for table in scenario["examples"]:
        names = columns(table)
        for row in table.get("tableBody", ()):
            rows.append(dict(zip(names, (cell["value"] for cell in row["cells"]), strict=False)))
    return rows or [{}]


def columns(table: Node) -> list[str]:
    """The names in the first row of an Examples table."""
    return [cell["value"] for cell in table.get("tableHeader", {}).get("cells", ())]


def fill(text: str, row: Mapping[str, object]) -> str:
    """A text with its ``<columns>`` filled from one Example row, column after column.

    >>> fill("1 < 2 and <n>", {"n": "3"})
    '1 < 2 and 3'
    """
    for name, value in row.items():
        text = text.replace(f"<{name}>", str(value))
    return text


def whole_text(step: Node) -> str:
    """All of a step that is filled."""
    return "\n".join((step["text"], *_below(step)))


def _below(step: Node) -> list[str]:
    table = step.get("dataTable", {}).get("rows", ())
    cells = [cell["value"] for row in table for cell in row["cells"]]
    return [step.get("docString", {}).get("content", ""), *cells]


def check(scenario: Node, language: str) -> Iterator[Rule]:
    """What is wrong with the Examples of one scenario, and with the placeholders of its steps."""
    tables = [table for table in scenario["examples"] if table.get("tableBody")]
    for table in scenario["examples"]:
        if not table.get("tableBody"):
            yield table, "rows_none", {"name": scenario["name"]}
    if not scenario["examples"]:
        yield from _bare(scenario)
    everywhere = {name for table in tables for name in columns(table)}
    for table in tables:
        yield from _columns(scenario, table, everywhere, language)
    yield from _rows_twice(tables)


def _bare(scenario: Node) -> Iterator[Rule]:
    """A placeholder in a sentence of a scenario that has no Examples at all."""
    for step in scenario["steps"]:
        if found := PLACEHOLDER.search(step["text"]):
            yield step, "outline_bare", {"column": found[1], "name": scenario["name"]}
            return


def _columns(scenario: Node, table: Node, everywhere: set[str], language: str) -> Iterator[Rule]:
    names = columns(table)
    header = table["tableHeader"]
    for name, times in Counter(names).items():
        if not name:
            yield header, "column_unnamed", {}
        elif times > 1:
            yield header, "column_twice", {"column": name}
    texts = [scenario["name"], *(whole_text(step) for step in scenario["steps"])]
    for name in dict.fromkeys(names):
        # a value may hold another column: it is filled in its turn
        values = [cell["value"] for row in table["tableBody"] for cell in row["cells"]]
        if name and not any(f"<{name}>" in text for text in (*texts, *values)):
            yield header, "column_unused", {"column": name}
    for name in dict.fromkeys(_wanted(scenario, everywhere)):
        if name not in names:
            near = difflib.get_close_matches(name, names, 2, 0.6)
            todo = say("did_you_mean" if near else "add_column", language, near=", ".join(near)).found
            yield header, "column_missing", {"column": name, "columns": ", ".join(names), "todo": todo}


def _wanted(scenario: Node, everywhere: set[str]) -> Iterator[str]:
    """The placeholders that are meant: all in names and sentences; in tables and doc strings <tags> are text, too."""
    for text in (scenario["name"], *(step["text"] for step in scenario["steps"])):
        yield from PLACEHOLDER.findall(text)
    for step in scenario["steps"]:
        for text in _below(step):
            found = PLACEHOLDER.findall(text)
            yield from (n for n in found if n in everywhere or difflib.get_close_matches(n, everywhere, 1, 0.8))


def _rows_twice(tables: list[Node]) -> Iterator[Rule]:
    seen: set[tuple[tuple[str, str], ...]] = set()
    for table in tables:
        names = columns(table)
        for row in table["tableBody"]:
            values = [cell["value"] for cell in row["cells"]]
            key = tuple(sorted(zip(names, values, strict=False)))
            if key in seen:
                yield row, "row_twice", {"row": " | ".join(values)}
            seen.add(key)
