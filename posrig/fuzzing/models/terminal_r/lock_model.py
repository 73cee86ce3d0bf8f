"""The reference model of a lock terminal: ``step(state, act)`` gives the next state and the screens that must show.

Pure and enumerable (see ``posrig.fuzzing.machines.reference``). A scope chooses the acts and bounds, so that the
states stay a few hundred; all scopes share one set of rules.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from posrig.description.profile import Profile
from posrig.fuzzing.machines.mealy import Mealy
from posrig.fuzzing.machines.reference import enumerate_reference
from posrig.fuzzing.models.terminal_r.acts import (
    CODE,
    CUT,
    DAY,
    DEFAULT,
    EARLIER_UNLOCK,
    FROM_MENU,
    HALF_HOUR,
    HOST_LOCK,
    HOST_UNLOCK,
    LOCK,
    LONG,
    MODULE,
    NET_BACK,
    NET_CUT,
    RESTART,
    RIGHT,
    SALE,
    SHORT,
    UNLOCK,
    USED_CODE,
    USED_UNLOCK,
    Act,
    act,
)
from posrig.fuzzing.models.terminal_r.canonical import IMPOSSIBLE, rendered
from posrig.fuzzing.models.terminal_r.play import Play
from posrig.fuzzing.models.terminal_r.rules import Bounds, Rules, Unmodelled
from posrig.fuzzing.models.terminal_r.state import State
from posrig.fuzzing.models.terminal_r.working import RESTING_SIGNED_OFF
from posrig.ground.faults import ConfigurationError

LOCKED_PAGES = RESTING_SIGNED_OFF - {"signed_off"}
DAYS_CODES = ("time code", "wrong time code", USED_CODE)


@dataclass(frozen=True)
class Scope:
    """One part of the terminal's behaviour: which acts, how far to count."""

    name: str
    acts: tuple[str, ...]
    bounds: Bounds
    about: str = ""
    weight: int = 1
    """Its share of a run's presses."""


