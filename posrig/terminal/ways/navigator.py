"""Goes the ways of a profile: keys, prompts answered by what they ask, notices waited out, home from anywhere."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence

from posrig.description.profile import Way
from posrig.description.profile_ways import OFF, WayStep
from posrig.ground.deadline import Deadline
from posrig.ground.faults import ConfigurationError, RigFault
from posrig.ground.secret import Secret
from posrig.terminal.contracts import Frame
from posrig.terminal.terminal import Terminal
from posrig.terminal.ways import around
from posrig.terminal.ways.following import Place, astray
from posrig.terminal.ways.prompts import Typed, answer, right

AT_HOME = ("signed off", "ready")
NEVER_BETWEEN = ("home", "restart", "factory reset", "update")
"""Ways that no other way is begun by: they change what is, and a restart leads to what was before it."""
HOMEWARD = 6
"""Times that the keys of the way home are tried before the power is."""
REFUSALS = ("refused", "update refused", "locked out")
FINGER = "touch"
"""The act of a bench that can put a finger on the glass."""
ANSWERED_WITHIN_S = 3.0
MARGIN_S = 2.0
STARTS_WITHIN_S = 30.0
"""Where the profile says no times."""


class Navigator:
    """One terminal and its profile's ways. ``typed``: what somebody types as a password; the right one by default.
    ``ends``: refusals (by meaning) at which a way is over without complaint. ``stops``: where somebody stops in the
    middle of it: a meaning, once the way's confirmations were answered, or ``asks password``."""

    def __init__(
        self, terminal: Terminal, typed: Typed | None = None, *, ends: Collection[str] = (), stops: Collection[str] = ()
    ) -> None:
        self.terminal, self.profile = terminal, terminal.profile
        self._typed = typed or right(terminal)
        self._ends, self._stops, self._chosen = ends, stops, None
        self._confirmed = False
        self._attempt = typed is not None
        """A password may be refused: the way is over with the answer to it, whatever it is."""

    _chosen: Secret | None
    """The new password of this way, which is asked for twice on some terminals."""

    # -- looking

    def means(self, frame: Frame) -> str:
        return self.profile.means(frame.screen)

    def rest(self) -> Frame:
        """What is shown when everything that passes by itself has passed."""
        frame = self.terminal.screen.settled()
        for _ in range(8):
            screen = self.profile.screens.get(frame.screen or "")
            if screen is None or screen.shown_s is None:
                break
            frame = self.terminal.screen.leaves(frame.screen or "", screen.shown_s + MARGIN_S)
        return frame

    def starts_within_s(self) -> float:
        times = self.profile.data.timings
        known = [one for one in (times.boot_s, times.self_test_s, times.network_attach_s) if one is not None]
        return sum(known) * 1.5 + 5.0 if known else STARTS_WITHIN_S

    def started(self) -> Frame:
        """After power-on or a restart: wait until the starting screens are over and the screen is at rest."""
        starting = self.profile.screens_of(("starting",))
        found = self.terminal.screen.first_not_in(starting, self.starts_within_s())
        if found is None:
            seen = self.terminal.screen.frame()
            raise astray(self.terminal, Place("start"), AT_HOME, seen, f"not up after {self.starts_within_s():.0f} s")
        return self.terminal.screen.settled()

    # -- going

    def go(self, name: str, operator: str) -> Frame:
        """The whole way, from wherever the terminal is. Raises what :func:`astray` says, ConfigurationError where the
        profile has no such way for this operator."""
        way = self.way(name, operator)
        self._chosen, self._confirmed = None, False
        frame = self._begin(name, way, operator)
        for number, step in enumerate(way.steps, 1):
            place = Place(name, f"step {number} of {len(way.steps)}: {step}")
            ended = self._step(place, way, step, operator, frame)
            if ended is not None:
                return ended
        return self._arrive(name, way, operator, way.from_)

    def way(self, name: str, operator: str) -> Way:
        """The form of the way for this operator's role and the display's language. Raises ConfigurationError."""
        forms = self.profile.data.ways.get(name)
        if forms is None:
            raise ConfigurationError(
                f"terminal {self.profile.data.model} has no way {name!r}",
                where=f"{self.profile.source.path}, field ways",
                allowed=", ".join(self.profile.data.ways) or "none is described yet",
            )
        role = self.profile.role_of(operator)
        language = self.terminal.shown_language or self.terminal.language
        fits = [way for way in forms if role in (way.roles or (role,)) and way.language in ("", language)]
        if not fits:
            raise ConfigurationError(
                f"the way {name!r} is not for the role {role!r}",
                where=self.profile.source.where(("ways", name)),
                allowed=", ".join(dict.fromkeys(one for way in forms for one in way.roles)),
            )
        return fits[0]

    def _begin(self, name: str, way: Way, operator: str) -> Frame:
        if OFF in way.from_:
            self.terminal.power.off()
            return self.terminal.screen.last
        if not self.terminal.power.is_on:
            self.terminal.power.on()
            self.started()
        frame = self.rest()
        if not way.from_ or self.profile.is_one_of(frame.screen, way.from_):
            return frame
        for between in self._path(frame, way.from_, name):
            frame = Navigator(self.terminal).go(between, self._actor(between, operator))
            frame = self.rest()
        if not self.profile.is_one_of(frame.screen, way.from_):
            raise astray(self.terminal, Place(name, "its beginning"), way.from_, frame)
        return frame

    def _actor(self, name: str, operator: str) -> str:
        """Who goes a way that another way needs first."""
        roles = self.profile.data.roles
        forms = self.profile.data.ways[name]
        by = next((role for way in forms for role in (*way.by, *way.roles)), "")
        if by and by != self.profile.role_of(operator):
            return self.profile.operator_of(by)
        if roles[self.profile.role_of(operator)].ids:
            return operator
        return next((self.profile.operator_of(one) for one, role in roles.items() if role.ids), operator)

    def _path(self, frame: Frame, wanted: Collection[str], but: str) -> list[str]:
        """The ways that lead from what is shown to one of these, fewest first; empty where the profile has none."""
        start = frame.screen or ""
        known: dict[str, list[str]] = {start: []}
        queue = deque([start])
        while queue:
            here = queue.popleft()
            for name, forms in self.profile.data.ways.items():
                if name in (but, *NEVER_BETWEEN) or not self.profile.is_one_of(here, forms[0].from_):
                    continue
                for there in self.profile.screens_of(forms[0].to):
                    if there not in known:
                        known[there] = [*known[here], name]
                        queue.append(there)
                        if self.profile.is_one_of(there, tuple(wanted)):
                            return known[there]
        return []

    def _step(self, place: Place, way: Way, step: WayStep, operator: str, before: Frame) -> Frame | None:
        """One verb; a frame where the way is over early."""
        if step.when and self.terminal.screen.settled().screen != step.when:
            return None
        for key in step.press.split() or list(step.type):
            ended = self._prompts(place, way, operator, before)
            if ended is not None:
                return ended
            self.terminal.keypad.press(key)
            self.terminal.screen.settled()
        if step.expect:
            return self._expected(place, way, step.expect, operator, before)
        self._verb(place, way, step)
        return self._prompts(place, way, operator, before)

    def _expected(self, place: Place, way: Way, wanted: str, operator: str, before: Frame) -> Frame | None:
        """Until this meaning or screen was shown; what is asked meanwhile is answered."""
        deadline = self.terminal.clock.deadline(way.within_s)

        def decides(one: Frame) -> bool:
            if self.profile.is_one_of(one.screen, (wanted,)) or self._stopped(one, way):
                return True
            return one.screen != before.screen and (self._asked(one, way) != "" or self.means(one) in REFUSALS)

        while (found := self.terminal.screen.seen_within(decides, deadline.remaining)) is not None:
            if self._stopped(found, way):
                return found
            if self.profile.is_one_of(found.screen, (wanted,)):
                return None
            if self.means(found) in REFUSALS:
                return self._refused(place, way, found)
            frame, asked = self.terminal.screen.settled(), self._asked(found, way)
            if frame.screen == found.screen:
                frame = self._answer(place, frame, operator, way)
                if self._attempt and asked == "password":
                    return frame
        raise astray(self.terminal, place, (wanted,), self.terminal.screen.frame())

    def _refused(self, place: Place, way: Way, frame: Frame) -> Frame:
        """The end of a way that may be refused. Raises what :func:`astray` says for any other."""
        if self.means(frame) in self._ends:
            return frame
        raise astray(self.terminal, place, way.to, frame, "it is refused")

    def _verb(self, place: Place, way: Way, step: WayStep) -> None:
        """Every verb but those that press keys one after another."""
        terminal, keypad = self.terminal, self.terminal.keypad
        if step.hold:
            keypad.hold(step.hold, step.for_s or 0.0)
        elif step.chord:
            keypad.chord(step.chord.split(), step.for_s or 0.0)
        elif step.wait_s is not None:
            terminal.clock.sleep(step.wait_s)
        elif step.power:
            self._power(step)
        elif step.tap:
            self._tap(place, step)
        elif step.line:
            self._line(place, step)

    def _tap(self, place: Place, step: WayStep) -> None:
        if FINGER not in self.terminal.bench.capabilities:
            raise ConfigurationError(
                f"no finger in this rig file, and {place} needs one",
                where=self.profile.source.where(("ways", place.way)),
                allowed="a rig with a bench that can do the act touch (docs/wires.md), or keys instead: press, hold",
                todo="wire a pad over that place of the glass as a key and press it, or leave the way out of the "
                "profile: then what needs it is skipped",
            )
        around.touch(self.terminal, step.tap)

    def _power(self, step: WayStep) -> None:
        terminal = self.terminal
        if step.power in ("off", "cycle"):
            terminal.power.off()
        held = step.holding.split()
        try:
            for key in held:
                terminal.keypad.down(key)
            if step.power in ("on", "cycle"):
                terminal.power.on()
            if held:
                terminal.clock.sleep(step.for_s or 0.0)
        finally:
            for key in held:
                terminal.keypad.up(key)

    def _line(self, place: Place, step: WayStep) -> None:
        name, _, wanted = step.line.partition(" ")
        line = {"network": self.terminal.network, "usb": self.terminal.usb}[name]
        if line is None:
            raise ConfigurationError(
                f"this rig has no {name} line, which {place} needs", where=f"rig file, field {name}"
            )
        line.connect() if wanted == "on" else line.disconnect()

    # -- prompts and arrival

    def _prompts(self, place: Place, way: Way, operator: str, before: Frame) -> Frame | None:
        """Answer what is asked on the way, before the next key; what the first screen asks is not on the way."""
        frame = self.terminal.screen.settled()
        for _ in range(4):
            asked = self._asked(frame, way)
            if not asked or frame.screen == before.screen or self.profile.is_one_of(frame.screen, way.to):
                return None  # what the place that the way leads to asks is nobody's business yet
            if self._stopped(frame, way):
                return frame
            frame = self._answer(place, frame, operator, way)
            if self._attempt and asked == "password":
                return frame
            if self.means(frame) in REFUSALS:
                return self._refused(place, way, frame)
        return None

    def _stopped(self, frame: Frame, way: Way) -> bool:
        """Whether somebody stops here, in the middle of the way."""
        screen = self.profile.screens.get(frame.screen or "")
        if screen is None or not self._stops:
            return False
        if screen.prompt and f"asks {screen.prompt}" in self._stops:
            return True
        return screen.means in self._stops and (self._confirmed or not way.confirm)

    def _asked(self, frame: Frame, way: Way) -> str:
        screen = self.profile.screens.get(frame.screen or "")
        if screen is None:
            return ""
        return screen.prompt or ("confirmation" if frame.screen in way.confirm else "")

    def _answer(self, place: Place, frame: Frame, operator: str, way: Way) -> Frame:
        if frame.screen in way.confirm and not self.profile.screens[frame.screen].asks:
            self.terminal.keypad.press(self.profile.data.submit)
            self._confirmed = True
        else:
            who = self._answers(frame, operator, way)
            self._chosen = answer(self.terminal, frame, who, self._typed, self._chosen)
        left = self.terminal.screen.seen_within(lambda one: one.screen != frame.screen, ANSWERED_WITHIN_S)
        if left is None:
            seen = self.terminal.screen.frame()
            raise astray(self.terminal, place, way.to, seen, f"the answer to {frame.screen!r} changes nothing")
        return self.terminal.screen.settled()

    def _answers(self, frame: Frame, operator: str, way: Way) -> str:
        """Who answers: who acts, or the first role of ``by`` where a number is asked for and who acts has none."""
        if self.profile.screens[frame.screen or ""].prompt != "number":
            return operator
        if self.profile.data.roles[self.profile.role_of(operator)].ids:
            return operator
        return next((self.profile.operator_of(one) for one in way.by if self.profile.data.roles[one].ids), operator)

    def _arrive(self, name: str, way: Way, operator: str, begun: Sequence[str]) -> Frame:
        """Until one of the places that the way leads to is shown."""
        terminal = self.terminal
        place, deadline = Place(name, "its end"), terminal.clock.deadline(way.within_s)
        frame = terminal.screen.settled()
        while True:
            if self.profile.is_one_of(frame.screen, way.to) or self._stopped(frame, way):
                return frame
            asked = self._asked(frame, way)
            if asked:
                frame = self._answer(place, frame, operator, way)
                if self._attempt and asked == "password":
                    return frame
                continue
            if self.means(frame) in REFUSALS and not self.profile.is_one_of(frame.screen, tuple(begun)):
                return self._refused(place, way, frame)
            changed = self._change(frame, deadline)
            if changed is None:
                raise astray(terminal, place, way.to, terminal.screen.frame(), f"not within {way.within_s:g} s")
            frame = changed

    def _change(self, frame: Frame, deadline: Deadline) -> Frame | None:
        now = self.terminal.screen.seen_within(
            lambda one: any(one.lines) and (one.screen, one.lines) != (frame.screen, frame.lines), deadline.remaining
        )
        return None if now is None else self.terminal.screen.frame()

    # -- home

    def home(self) -> Frame:
        """Signed off or ready, from anywhere: starts, refusals, lock-outs waited out, locks lifted, pages left.

        Raises RigFault with what to do where neither keys nor (if the profile says that it helps) power lead there.
        """
        terminal = self.terminal
        if not terminal.power.is_on:
            terminal.power.on()
        frame = self.started()
        way = next(iter(self.profile.data.ways.get("home", ())), Way())
        for tried in range(2):
            for _ in range(HOMEWARD):
                frame = self.rest()
                if self.means(frame) in AT_HOME:
                    return frame
                self._homeward(frame, way)
            if tried or not way.power:
                break
            terminal.power.off()
            terminal.power.on()
            frame = self.started()
        fault = astray(terminal, Place("home"), AT_HOME, frame)
        if isinstance(fault, ConfigurationError):
            raise fault
        raise RigFault(
            f"the terminal cannot be brought home from screen {frame.screen or 'unknown'!r}: {fault.found}",
            instrument="terminal",
            todo="bring it to its signed-off screen by hand, and say in the profile how (ways: home: press, power)",
        )

    def _homeward(self, frame: Frame, way: Way) -> None:
        meaning = self.means(frame)
        if meaning == "locked out":
            minutes = self.profile.data.policy.lockout_min
            limit_s = (minutes if minutes is not None else 1.0) * 60.0 + MARGIN_S + 3.0
            blocked = self.profile.screens_of(("locked out",))
            self.terminal.screen.first_not_in(blocked, limit_s)
        elif meaning in ("starting", "updating", "updated", "resetting", "reset done"):
            self.terminal.screen.first_not_in((frame.screen or "",), self.starts_within_s())
        elif meaning == "locked" and "unlock" in self.profile.data.ways:
            Navigator(self.terminal).go("unlock", self.unlocker(frame))
        elif way.steps:
            for step in way.steps:
                self.terminal.keypad.press_all(step.press.split() or list(step.type))  # what is asked stays unanswered
                self._verb(Place("home", str(step)), way, step)
        elif self.profile.data.cancel:
            self.terminal.keypad.press(self.profile.data.cancel)

    def unlocker(self, frame: Frame) -> str:
        """Who can lift the lock: the role that the way names, else the operator whom the lock names, else the first."""
        way = self.profile.data.ways["unlock"][0]
        roles = (*way.by, *way.roles)
        if roles:
            return self.profile.operator_of(roles[0])
        owner = frame.fields.get("operator", "")
        known = {one for role in self.profile.data.roles.values() for one in role.ids}
        return owner if owner in known else self.profile.operator_of(next(iter(self.profile.data.roles)))
