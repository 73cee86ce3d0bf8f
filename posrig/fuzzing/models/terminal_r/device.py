"""A terminal on a rig as a device under test: acts in, canonical screens out, resets from the shelf.

The model's clocks are classes ("295 s quiet", "lock-out running"); true time goes on. Before true time could leave its
class (a lock-out about to end, midnight, the idle time drifting), the terminal is taken anew from the shelf and walked
back to the model's state: the search does not notice, the presses are counted.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from posrig.fuzzing.machines.device import BudgetSpent, Costs
from posrig.fuzzing.models.terminal_r.acts import CUT, GUESSES, Act
from posrig.fuzzing.models.terminal_r.canonical import IMPOSSIBLE, UNKNOWN, Element, canonical_fields, rendered
from posrig.fuzzing.models.terminal_r.doing import Doer
from posrig.fuzzing.models.terminal_r.lock_model import LockModel
from posrig.fuzzing.models.terminal_r.state import State
from posrig.fuzzing.running.plan import Allowance, Limits, Spent
from posrig.ground.clock import Clock
from posrig.ground.faults import ProductFailure
from posrig.terminal.contracts import Frame, ServiceLine
from posrig.terminal.preparing import MORNING_S
from posrig.terminal.terminal import Terminal

LOCK_OUT_SAFE_S = 1200.0
WORKDAY_S = 14 * 3600.0
DRIFT_S = 4.5
SHORT_NOTICE_S = 3.0
MOST_PASSING_SCREENS = 12
STUCK = "stuck"
DAY_S = 86_400.0
DEAREST_S = 20.0
"""A wait costs no more than this in planning: else the acts that need a day would never come in a short run."""


@dataclass(frozen=True, slots=True)
class Observation:
    """All that was seen of one act."""

    act: str
    who: str
    """Whose sign-on was going on before it."""
    answer: str
    frames: tuple[Frame, ...]
    lines: tuple[ServiceLine, ...]
    began: float
    ended: float


class TerminalDevice:
    """Fulfils :class:`posrig.fuzzing.machines.device.DeviceUnderTest` for one scope of the model."""

    def __init__(
        self,
        terminal: Terminal,
        model: LockModel,
        *,
        begin: Callable[[], None],
        defects: tuple[str, ...] = (),
        allowance: Allowance | None = None,
        ends_at: float | None = None,
        longest: int | None = None,
    ) -> None:
        """``begin`` starts a new history of keys and screens (``Rig.begin_scenario``). ``ends_at``: by
        ``time.monotonic``; ``longest``: acts after which the terminal is taken anew. ``allowance``: wrong passwords and
        power cycles (its presses are not looked at here: see :meth:`may_press_until`)."""
        self._terminal, self._model, self._begin = terminal, model, begin
        self._clock: Clock = terminal.clock
        self._doer = Doer(terminal, defects)
        self._acts = model.acts
        self._state: State = model.start
        self._way: list[str] = []
        self._out_since: dict[str, float] = {}
        self._shown = ""
        self._allowance = allowance or Allowance(Limits(presses=1), Spent())
        self.spent = self._allowance.spent
        self._longest = longest
        self._most: int | None = None
        self._ends_at, self._unlimited = ends_at, False
        self.last: Observation | None = None
        """What was seen of the last act; oracles look at it."""
        self._costs = Costs(0.2, 40.0, {name: min(act.takes_s, DEAREST_S) for name, act in self._acts.items()})

    @property
    def inputs(self) -> Sequence[str]:
        return tuple(self._acts)

    @property
    def costs(self) -> Costs:
        return self._costs

    @property
    def state(self) -> State:
        """Where the model says that the terminal is."""
        return self._state

    def reset(self) -> None:
        """Another terminal from the shelf, started."""
        self.spent.resets += 1
        self._restart()

    def press(self, name: str) -> str:
        """Do one act, wait until the screen rests, and say which screens there were.

        Raises:
            BudgetSpent: the presses are used up.
            RigFault, SafetyAbort: as the rig does.
        """
        if not self._model.possible(self._state, name):
            return IMPOSSIBLE
        self._check_limits()
        self._check_allowance(name)
        if self._stale():
            self._walk_back()
        answer = self._do(self._acts[name])
        self._follow(name)
        return answer

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

    @property
    def guesses(self) -> tuple[str, ...]:
        """The acts of the scope that type a wrong password or code."""
        return tuple(name for name in self._acts if name in GUESSES)

    def _check_allowance(self, name: str) -> None:
        if name in GUESSES or self._is_guess(name):
            self._allowance.check_guess()
        elif name == CUT:
            self._allowance.check_power_cycle()

    def _is_guess(self, name: str) -> bool:
        """ENTER after digits typed one by one is a wrong password too: charged by posrig/terminal/submitting.py."""
        there = self._model.step(self._state, name)[0]
        return sum(f.wrong for _, f in there.failures) > sum(f.wrong for _, f in self._state.failures)

    def _check_limits(self) -> None:
        if self._unlimited:
            return
        if self._most is not None and self.spent.presses >= self._most:
            raise BudgetSpent(f"{self.spent.presses} presses made")
        if self._ends_at is not None and time.monotonic() >= self._ends_at:
            raise BudgetSpent("the minutes are over")

    def _restart(self) -> None:
        self._allowance.check_power_cycle()
        cycles, before = self._terminal.power.cycles, self._terminal.keypad.presses
        try:
            self._doer.fresh()
        except ProductFailure:
            self._shown = UNKNOWN  # the next act's answer says so
        self.spent.power_cycles += self._terminal.power.cycles - cycles
        self.spent.presses += self._terminal.keypad.presses - before
        self._state, self._way, self._out_since = self._model.start, [], {}
        self._shown = self._terminal.screen.frame().screen or UNKNOWN
        self.last = None

    def _follow(self, name: str) -> None:
        self._state = self._model.step(self._state, name)[0]
        self._way.append(name)
        now = self._clock.last_now()
        full = {who for who, failures in self._state.failures if failures.wrong >= self._model.most_tries}
        self._out_since = {who: self._out_since.get(who, now) for who in full}

    # time

    def _stale(self) -> bool:
        if self._longest is not None and len(self._way) >= self._longest:
            return True
        now = self._clock.last_now()
        if any(now - since > LOCK_OUT_SAFE_S for since in self._out_since.values()):
            return True
        if (now - MORNING_S) % DAY_S > WORKDAY_S:
            return True
        timed = bool(self._state.user or self._state.typed) or self._state.page not in self._model.timeless
        return timed and now - self._doer.last_key_at > self._state.quiet + DRIFT_S

    def _walk_back(self) -> None:
        """The same state on a fresh terminal, by the shortest way."""
        wanted, before = self._state, self.spent.presses
        way = self._model.way_to(wanted)
        last = self.last
        self._restart()
        for name in way:
            self._do(self._acts[name])
            self._follow(name)
        self.last = last
        self.spent.refreshes += 1
        self.spent.walked_back += self.spent.presses - before

    # one act

    def _do(self, act: Act) -> str:
        terminal = self._terminal
        self._begin()
        mark, began = terminal.service.mark(), self._clock.last_now()
        presses, cycles = terminal.keypad.presses, terminal.power.cycles
        stuck = False
        try:
            self._doer.do(act, self._state.who)
            self._rest()
        except ProductFailure:
            stuck = True
        finally:
            self.spent.presses += terminal.keypad.presses - presses
            self.spent.power_cycles += terminal.power.cycles - cycles
        frames = tuple(frame for frame in terminal.screen.history() if any(frame.lines))
        answer = self._answer(act, frames, stuck)
        lines = terminal.service.since(mark)
        self.last = Observation(act.name, self._state.who, answer, frames, lines, began, self._clock.last_now())
        return answer

    def _rest(self) -> None:
        """Wait until no refusal, no progress and no short notice is shown any more. Raises ProductFailure."""
        for _ in range(MOST_PASSING_SCREENS):
            frame = self._terminal.screen.settled()
            screen = self._terminal.profile.screens.get(frame.screen or "")
            if screen is None or frame.screen is None:
                break
            passing = screen.kind in ("refusal", "progress")
            if not passing and not (screen.shown_s is not None and screen.shown_s <= SHORT_NOTICE_S):
                break
            self._terminal.screen.leaves(frame.screen, (screen.shown_s or 30.0) + 2.0)
        if self._terminal.screen.frame().screen == "unlock_code":
            self._doer.saw_challenge(self._terminal.screen.frame().fields["challenge"])

    def _answer(self, act: Act, frames: tuple[Frame, ...], stuck: bool) -> str:
        elements: list[Element] = [self._element(frame) for frame in frames]
        if act.name != "power cut":
            elements.insert(0, (self._shown, elements[0][1] if elements and elements[0][0] == self._shown else {}))
            if not frames:
                elements.append(self._element(self._terminal.screen.frame()))
        if stuck:
            elements.append((STUCK, {}))
        self.spent.screens.update(screen for screen, _ in elements)
        self._shown = elements[-1][0] if elements else UNKNOWN
        return rendered(elements)

    def _element(self, frame: Frame) -> Element:
        if frame.screen is None:
            rows = "/".join(line.strip() for line in frame.lines)
            # one digit of a password, shown for a moment, is the defect: it must not be kept here as well
            return f"{UNKNOWN} {re.sub(r'[0-9]', '#', rows)}", {}
        return frame.screen, canonical_fields(frame.screen, frame.fields)
