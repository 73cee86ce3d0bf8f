"""What may be kept of what the terminal shows, by what its screen asks for.

Masks know secrets; a screen that asks for one may show a part of it, or one that nobody knows (a defect that echoes
digits, a password typed by hand). So on such a screen the field is hidden, whatever stands in it, and after it every
digit of a picture that is no screen of the profile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from posrig.description.profile import Profile
from posrig.ground.faults import PosrigError
from posrig.ground.secret import Masks
from posrig.screens.pictures import Picture
from posrig.terminal.contracts import ServiceLine, TimelineEvent

HIDDEN = "*"
KEPT = 4096
"""Different unknown pictures that are remembered; with more, every unknown picture of the scenario is hidden."""
_DIGIT = re.compile(r"\d")


class Veil:
    """Follows the pictures and service lines of one terminal; called by the threads that read them."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._hidden: set[tuple[str, ...]] = set()
        self.prompt = False
        """The last screen that is one of the profile asks for a secret."""

    def begin(self) -> None:
        """A new scenario."""
        self._hidden = set()

    def forget(self) -> None:
        """The power went."""
        self.prompt = False

    def follow(self, picture: Picture) -> None:
        """A picture came."""
        known = self._profile.recognise(picture.lines)
        if known is not None:
            self.prompt = self._profile.screens[known.screen].secret_entry
        elif self.prompt and len(self._hidden) < KEPT:
            self._hidden.add(_bare(picture.lines))

    def rows(self, lines: Sequence[str]) -> tuple[str, ...]:
        """The rows of a picture as they may be kept."""
        veiled = self._profile.veiled(lines)
        if veiled is not None:
            return veiled
        hide = self._profile.recognise(lines) is None and (_bare(lines) in self._hidden or len(self._hidden) >= KEPT)
        return tuple(_DIGIT.sub(HIDDEN, line) for line in lines) if hide else tuple(lines)

    def service(self, line: ServiceLine) -> str:
        """A line of the service port as it may be kept: no key by its name while a secret is asked for."""
        hide = self.prompt and line.event == "key"
        fields = (f"{name}={HIDDEN if hide and value.isdigit() else value}" for name, value in line.fields.items())
        return f"{line.event} {' '.join(fields)}".rstrip()

    def asks(self, lines: Sequence[str]) -> bool:
        """Is a secret asked for by this picture, or perhaps by this picture?"""
        known = self._profile.recognise(lines)
        if known is not None:
            return self._profile.screens[known.screen].secret_entry
        return any(lines) and (self.prompt or self._profile.veiled(lines) is not None)


def _bare(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(line.rstrip() for line in lines)


class PromptWatch:
    """Is a key pressed where a secret is asked for? Costs a question to the rig for the first digit after another key:
    that one may have led to a prompt whose picture has not come yet. The digits after it do not change the screen."""

    def __init__(self, present: Callable[[bool], Sequence[str]], asks: Callable[[Sequence[str]], bool]) -> None:
        self._present, self._asks = present, asks
        self._looked = False

    def hides(self, key: str) -> bool:
        """Before the key is pressed. Where the screen is lost nobody knows what it asks: hidden."""
        if not key.isdigit():
            self._looked = False
            return False
        asked, self._looked = not self._looked, True
        try:
            return self._asks(self._present(asked))
        except PosrigError:
            return True


_KEY = re.compile(r"(\d)(?: [\d.]+ s)?")
_LINE = re.compile(r"key code=(\d) edge=(?:down|up)")
_OTHER_KEY = re.compile(r"key code=\S+ edge=down")


def spelled(events: Sequence[TimelineEvent], masks: Masks) -> list[TimelineEvent]:
    """The events with stars for digits that were pressed, or told, one after another and spell a known secret.

    One by one they pass every mask: a password typed by hand where a number is asked for.
    """
    found = list(events)
    for kind, digit, other in (("key", _KEY, re.compile(".")), ("service", _LINE, _OTHER_KEY)):
        run: list[int] = []
        for place, event in [*enumerate(events), (-1, TimelineEvent(0.0, kind, "key code=| edge=down"))]:
            if event.kind != kind:
                continue
            if digit.fullmatch(event.text):
                run.append(place)
            elif other.match(event.text):
                _hide(found, run, masks, digit)
                run = []
    return found


def _hide(events: list[TimelineEvent], run: Sequence[int], masks: Masks, digit: re.Pattern[str]) -> None:
    pressed = [place for place in run if not events[place].text.endswith("up")]
    digits = "".join(found[1] for place in pressed if (found := digit.fullmatch(events[place].text)))
    if any(secret.reveal() in digits for secret in masks.secrets):
        for place in run:
            events[place] = replace(events[place], text=_DIGIT.sub(HIDDEN, events[place].text, count=1))
