"""The terminal profile: one YAML file per terminal model. Screens, keys, roles, menu map, policy and timings.

Everything that knows terminals reads this one file: navigation, recognition, the oracle, drawings, the manual.
A frame is compared whole: all rows, nothing left over (reference terminal, invariant 22).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator
from wcwidth import wcswidth

from posrig.description.located_yaml import LocatedYaml, existing, read_yaml, validate
from posrig.description.rig_file import Strict
from posrig.ground.faults import ConfigurationError
from posrig.shipped import shipped

FONTS = shipped("fonts")

KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "n": (r"\d+", ("3", "12")),
    "id": (r"\d\d", ("01",)),
    "time": (r"\d\d:\d\d", ("12:34",)),
    "date": (r"\d\d-\d\d-\d\d", ("26-01-09",)),
    "money": (r"\d+\.\d\d", ("12.00",)),
    "version": (r"\d+\.\d+\.\d+", ("2.4.1",)),
    "record": (r"\d{6}", ("000147",)),
    "trace": (r"\d{6}", ("000031",)),
    "challenge": (r"\d{4}", ("4821",)),
    "serial": (r"\d{8}", ("12345678",)),
    "code": (r"[A-Z0-9]+", ("C02", "51")),
    "mask": (r"[*_]*", ("****", "__")),
    "entry": (r"[0-9_.]*", ("__", "0_")),
    "bar": (r"\[[#.]{10}\]", ("[#####.....]",)),
    "mb": (r"\d+\.\d", ("1.3",)),
    "word": (r"\S+", ("OK",)),
    "text": (r"\S.*?", ("SIGN-ON NO",)),
    "rest": (r".*?", ("", "x 1")),
}
"""Kind of a placeholder -> (regular expression, samples used to find patterns that match each other's screens)."""

_PLACEHOLDER = re.compile(r"\{(\w+)(?::(\w+))?\}")


class Screen(Strict):
    """One screen: its rows per language, what it is, how long it stays, where its keys lead."""

    rows: dict[str, tuple[str, ...]]
    kind: Literal["rest", "entry", "menu", "notice", "refusal", "progress", "blocked"] = "rest"
    shown_s: float | None = None
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
                for found in _PLACEHOLDER.finditer(row):
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

    wrong_passwords: int
    lockout_min: float
    lockouts_before_code_only: int
    time_code_s: float
    time_code_tries: int
    idle_lock_min: tuple[int, int]
    idle_lock_default_min: int
    idle_warning_s: float
    lock_question_s: float
    unlock_code_tries: int
    password_age_days: int
    remembered_passwords: int
    update_min_battery_percent: int
    start_attempts: int
    reset_hold_s: float
    restart_chord_s: float
    daily_restart_h: float
    daily_warning_min: float
    offline_lock_h: float


class Timings(Strict):
    """How long the model takes, in seconds, and how it beeps."""

    boot_s: float
    self_test_s: float
    network_attach_s: float
    update_check_s: float
    update_write_s: float
    erase_s: float
    debounce_s: float
    refusal_s: float
    notice_s: float
    entry_s: float
    service_page_s: float
    settle_s: float = 0.15


class Display(Strict):
    """Rows and half-width columns; ``font``: the dots of its glyphs in Unifont's hex format, for a camera: one of
    rigs/fonts/, or a path relative to the profile."""

    rows: int = 4
    columns: int = 16
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
    supply_current_ma: dict[str, tuple[float, float]]
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
        if frame not in self._seen:
            if len(self._seen) > 4096:
                self._seen.clear()
            self._seen[frame] = self._search(frame)
        return self._seen[frame]

    def _search(self, frame: tuple[str, ...]) -> Match | None:
        text = "\n".join(frame)
        for pattern in self._patterns:
            if found := pattern.regex.fullmatch(text):
                return Match(pattern.screen, pattern.language, found.groupdict())
        return None

    @cached_property
    def _patterns(self) -> list[_Pattern]:
        return [
            _Pattern(name, language, _compile(rows, self.data.display.rows))
            for name, screen in self.data.screens.items()
            for language, rows in screen.rows.items()
        ]

    def _reject_ambiguous(self) -> None:
        for mine in self._patterns:
            rows = self.data.screens[mine.screen].rows[mine.language]
            for sample in _samples(rows, self.data.display.rows):
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


def _padded(rows: Sequence[str], count: int) -> list[str]:
    return [*rows, *[""] * (count - len(rows))]


def _compile(rows: Sequence[str], count: int) -> re.Pattern[str]:
    used: set[str] = set()

    def one(row: str) -> str:
        parts, end = [], 0
        for found in _PLACEHOLDER.finditer(row):
            parts.append(re.escape(row[end : found.start()]))
            expression = KINDS[found[2] or "text"][0]
            parts.append(f"(?P<{found[1]}>{expression})" if found[1] not in used else f"(?:{expression})")
            used.add(found[1])
            end = found.end()
        parts.append(re.escape(row[end:].rstrip() if end == 0 else row[end:]))
        return "".join(parts)

    return re.compile("\n".join(one(row) for row in _padded(rows, count)))


def _samples(rows: Sequence[str], count: int) -> list[str]:
    """Two frames of the pattern: all first samples, all last samples."""
    frames = []
    for pick in (0, -1):

        def fill(found: re.Match[str], pick: int = pick) -> str:
            return KINDS[found[2] or "text"][1][pick]

        frames.append("\n".join(_PLACEHOLDER.sub(fill, row).rstrip() for row in _padded(rows, count)))
    return frames


def read_profile(path: Path) -> Profile:
    """Read and check a profile. Raises ConfigurationError (wrong fields, rows too wide, ambiguous patterns)."""
    source = read_yaml(path, "terminal profile")
    model = validate(source, ProfileModel, "terminal profile")
    for name, screen in model.screens.items():
        for language, rows in screen.rows.items():
            _check_size(source, model.display, name, language, rows)
    if model.display.font is not None:
        shipped = FONTS / model.display.font
        font = shipped if shipped.is_file() else existing(source, ("display", "font"), model.display.font, "profile")
        model = model.model_copy(update={"display": model.display.model_copy(update={"font": font})})
    return Profile(model, source)


def _check_size(source: LocatedYaml, display: Display, name: str, language: str, rows: Sequence[str]) -> None:
    field = ("screens", name, "rows", language)
    if len(rows) > display.rows:
        raise ConfigurationError(
            f"screen {name!r} has {len(rows)} rows", where=source.where(field), allowed=f"at most {display.rows}"
        )
    for row in rows:
        plain = _PLACEHOLDER.sub("", row)
        if wcswidth(plain) > display.columns:
            raise ConfigurationError(
                f"screen {name!r}: the row {row!r} is {wcswidth(plain)} columns wide",
                where=source.where(field),
                allowed=f"at most {display.columns} half-width columns",
            )
