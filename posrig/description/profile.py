"""The terminal profile in use: frames become screens, screens have meanings, ways lead from one to the other.

One YAML file per terminal model (posrig/description/profile_model.py). A frame is compared whole: all rows, nothing
left over (reference terminal, invariant 22).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel
from wcwidth import wcswidth

from posrig.description.located_yaml import LocatedYaml, existing, read_yaml, validate
from posrig.description.patterns import KINDS, MOST_WAYS, PLACEHOLDER, compiled, samples, ways
from posrig.description.profile_checks import check
from posrig.description.profile_model import Display, Policy, ProfileModel, Screen, Timings
from posrig.description.profile_ways import Way
from posrig.ground.faults import ConfigurationError
from posrig.shipped import shipped

__all__ = ["Match", "Profile", "ProfileModel", "Screen", "Way", "read_profile"]

FONTS = shipped("fonts")

MOST_PICTURES = 1000
"""Screens times languages: each is compared with each when the profile is read."""


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
        self._kinds = model.all_kinds
        self._longest = 2 * model.display.columns
        self._seen: dict[tuple[str, ...], Match | None] = {}
        self._reject_ambiguous()

    @property
    def screens(self) -> Mapping[str, Screen]:
        return self.data.screens

    @cached_property
    def policy(self) -> Policy:
        """Its numbers; one that the profile does not say raises ConfigurationError with the line to write it at."""
        return cast(Policy, _Said(self.data.policy, self.source, "policy"))

    @cached_property
    def timings(self) -> Timings:
        """The same for the times."""
        return cast(Timings, _Said(self.data.timings, self.source, "timings"))

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(self.data.keys)

    def means(self, screen: str | None) -> str:
        """What a screen means; empty for one that means nothing to a use case, and for an unknown one."""
        found = self.data.screens.get(screen or "")
        return "" if found is None else found.means

    @cached_property
    def meaning(self) -> Mapping[str, tuple[str, ...]]:
        """Meaning -> the screens that have it."""
        found: dict[str, tuple[str, ...]] = {}
        for name, screen in self.data.screens.items():
            if screen.means:
                found[screen.means] = (*found.get(screen.means, ()), name)
        return found

    def is_one_of(self, screen: str | None, places: Sequence[str]) -> bool:
        """Whether a screen is one of these screens, or has one of these meanings."""
        return screen is not None and (screen in places or (self.means(screen) or "?") in places)

    def screens_of(self, places: Sequence[str]) -> tuple[str, ...]:
        """The screens that these screens and meanings stand for."""
        return tuple(name for name in self.data.screens if self.is_one_of(name, places))

    def operator_of(self, role: str) -> str:
        """Who stands for a role: its first operator number, or its own name where it has none."""
        ids = self.data.roles[role].ids
        return ids[0] if ids else role

    def role_of(self, operator: str) -> str:
        """The role of an operator id. Raises ConfigurationError for an id the profile does not know."""
        for name, role in self.data.roles.items():
            if operator in role.ids or (operator == name and not role.ids):
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
            _Pattern(name, language, self._compiled(rows, veil=_veiled_kinds(screen)))
            for name, screen in self.data.screens.items()
            if screen.secret_entry
            for language, rows in screen.rows.items()
        ]

    def _compiled(self, rows: Sequence[str], veil: frozenset[str] = frozenset()) -> re.Pattern[str]:
        return compiled(rows, self.data.display.rows, veil=veil, kinds=self._kinds)

    def _search(self, frame: tuple[str, ...]) -> Match | None:
        text = "\n".join(frame)
        for pattern in self._patterns:
            if found := pattern.regex.fullmatch(text):
                return Match(pattern.screen, pattern.language, found.groupdict())
        return None

    @cached_property
    def _patterns(self) -> list[_Pattern]:
        return [
            _Pattern(name, language, self._compiled(rows))
            for name, screen in self.data.screens.items()
            for language, rows in screen.rows.items()
        ]

    def _reject_ambiguous(self) -> None:
        for mine in self._patterns:
            rows = self.data.screens[mine.screen].rows[mine.language]
            for sample in samples(rows, self.data.display.rows, self._kinds):
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
    shown = {found[2] for rows in screen.rows.values() for row in rows for found in PLACEHOLDER.finditer(row)}
    asks = screen.kind == "entry" or (screen.asks != "" and "mask" in shown)
    return frozenset({"mask"}) if asks else frozenset(KINDS)


class _Said:
    """Numbers of a profile, as far as it says them."""

    def __init__(self, model: BaseModel, source: LocatedYaml, section: str) -> None:
        self._model, self._source, self._section = model, source, section

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._model, name)
        if found is None:
            raise ConfigurationError(
                f"the profile does not say {self._section}.{name}, and this cannot be done without it",
                where=self._source.where((self._section,)),
                todo=f"find it out and write it: {self._section}: {{{name}: ...}}",
            )
        self.__dict__[name] = found
        return found


def read_profile(path: Path) -> Profile:
    """Read and check a profile. Raises ConfigurationError (wrong fields, rows too wide, ambiguous patterns)."""
    source = read_yaml(path, "terminal profile")
    model = validate(source, ProfileModel, "terminal profile", docs="docs/profile.md")
    if (pictures := sum(len(screen.rows) for screen in model.screens.values())) > MOST_PICTURES:
        raise ConfigurationError(
            f"the profile has {pictures} pictures (screens times languages)",
            where=source.where(("screens",)),
            allowed=f"at most {MOST_PICTURES}",
        )
    for name, screen in model.screens.items():
        for language, rows in screen.rows.items():
            _check_size(source, model.display, name, language, rows, tuple(model.kinds))
    check(model, source)
    if model.display.font is not None:
        font = FONTS / model.display.font.name
        if model.display.font.name != str(model.display.font) or font.name not in os.listdir(FONTS):
            font = existing(source, ("display", "font"), model.display.font, "profile")
        model = model.model_copy(update={"display": model.display.model_copy(update={"font": font})})
    return Profile(model, source)


def _check_size(
    source: LocatedYaml, display: Display, name: str, language: str, rows: Sequence[str], own: Sequence[str]
) -> None:
    field = ("screens", name, "rows", language)
    if len(rows) > display.rows:
        raise ConfigurationError(
            f"screen {name!r} has {len(rows)} rows", where=source.where(field), allowed=f"at most {display.rows}"
        )
    for number, row in enumerate(rows):
        if ways(row, 2 * display.columns, own) > MOST_WAYS:
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
