"""A learned model as a picture that can be read: each box a state, each arrow the keys with their answer.

Keys that change nothing are folded into the box ("9 keys: no change (TIMEOUT)").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from posrig.fuzzing.learning.layout import Arrow, Box, laid_out
from posrig.fuzzing.learning.words import Called, Language, key_name, keys_text, words
from posrig.fuzzing.machines.mealy import Mealy
from posrig.ground.faults import ConfigurationError

MOST_STATES = 300
_WIDEST = 26
_COLOURS = ("#1f4e79", "#7a3b00", "#1b5e20", "#6a1b4d", "#37474f", "#8a6d00", "#004d4d", "#4a148c")


def picture(
    machine: Mealy,
    language: Language = "en",
    *,
    names: Mapping[int, str] | None = None,
    closed: Collection[int] = (),
    called: Called | None = None,
) -> str:
    """The model as SVG text. ``names``: what to call states besides their number, for a terminal their screens; an
    answer that is the target's name is not repeated on the arrow. ``closed``: states in which the learner pressed
    nothing. ``called``: what people call the keys.

    Raises:
        ConfigurationError: more states than a picture can show.
    """
    if machine.size > MOST_STATES:
        raise ConfigurationError(
            f"a picture of {machine.size} states is not legible",
            allowed=f"up to {MOST_STATES} states",
            todo="write the model with --write and cut out what is of interest",
        )
    title = words(language).title.format(states=machine.size, inputs=len(machine.inputs))
    known, keys = names or {}, called or {}
    boxes = [
        Box(
            _wrapped(words(language).closed) if state in closed else _box(machine, state, language, known, keys),
            thick=state == machine.start,
        )
        for state in range(machine.size)
    ]
    return laid_out(title, boxes, list(_arrows(machine, language, known, keys)))


def _arrows(machine: Mealy, language: Language, names: Mapping[int, str], called: Called) -> Iterator[Arrow]:
    for state in range(machine.size):
        colour = _COLOURS[state % len(_COLOURS)]  # one per source: an arrow is told from its neighbour
        for target, groups in _moves(machine, state).items():
            text = [
                _arrow(keys_text(keys, machine.inputs, language, called=called), answer, names.get(target, ""))
                for answer, keys in groups.items()
            ]
            yield Arrow(state, target, [part for line in text for part in _wrapped(line)], colour)


def _box(machine: Mealy, state: int, language: Language, names: Mapping[int, str], called: Called) -> list[str]:
    """The state's number or name, and the keys that change nothing, those with the same answer in one line."""
    say = words(language)
    head = f"{state + 1}: {names[state]}" if state in names else str(state + 1)
    lines = [f"{head} ({say.start})" if state == machine.start else head]
    groups: dict[str, list[str]] = {}
    for key, target in enumerate(machine.next_state[state]):
        if target == state:
            groups.setdefault(machine.answers[state][key], []).append(machine.inputs[key])
    for answer, keys in sorted(groups.items(), key=lambda group: -len(group[1])):
        shown = say.many.format(count=len(keys)) if len(keys) > 1 else key_name(keys[0], language, called)
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
    """Broken at blanks and after the Chinese comma only: a key's name must stay whole."""
    lines = [""]
    for word in re.split(r" +|(?<=、)", text):
        longer = f"{lines[-1]}{'' if lines[-1].endswith('、') else ' '}{word}".strip()
        lines = [*lines[:-1], longer] if not lines[-1] or len(longer) <= widest else [*lines, word]
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
