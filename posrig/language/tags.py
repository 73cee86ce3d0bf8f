"""Tags: which can be selected, which pytest takes for its own, which are nearly one that means something here."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator

from posrig.language.findings import Node
from posrig.language.messages import say
from posrig.language.outlines import Rule, scenarios_of

REQUIREMENT = re.compile(r"^[A-Z][A-Z0-9]*(-[A-Z0-9][A-Za-z0-9.]*)+$")
_BAD = re.compile(r"[:=(),，（）：\"']|^_|^(?:and|or|not|True|False|None)$")
OF_PYTEST = frozenset((
    "parametrize", "usefixtures", "filterwarnings", "skip", "skipif", "xfail", "tryfirst", "trylast", "hookwrapper",
    "wrapper", "optionalhook", "historic", "firstresult", "xdist_group", "hypothesis", "no_cover", "allure_label",
    "allure_link", "allure_display_name", "allure_description", "allure_description_html", "allure_title",
))  # fmt: skip
"""Marks that pytest and the plug-ins we need act on: ``@xfail`` would make a failure count for nothing."""
_FAILS = ("skip", "skipif", "xfail")
MEANT = ("manual", "regression")
"""Tags that a command or a folder goes by: a slip in one would leave a scenario out, unseen."""
_SEVERITIES = ("blocker", "critical", "normal", "minor", "trivial")


def tags_of(feature: Node) -> set[str]:
    """All tags of a feature file without the @."""
    nodes: list[Node] = [feature]
    for scenario, rule in scenarios_of(feature):
        nodes += [scenario, *scenario["examples"], *([rule] if rule else [])]
    return {tag["name"].lstrip("@") for node in nodes for tag in node["tags"]}


def check(node: Node, requirements: Collection[str], language: str) -> Iterator[Rule]:
    """What is wrong with the tags of a feature, rule, scenario or Examples table."""
    for tag in node["tags"]:
        name = tag["name"].lstrip("@")
        if _BAD.search(name) or not name:
            yield tag, "tag_unselectable", {"tag": name}
        elif name.lower() in OF_PYTEST:
            rule = "put_in_quarantine" if name.lower() in _FAILS else "other_word"
            yield tag, "tag_of_pytest", {"tag": name, "todo": say(rule, language).found}
        elif requirements and REQUIREMENT.match(name) and name not in requirements:
            near = difflib.get_close_matches(name, requirements, 3, 0.6)
            todo = say("did_you_mean" if near else "add_requirement", language, near=", ".join(near)).found
            yield tag, "requirement_unknown", {"tag": name, "todo": todo}
        elif right := _meant(name):
            yield tag, "tag_near", {"tag": name, "right": right, "known": ", ".join(f"@{one}" for one in _known())}


def _known() -> list[str]:
    return [*MEANT, *(f"severity-{one}" for one in _SEVERITIES), "owner-…"]


def _meant(name: str) -> str:
    """The tag with a meaning that this one nearly is; empty for one that means something, or nothing near it."""
    beginning, parted, rest = name.partition("-")
    if parted and (beginning == "severity" or one_slip(beginning, "severity")):
        if beginning == "severity" and rest in _SEVERITIES:
            return ""
        nearest = difflib.get_close_matches(rest.lower(), _SEVERITIES, 1, 0.5)
        return f"severity-{nearest[0] if nearest else 'critical'}"
    return next((word for word in MEANT if name != word and one_slip(name, word)), "")


def one_slip(typed: str, word: str) -> bool:
    """Whether one letter is missing, too many, another or swapped with its neighbour, or the case is another.

    >>> [one_slip(typed, "manual") for typed in ("manaul", "Manual", "manul", "annual")]
    [True, True, True, False]
    """
    typed = typed.lower()
    if typed == word:
        return True
    same = next((n for n, (a, b) in enumerate(zip(typed, word, strict=False)) if a != b), min(len(typed), len(word)))
    rest, wanted = typed[same:], word[same:]
    if len(rest) == len(wanted):
        return rest[1:] == wanted[1:] or (rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:])
    return rest[1:] == wanted or rest == wanted[1:]
