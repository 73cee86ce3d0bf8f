"""A procedure manual for staff, written from scenarios that held: keys that were pressed, screens that were shown.

Nothing is taught that a run did not prove: a scenario that failed, or ran on a terminal with a seeded defect, is left
out and named. At a prompt for a secret no digit is printed, whatever the timeline says.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from gherkin.dialect import DIALECTS

from posrig.description.lab import lab_root
from posrig.description.profile import Profile, read_profile
from posrig.evidence.lcd import draw
from posrig.ground.faults import ConfigurationError
from posrig.reporting.pages import environment
from posrig.shipped import shipped

TAG = "manual"
TEMPLATE = "manual_template.html"
LANGUAGES = {"en": "en", "zh": "zh-CN"}
"""The manual's language -> the language of its feature files."""
CHAPTERS = ("access/sign_on", "access/passwords", "sale", "lock", "unlock", "access", "audit", "terminal", "restart",
            "update", "reset")  # fmt: skip
"""The order in which people learn; what begins with none of these comes last."""
PICTURES = 3
STANDS_S = 1.0
SAME_MOMENT_S = 0.02
"""A key is noted when it is let go: the screen that it led to may stand a few milliseconds before it."""
WORDS = {
    "en": {"password": "password", "time code": "time code", "unlock code": "unlock code"},
    "zh": {"password": "密码", "time code": "动态码", "unlock code": "解锁码"},
}
"""What a screen asks for -> what the manual calls it; any other secret is a password."""
_QUOTED_SECRET = re.compile(r"(?<=[\"“])\d{4,}(?=[\"”])")
_ABOUT_SECRET = re.compile(r"password|time code|密码|动态码", re.IGNORECASE)

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Picture:
    """A screen, and the keys that led to it from the one before."""

    keys: tuple[str, ...]
    lines: tuple[str, ...]
    size: tuple[int, int]
    """Rows and columns of the display."""

    @property
    def source(self) -> str:
        """The screen as a data address."""
        return f"data:image/png;base64,{base64.b64encode(draw(self.lines, self.size)).decode()}"


@dataclass(frozen=True, slots=True)
class Act:
    """One step: what is done (``when``) or what must be seen (``then``); ``number`` counts the former."""

    kind: str
    sentence: str
    number: int
    pictures: tuple[Picture, ...]
    keys: tuple[str, ...]
    """Keys after the last picture."""


@dataclass(frozen=True, slots=True)
class Section:
    """One procedure."""

    name: str
    starts: tuple[str, ...]
    start: Picture | None
    acts: tuple[Act, ...]
    place: str


def chosen(records: Iterable[Record], language: str) -> tuple[list[Record], list[tuple[str, str]]]:
    """The records that may be taught, in the order of the chapters, and (name, reason) of those left out."""
    held, left = [], []
    for one in records:
        if TAG not in one["tags"] or one["language"] != LANGUAGES[language]:
            continue
        if one["verdict"] != "held":
            left.append((one["name"], one["verdict"]))
        elif defects := one["facts"].get("defects"):
            left.append((one["name"], f"ran with the seeded defect {defects}"))
        else:
            held.append(one)
    held.sort(key=lambda one: (_chapter_place(one["file"]), one["file"], one["line"]))
    return held, left


def render(summary: Mapping[str, Any], records: Sequence[Record], run: str, language: str) -> str:
    """The page's text. Raises ConfigurationError when no scenario of this language may be taught."""
    held, left = chosen(records, language)
    if not held:
        why = "; ".join(f"{name!r}: {reason}" for name, reason in left)
        raise ConfigurationError(
            f"no scenario with @{TAG} held in the language {language!r}" + (f" ({why})" if why else ""),
            where=run, allowed=f"at least one scenario with the tag @{TAG} that held",
            todo=f"run them: pytest features -m {TAG}",
        )  # fmt: skip
    chapters: dict[tuple[str, str], list[Section]] = {}
    for one in held:
        profile = _profile(one["terminal"])
        chapters.setdefault((one["feature"], one.get("about", "")), []).append(_section(one, profile, language))
    pages = environment()
    facts = {name: _all(one["facts"].get(name, "") for one in held) for name in ("terminal", "firmware", "rig")}
    return pages.get_template(TEMPLATE).render(
        chapters=chapters, left=left, facts=facts, run=run, date=summary["started"][:10], zh=language == "zh"
    )


def _all(values: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(value for value in values if value)) or "?"


def _chapter_place(file: str) -> int:
    below = file.partition("features/")[2]
    fits = [place for place, start in enumerate(CHAPTERS) if below.startswith(start)]
    return max(fits, key=lambda place: len(CHAPTERS[place]), default=len(CHAPTERS))


@cache
def _profile(model: str) -> Profile:
    folders = (lab_root() / "rigs" / "profiles", shipped("profiles"))
    for file in (path for folder in folders for path in sorted(folder.glob("*.yaml"))):
        if (profile := read_profile(file)).data.model == model:
            return profile
    raise ConfigurationError(f"there is no profile of the terminal model {model!r}", where=str(folders[0]))


