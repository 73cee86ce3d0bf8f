"""A learned model as a picture that can be read: each box a state, each arrow the keys with their answer.

Keys that change nothing are folded into the box ("9 keys: no change (TIMEOUT)"); Graphviz lays it out from top to
bottom. Without Graphviz the columns of ``posrig.fuzzing.machines.drawing`` are drawn.
"""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from collections.abc import Collection, Mapping

from posrig.fuzzing.learning.words import Language, Words, key_name, keys_text, words
from posrig.fuzzing.machines.drawing import Texts, draw
from posrig.fuzzing.machines.mealy import Mealy
from posrig.ground.faults import ConfigurationError

MOST_STATES = 300
_LAYOUT_TIMEOUT_S = 60.0
_WIDEST = 26
_FONT = "Noto Sans CJK SC"
_COLOURS = ("#1f4e79", "#7a3b00", "#1b5e20", "#6a1b4d", "#37474f", "#8a6d00", "#004d4d", "#4a148c")


def picture(
    machine: Mealy,
    language: Language = "en",
    *,
    names: Mapping[int, str] | None = None,
    closed: Collection[int] = (),
    graphviz: bool = True,
) -> str:
    """The model as SVG text. ``names``: what to call states besides their number, for a terminal their screens; an
    answer that is the target's name is not repeated on the arrow. ``closed``: states in which the learner pressed
    nothing.

    Raises:
        ConfigurationError: more states than a picture can show.
    """
    if machine.size > MOST_STATES:
        raise ConfigurationError(
            f"a picture of {machine.size} states is not legible",
            allowed=f"up to {MOST_STATES} states",
            todo="write the model with --write and cut out what is of interest",
        )
    laid_out = (
        _by_graphviz(_graph(machine, language, names or {}, closed)) if graphviz and shutil.which("dot") else None
    )
    return laid_out if laid_out is not None else _plain(machine, language)


def _plain(machine: Mealy, language: Language) -> str:
    still = "{count} 个键：无变化" if language == "zh" else "{count} keys: no change"
    texts = Texts(title=_title(machine, words(language)), nothing=still, start=words(language).start)
    return draw(machine, texts=texts, label=lambda text: key_name(text, language), graphviz=False)


def _title(machine: Mealy, say: Words) -> str:
    return say.title.format(states=machine.size, inputs=len(machine.inputs))


def _graph(machine: Mealy, language: Language, names: Mapping[int, str], closed: Collection[int]) -> str:
    say = words(language)
    rows = [
        "digraph model {",
        f"rankdir=TB; nodesep=0.5; ranksep=0.9; label={_quoted(_title(machine, say))}; labelloc=t; bgcolor=white;",
        f'fontname="{_FONT}"; fontsize=18;',
        f'node [shape=box style="rounded,filled" fillcolor="#f6f8fa" color="#333333" fontname="{_FONT}" fontsize=13];',
        f'edge [fontname="{_FONT}" fontsize=12 color="#667788"];',
    ]
    for state in range(machine.size):
        wide = " penwidth=2.5" if state == machine.start else ""
        lines = _wrapped(say.closed) if state in closed else _box(machine, state, language, names)
        rows.append(f"s{state} [label={_quoted(*lines)}{wide}];")
    for state in range(machine.size):
        colour = _COLOURS[state % len(_COLOURS)]  # one per source: an arrow is told from its neighbour
        for target, groups in _moves(machine, state).items():
            text = [
                _arrow(keys_text(keys, machine.inputs, language), answer, names.get(target, ""))
                for answer, keys in groups.items()
            ]
            lines = [part for line in text for part in _wrapped(line)]
            rows.append(f's{state} -> s{target} [label={_quoted(*lines)} color="{colour}" fontcolor="{colour}"];')
    return "\n".join([*rows, "}"])


def _box(machine: Mealy, state: int, language: Language, names: Mapping[int, str]) -> list[str]:
    """The state's number or name, and the keys that change nothing, those with the same answer in one line."""
    say = words(language)
    head = f"{state + 1}: {names[state]}" if state in names else str(state + 1)
    lines = [f"{head} ({say.start})" if state == machine.start else head]
    groups: dict[str, list[str]] = {}
    for key, target in enumerate(machine.next_state[state]):
        if target == state:
            groups.setdefault(machine.answers[state][key], []).append(machine.inputs[key])
    for answer, keys in sorted(groups.items(), key=lambda group: -len(group[1])):
        shown = say.many.format(count=len(keys)) if len(keys) > 1 else key_name(keys[0], language)
        lines += _wrapped(say.still.format(keys=shown, answer=answer), 44)
    return lines


def _moves(machine: Mealy, state: int) -> dict[int, dict[str, list[str]]]:
    """Per other state the keys that lead there, by answer."""
    moves: dict[int, dict[str, list[str]]] = {}
    for key, target in enumerate(machine.next_state[state]):
        if target != state:
            moves.setdefault(target, {}).setdefault(machine.answers[state][key], []).append(machine.inputs[key])
    return moves


def _arrow(keys: str, answer: str, target: str) -> str:
    return keys if answer == target else f"{keys} → {answer}"


def _wrapped(text: str, widest: int = _WIDEST) -> list[str]:
    """Broken at blanks only: a key's name must stay whole."""
    lines = [""]
    for word in text.split():
        fits = not lines[-1] or len(lines[-1]) + 1 + len(word) <= widest
        lines = [*lines[:-1], f"{lines[-1]} {word}".strip()] if fits else [*lines, word]
    return lines


def state_names(machine: Mealy) -> dict[int, str]:
    """States called by the answer that most often leads there; several may share it."""
    shown = {}
    for state in range(machine.size):
        leading = Counter(
            machine.answers[source][key]
            for source, row in enumerate(machine.next_state)
            for key, target in enumerate(row)
            if target == state
        )
        if leading:
            shown[state] = leading.most_common(1)[0][0]
    return shown


def _quoted(*lines: str) -> str:
    escaped = (line.replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(escaped) + '"'


def _by_graphviz(graph: str) -> str | None:
    """Laid out by Graphviz; None when it fails or takes too long."""
    try:
        done = subprocess.run(
            ["dot", "-Tsvg"], input=graph, capture_output=True, text=True, encoding="utf-8", timeout=_LAYOUT_TIMEOUT_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 and "<svg" in done.stdout else None
