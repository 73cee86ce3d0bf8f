"""The terminal profile: one YAML file per terminal model. Screens, keys, roles, menu map, policy and timings.

Everything that knows terminals reads this one file: navigation, recognition, the oracle, drawings, the manual.
A frame is compared whole: all rows, nothing left over (reference terminal, invariant 22).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator
from wcwidth import wcswidth

from posrig.description.located_yaml import LocatedYaml, existing, read_yaml, validate
from posrig.description.patterns import KINDS, MOST_WAYS, PLACEHOLDER, compiled, samples, ways
from posrig.description.rig_file import Strict
from posrig.ground.faults import ConfigurationError
from posrig.shipped import shipped

FONTS = shipped("fonts")

LONGEST_S = 30 * 86_400.0
MOST_ROWS, MOST_COLUMNS = 64, 256
MOST_PICTURES = 1000
"""Screens times languages: each is compared with each when the profile is read."""
Times = Annotated[float, Field(ge=0, le=LONGEST_S)]
Milliamperes = Annotated[float, Field(ge=0, le=100_000)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class Screen(Strict):
    """One screen: its rows per language, what it is, how long it stays, where its keys lead."""

    rows: dict[str, tuple[str, ...]]
    kind: Literal["rest", "entry", "menu", "notice", "refusal", "progress", "blocked"] = "rest"
    shown_s: Times | None = None
    leads: dict[str, str] = Field(default_factory=dict)
    secret_entry: bool = False
    asks: Literal["", "number", "password", "time code", "unlock code", "new password"] = ""
    """What ENTER submits here. An entry of secrets that says nothing is taken for a password of nobody known."""
    whose: str = ""
    """The operator whose password is asked for; empty: who typed the number last."""
    writes: Literal["", "data"] = ""
    """What of its flash the terminal writes after the right answer: all data, erased by a factory reset."""

    @field_validator("rows")
    @classmethod
    def _rows_known(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for language, rows in value.items():
            for row in rows:
                for found in PLACEHOLDER.finditer(row):
                    if not found[1].isidentifier():
                        raise ValueError(f"{language}: {found[1]!r} in {row!r} is no name; allowed: a letter first")
                    if (found[2] or "text") not in KINDS:
                        raise ValueError(
                            f"{language}: unknown kind {found[2]!r} in {row!r}; allowed: {', '.join(sorted(KINDS))}"
                        )
        return value


class Role(Strict):
    """Who may sign on: operator ids, password length in digits, whether a time code follows."""

    ids: tuple[str, ...]
    password_digits: Annotated[int, Field(ge=1, le=16)]
    second_factor: bool = False


class Policy(Strict):
    """The policy numbers of the model. Times in the unit of the name."""

    wrong_passwords: Count
    lockout_min: Times
    lockouts_before_code_only: Count
    time_code_s: Times
    time_code_tries: Count
    idle_lock_min: tuple[Count, Count]
    idle_lock_default_min: Count
    idle_warning_s: Times
    lock_question_s: Times
    unlock_code_tries: Count
    password_age_days: Count
    remembered_passwords: Count
    update_min_battery_percent: Count
    start_attempts: Count
    reset_hold_s: Times
    restart_chord_s: Times
    daily_restart_h: Times
    daily_warning_min: Times
    offline_lock_h: Times


class Timings(Strict):
    """How long the model takes, in seconds, and how it beeps."""

    boot_s: Times
    self_test_s: Times
    network_attach_s: Times
    update_check_s: Times
    update_write_s: Times
    erase_s: Times
    debounce_s: Times
    refusal_s: Times
    notice_s: Times
    entry_s: Times
    service_page_s: Times
    settle_s: Times = 0.15


class Display(Strict):
    """Rows and half-width columns; ``font``: the dots of its glyphs in Unifont's hex format, for a camera: one of
    rigs/fonts/, or a path relative to the profile."""

    rows: Annotated[int, Field(ge=1, le=MOST_ROWS)] = 4
    columns: Annotated[int, Field(ge=1, le=MOST_COLUMNS)] = 16
    font: Path | None = None


class ProfileModel(Strict):
    """All of one profile file."""

    model: str
    title: dict[str, str]
    display: Display = Display()
    keys: tuple[str, ...]
    restart_chord: tuple[str, ...]
    reset_key: str
    roles: dict[str, Role]
    policy: Policy
    timings: Timings
    functions: dict[str, dict[str, str]]
    supply_current_ma: dict[str, tuple[Milliamperes, Milliamperes]]
    screens: dict[str, Screen]

    @model_validator(mode="after")
    def _leads_exist(self) -> ProfileModel:
        ids = [operator for role in self.roles.values() for operator in role.ids]
        for name, screen in self.screens.items():
            if screen.whose and screen.whose not in ids:
                raise ValueError(f"screen {name}: whose {screen.whose!r} is no operator; allowed: {' '.join(ids)}")
            for key, target in screen.leads.items():
                if target not in self.screens:
                    raise ValueError(
                        f"screen {name}: key {key} leads to {target!r}, which is no screen of this profile"
                    )
                if key not in self.keys:
                    raise ValueError(f"screen {name}: {key!r} is no key; allowed: {' '.join(self.keys)}")
        return self


@dataclass(frozen=True, slots=True)
class Match:
    """A frame recognised: which screen, in which language, with which values in its placeholders."""

    screen: str
    language: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class _Pattern:
    screen: str
    language: str
    regex: re.Pattern[str]


class Profile:
    """A terminal model. ``recognise`` answers None for a frame that is no screen of the model."""

    def __init__(self, model: ProfileModel, source: LocatedYaml) -> None:
        self.data, self.source = model, source
        self._longest = 2 * model.display.columns
        self._seen: dict[tuple[str, ...], Match | None] = {}
        self._reject_ambiguous()

    @property
    def screens(self) -> Mapping[str, Screen]:
        return self.data.screens

    @property
    def policy(self) -> Policy:
        return self.data.policy

    @property
    def timings(self) -> Timings:
        return self.data.timings

    @property
    def keys(self) -> tuple[str, ...]:
        return self.data.keys

    def role_of(self, operator: str) -> str:
        """The role of an operator id. Raises ConfigurationError for an id the profile does not know."""
        for name, role in self.data.roles.items():
            if operator in role.ids:
                return name
        known = ", ".join(i for role in self.data.roles.values() for i in role.ids)
        raise ConfigurationError(f"no operator {operator!r} in the profile", where=str(self.source.path), allowed=known)

    def recognise(self, lines: Sequence[str]) -> Match | None:
        """The screen that this frame is, or None. Trailing blanks do not count."""
        frame = tuple(line.rstrip() for line in lines)
        if any(len(line) > self._longest for line in frame):
            return None  # no row of this display, whatever marks stand over its characters
        if frame not in self._seen:
            if len(self._seen) > 4096:
                self._seen.clear()
            self._seen[frame] = self._search(frame)
        return self._seen[frame]

    def veiled(self, lines: Sequence[str]) -> tuple[str, ...] | None:
        """The rows with stars for whatever stands in the fields of a screen that asks for a secret or shows one.

        None: it is no such screen. A defect may show digits in such a field: then no strict pattern knows the frame.
        """
        frame = tuple(line.rstrip() for line in lines)
        text = "\n".join(frame)
        for pattern in self._secret_patterns:
            if found := pattern.regex.fullmatch(text):
                fields = sorted(found.span(name) for name in found.groupdict())
                for start, end in reversed(fields):
                    text = text[:start] + _SHOWN.sub("*", text[start:end]) + text[end:]
                return tuple(text.split("\n"))
        return None

    @cached_property
    def _secret_patterns(self) -> list[_Pattern]:
        return [
            _Pattern(name, language, compiled(rows, self.data.display.rows, veil=_veiled_kinds(screen)))
            for name, screen in self.data.screens.items()
            if screen.secret_entry
            for language, rows in screen.rows.items()
        ]

    def _search(self, frame: tuple[str, ...]) -> Match | None:
        text = "\n".join(frame)
        for pattern in self._patterns:
            if found := pattern.regex.fullmatch(text):
                return Match(pattern.screen, pattern.language, found.groupdict())
        return None

    @cached_property
    def _patterns(self) -> list[_Pattern]:
        return [
            _Pattern(name, language, compiled(rows, self.data.display.rows))
            for name, screen in self.data.screens.items()
            for language, rows in screen.rows.items()
        ]

    def _reject_ambiguous(self) -> None:
        for mine in self._patterns:
            rows = self.data.screens[mine.screen].rows[mine.language]
            for sample in samples(rows, self.data.display.rows):
                other = next((p for p in self._patterns if p.screen != mine.screen and p.regex.fullmatch(sample)), None)
                if other is None:
                    continue
                raise ConfigurationError(
                    f"the profile is ambiguous: this frame is {mine.screen!r} as well as {other.screen!r}:\n    "
                    + sample.replace("\n", "\n    "),
                    where=f"{self.source.where(('screens', mine.screen))} and "
                    f"line {self.source.line(('screens', other.screen))}",
                    allowed="each possible frame belongs to one screen",
                    todo="make one of the two patterns narrower: a kind such as {name:id} instead of {name:text}",
                )


_SHOWN = re.compile(r"[^\s_*]")


def _veiled_kinds(screen: Screen) -> frozenset[str]:
    """What is hidden of it: the field of a prompt; on a page that shows a secret, every value."""
    return frozenset({"mask"}) if screen.kind == "entry" else frozenset(KINDS)


def read_profile(path: Path) -> Profile:
    """Read and check a profile. Raises ConfigurationError (wrong fields, rows too wide, ambiguous patterns)."""
    source = read_yaml(path, "terminal profile")
    model = validate(source, ProfileModel, "terminal profile")
    if (pictures := sum(len(screen.rows) for screen in model.screens.values())) > MOST_PICTURES:
        raise ConfigurationError(
            f"the profile has {pictures} pictures (screens times languages)",
            where=source.where(("screens",)),
            allowed=f"at most {MOST_PICTURES}",
        )
    for name, screen in model.screens.items():
        for language, rows in screen.rows.items():
            _check_size(source, model.display, name, language, rows)
    if model.display.font is not None:
        font = FONTS / model.display.font.name
        if model.display.font.name != str(model.display.font) or font.name not in os.listdir(FONTS):
            font = existing(source, ("display", "font"), model.display.font, "profile")
        model = model.model_copy(update={"display": model.display.model_copy(update={"font": font})})
    return Profile(model, source)


def _check_size(source: LocatedYaml, display: Display, name: str, language: str, rows: Sequence[str]) -> None:
    field = ("screens", name, "rows", language)
    if len(rows) > display.rows:
        raise ConfigurationError(
            f"screen {name!r} has {len(rows)} rows", where=source.where(field), allowed=f"at most {display.rows}"
        )
    for number, row in enumerate(rows):
        if ways(row, 2 * display.columns) > MOST_WAYS:
            raise ConfigurationError(
                f"screen {name!r}: the placeholders of row {number + 1} run into each other, "
                "and there are too many ways to part a picture between them",
                where=source.where((*field, number)),
                allowed="kinds with an end of their own (id, time, money), or a word between two that have none",
            )
        plain = PLACEHOLDER.sub("", row)
        if wcswidth(plain) > display.columns:
            raise ConfigurationError(
                f"screen {name!r}: the row {row!r} is {wcswidth(plain)} columns wide",
                where=source.where(field),
                allowed=f"at most {display.columns} half-width columns",
            )
