"""What a learned model of a terminal says about its profile: leads that differ, and a draft made of what was seen."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from posrig.description.profile import Profile, Screen, read_profile
from posrig.fuzzing.learning.drafted_ways import drafted_ways
from posrig.fuzzing.learning.guesses import guessed, with_entry
from posrig.fuzzing.learning.terminal_keys import OUTSIDE, TYPED, UNKNOWN, Lead, Seen
from posrig.fuzzing.machines.mealy import Mealy
from posrig.ground.faults import ConfigurationError

_KINDS = (
    ("date", r"(?<!\d)\d\d-\d\d-\d\d(?!\d)"), ("time", r"(?<![\d:])\d\d:\d\d(?![\d:])"),
    ("version", r"(?<![\d.])\d+\.\d+\.\d+(?![\d.])"), ("money", r"(?<![\d.])\d+\.\d\d(?![\d.])"),
    ("bar", r"\[[#.]{10}\]"), ("serial", r"(?<![\d-])\d{8}(?![\d-])"), ("record", r"(?<![\d-])\d{6}(?![\d-])"),
    ("n", r"(?<![\d-])\d{4,}(?![\d-])"), ("entry", r"(?:(?<=^)|(?<=: )|(?<=:))[\d_]*_[\d_]*$"),
    ("mask", r"(?:(?<=^)|(?<=: )|(?<=:))[*_]*\*[*_]*$"),
)  # fmt: skip
"""What changes on every terminal, by its form. Checked in this order."""


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

HEAD = """\
# A draft made by posrig learn: screens, leads and times as seen; keys, roles, policy and timings are taken over from
# the profile of the rig. What is guessed is marked: say of each screen what it is called, what it means and asks for.
"""


def draft_profile(seen: Seen, profile: Profile) -> str:
    """A profile in YAML with the screens that were seen, their rows generalised from all pictures, and the leads; what
    screens mean and ask, and the ways, as far as they can be told from that. ``posrig profile check`` accepts it.

    What keys cannot show (roles, policy, timings) is taken over from the profile of the rig and must be checked.
    """
    text = ""
    for careful in (False, True):
        text = _draft(seen, profile, careful=careful)
        with tempfile.TemporaryDirectory() as folder:
            try:
                read_profile(save_draft(Path(folder) / "draft.yaml", text))
            except ConfigurationError as error:
                refused = "".join(f"# {row}\n" for row in str(error).replace(f"{folder}/", "").splitlines())
            else:
                return text
    return f"# posrig profile check refuses this draft:\n{refused}{text}"


def save_draft(path: Path, text: str) -> Path:
    """Write it for the reader of profiles."""
    path.write_text(text, encoding="utf-8")
    return path


def _draft(seen: Seen, profile: Profile, *, careful: bool) -> str:
    """``careful``: guesses stand in remarks only."""
    names = {screen: _draft_name(screen, number) for number, screen in enumerate(seen.frames, 1)}
    data = profile.data.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    data = {name: value for name, value in data.items() if name not in ("ways", "proofs", "flows", "fuzzing")}
    data["model"] = f"{profile.data.model} draft"
    screens, remarks = CommentedMap(), dict[str, str]()
    for one in seen.frames:
        screens[names[one]], remarks[names[one]] = _screen(one, seen, names, profile, careful=careful)
    for name, remark in remarks.items():
        if remark:
            screens.yaml_set_comment_before_after_key(name, before=remark, indent=2)
    if not any(screen.get("means") == "locked out" for screen in screens.values()):
        for number in ("wrong_passwords", "lockout_min"):  # without the screen that they lead to
            data.get("policy", {}).pop(number, None)
    if ways := drafted_ways(screens, profile):
        data["ways"] = ways
    data["screens"] = screens
    yaml, out = YAML(), StringIO()
    yaml.default_flow_style, yaml.width = None, 150
    yaml.representer.ignore_aliases = lambda *_: True  # the reader of profiles takes no references
    yaml.dump(data, out)
    return HEAD + out.getvalue()


def _draft_name(screen: str, number: int) -> str:
    return f"unknown_{number}" if screen.startswith(UNKNOWN) else screen


def _screen(
    screen: str, seen: Seen, names: dict[str, str], profile: Profile, *, careful: bool
) -> tuple[dict[str, Any], str]:
    """A screen of the draft, and the remark above it."""
    about = profile.screens.get(screen)
    rows = {language: generalised(frames) for language, frames in seen.frames[screen].items()}
    made, remark = _guess(rows, seen.stood.get(screen), profile, careful) if about is None else _known(about)
    # numbers as keys would be read back as numbers: the dump quotes them
    leads = {lead.key: names[_first_of(lead, names)] for lead in seen.leads if lead.screen == screen and not lead.stays}
    if leads:
        made["leads"] = leads
    return {**made, "rows": rows}, remark


def _first_of(lead: Lead, names: Mapping[str, str]) -> str:
    """Where a key leads: the first page that stood, though it left by itself."""
    return next(one for one in lead.path if one in names)


def _known(about: Screen) -> tuple[dict[str, Any], str]:
    made: dict[str, Any] = {"kind": about.kind}
    if about.shown_s is not None:
        made["shown_s"] = about.shown_s
    if about.secret_entry:
        made["secret_entry"] = True
    return made | {name: value for name in ("means", "asks", "writes") if (value := getattr(about, name))}, ""


def _guess(
    rows: dict[str, list[str]], stood_s: float | None, profile: Profile, careful: bool
) -> tuple[dict[str, Any], str]:
    """What a screen that no profile has may be; a prompt that no role of the profile answers stands in the remark."""
    for language, shown in rows.items():
        rows[language] = with_entry(shown)
    guess = guessed(next(iter(rows.values())), passes=stood_s is not None)
    made: dict[str, Any] = {"kind": guess.kind}
    if stood_s is not None:
        made["shown_s"] = max(round(stood_s * 2) / 2, 0.5)
    if guess.secret:
        made["secret_entry"] = True
    factors = {factor for role in profile.data.roles.values() for factor in role.factors}
    lacking = guess.asks in ("number", "password", "time code") and guess.asks not in factors
    said = {"means": guess.means, "asks": guess.asks}
    remarks = [f"{name}: {value}" for name, value in said.items() if value]
    if not careful:
        made |= {name: value for name, value in said.items() if value and not (name == "asks" and lacking)}
    remark = f"guessed, to be checked: {', '.join(remarks)}" if remarks else "to be said: what it means"
    if lacking:
        remark += f" (first a role with the factor {guess.asks})"
    return made, remark


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
