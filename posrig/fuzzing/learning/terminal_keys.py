"""A terminal on a rig as a learner sees it: one key at a time, answered by the screens that follow.

It is kept to a sandbox. On screens where a key can do harm (a password may be asked for, the terminal may be blocked)
or that are not in the profile nothing is pressed: they are "outside" until the next reset. So learning spends no
password tries and locks nobody out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic

from posrig.description.profile import Profile
from posrig.fuzzing.machines.device import BudgetSpent, Costs
from posrig.ground.faults import ConfigurationError, ProductFailure
from posrig.terminal.contracts import Frame
from posrig.terminal.preparing import prepare
from posrig.terminal.terminal import Terminal
from posrig.terminal.ways.cases import cases
from posrig.terminal.ways.navigator import Navigator

OUTSIDE = "outside"
"""The answer to keys that are not pressed because the terminal left the sandbox."""
UNKNOWN = "?"
TYPED = " (typed)"
INSIDE_KINDS = ("rest", "menu", "notice")
_SHORT_NOTICE_S = 3.0
_MOST_PASSING = 12
_MOST_PICTURES = 20
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

    def add(self, name: str, frame: Frame) -> None:
        kept = self.frames.setdefault(name, {}).setdefault(frame.language or "en", [])
        if frame.lines not in kept and len(kept) < _MOST_PICTURES:
            kept.append(frame.lines)


class TerminalKeys:
    """Fulfils :class:`posrig.fuzzing.machines.device.DeviceUnderTest`: the keys of a terminal, from the ready screen
    of an operator.

    ``operator``: who is signed on after a reset; empty: nobody; None: who comes first in the profile. ``keys``: the
    inputs; the profile's when left out. ``ends_at``: by ``time.monotonic``. ``begin`` starts a new history of screens
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
        if "terminal.fresh" not in terminal.bench.capabilities:
            raise ConfigurationError(
                "learning needs a rig that can bring the terminal back to its first state",
                where="rig file, field bench",
                allowed="a bench with the act terminal.fresh (the simulated rig has it)",
            )
        strange = [key for key in keys if key not in terminal.profile.keys]
        if strange:
            raise ConfigurationError(
                f"no keys of this terminal: {' '.join(strange)}", where="--key", allowed=" ".join(terminal.profile.keys)
            )
        if operator is None:
            operator = first_operator(terminal.profile)
        if operator:
            terminal.profile.role_of(operator)
        self._terminal, self._begin, self._operator, self._defects = terminal, begin, operator, defects
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
        """Another terminal from the shelf, started and signed on."""
        self._check_time()
        terminal = self._terminal
        prepare(terminal, language=terminal.shown_language or None, defects=self._defects)
        self._begin()
        use = cases(terminal)
        frame = use.ready(self._operator) if self._operator else use.signed_off()
        self._outside = False
        self.first = self._here = self._name(frame)
        self.seen.add(self.first.removesuffix(TYPED), frame)

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
        passed = [self._name(one).removesuffix(TYPED) for one in self._terminal.screen.history() if any(one.lines)]
        way = [one for one in dict.fromkeys(passed) if one not in (bare, before.removesuffix(TYPED))]
        self._here = here
        self.seen.add(bare, frame)
        self.seen.leads[Lead(before, name, (*way, bare))] = None
        self._outside = not self.inside(frame.screen)
        return " > ".join([*way, here])

    def inside(self, screen: str | None) -> bool:
        """Whether keys are pressed on a screen."""
        found = self._terminal.profile.screens.get(screen or "")
        return found is not None and found.kind in INSIDE_KINDS and not found.secret_entry

    def _check_time(self) -> None:
        if self._ends_at is not None and monotonic() >= self._ends_at:
            raise BudgetSpent("the minutes are over")

    def _rest(self) -> Frame:
        """The screen when nothing passes by itself any more. Raises ProductFailure."""
        screen = self._terminal.screen
        frame = screen.settled()
        for _ in range(_MOST_PASSING):
            if self._terminal.profile.means(frame.screen) == "starting" or not any(frame.lines):
                frame = Navigator(self._terminal).started()
            known = self._terminal.profile.screens.get(frame.screen or "")
            if known is None or frame.screen is None:
                return frame
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


def first_operator(profile: Profile) -> str:
    """The first number of the first role that has one; empty: nobody has."""
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
