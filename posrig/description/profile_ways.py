"""How a person goes with a terminal: the ways of a profile, each a few verbs from one meaning to another.

No loops and no conditions but "when this screen shows". What a screen on the way asks for is answered by what it asks
(posrig/terminal/navigator.py), so a way names no password and no number.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from posrig.description.fields import Strict

WAYS = (
    "home", "sign on", "sign off", "lock", "unlock", "unlock by code", "status", "cause", "log", "version", "restart",
    "factory reset", "update", "change password", "sell", "refund", "settle", "backup",
)  # fmt: skip
VERBS = ("press", "hold", "chord", "type", "tap", "expect", "wait_s", "power", "line")
OFF = "off"
"""A way may begin with the terminal switched off."""
Seconds = Annotated[float, Field(ge=0, le=86_400)]
Held = Annotated[float, Field(gt=0, le=60)]


class WayStep(Strict):
    """One verb. ``press``: keys one after another, with blanks between them; ``hold``: one key for ``for_s``;
    ``chord``: keys together for ``for_s``; ``type``: one press a character; ``tap``: a finger on this text
    of the glass, wherever it stands then; ``expect``: a meaning or a screen;
    ``power``: on (with the keys ``holding`` down for ``for_s``), off or cycle; ``line``: network or USB, by relay.
    ``when``: only if this screen shows then."""

    press: str = ""
    hold: str = ""
    chord: str = ""
    type: str = ""
    tap: Annotated[str, Field(max_length=80)] = ""
    expect: str = ""
    wait_s: Seconds | None = None
    power: Literal["", "on", "off", "cycle"] = ""
    line: Literal["", "network on", "network off", "usb on", "usb off"] = ""
    holding: str = ""
    for_s: Held | None = None
    when: str = ""

    @model_validator(mode="after")
    def _one_verb(self) -> WayStep:
        said = [verb for verb in VERBS if getattr(self, verb) not in ("", None)]
        if len(said) != 1:
            raise ValueError(f"one verb a step, this has {', '.join(said) or 'none'}; allowed: {', '.join(VERBS)}")
        if self.holding and self.power != "on":
            raise ValueError("holding is for power: on, and only for it")
        timed = said[0] in ("hold", "chord") or bool(self.holding)
        if timed != (self.for_s is not None):
            raise ValueError("for_s is needed for hold, chord and holding, and allowed only there")
        return self

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that it presses, by name."""
        named = f"{self.press} {self.hold} {self.chord} {self.holding}".split()
        return (*named, *self.type)

    def __str__(self) -> str:
        verb = next(verb for verb in VERBS if getattr(self, verb) not in ("", None))
        more = f" for {self.for_s:g} s" if self.for_s else ""
        held = f" holding {self.holding}" if self.holding else ""
        return f"{verb.removesuffix('_s')} {getattr(self, verb)}{held}{more}"


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class Way(Strict):
    """From one of some meanings (or screens) to one of others. ``by``: the roles whose secrets it needs, the one who
    acts first; ``roles`` and ``language``: whom and which display language this form of the way is for; ``confirm``:
    screens that are answered with the submit key; ``power``: of the way home, whether a power cycle leads there."""

    from_: tuple[str, ...] = Field(default=(), alias="from")
    to: tuple[str, ...] = ()
    steps: tuple[WayStep, ...] = ()
    by: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    language: Literal["", "en", "zh"] = ""
    confirm: tuple[str, ...] = ()
    within_s: Seconds = 10.0
    power: bool = False

    @field_validator("from_", "to", "by", "roles", "confirm", mode="before")
    @classmethod
    def _one_or_more(cls, value: object) -> object:
        return _listed(value)

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        """``press: 8 8 OK`` beside ``from`` is a way of that one step."""
        if not isinstance(value, dict) or "steps" in value:
            return value
        short = {name: value[name] for name in ("press", "hold", "chord", "tap", "for_s") if name in value}
        rest = {name: one for name, one in value.items() if name not in short}
        return {**rest, "steps": [short]} if short else value

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key for step in self.steps for key in step.keys)

    @property
    def taps(self) -> bool:
        """Whether it needs a finger on the glass."""
        return any(step.tap for step in self.steps)

    @property
    def lines(self) -> frozenset[str]:
        """The lines of a rig that it needs: network, usb."""
        return frozenset(step.line.split()[0] for step in self.steps if step.line)
