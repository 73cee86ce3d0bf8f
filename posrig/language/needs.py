"""What a sentence needs of the terminal and the rig, and what of that is not there: asked before anything runs.

A need is said in words, in the decorator (``uses=("way lock", "means locked", "line usb")``):

- ``way NAME``: the profile has this way;
- ``means MEANING``: a screen of the profile means this;
- ``proof open``: the profile has a way that proves it;
- ``policy NUMBER``, ``time NUMBER``: the profile says this number of its policy or timings;
- ``rule RULE``: the profile promises it (``rules:``);
- ``key submit|cancel|clear``: the profile names that key;
- ``first passwords``: the profile says what a factory reset leaves;
- ``after reset``: the terminal can be used after a factory reset: by its rule; or the reset leads to a sign-on, and
  the rig takes another terminal for the next scenario;
- ``line network|usb|service|bench|meter|camera``: the rig has it;
- ``model NAME``: the profile names the model's own use cases. Sentences in a room ``models/NAME`` need it without a
  word, and those of a module with ``MODEL = "NAME"``.

A need may hold a value of the sentence: ``way {name}``. A state that a value names is needed too, and for whoever has
a part in any profile (posrig/language/whoever.py) that there is somebody, with a number where one is
asked for, who may.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from posrig.description.profile import Profile
from posrig.description.rig_file import RigDescription
from posrig.ground.faults import ConfigurationError
from posrig.language.findings import Checked, Node
from posrig.language.lint import with_kinds
from posrig.language.messages import say, spoken
from posrig.language.outlines import example_rows, fill, scenarios_of
from posrig.language.parameters import ROLES, Role, State, may
from posrig.language.step_index import StepDefinition, StepIndex, short_path

KINDS = "way, means, proof, policy, time, rule, key, first passwords, after reset, line, model"
_ROOM = re.compile(r"\.models\.(\w+)\.")
STATE_MEANS = {State.OPEN: "ready", State.HOST_LOCKED: "locked by host", State.NETWORK_LOCKED: "locked offline"}
"""States whose meaning has another name in a profile."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """One need that is not met: the sentence, what it needs, and where that would stand."""

    sentence: str
    need: str
    where: str

    def told(self, language: str) -> str:
        """For people, one line."""
        kind, _, name = self.need.partition(" ")
        return say(f"unmet_{kind}", language, sentence=self.sentence, name=name, place=self.where).found


def needs_of(definition: StepDefinition, sentence: str = "") -> tuple[str, ...]:
    """Everything that a sentence needs; with the sentence itself also what its values name."""
    function = definition.function
    found = list(getattr(definition.parser, "uses", ()))
    room = _ROOM.search(f".{function.__module__}.")
    model = room[1] if room else function.__globals__.get("MODEL")
    if model:
        found.insert(0, f"model {model}")
    if sentence and not {"state", "role", "text"}.isdisjoint(getattr(definition.parser, "types", ())):
        values = _values(definition.parser, sentence)
        found = [need.format(**values) for need in found] if values else found
        found += _of_values(definition.parser, values, found)
    return tuple(dict.fromkeys(need for need in found if "{" not in need))


def _values(parser: object, sentence: str) -> dict[str, object]:
    read: Callable[[str], dict[str, object] | None] = getattr(parser, "parse_arguments", lambda _: None)
    try:
        return read(sentence) or {}
    except ConfigurationError:
        return {}  # a value that is wrong is told by lint


def _of_values(parser: object, values: dict[str, object], needs: list[str]) -> Iterator[str]:
    for value in values.values():
        if isinstance(value, State):
            yield f"means {STATE_MEANS.get(value, value.value)}"
        elif isinstance(value, Role) and value.word:
            yield f"somebody {value.word}"
            if not value.name:
                continue
            if "way sign on" in needs and not value.operator.isdigit():
                yield f"number {value.word}"
            function = getattr(parser, "needs", "")
            if function and not may(value, function):
                yield f"permission {function} of {value.word}"


def unmet_in(checked: Checked, index: StepIndex, ability: Ability, language: str = "") -> Iterator[tuple[int, str]]:
    """Line of each scenario of a file that would be skipped, and why; told in ``language`` or the file's own."""
    if checked.feature is None:
        return
    told = language or spoken(checked.feature["language"])
    for node, rule in scenarios_of(checked.feature):
        steps = [step for one in (checked.feature, rule, node) if one is not None for step in _steps(one)]
        lacks = [_first_unmet(steps, row, index, ability) for row in example_rows(node)]
        for unmet in dict.fromkeys(one for one in lacks if one is not None):
            yield int(node["location"]["line"]), unmet.told(told)


