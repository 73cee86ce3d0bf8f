"""Mealy machines in Graphviz .dot files, as the public collections of learned models keep them.

An edge is ``state -> state [label="input / answer"];``. The start is the state that an arrow from ``__start...`` points
to, else the first state named in an edge. Lines that are not edges (nodes, braces, comments) are passed over.
"""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from posrig.fuzzing.machines.mealy import Mealy, build
from posrig.ground.faults import ConfigurationError

_NODE = r'(?:"(?P<{0}q>(?:[^"\\]|\\.)*)"|(?P<{0}>[\w.\-]+))'
_EDGE = re.compile(rf"^\s*{_NODE.format('source')}\s*->\s*{_NODE.format('target')}\s*(?:\[(?P<about>.*)\])?\s*;?\s*$")
_LABEL = re.compile(r'\blabel\s*=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|<(?P<markup>.*)>)')
_LARGEST_BYTES = 64 * 1024 * 1024


@dataclass
class _Graph:
    """What the lines of a file said so far: state -> input -> (target, answer, line)."""

    edges: dict[str, dict[str, tuple[str, str, int]]] = field(default_factory=dict)
    start: str | None = None


def read_dot(path: Path, *, missing: str | None = None) -> Mealy:
    """Read a machine. States are numbered breadth-first, inputs sorted; states that nothing leads to are dropped.

    ``missing`` is the answer of an input that a state does not name (it then stays where it is); left out, a machine
    must name every input in every state.

    Raises:
        ConfigurationError: no such file, not text, an edge without "input / answer", two edges for one input in one
            state, an incomplete machine; with file and line.
    """
    graph = _Graph()
    for number, line in enumerate(_lines(path), 1):
        _read_line(graph, line, f"{path}:{number}")
    if not graph.edges:
        raise ConfigurationError(
            "no edge in this file: it is not a Mealy machine",
            where=str(path),
            allowed='s0 -> s1 [label="input / answer"];',
        )
    return _machine(graph, path, missing)


def _lines(path: Path) -> Iterable[str]:
    todo = "name a .dot file with one edge a line"
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise ConfigurationError("the file is larger than 64 MiB", where=str(path), todo=todo)
        return path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ConfigurationError(
            f"cannot read the model: {error.strerror or error}", where=str(path), todo=todo
        ) from None
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"not a text file: byte {error.start} is not UTF-8", where=str(path), todo=todo
        ) from None


def _read_line(graph: _Graph, line: str, where: str) -> None:
    edge = _EDGE.match(line)
    if edge is None:
        if "->" in line and not line.lstrip().startswith(("//", "#", "/*")):
            raise ConfigurationError(
                f"cannot read this edge: {line.strip()[:80]}", where=where, allowed='s0 -> s1 [label="input / answer"];'
            )
        return
    source, target = edge["sourceq"] or edge["source"], edge["targetq"] or edge["target"]
    if source.startswith("__start"):
        graph.start = target
        return
    key, answer = _read_label(edge["about"] or "", where)
    row = graph.edges.setdefault(source, {})
    if key in row and row[key][:2] != (target, answer):
        raise ConfigurationError(
            f"state {source} has two edges for the input {key!r}: a terminal answers in one way",
            where=f"{where} (the other is in line {row[key][2]})",
        )
    row[key] = (target, answer, int(where.rpartition(":")[2]))


def _read_label(about: str, where: str) -> tuple[str, str]:
    label = _LABEL.search(about)
    text = html.unescape((label["quoted"] or label["markup"] or "") if label else "")
    key, slash, answer = text.partition("/")
    if not slash or not key.strip():
        raise ConfigurationError(
            f"the label {text!r} does not say input and answer", where=where, allowed='label="input / answer"'
        )
    return key.strip(), answer.strip()


def _machine(graph: _Graph, path: Path, missing: str | None) -> Mealy:
    start = graph.start if graph.start is not None else next(iter(graph.edges))
    inputs = sorted({key for row in graph.edges.values() for key in row})
    number = {start: 0}
    queue = deque([start])
    targets: list[list[int]] = []
    answers: list[list[str]] = []
    while queue:
        state = queue.popleft()
        row = _complete(graph, state, inputs, path, missing)
        for target, _ in row:
            if target not in number:
                number[target] = len(number)
                queue.append(target)
        targets.append([number[target] for target, _ in row])
        answers.append([answer for _, answer in row])
    return build(inputs, targets, answers, list(number))


def _complete(graph: _Graph, state: str, inputs: list[str], path: Path, missing: str | None) -> list[tuple[str, str]]:
    row = graph.edges.get(state, {})
    absent = [key for key in inputs if key not in row]
    if absent and missing is None:
        raise ConfigurationError(
            f"state {state} does not say what it answers to {', '.join(absent[:5])}",
            where=str(path),
            todo="give every state an edge for every input",
        )
    return [row[key][:2] if key in row else (state, missing or "") for key in inputs]


def dot_text(machine: Mealy, *, title: str = "") -> str:
    """A machine as a .dot file that ``read_dot`` reads back."""
    rows = [f"// {line}" for line in title.splitlines()]
    rows += ["digraph g {", '__start0 [label="" shape="none"];']
    rows += [f's{s} [shape="circle" label="{_quoted(machine.names[s])}"];' for s in range(machine.size)]
    for state in range(machine.size):
        for key, name in enumerate(machine.inputs):
            label = _quoted(f"{name} / {machine.answers[state][key]}")
            rows.append(f's{state} -> s{machine.next_state[state][key]} [label="{label}"];')
    return "\n".join([*rows, f"__start0 -> s{machine.start};", "}", ""])


def _quoted(text: str) -> str:
    return html.escape(text.replace("\n", "|"), quote=True)
