"""A terminal on a rig as the search sees it: acts in, what was seen of them out, back to the first state when asked.

Where the rig has a shelf another terminal is taken from it; else the terminal is brought home by the ways of its
profile, and what was counted before is then not known.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from posrig.fuzzing.machines.device import BudgetSpent
from posrig.fuzzing.models.from_profile.acts import Act
from posrig.fuzzing.models.from_profile.doing import SHELF, Doer, needs_power_cycle
from posrig.fuzzing.models.from_profile.facts import Facts, Look, Seen, begun, follow
from posrig.fuzzing.models.from_profile.oracles import Told, judge
from posrig.fuzzing.models.from_profile.scopes import Scope
from posrig.fuzzing.running.plan import Allowance
from posrig.ground.faults import ProductFailure, RigFault
from posrig.terminal.contracts import Frame
from posrig.terminal.preparing import prepare
from posrig.terminal.terminal import Terminal
from posrig.terminal.ways.cases import Cases
from posrig.terminal.ways.navigator import MARGIN_S, Navigator

SHORT_NOTICE_S = 3.0
"""A notice that stays longer is a page of its own, on which keys are pressed."""
MOST_PASSING = 16
PROGRESS_S, REFUSAL_S, LASTS_S = 45.0, 10.0, 4.0
"""Where the profile says no time: of what goes on by itself, of a refusal, of an end that may wait for a power cut."""
DIGITS = re.compile(r"\d")


class Device:
    """One scope's terminal. ``begin`` starts a new history of keys and screens (``Rig.begin_scenario``); ``look`` one
    of screens alone: without a shelf a walk goes on from what its first keys have done. ``wired``: the keys that the
    rig can press."""

    def __init__(
        self, terminal: Terminal, scope: Scope, allowance: Allowance, *, begin: Callable[[], None],
        look: Callable[[], None], wired: Collection[str], ends_at: float | None = None, oracles: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self._terminal, self._profile, self.scope, self._begin = terminal, terminal.profile, scope, begin
        self._anew = begin if SHELF in terminal.bench.capabilities else look
        self._allowance, self.spent = allowance, allowance.spent
        self._doer = Doer(terminal, wired=wired, changes=scope.changes)
        self._ends_at, self._oracles = ends_at, oracles
        self._most: int | None = None
        self._unlimited = False
        self._texts = frozenset(act.what for act in scope.table.values() if act.kind == "touch")
        self._without: set[str] = set()
        self.facts = Facts(Look(None, "", {}, 0.0, dark=True))
        self.word: tuple[str, ...] = ()
        """The acts since the first state."""

    # -- what may be done

    def possible(self) -> list[Act]:
        """The acts of the scope that have a meaning now."""
        return [act for act in self.scope.table.values() if self.can(act)]

    def can(self, act: Act) -> bool:
        return act.name not in self._without and self._doer.possible(act, self.facts)

    def go_without(self, kinds: str) -> bool:
        """No guess, or no power cycle, is left: these acts are none any more. False when they were none already."""
        named = {act.name for act in self.scope.table.values() if
                 (act.guess if kinds == "guesses" else needs_power_cycle(self._profile, act))}  # fmt: skip
        if named <= self._without:
            return False
        self._without |= named
        return True

    def may_press_until(self, presses: int) -> None:
        """Until so many real presses were made in the run."""
        self._most = presses

    @contextmanager
    def without_limit(self) -> Iterator[None]:
        """While what showed is judged."""
        self._unlimited = True
        try:
            yield
        finally:
            self._unlimited = False

    def check_limits(self) -> None:
        """Raises BudgetSpent."""
        if self._unlimited:
            return
        if self._most is not None and self.spent.presses >= self._most:
            raise BudgetSpent(f"{self.spent.presses} presses made")
        if self._ends_at is not None and time.monotonic() >= self._ends_at:
            raise BudgetSpent("the minutes are over")

    # -- the first state

    def reset(self) -> Facts:
        """Raises RigFault where the terminal cannot be brought to its first state, BudgetSpent before it is tried."""
        self.check_limits()
        if self._doer.shelf:
            self._allowance.check_power_cycle()
        with self._counted():
            frame = self._fresh() if self._doer.shelf else self._home()
        self.spent.resets += 1
        self._doer.begun()
        self._doer.rested(frame, self._texts)
        self.word = ()
        self.facts = begun(self._look(frame), fresh=self._doer.shelf)
        return self.facts

    def _fresh(self) -> Frame:
        terminal = self._terminal
        if terminal.usb is not None:
            terminal.usb.disconnect()
        prepare(terminal, language=terminal.shown_language or None)
        self._begin()
        terminal.power.on()
        frame, _ = self._rest()
        return frame

    def _home(self) -> Frame:
        """By the ways of the profile; twice, the second time after a power cycle."""
        terminal = self._terminal
        terminal.keypad.release_all()
        for tried in range(2):
            self._begin()
            try:
                return Cases(terminal).signed_off()
            except ProductFailure as failure:
                if tried:
                    raise RigFault(
                        f"the terminal cannot be brought to its first state: {failure.found.splitlines()[0]}",
                        instrument="terminal",
                        todo="bring it to its signed-off screen by hand, or give the rig a bench with terminal.fresh",
                    ) from None
                terminal.power.off()
                terminal.power.on()
        raise AssertionError("unreachable")

    # -- one act

    def press(self, act: Act) -> tuple[Seen, tuple[str, str] | None]:
        """Do one act, and say what was seen and which oracle speaks.

        Raises:
            BudgetSpent: nothing more may be spent; the act was not done.
            RigFault, SafetyAbort: as the rig does.
        """
        self.check_limits()
        if act.guess or self._submits_digits(act):
            self._allowance.check_guess()
        if needs_power_cycle(self._profile, act):
            self._allowance.check_power_cycle()
        before = self.facts
        with self._counted():
            seen = self._do(act)
        self.facts = follow(self._profile, before, seen)
        if self.facts.erased and not before.erased:
            self._doer.erased()
        self.word = (*self.word, act.name)
        self.spent.screens.update(look.screen for look in seen.looks if look.screen)
        return seen, judge(Told(self._profile, before, seen, self.facts), self._oracles)

    def _submits_digits(self, act: Act) -> bool:
        """The submit key after digits typed one by one is a guess too (posrig/terminal/submitting.py charges it)."""
        screen = self._profile.screens.get(self.facts.here.screen or "")
        secret = screen is not None and screen.secret_entry
        return secret and act.kind != "secret" and self._profile.data.submit in act.keys and self.facts.typed > 0

    @contextmanager
    def _counted(self) -> Iterator[None]:
        power, keypad = self._terminal.power, self._terminal.keypad
        cycles, presses = power.cycles, keypad.presses
        try:
            yield
        finally:
            self.spent.presses += keypad.presses - presses
            self.spent.power_cycles += power.cycles - cycles

    def _do(self, act: Act) -> Seen:
        terminal, before = self._terminal, self.facts.here
        self._anew()
        began, stuck = terminal.clock.last_now(), ""
        try:
            self._doer.do(act, self.facts)
            frame, stuck = self._rest()
        except ProductFailure as failure:
            stuck, frame = failure.found.splitlines()[0], terminal.screen.frame()
        self._doer.rested(frame, self._texts)
        passed = [self._look(one) for one in terminal.screen.history() if one.screen is not None]
        looks = (before, *_without_repeats(passed), self._look(frame))
        return Seen(act, looks, began, terminal.clock.last_now(), stuck)

    def _rest(self) -> tuple[Frame, str]:
        """Where the terminal comes to rest, and what did not happen in its time."""
        screen = self._terminal.screen
        frame = screen.settled()
        for _ in range(MOST_PASSING):
            if not any(frame.lines) and self._terminal.power.is_on:
                within_s = Navigator(self._terminal).starts_within_s()
                if screen.seen_within(lambda one: any(one.lines), within_s) is None:
                    return screen.frame(), f"the display shows something within {within_s:.0f} s"
                frame = screen.settled()
            if frame.screen is None and any(frame.lines):
                frame = screen.settled(quiet_s=0.5)  # a repaint in several pieces
            limit = self._limit(frame)
            if limit is None:
                return frame, ""
            within_s, must = limit
            left = screen.seen_within(_other_than(frame), within_s)
            if left is None:
                return screen.frame(), f"the screen {frame.screen} goes on within {within_s:g} s" if must else ""
            frame = screen.settled()
        return frame, f"it comes to rest; after {MOST_PASSING} screens it has not"

    def _limit(self, frame: Frame) -> tuple[float, bool] | None:
        """How long a screen that passes by itself may stay, and whether it must go; None: it is one to rest on."""
        about = self._profile.screens.get(frame.screen or "")
        if about is None:
            return None
        times = self._profile.data.timings
        if about.means == "starting":
            return Navigator(self._terminal).starts_within_s(), True
        if about.shown_s is not None:
            return (about.shown_s + MARGIN_S, True) if about.shown_s <= SHORT_NOTICE_S or about.kind in (
                "refusal", "progress") else None  # fmt: skip
        if about.means in ("updated", "reset done"):
            return LASTS_S, False  # some wait there for a power cut
        if about.kind == "progress":
            known = [one for one in (times.update_write_s, times.erase_s, times.update_check_s) if one is not None]
            return max(PROGRESS_S, 3 * sum(known)), True
        return (REFUSAL_S, False) if about.kind == "refusal" else None

    def _look(self, frame: Frame) -> Look:
        dark = not any(frame.lines)
        rows = "/".join(line.strip() for line in frame.lines).strip("/")
        text = "" if frame.screen or dark else DIGITS.sub("#", rows)
        return Look(frame.screen, self._profile.means(frame.screen), frame.fields, frame.at, dark, text)


def _other_than(frame: Frame) -> Callable[[Frame], bool]:
    return lambda one: one.screen != frame.screen and any(one.lines)


def _without_repeats(looks: list[Look]) -> list[Look]:
    kept: list[Look] = []
    for look in looks:
        if not kept or (kept[-1].screen, kept[-1].fields) != (look.screen, look.fields):
            kept.append(look)
    return kept
