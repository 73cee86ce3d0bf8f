"""The terminal profile as its file says it. Everything but model, display, keys and screens may be left out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from posrig.description.fields import Strict
from posrig.description.own_kinds import samples_of
from posrig.description.patterns import KINDS, PLACEHOLDER, Kinds
from posrig.description.profile_ways import Way

LONGEST_S = 30 * 86_400.0
MOST_ROWS, MOST_COLUMNS = 64, 256
Times = Annotated[float, Field(ge=0, le=LONGEST_S)]
Milliamperes = Annotated[float, Field(ge=0, le=100_000)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Language = Annotated[str, Field(pattern="^(en|zh)$")]
Word = Annotated[str, Field(min_length=1, max_length=40)]
Meaning = Literal[
    "", "starting", "signed off", "ready", "locked", "locked by host", "locked offline", "locked out", "refused",
    "unlocked", "confirm", "updating", "update refused", "updated", "resetting", "reset done", "out of service",
    "tampered", "menu", "notice",
]  # fmt: skip
MEANINGS: tuple[str, ...] = tuple(name for name in Meaning.__args__ if name)  # type: ignore[attr-defined]
ASKS = ("number", "password", "new password", "time code", "unlock code", "amount", "confirmation")
PASSWORD_OF = "password of "
SECRETS = ("password", "new password", "time code", "unlock code")
Factor = Literal["number", "password", "time code", "finger"]
Rule = Literal[
    "session ends with power", "lock-out survives power", "host lock survives power", "owner unlocks",
    "wrong passwords add up", "reset resumes", "reset restores passwords",
]  # fmt: skip
RULES: tuple[str, ...] = Rule.__args__  # type: ignore[attr-defined]
UNSAID: Any = None
_KIND_OF_MEANING = {
    "starting": "progress", "updating": "progress", "resetting": "progress", "updated": "progress",
    "reset done": "progress", "refused": "refusal", "update refused": "refusal", "locked": "blocked",
    "locked by host": "blocked", "locked offline": "blocked", "locked out": "blocked", "out of service": "blocked",
    "tampered": "blocked", "menu": "menu", "notice": "notice", "unlocked": "notice", "confirm": "notice",
}  # fmt: skip


class Screen(Strict):
    """One screen: its rows per language, what it means and asks, how long it stays, where its keys lead.

    ``kind`` and ``secret_entry`` follow from ``means`` and ``asks`` where they are not said.
    """

    rows: dict[Language, tuple[str, ...]]
    means: Meaning = ""
    asks: str = ""
    """What the submit key submits here: one of ASKS, or ``password of ROLE``. An entry of secrets that says nothing is
    taken for a password of nobody known."""
    kind: Literal["rest", "entry", "menu", "notice", "refusal", "progress", "blocked"] = "rest"
    shown_s: Times | None = None
    leads: dict[str, str] = Field(default_factory=dict)
    secret_entry: bool = False
    writes: Literal["", "data"] = ""
    """What of its flash the terminal writes after the right answer: all data, erased by a factory reset."""

    @model_validator(mode="before")
    @classmethod
    def _follows(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        asks, means = str(value.get("asks", "")), str(value.get("means", ""))
        secret = asks in SECRETS or asks.startswith(PASSWORD_OF)
        kind = _KIND_OF_MEANING.get(means)
        if kind is None:
            kind = "entry" if asks not in ("", "confirmation") else "notice" if "shown_s" in value else "rest"
        return {"secret_entry": secret, "kind": kind, **value}

    @field_validator("asks")
    @classmethod
    def _asks_known(cls, value: str) -> str:
        if value and value not in ASKS and not value.startswith(PASSWORD_OF):
            raise ValueError(f"{value!r} cannot be asked for; allowed: {', '.join(ASKS)}, {PASSWORD_OF}ROLE")
        return value

    @property
    def prompt(self) -> str:
        """What is asked for, without whose it is."""
        return "password" if self.asks.startswith(PASSWORD_OF) else self.asks

    @property
    def of_role(self) -> str:
        """The role whose password is asked for; empty: who typed the number last."""
        return self.asks.removeprefix(PASSWORD_OF) if self.asks.startswith(PASSWORD_OF) else ""


class Words(Strict):
    """What people call a key, per language: what a scenario may say beside its name."""

    en: tuple[Word, ...] = ()
    zh: tuple[Word, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.en, *self.zh)


class Role(Strict):
    """Who may act: words, operator numbers (none where a password alone is asked for), what proves who it is."""

    words: Words = Words()
    ids: tuple[Annotated[str, Field(pattern=r"^[0-9]{1,12}$")], ...] = ()
    factors: tuple[Factor, ...] = ()
    password_digits: Annotated[int, Field(ge=1, le=64)] = 4
    first_password: Annotated[str, Field(pattern=r"^[0-9]{0,64}$")] = ""
    """The published one that a factory reset leaves; no secret. Empty: nobody of this role is known after it."""

    @model_validator(mode="after")
    def _first_fits(self) -> Role:
        if self.first_password and len(self.first_password) != self.password_digits:
            raise ValueError(
                f"first_password has {len(self.first_password)} digits, password_digits says {self.password_digits}"
            )
        return self

    @property
    def second_factor(self) -> bool:
        return "time code" in self.factors or "finger" in self.factors


# what is not said is None, and nobody may calculate with it: Profile.policy and Profile.timings refuse it
class Policy(Strict):
    """The policy numbers of the model, as far as they are known. Times in the unit of the name."""

    wrong_passwords: Count = Field(default=UNSAID)
    lockout_min: Times = Field(default=UNSAID)
    lockouts_before_code_only: Count = Field(default=UNSAID)
    time_code_s: Times = Field(default=UNSAID)
    time_code_tries: Count = Field(default=UNSAID)
    idle_lock_min: tuple[Count, Count] = Field(default=UNSAID)
    idle_lock_default_min: Count = Field(default=UNSAID)
    idle_warning_s: Times = Field(default=UNSAID)
    lock_question_s: Times = Field(default=UNSAID)
    unlock_code_tries: Count = Field(default=UNSAID)
    password_age_days: Count = Field(default=UNSAID)
    remembered_passwords: Count = Field(default=UNSAID)
    update_min_battery_percent: Count = Field(default=UNSAID)
    start_attempts: Count = Field(default=UNSAID)
    reset_hold_s: Times = Field(default=UNSAID)
    restart_chord_s: Times = Field(default=UNSAID)
    daily_restart_h: Times = Field(default=UNSAID)
    daily_warning_min: Times = Field(default=UNSAID)
    offline_lock_h: Times = Field(default=UNSAID)


class Timings(Strict):
    """How long the model takes, in seconds, as far as it is known."""

    boot_s: Times = Field(default=UNSAID)
    self_test_s: Times = Field(default=UNSAID)
    network_attach_s: Times = Field(default=UNSAID)
    update_check_s: Times = Field(default=UNSAID)
    update_write_s: Times = Field(default=UNSAID)
    erase_s: Times = Field(default=UNSAID)
    debounce_s: Times = Field(default=UNSAID)
    refusal_s: Times = Field(default=UNSAID)
    notice_s: Times = Field(default=UNSAID)
    entry_s: Times = Field(default=UNSAID)
    service_page_s: Times = Field(default=UNSAID)
    settle_s: Times = 0.15


class Display(Strict):
    """Rows and half-width columns; ``font``: the dots of its glyphs in Unifont's hex format, for a camera: one of
    rigs/fonts/, or a path relative to the profile."""

    rows: Annotated[int, Field(ge=1, le=MOST_ROWS)]
    columns: Annotated[int, Field(ge=1, le=MOST_COLUMNS)]
    font: Path | None = None
    encoding: Annotated[str, Field(max_length=40)] = "utf-8"
    """Of the console's text; a rig file may say another one (``streams.encoding``)."""


