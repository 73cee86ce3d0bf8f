"""What may be kept of what the terminal shows, by what its screen asks for.

Masks know secrets; a screen that asks for one may show a part of it, or one that nobody knows (a defect that echoes
digits, a password typed by hand). So on such a screen the field is hidden, whatever stands in it, and after it every
digit of a picture that is no screen of the profile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
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


_LINE = re.compile(r"key code=(\S+) edge=(down|up)")
_MOVE = re.compile(r"(?P<keys>\S+?)(?:\((?P<way>down|up)\)|:[\d.e-]+s| (?P<word>down|up)| [\d.e-]+ s)?")
_KEYS = re.compile(r"[^\s+:(]+")


def spelled(events: Sequence[TimelineEvent], masks: Masks, ends: Collection[str] = ()) -> list[TimelineEvent]:
    """The events with stars for digits that were pressed, or told, one after another and spell a known secret.

    One by one they pass every mask: a password typed by hand where a number is asked for. ``ends``: keys after which
    other digits begin; all others (an arrow between two digits) leave what was typed in its field.
    """
    found = list(events)
    keys = [place for place, event in enumerate(events) if event.kind == "key"]
    for place, text in zip(keys, starred([events[place].text for place in keys], masks, ends), strict=True):
        found[place] = replace(events[place], text=text)
    lines = [(n, line) for n, event in enumerate(events) if event.kind == "service" and (line := _told(event.text))]
    pressed = [f"{code} {edge}" for _, (code, edge) in lines]
    for (place, (code, edge)), text in zip(lines, starred(pressed, masks, ends), strict=True):
        if text != f"{code} {edge}":
            found[place] = replace(events[place], text=f"key code={HIDDEN} edge={edge}")
    return found


def starred(moves: Sequence[str], masks: Masks, ends: Collection[str] = ()) -> list[str]:
    """The same for key presses alone, as keypad and timeline tell them: ``5``, ``5 0.3 s``, ``5 down``, ``5+ENTER``,
    ``5(up)``. Keys held over one another and let go later spell it too."""
    digits, places = "", list[int]()
    hidden = set[int]()
    for place, move in enumerate([*moves, ""]):
        parts = _MOVE.fullmatch(move)
        if parts is not None and "up" in (parts["way"], parts["word"]):
            continue
        pressed = _KEYS.findall(parts["keys"]) if parts is not None else [""]
        for key in sorted(pressed, key=lambda key: not key.isdigit()):
            if len(key) == 1 and key.isdigit():
                digits, places = digits + key, [*places, place]
            elif key in ends or (not ends and key) or not key:
                hidden.update(_spelling(digits, places, masks))
                digits, places = "", []
    return _hidden(moves, hidden)


def entry_ends(profile: Profile) -> frozenset[str]:
    """Keys after which nothing of what was typed before is left in a field."""
    keys = profile.data
    return frozenset(key for key in (keys.submit, keys.cancel, keys.clear) if key)


def _told(text: str) -> tuple[str, str] | None:
    found = _LINE.fullmatch(text)
    return (found[1], found[2]) if found else None


def _spelling(digits: str, places: Sequence[int], masks: Masks) -> Iterator[int]:
    """The whole entry, not the secret's digits alone: what stands beside them would tell how it was typed."""
    if any(secret.reveal() in digits for secret in masks.secrets):
        yield from places


def _hidden(moves: Sequence[str], hidden: Collection[int]) -> list[str]:
    """Stars for those, and for the end of each: ``5 up`` tells as much as ``5 down``."""
    found, held = list(moves), dict[str, bool]()
    for place, move in enumerate(moves):
        parts = _MOVE.fullmatch(move)
        if parts is None:
            continue
        up, keys = "up" in (parts["way"], parts["word"]), parts["keys"]
        hide = held.pop(keys, False) if up else place in hidden
        if "down" in (parts["way"], parts["word"]):
            held[keys] = hide
        if hide:
            found[place] = _DIGIT.sub(HIDDEN, keys) + move[len(keys) :]
    return found
