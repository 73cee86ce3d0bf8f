"""A terminal on a rig as a learner sees it: one key at a time, answered by the screens that follow.

It is kept to a sandbox. On screens where a key can do harm (a password may be asked for, the terminal may be blocked)
or that are not in the profile nothing is pressed: they are "outside" until the next reset. So learning spends no
password tries and locks nobody out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from time import monotonic

from posrig.description.profile import Profile
from posrig.fuzzing.machines.device import BudgetSpent, Costs
from posrig.ground.faults import ConfigurationError, ProductFailure
from posrig.terminal.contracts import Frame
from posrig.terminal.preparing import prepare
from posrig.terminal.terminal import Terminal
from posrig.terminal.ways.cases import cases
from posrig.terminal.ways.navigator import AT_HOME, Navigator

OUTSIDE = "outside"
"""The answer to keys that are not pressed because the terminal left the sandbox."""
UNKNOWN = "?"
TYPED = " (typed)"
INSIDE_KINDS = ("rest", "menu", "notice")
_SHORT_NOTICE_S = 3.0
_MOST_PASSING = 12
_MOST_PICTURES = 20
_STANDS_S = 0.3
"""A picture that the profile does not know and that stood shorter is half a repaint."""
_WATCHED_S = 6.0
"""So long is a page that nobody knows watched: it may leave by itself, as a refusal does."""
SHELF = "terminal.fresh"
_CHINESE = re.compile("[\u3400-\u9fff]")
_TYPED_KINDS = ("entry", "mask", "money")


@dataclass(frozen=True)
class Lead:
    """One key on one screen, and the screens that followed. ``screen`` may say that something was typed before."""

    screen: str
    key: str
    path: tuple[str, ...]
    """The screens passed, the last one at rest."""

    @property
    def target(self) -> str:
        return self.path[-1]

    @property
    def stays(self) -> bool:
        """Whether the key changes no screen."""
        return self.path == (self.screen.removesuffix(TYPED),)


@dataclass
class Seen:
    """What was seen, not what was concluded: a model explored by half says wrong things about screens, these do not."""

    frames: dict[str, dict[str, list[tuple[str, ...]]]] = field(default_factory=dict)
    """Pictures of each screen that stayed: screen -> language -> rows."""
    leads: dict[Lead, None] = field(default_factory=dict)
    """Every key on every screen with what followed, in the order first seen."""
    stood: dict[str, float] = field(default_factory=dict)
    """How long a screen stood that left by itself, in seconds; the longest time."""

    def add(self, name: str, frame: Frame) -> None:
        language = frame.language or ("zh" if _CHINESE.search("".join(frame.lines)) else "en")
        kept = self.frames.setdefault(name, {}).setdefault(language, [])
        if frame.lines not in kept and len(kept) < _MOST_PICTURES:
            kept.append(frame.lines)


class TerminalKeys:
    """Fulfils :class:`posrig.fuzzing.machines.device.DeviceUnderTest`: the keys of a terminal, from the ready screen
    of an operator.

    A reset takes another terminal from the shelf, where the rig has one (bench act ``terminal.fresh``). Elsewhere it is
    the profile's way home, or a power cycle where the profile has none: what the terminal remembers, it remembers.

    ``operator``: who is signed on after a reset; empty: nobody; None: :func:`usual_operator`. ``keys``: the inputs; the
    profile's when left out. ``ends_at``: by ``time.monotonic``. ``begin`` starts a new history of screens
    (``Rig.begin_scenario``).
    """

    def __init__(
        self,
        terminal: Terminal,
        *,
        begin: Callable[[], None],
        operator: str | None = None,
        keys: Sequence[str] = (),
        defects: tuple[str, ...] = (),
        ends_at: float | None = None,
    ) -> None:
        strange = [key for key in keys if key not in terminal.profile.keys]
        if strange:
            raise ConfigurationError(
                f"no keys of this terminal: {' '.join(strange)}", where="--key", allowed=" ".join(terminal.profile.keys)
            )
        who = usual_operator(terminal.profile) if operator is None else operator
        if who:
            terminal.profile.role_of(who)
        self._terminal, self._begin, self._operator, self._defects = terminal, begin, who, defects
        self._shelf = SHELF in terminal.bench.capabilities
        self._inputs = tuple(keys) or terminal.profile.keys
        self._ends_at = ends_at
        self._outside = False
        self._typed = _typed_fields(terminal.profile)
        self._here = ""
        self.seen = Seen()
        self.first = ""
        """The screen after a reset."""

    @property
    def inputs(self) -> Sequence[str]:
        return self._inputs

    @property
    def costs(self) -> Costs:
        return Costs(0.4, 40.0)

    def reset(self) -> None:
        """Another terminal from the shelf, or this one brought home; started and signed on."""
        self._check_time()
        terminal = self._terminal
        if self._shelf:
            prepare(terminal, language=terminal.shown_language or None, defects=self._defects)
        elif "home" not in terminal.profile.data.ways:
            terminal.power.off()
        self._begin()
        try:
            frame = self._brought_home()
        except (ProductFailure, ConfigurationError):
            if self._shelf:
                raise
            terminal.power.off()  # keys led nowhere that the profile knows: what is left is a start
            frame = self._brought_home()
        self._watch_the_start()
        self._outside = False
        self.first = self._here = self._name(frame)
        self.seen.add(self.first.removesuffix(TYPED), frame)

    def _brought_home(self) -> Frame:
        """On, and signed on or off, from wherever it is. Raises what the ways of the profile raise."""
        terminal, do = self._terminal, cases(self._terminal)
        if not terminal.profile.data.flows and not terminal.power.is_on:
            terminal.power.on()
            home = terminal.profile.screens_of(AT_HOME)
            terminal.screen.seen_within(home, Navigator(terminal).starts_within_s())  # the start may be unknown yet
        return do.ready(self._operator) if self._operator else do.signed_off()

    def press(self, name: str) -> str:
        """Press a key, wait until the screen rests, and name the screens there were.

        Raises:
            BudgetSpent: the time is over.
            RigFault, SafetyAbort: as the rig does.
        """
        if self._outside:
            return OUTSIDE
        self._check_time()
        self._begin()
        self._terminal.keypad.press(name)
        try:
            frame = self._rest()
        except ProductFailure:
            self._outside = True
            return f"{UNKNOWN} does not come to rest"
        before, here = self._here, self._name(frame)
        bare = here.removesuffix(TYPED)
        passed = self._passed(frame)
        way = [one for one in dict.fromkeys(passed) if one not in (bare, before.removesuffix(TYPED))]
        self._here = here
        self.seen.add(bare, frame)
        self.seen.leads[Lead(before, name, (*way, bare))] = None
        self._outside = not self.inside(frame.screen)
        return " > ".join([*way, here])

    def _passed(self, rest: Frame) -> list[str]:
        """The screens of this press by name, noted as seen; those that left by themselves with their time."""
        shown = [one for one in self._terminal.screen.history() if any(one.lines)]
        found = []
        for number, one in enumerate(shown):
            name, left = self._name(one).removesuffix(TYPED), number + 1 < len(shown)
            stood_s = (shown[number + 1].at if left else rest.at) - one.at
            if one.screen is None and left and stood_s < _STANDS_S:
                continue
            found.append(name)
            if left and stood_s >= _STANDS_S:
                self.seen.add(name, one)
                if name != self._name(shown[number + 1]).removesuffix(TYPED):
                    self.seen.stood[name] = max(stood_s, self.seen.stood.get(name, 0.0))
        return found

    def _watch_the_start(self) -> None:
        """Once: the pages of the start that nobody knows yet."""
        if self.first:
            return
        shown = [one for one in self._terminal.screen.history() if any(one.lines)]
        for one, after in pairwise(shown):
            if one.screen is None and after.at - one.at >= _STANDS_S:
                self.seen.add(self._name(one), one)
                self.seen.stood[self._name(one)] = after.at - one.at

    def inside(self, screen: str | None) -> bool:
        """Whether keys are pressed on a screen."""
        found = self._terminal.profile.screens.get(screen or "")
        return found is not None and found.kind in INSIDE_KINDS and not found.secret_entry

    def _check_time(self) -> None:
        if self._ends_at is not None and monotonic() >= self._ends_at:
            raise BudgetSpent("the minutes are over")

    def _rest(self) -> Frame:
        """The screen when nothing passes by itself any more. Raises ProductFailure."""
        screen, profile = self._terminal.screen, self._terminal.profile
        frame = screen.settled()
        for _ in range(_MOST_PASSING):
            if profile.means(frame.screen) == "starting" or not any(frame.lines):
                frame = Navigator(self._terminal).started()
            known = profile.screens.get(frame.screen or "")
            if known is None or frame.screen is None:
                if screen.seen_within(lambda one: one.screen is not None, _WATCHED_S) is None:
                    return screen.settled()
                frame = screen.settled()
                continue
            short = known.shown_s is not None and known.shown_s <= _SHORT_NOTICE_S
            if known.kind not in ("refusal", "progress") and not short:
                return frame
            frame = screen.leaves(frame.screen, (known.shown_s or 30.0) + 2.0)
        return frame

    def _name(self, frame: Frame) -> str:
        if frame.screen is None:
            rows = "/".join(line.strip() for line in frame.lines)
            return f"{UNKNOWN} {re.sub(r'[0-9]', '#', rows)}"  # digits may be a secret
        return frame.screen + (TYPED if self._is_typed(frame) else "")

    def _is_typed(self, frame: Frame) -> bool:
        typed = ((kind, frame.fields.get(name, "")) for name, kind in self._typed.get(frame.screen or "", {}).items())
        return any(re.search(r"[1-9]" if kind == "money" else r"[0-9*]", value) for kind, value in typed)


def usual_operator(profile: Profile) -> str:
    """Whose ready screen a terminal is learned from when nobody says: the first operator number of the first role that
    has one; nobody's (empty) where the profile has none, or no way to sign on."""
    if not profile.data.flows and "sign on" not in profile.data.ways:
        return ""
    return next((role.ids[0] for role in profile.data.roles.values() if role.ids), "")


def _typed_fields(profile: Profile) -> dict[str, dict[str, str]]:
    """Of each screen the placeholders that show what was typed, with their kind."""
    found: dict[str, dict[str, str]] = {}
    for name, screen in profile.screens.items():
        for row in (row for rows in screen.rows.values() for row in rows):
            for place in re.finditer(r"\{(\w+):(\w+)\}", row):
                if place[2] in _TYPED_KINDS:
                    found.setdefault(name, {})[place[1]] = place[2]
    return found
