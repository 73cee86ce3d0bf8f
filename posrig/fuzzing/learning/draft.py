"""What a learned model of a terminal says about its profile: leads that differ, and a draft made of what was seen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from posrig.description.profile import Profile
from posrig.fuzzing.learning.terminal_keys import OUTSIDE, TYPED, UNKNOWN, Lead, Seen
from posrig.fuzzing.machines.mealy import Mealy

_KINDS = (
    ("date", r"(?<!\d)\d\d-\d\d-\d\d(?!\d)"), ("time", r"(?<![\d:])\d\d:\d\d(?![\d:])"),
    ("version", r"(?<![\d.])\d+\.\d+\.\d+(?![\d.])"), ("money", r"(?<![\d.])\d+\.\d\d(?![\d.])"),
    ("bar", r"\[[#.]{10}\]"), ("serial", r"(?<![\d-])\d{8}(?![\d-])"), ("record", r"(?<![\d-])\d{6}(?![\d-])"),
    ("n", r"(?<![\d-])\d{4,}(?![\d-])"), ("entry", r"(?:(?<=^)|(?<=: )|(?<=:))[\d_]*_[\d_]*$"),
    ("mask", r"(?:(?<=^)|(?<=: )|(?<=:))[*_]*\*[*_]*$"),
)  # fmt: skip
"""What changes on every terminal, by its form. Checked in this order."""
_ITEM = re.compile(r"(?:^|\s)\d\s?[A-Z\u4e00-\u9fff]")


@dataclass(frozen=True)
class AgainstProfile:
    """A learned model beside the profile."""

    agrees: tuple[Lead, ...]
    elsewhere: tuple[tuple[Lead, str], ...]
    """Leads that contradict the profile, with what it says."""
    unsaid: tuple[Lead, ...]
    """Leads that the profile does not name."""
    unknown: tuple[str, ...]
    """Screens that are not in the profile."""


def screens_of_states(machine: Mealy, first: str) -> dict[int, tuple[str, ...]]:
    """The screens that each state is entered with; none for the one where no key is pressed.

    Two screens are one state when every key answers the same on both: a notice that any key leaves.
    """
    found: dict[int, set[str]] = {machine.start: {first}}
    for state in machine.access_words():
        for answer, target in zip(machine.answers[state], machine.next_state[state], strict=True):
            if answer != OUTSIDE:
                found.setdefault(target, set()).add(answer.split(" > ")[-1])
    explored = (state for state in found if set(machine.answers[state]) != {OUTSIDE})
    return {state: tuple(sorted(found[state])) for state in sorted(explored)}


def against_profile(seen: Seen, profile: Profile) -> AgainstProfile:
    """What was seen beside what the profile says. A key that it says leads on, and that stays, counts as well."""
    agrees, elsewhere, unsaid = list[Lead](), list[tuple[Lead, str]](), list[Lead]()
    for lead in seen.leads:
        screen = profile.screens.get(lead.screen.removesuffix(TYPED))
        said = screen.leads.get(lead.key) if screen is not None else None
        if said is not None and said in lead.path:
            agrees.append(lead)
        elif said is not None and not lead.screen.endswith(TYPED):
            elsewhere.append((lead, said))  # the profile speaks of the screen before anything was typed
        elif not lead.stays:
            unsaid.append(lead)
    unknown = {part for lead in seen.leads for part in lead.path if part.startswith(UNKNOWN)}
    return AgainstProfile(tuple(agrees), tuple(elsewhere), tuple(unsaid), tuple(sorted(unknown)))


# a draft profile


def draft_profile(seen: Seen, profile: Profile) -> str:
    """A profile in YAML with the screens that were seen, their rows generalised from all pictures, and the leads.

    What keys cannot show (roles, policy, timings) is taken over from the profile of the rig and must be checked.
    """
    names = {screen: _draft_name(screen, number) for number, screen in enumerate(seen.frames, 1)}
    data = profile.data.model_dump(mode="json", by_alias=True, exclude_none=True)
    data["model"] = f"{profile.data.model} draft"
    for name in ("ways", "proofs", "flows", "fuzzing"):  # they name screens that may not have been seen
        del data[name]
    data["screens"] = {names[one]: _screen(one, seen, names, profile) for one in seen.frames}
    if not any(profile.means(one) == "locked out" for one in seen.frames):
        for number in ("wrong_passwords", "lockout_min"):  # without the screen that they lead to
            data["policy"].pop(number, None)
    yaml, out = YAML(), StringIO()
    yaml.default_flow_style, yaml.width = None, 150
    yaml.representer.ignore_aliases = lambda *_: True  # the reader of profiles takes no references
    yaml.dump(data, out)
    return (
        "# A draft made by posrig learn: screens and leads as seen; roles, policy and timings are taken over.\n"
        + out.getvalue()
    )


def _draft_name(screen: str, number: int) -> str:
    return f"unknown_{number}" if screen.startswith(UNKNOWN) else screen


def _screen(screen: str, seen: Seen, names: dict[str, str], profile: Profile) -> dict[str, Any]:
    about = profile.screens.get(screen)
    rows = {language: generalised(frames) for language, frames in seen.frames[screen].items()}
    made: dict[str, Any] = {"kind": about.kind if about else _guessed(next(iter(rows.values())))}
    if about is not None and about.shown_s is not None:
        made["shown_s"] = about.shown_s
    if about is not None and about.secret_entry:
        made["secret_entry"] = True
    if about is not None:
        made |= {name: value for name in ("means", "asks", "writes") if (value := getattr(about, name))}
    # numbers as keys would be read back as numbers: the dump quotes them
    ways = {lead.key: names[lead.target] for lead in seen.leads if lead.screen == screen and not lead.stays}
    if ways:
        made["leads"] = ways
    made["rows"] = rows
    return made


def _guessed(rows: Sequence[str]) -> str:
    if any(":entry}" in row or ":mask}" in row for row in rows):
        return "entry"
    return "menu" if sum(len(_ITEM.findall(row)) for row in rows) >= 2 else "rest"


def generalised(frames: Sequence[Sequence[str]]) -> list[str]:
    """Pictures of one screen as rows with placeholders for what changes. Trailing empty rows are left out.

    >>> generalised([["READY 08:00", "OP01"], ["READY 08:01", "OP02"]])
    ['READY {time:time}', '{text:text}']
    """
    used: dict[str, int] = {}
    rows = [_row([frame[number].rstrip() for frame in frames], used) for number in range(len(frames[0]))]
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _row(shown: Sequence[str], used: dict[str, int]) -> str:
    forms = {_by_form(text) for text in shown}
    if len(forms) > 1:
        forms = {form.replace("\0entry\0", "\0mask\0") for form in forms}  # an empty field, and stars in it
    if len(forms) > 1:
        forms = {re.sub(r"(?<![{\w])\d+(?![\w}])", "\0n\0", form) for form in forms}
    if len(forms) > 1:
        return _placeholder("rest" if "" in forms else "text", used)
    return re.sub("\0(\\w+)\0", lambda found: _placeholder(found[1], used), forms.pop())


def _by_form(text: str) -> str:
    for kind, form in _KINDS:
        text = re.sub(form, f"\0{kind}\0", text)
    return text


def _placeholder(kind: str, used: dict[str, int]) -> str:
    used[kind] = used.get(kind, 0) + 1
    return f"{{{kind}{used[kind] if used[kind] > 1 else ''}:{kind}}}"