class ProfileModel(Strict):
    """All of one profile file."""

    model: Annotated[str, Field(min_length=1, max_length=60)]
    title: dict[Language, str] = Field(default_factory=dict)
    display: Display
    flows: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")] = ""
    """The model's own use cases (posrig/terminal/models/NAME), which go before those by meaning."""
    fuzzing: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")] = ""
    """The fuzzer's detailed model of this terminal (posrig/fuzzing/models/NAME); else it makes one of this profile."""
    keys: dict[str, Words]
    submit: str = ""
    cancel: str = ""
    clear: str = ""
    kinds: dict[Annotated[str, Field(pattern=r"^\w+$")], str] = Field(default_factory=dict)
    restart_chord: tuple[str, ...] = ()
    reset_key: str = ""
    roles: dict[str, Role] = Field(default_factory=dict)
    policy: Policy = Policy()
    timings: Timings = Timings()
    functions: dict[str, dict[str, str]] = Field(default_factory=dict)
    supply_current_ma: dict[str, tuple[Milliamperes, Milliamperes]] = Field(default_factory=dict)
    screens: Annotated[dict[str, Screen], Field(min_length=1)]
    ways: dict[str, tuple[Way, ...]] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    """What this model promises and others need not: scenarios about it run only where it is said."""
    proofs: dict[Literal["open"], str] = Field(default_factory=dict)
    """``open``: the way that proves it; ``sell`` unless another is named."""

    @field_validator("keys", mode="before")
    @classmethod
    def _with_words(cls, value: Any) -> Any:
        """A list of names is a mapping without words."""
        if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
            return {name: {} for name in value}
        return {name: words or {} for name, words in value.items()} if isinstance(value, dict) else value

    @field_validator("keys")
    @classmethod
    def _some_keys(cls, value: dict[str, Words]) -> dict[str, Words]:
        if not value or any(not name or name.split() != [name] for name in value):
            raise ValueError("keys have names without blanks; allowed: the names that rig files use, such as OK or 1")
        return value

    @field_validator("ways", mode="before")
    @classmethod
    def _several_forms(cls, value: Any) -> Any:
        return (
            {name: [way] if isinstance(way, dict) else way for name, way in value.items()}
            if isinstance(value, dict)
            else value
        )

    @field_validator("kinds")
    @classmethod
    def _bounded(cls, value: dict[str, str]) -> dict[str, str]:
        for name, form in value.items():
            try:
                samples_of(form)
            except ValueError as error:
                raise ValueError(f"kind {name}: {error}") from None
        return value

    @model_validator(mode="after")
    def _kinds_known(self) -> ProfileModel:
        known = self.all_kinds
        for name, screen in self.screens.items():
            for language, rows in screen.rows.items():
                for row in rows:
                    for found in PLACEHOLDER.finditer(row):
                        _known_placeholder(f"screen {name}, {language}", row, found[1], found[2] or "text", known)
        return self

    @property
    def all_kinds(self) -> Kinds:
        """The common kinds, and the profile's own in their place."""
        return {**KINDS, **{name: (form, samples_of(form)) for name, form in self.kinds.items()}}


def _known_placeholder(where: str, row: str, name: str, kind: str, known: Kinds) -> None:
    if not name.isidentifier():
        raise ValueError(f"{where}: {name!r} in {row!r} is no name; allowed: a letter first")
    if kind not in known:
        raise ValueError(f"{where}: unknown kind {kind!r} in {row!r}; allowed: {', '.join(sorted(known))}")