class LockModel:
    """Fulfils :class:`posrig.fuzzing.machines.reference.Reference` for one scope of one profile."""

    def __init__(self, profile: Profile, scope: Scope) -> None:
        """Raises:
        ConfigurationError: the profile lacks a screen, a key or an operator that the scope needs.
        """
        self.scope, self._rules = scope, Rules(profile)
        self.acts = {name: act(name, profile.keys) for name in scope.acts}
        for made in self.acts.values():
            number = made.name[9:] if made.kind == "operator" else ""
            if number in ("00", "99") and not self._rules.known(number):
                raise ConfigurationError(
                    f"the scope {scope.name!r} signs on as {number}, whom the profile does not know",
                    where=str(profile.source.path),
                )
        self._known: dict[tuple[State, str], tuple[State, str]] = {}
        self._ways: dict[State, tuple[str, ...]] | None = None

    @property
    def inputs(self) -> Sequence[str]:
        return tuple(self.acts)

    @property
    def start(self) -> State:
        """Switched on, nobody signed on, nothing counted."""
        return State()

    def step(self, state: State, name: str) -> tuple[State, str]:
        """The next state and the screens; an act that has no meaning here changes nothing."""
        mark = (state, name)
        if mark not in self._known:
            self._known[mark] = self._step(state, self.acts[name])
        return self._known[mark]

    def possible(self, state: State, name: str) -> bool:
        """Whether the act has a meaning here."""
        return self.step(state, name)[1] != IMPOSSIBLE

    @property
    def most_tries(self) -> int:
        """As many wrong tries lock out."""
        return self._rules.tries

    timeless = RESTING_SIGNED_OFF
    """Pages on which, with nothing typed, no time runs."""

    def way_to(self, wanted: State) -> tuple[str, ...]:
        """The fewest acts from the start to a state. Raises ConfigurationError when there is no way."""
        ways = self._all_ways()
        if wanted not in ways:
            raise ConfigurationError(f"no acts of the scope {self.scope.name!r} lead to: {wanted}")
        return ways[wanted]

    def states_of(self, machine: Mealy) -> list[State]:
        """The state behind each number of the machine made of this model."""
        found = {machine.start: self.start}
        queue = deque(found)
        while queue:
            number = queue.popleft()
            for name, there in zip(machine.inputs, machine.next_state[number], strict=True):
                if there not in found:
                    found[there] = self.step(found[number], name)[0]
                    queue.append(there)
        return [found[number] for number in range(machine.size)]

    def _all_ways(self) -> dict[State, tuple[str, ...]]:
        if self._ways is None:
            self._ways = {self.start: ()}
            queue = deque([self.start])
            while queue:
                state = queue.popleft()
                for name in self.acts:
                    there = self.step(state, name)[0]
                    if there not in self._ways:
                        self._ways[there] = (*self._ways[state], name)
                        queue.append(there)
        return self._ways

    def machine(self) -> Mealy:
        """Every state that can be reached."""
        return enumerate_reference(self, most_states=6000)

    def _step(self, state: State, made: Act, *, together: bool = False) -> tuple[State, str]:
        play = Play(state, self._rules, self.scope.bounds)
        play.several_digits = together
        try:
            if made.kind == "chord":
                return self._chord(state, made)
            self._do(play, made)
        except Unmodelled:
            return state, IMPOSSIBLE
        return play.done(), rendered(play.trace[1:] if _starts_anew(made) else play.trace)

    def _chord(self, state: State, made: Act) -> tuple[State, str]:
        """Which of two contacts closes first is chance: an input only where that makes no difference."""
        if state.page not in LOCKED_PAGES or state.typed:
            return state, IMPOSSIBLE  # tried where nothing may open: everywhere else most chords do something
        first, second, clear = made.keys
        found = {self._step(state, replace(made, kind="keys", keys=keys), together=True) for keys in
                 ((first, second, clear), (second, first, clear))}  # fmt: skip
        return found.pop() if len(found) == 1 else (state, IMPOSSIBLE)

    def _do(self, play: Play, made: Act) -> None:
        if made.name == SALE:
            if play.typed:
                raise Unmodelled
            play.sale()
        elif made.name in FROM_MENU:
            if (made.name == MODULE and play.user not in ("00", "99")) or (
                made.name == LOCK and play.user in ("00", "99")
            ):
                raise Unmodelled
            play.from_menu(made.keys)
        elif made.kind in ("keys", "hold"):
            for key in made.keys:
                play.key(key)
        elif made.kind == "operator":
            play.operator(made.keys)
        elif made.kind == "secret":
            self._secret(play, made.name)
        elif made.kind == "wait":
            play.wait_until(made.seconds)
        elif made.name == HALF_HOUR:
            play.half_hour()
        elif made.name == DAY:
            if not play.net:
                raise Unmodelled  # a day without the host locks the terminal, which this model leaves to scenarios
            play.day()
        elif made.kind == "pause":
            if not play.net:
                raise Unmodelled
            play.wait_until(play.quiet + made.seconds)
        else:
            self._event(play, made)

    def _secret(self, play: Play, name: str) -> None:
        if play.typed:
            raise Unmodelled
        known = self._rules.known(play.who)
        if play.page == "login_pwd" and name == LONG:
            play.several_digits = True
            play.key("1")
            play.key("CLEAR")
        elif (play.page == "login_pwd" and name.endswith("password")) or (name == SHORT and play.page == "login_pwd"):
            if not known and name not in ("wrong password", DEFAULT):
                raise Unmodelled
            play.password(right=name == RIGHT)
        elif play.page == "twofa" and name in DAYS_CODES:
            if name == USED_CODE and play.who not in play.spent:
                raise Unmodelled
            play.code(right=name == CODE)
        elif play.page == "unlock_code" and name.startswith(("unlock", "wrong unlock", "used unlock")):
            needed = {USED_UNLOCK: "code", EARLIER_UNLOCK: "challenge"}.get(name)
            if needed is not None and needed not in play.spent:
                raise Unmodelled
            play.unlock_code(right=name == UNLOCK)
        else:
            raise Unmodelled

    def _event(self, play: Play, made: Act) -> None:
        if made.name == CUT:
            play.boot()
        elif made.name == RESTART:
            if play.page not in ("version", "support", "none_yet"):
                play.key("CLEAR")
            play.trace.append(("restarting", {}))
            play.boot()
        elif made.name in (HOST_LOCK, HOST_UNLOCK):
            play.host_event(made.name == HOST_LOCK)
        elif made.name in (NET_CUT, NET_BACK):
            play.link(made.name == NET_BACK)


def _starts_anew(made: Act) -> bool:
    """A power cut: the display is dark, what was shown before is no part of the answer."""
    return made.name == CUT