def _steps(node: Node) -> list[tuple[str, Node]]:
    """Kind and step of a scenario, or of the Background of a feature or rule."""
    if "steps" in node:
        return with_kinds(node["steps"])
    return [
        step for child in node["children"] if "background" in child for step in with_kinds(child["background"]["steps"])
    ]


def _first_unmet(
    steps: list[tuple[str, Node]], row: dict[str, str], index: StepIndex, ability: Ability
) -> Unmet | None:
    for kind, step in steps:
        sentence = fill(step["text"], row)
        for hit in index.fitting(kind, sentence):
            if (unmet := ability.unmet(hit, sentence)) is not None:
                return unmet
    return None


class Ability:
    """What a terminal on a rig can do, as far as profile and rig file say it."""

    def __init__(self, profile: Profile, rig: RigDescription, file: Path) -> None:
        self._profile, self._rig, self._file = profile, rig, file
        self._known: dict[str, str] = {}

    def unmet(self, definition: StepDefinition, sentence: str = "") -> Unmet | None:
        """The first need of a sentence that is not met, or None."""
        for need in needs_of(definition, sentence):
            if need not in self._known:
                self._known[need] = self._missing(need)
            if where := self._known[need]:
                return Unmet(sentence or definition.text, need, where)
        return None

    def _missing(self, need: str) -> str:
        """Where what is needed would stand, file and line; empty where it does."""
        kind, _, name = need.partition(" ")
        data, at = self._profile.data, self._line
        if kind == "model":
            return "" if data.flows == name else at("model")
        if kind == "way":
            if any(way.taps for way in data.ways.get(name, ())) and self._rig.bench is None:
                return f"{short_path(self._file)}:1, field bench, for a finger on the glass"
            return "" if name in data.ways else at("ways")
        if kind == "means":
            return "" if name in self._profile.meaning else at("screens")
        if kind == "proof":
            return "" if data.proofs.get("open", "sell") in data.ways else at("proofs")
        if kind in ("policy", "time"):
            section = {"policy": "policy", "time": "timings"}[kind]
            return "" if getattr(getattr(data, section), name) is not None else at(section)
        if kind == "rule":
            return "" if name in data.rules else at("rules")
        if kind == "key":
            return "" if getattr(data, name) else at(name)
        if kind == "first":
            return "" if any(role.first_password for role in data.roles.values()) else at("roles")
        if kind == "after":
            led = {place for way in data.ways.get("factory reset", ()) for place in way.to}
            fresh = self._rig.bench is not None and "signed off" in led
            return "" if "reset restores passwords" in data.rules or fresh else at("rules")
        if kind == "somebody":
            return "" if ROLES[name].name else at("roles")
        if kind in ("number", "permission"):
            return at("roles")
        if kind == "line":
            place = {"service": self._rig.streams.service, "meter": self._rig.instruments.meter}
            there = place[name] if name in place else getattr(self._rig, name)
            return "" if there is not None else f"{short_path(self._file)}:1, field {name}"
        raise ConfigurationError(f"nobody knows the need {need!r}", allowed=KINDS)

    def _line(self, field: str) -> str:
        source = self._profile.source
        return f"{short_path(source.path)}:{source.line((field,))}, field {field}"