def _section(record: Record, profile: Profile, language: str) -> Section:
    starts: list[str] = []
    acts: list[Act] = []
    begun: tuple[str, ...] | None = None
    last: tuple[str, ...] | None = None
    kind, number = "given", 0
    for step, events in zip(record["steps"], _by_step(record["timeline"]), strict=False):
        kind, sentence = _parted(step["sentence"], record["language"], kind)
        pictures, keys, now = _pictures(events, profile, language, last)
        began, last = last, now or last
        if kind == "given":
            starts.append(sentence)
            begun = last
            continue
        number += kind == "when"
        if kind == "then" and _barred(began, profile) and _name(began, profile) == _name(last, profile):
            pictures, keys = (), ()  # keys that prove that nothing opens: no part of a procedure
        acts.append(Act(kind, sentence, number, pictures, keys))
    start = _picture((), begun, profile) if begun else None
    return Section(record["name"], tuple(starts), start, tuple(acts), f"{record['file']}:{record['line']}")


def _parted(sentence: str, language: str, before: str) -> tuple[str, str]:
    """A step's kind and its sentence without the keyword, secrets in quotes taken out."""
    kinds = {"given": "given", "when": "when", "then": "then", "and": before, "but": before}
    for name, kind in kinds.items():
        words: Mapping[str, Any] = DIALECTS[language]
        for word in words[name]:
            if word != "* " and sentence.startswith(word):
                text = sentence[len(word) :].strip()
                return kind, _QUOTED_SECRET.sub("••••", text) if _ABOUT_SECRET.search(text) else text
    return before, sentence


def _by_step(timeline: Sequence[Sequence[Any]]) -> list[list[tuple[float, str, str]]]:
    groups: list[list[tuple[float, str, str]]] = []
    for time_s, kind, text in timeline:
        if kind == "step":
            groups.append([])
        elif groups and kind in ("key", "screen"):
            group = groups[-1]
            if kind == "key" and group and group[-1][1] == "screen" and time_s - group[-1][0] < SAME_MOMENT_S:
                group.insert(-1, (time_s, kind, text))
            else:
                group.append((time_s, kind, text))
    return groups


def _pictures(
    events: Sequence[tuple[float, str, str]], profile: Profile, language: str, before: tuple[str, ...] | None
) -> tuple[tuple[Picture, ...], tuple[str, ...], tuple[str, ...] | None]:
    """What one step showed: its pictures, the keys after the last one, and its last screen."""
    found: list[tuple[list[str], tuple[str, ...]]] = []
    pending: list[str] = []
    now, name = before, _name(before, profile)
    for at, (time_s, kind, text) in enumerate(events):
        if kind == "key":
            word = _key(text, name, profile, language)
            if not (pending and pending[-1] == word and word in WORDS[language].values()):
                pending.append(word)
            continue
        now = tuple(text.split(" | "))
        following = next(((t, k) for t, k, _ in events[at + 1 :]), None)
        stood = following is None or following[1] == "key" or following[0] - time_s >= STANDS_S
        new = _name(now, profile)
        if new != name and not _passing(new, profile) and stood and not _half_typed(now, profile):
            found.append((pending, now))
            pending = []
        elif found and new == name and not pending:
            found[-1] = (found[-1][0], now) if following is None else found[-1]
        name = new
    if now is not None and now != before and (not found or found[-1][1] != now) and not _passing(name, profile):
        if found and _name(found[-1][1], profile) == name and not pending:
            found[-1] = (found[-1][0], now)
        else:
            found.append((pending, now))
            pending = []
    while len(found) > PICTURES:
        # the way back, page by page, teaches least; then the way in
        at = next((n for n, (keys, _) in enumerate(found[:-1]) if keys[-1:] == [profile.data.cancel]), 0)
        found[at : at + 2] = [(found[at][0] + found[at + 1][0], found[at + 1][1])]
    return tuple(_picture(k, lines, profile) for k, lines in found), tuple(pending), now


def _picture(keys: Sequence[str], lines: tuple[str, ...], profile: Profile) -> Picture:
    display = profile.data.display
    return Picture(tuple(keys), _shown(lines, profile), (display.rows, display.columns))


def _name(lines: tuple[str, ...] | None, profile: Profile) -> str:
    found = profile.recognise(lines) if lines else None
    return found.screen if found else ""


def _passing(name: str, profile: Profile) -> bool:
    """A screen of the start, which passes by itself."""
    return profile.means(name) == "starting"


def _barred(lines: tuple[str, ...] | None, profile: Profile) -> bool:
    screen = profile.screens.get(_name(lines, profile))
    return screen is not None and screen.kind == "blocked"


def _half_typed(lines: tuple[str, ...], profile: Profile) -> bool:
    """A prompt that appeared with its first digit in it: the next picture tells more."""
    found = profile.recognise(lines)
    return found is not None and any(c.isdecimal() for c in found.fields.get("entry") or "")


def _key(key: str, screen: str, profile: Profile, language: str) -> str:
    about = profile.screens.get(screen)
    if key == "*" or (about is not None and about.secret_entry and key.isdecimal()):
        return WORDS[language].get(about.prompt if about else "", WORDS[language]["password"])
    return key


def _shown(lines: tuple[str, ...], profile: Profile) -> tuple[str, ...]:
    """A screen as it may be printed: what a new key for time codes looks like is nobody's to read."""
    screen = profile.screens.get(_name(lines, profile))
    if screen is None or not screen.secret_entry or screen.kind == "entry":
        return lines
    return (lines[0], *("****" for _ in lines[1:-1]), lines[-1])
