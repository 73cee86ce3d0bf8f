"""How an act is done on a rig: keys by the profile, secrets by the credentials, events by relays and the bench."""

from __future__ import annotations

from collections.abc import Callable, Collection

from wcwidth import wcswidth

from posrig.description.profile import Profile, Way
from posrig.description.profile_ways import OFF, WayStep
from posrig.fuzzing.models.from_profile import acts
from posrig.fuzzing.models.from_profile.acts import Act
from posrig.fuzzing.models.from_profile.facts import Facts, holder
from posrig.ground.clock import RealClock
from posrig.ground.faults import ConfigurationError
from posrig.ground.secret import Secret, wrong_digits
from posrig.terminal.charging import UNLOCK_CODE, charge_code
from posrig.terminal.contracts import Frame
from posrig.terminal.terminal import Terminal
from posrig.terminal.typed import present_password, wrong_time_code
from posrig.terminal.ways import around, prompts

CHORD_S = 0.5
PATIENCE_S = 130.0
"""The longest wait on a rig whose time is true time."""
EXPECTED_S = 5.0
SHELF = "terminal.fresh"
RESTORED = "reset restores passwords"
"""A promise of the profile: what the rig file says holds after a reset too."""
CHANGED = ("updating", "resetting")


class Doer:
    """Does acts on one terminal. ``wired``: the keys that this rig can press; ``changes``: also acts that make
    another terminal of it."""

    def __init__(self, terminal: Terminal, *, wired: Collection[str], changes: bool) -> None:
        self._wired = frozenset(wired)
        self.terminal, self.profile = terminal, terminal.profile
        self.shelf = SHELF in terminal.bench.capabilities
        self._changes = changes or self.shelf
        self._cannot: set[str] = set()
        """Acts that this rig, or the terminal on it, has turned out not to have."""
        self._places: dict[str, tuple[int, int]] = {}
        self._chosen: Secret | None = None
        self._old: dict[str, str] = {}

    def begun(self) -> None:
        """The terminal was brought to its first state."""
        self._places, self._chosen, self._old = {}, None, {}

    # -- what has a meaning now

    def possible(self, act: Act, facts: Facts) -> bool:
        """Whether the act has a meaning where the terminal is, and may be done there."""
        if act.name in self._cannot or not set(act.keys) <= self._wired:
            return False
        return bool(_POSSIBLE[act.kind](self, act, facts)) and (self._changes or not self._would_change(act, facts))

    def _would_change(self, act: Act, facts: Facts) -> bool:
        screen = self.profile.screens.get(facts.here.screen or "")
        if screen is None:
            return False
        if act.name == acts.RIGHT and screen.writes:
            return True
        confirms = screen.means == "confirm" and self.profile.data.submit in act.keys
        led = (self.profile.means(screen.leads.get(one, "")) for one in act.keys)
        return confirms or any(meaning in CHANGED for meaning in led)

    def _keys(self, act: Act, _facts: Facts) -> bool:
        return bool(act.keys)

    def _chord(self, _act: Act, facts: Facts) -> bool:
        """Where nothing may open: everywhere else most of two keys do something."""
        return facts.locked or facts.host or facts.out_since is not None

    def _number(self, _act: Act, facts: Facts) -> bool:
        return self._prompt(facts) == "number" and not facts.typed

    def _secret(self, act: Act, facts: Facts) -> bool:
        asked, whose = self._prompt(facts), holder(self.profile, facts)
        if facts.typed or asked == "" or asked != _ASKED[act.name]:
            return False
        if asked == "unlock code":
            return "helpdesk.code" in self.terminal.bench.capabilities
        if not whose:
            return False
        role = self.profile.data.roles[self.profile.role_of(whose)]
        if act.name == acts.OLD:
            return facts.erased and whose in self._old
        if act.name == acts.NEW:
            return self.shelf
        return not facts.erased or bool(role.first_password) or not self.shelf

    def _way(self, act: Act, facts: Facts) -> bool:
        form = self.form(act.what, facts)
        return form is not None and (OFF in form.from_ or self.profile.is_one_of(facts.here.screen, form.from_))

    def form(self, name: str, facts: Facts) -> Way | None:
        """The form of a way for who is signed on, and for the language of the display."""
        language = self.terminal.shown_language or self.terminal.language
        roles = {role for role, about in self.profile.data.roles.items() if facts.session in about.ids}
        forms = [one for one in self.profile.data.ways.get(name, ()) if one.language in ("", language) and one.steps]
        mine = [one for one in forms if not one.roles or not roles or roles & set(one.roles)]
        return next(iter(mine), None)

    def _passes(self, _act: Act, facts: Facts) -> bool:
        screen = self.profile.screens.get(facts.here.screen or "")
        return screen is not None and screen.shown_s is not None and self._patient(screen.shown_s)

    def _alone(self, act: Act, facts: Facts) -> bool:
        waits = facts.session or facts.out_since is not None or self._prompt(facts)
        return self._patient(act.seconds) and bool(waits)

    def _out(self, _act: Act, facts: Facts) -> bool:
        return facts.out_since is not None and self._patient(self.lock_out_s)

    @property
    def lock_out_s(self) -> float:
        return (self.profile.data.policy.lockout_min or 0.0) * 60.0 + acts.MARGIN_S

    def _patient(self, seconds: float) -> bool:
        return not isinstance(self.terminal.clock, RealClock) or seconds <= PATIENCE_S

    def _always(self, _act: Act, _facts: Facts) -> bool:
        return True

    def _host(self, act: Act, facts: Facts) -> bool:
        return "host.lock" in self.terminal.bench.capabilities and facts.host == (act.name == acts.HOST_UNLOCK)

    def _offer(self, _act: Act, _facts: Facts) -> bool:
        return {"usb.stick", "update.offer"} <= self.terminal.bench.capabilities

    def _stick(self, act: Act, facts: Facts) -> bool:
        return self.terminal.usb is not None and facts.plugged == (act.name == acts.STICK_OUT)

    def _touch(self, act: Act, _facts: Facts) -> bool:
        return "touch" in self.terminal.bench.capabilities and act.what in self._places

    def _prompt(self, facts: Facts) -> str:
        screen = self.profile.screens.get(facts.here.screen or "")
        return "" if screen is None else screen.prompt

    # -- doing

    def do(self, act: Act, facts: Facts) -> None:
        """Do it; the screen is not waited for at the end.

        Raises:
            ProductFailure: the terminal does not let it be done (a notice that never goes).
            RigFault, SafetyAbort: as the rig does.
        """
        try:
            _DOES[act.kind](self, act, facts)
        except ConfigurationError:
            if act.kind not in ("host", "offer", "touch"):
                raise
            self._cannot.add(act.name)  # an act of the bench that this terminal has nothing for

    def _press(self, act: Act, _facts: Facts) -> None:
        self.terminal.keypad.press_all(act.keys)

    def _hold(self, act: Act, _facts: Facts) -> None:
        self.terminal.keypad.hold(act.keys[0], act.seconds)

    def _together(self, act: Act, _facts: Facts) -> None:
        terminal, clear = self.terminal, self.profile.data.clear
        terminal.keypad.chord(act.keys, CHORD_S)
        terminal.screen.settled()
        if clear:
            terminal.keypad.press(clear)

    def _answer(self, act: Act, facts: Facts) -> None:
        terminal, frame = self.terminal, self.terminal.screen.frame()
        whose = act.what or holder(self.profile, facts)
        if act.name == acts.WRONG_CODE:
            self._typed(wrong_time_code(terminal, whose))
        elif act.name == acts.WRONG_UNLOCK:
            charge_code(terminal, UNLOCK_CODE)
            right = terminal.unlock_code(frame.fields.get("challenge", ""))
            self._typed(wrong_digits(len(right.reveal()), right))
        else:
            self._chosen = prompts.answer(terminal, frame, whose, self._password(act), self._chosen)
            self._chosen = self._chosen if act.name == acts.NEW else None

    def _password(self, act: Act) -> Callable[[str], str]:
        terminal = self.terminal
        if act.name == acts.WRONG:
            return prompts.wrong(terminal)
        if act.name == acts.SHORT:
            return lambda whose: prompts.given(terminal, present_password(terminal, whose).reveal()[:-1])(whose)
        if act.name == acts.OLD:
            return lambda whose: prompts.given(terminal, self._old[whose])(whose)
        return prompts.right(terminal)

    def _typed(self, text: str) -> None:
        self.terminal.keypad.type_keys(text, secret=True)
        self.terminal.keypad.press(self.profile.data.submit)

    def _go(self, act: Act, facts: Facts) -> None:
        form = self.form(act.what, facts)
        assert form is not None
        if OFF in form.from_:
            self.terminal.power.off()
        for step in form.steps:
            if self._step(form, step, facts.here.screen):
                return

    def _step(self, form: Way, step: WayStep, began: str | None) -> bool:
        """One verb; whether the way is over for now: something is asked, or what it waits for does not come."""
        terminal, keypad = self.terminal, self.terminal.keypad
        for one in step.press.split() or list(step.type):
            frame = terminal.screen.settled()
            if self._asks(frame) and frame.screen != began and not self.profile.is_one_of(frame.screen, form.to):
                return True
            keypad.press(one)
        if step.hold:
            keypad.hold(step.hold, step.for_s or 0.0)
        elif step.chord:
            keypad.chord(step.chord.split(), step.for_s or 0.0)
        elif step.wait_s is not None:
            terminal.clock.sleep(step.wait_s)
        elif step.expect:
            return terminal.screen.seen_within(self.profile.screens_of((step.expect,)), EXPECTED_S) is None
        elif step.power:
            self._power(step)
        elif step.tap:
            shown = sum(step.tap in line for line in terminal.screen.settled().lines)
            if shown != 1 or "touch" not in terminal.bench.capabilities:
                return True
            around.touch(terminal, step.tap)
        elif step.line.startswith("usb") and terminal.usb is not None:
            terminal.usb.connect() if step.line.endswith("on") else terminal.usb.disconnect()
        return False

    def _power(self, step: WayStep) -> None:
        terminal = self.terminal
        if step.power in ("off", "cycle"):
            terminal.power.off()
        held = step.holding.split()
        try:
            for one in held:
                terminal.keypad.down(one)
            if step.power in ("on", "cycle"):
                terminal.power.on()
            if held:
                terminal.clock.sleep(step.for_s or 0.0)
        finally:
            for one in held:
                terminal.keypad.up(one)

    def _asks(self, frame: Frame) -> bool:
        screen = self.profile.screens.get(frame.screen or "")
        return screen is not None and screen.asks not in ("", "amount")

    def _wait(self, _act: Act, facts: Facts) -> None:
        screen = self.profile.screens[facts.here.screen or ""]
        self.terminal.screen.leaves(facts.here.screen or "", (screen.shown_s or 0.0) + 2.0)

    def _sleep(self, act: Act, _facts: Facts) -> None:
        self.terminal.clock.sleep(self.lock_out_s if act.kind == "lock-out over" else act.seconds)

    def _cut(self, _act: Act, _facts: Facts) -> None:
        self.terminal.power.off()
        self.terminal.power.on()

    def _by_host(self, act: Act, _facts: Facts) -> None:
        (around.host_locks if act.name == acts.HOST_LOCK else around.host_unlocks)(self.terminal)

    def _offers(self, act: Act, _facts: Facts) -> None:
        lines = {step.line for form in self.profile.data.ways.get("update", ()) for step in form.steps}
        package: dict[str, object] = {} if act.what == acts.SOUND else {"faults": [act.what]}
        around.offer(self.terminal, by_stick="usb on" in lines, **package)

    def _plugs(self, act: Act, _facts: Facts) -> None:
        assert self.terminal.usb is not None
        self.terminal.usb.connect() if act.name == acts.STICK_IN else self.terminal.usb.disconnect()

    def _touches(self, act: Act, _facts: Facts) -> None:
        x, y = self._places[act.what]
        self.terminal.do("touch", x=x, y=y, seconds=around.TOUCH_S)
        self.terminal.clock.sleep(2 * around.TOUCH_S)

    # -- what is kept of what was seen

    def rested(self, frame: Frame, wanted: frozenset[str]) -> None:
        """Where these texts stand now: a finger may touch there later too, whatever is shown then."""
        for text in wanted:
            found = [(row, line.index(text)) for row, line in enumerate(frame.lines) if text in line]
            if len(found) == 1:
                (row, at), wide = found[0], wcswidth(text)
                left = wcswidth(frame.lines[row][:at])
                self._places[text] = int((left + wide / 2) * around.CELL[0]), row * around.CELL[1] + around.CELL[1] // 2

    def erased(self) -> None:
        """The terminal's data are erased: the published passwords hold, and the ones before are old ones."""
        terminal, roles = self.terminal, self.profile.data.roles
        said = any(role.first_password for role in roles.values()) and RESTORED not in self.profile.data.rules
        for name, role in roles.items():
            for who in role.ids or (name,):
                if said and who in terminal.credentials.passwords:  # else nobody has said what holds after a reset
                    self._old.setdefault(who, present_password(terminal, who).reveal())
                if role.first_password:
                    first = Secret(role.first_password, f"first password of {name}")
                    terminal.changed_passwords.setdefault(who, []).append(first)


_ASKED = {
    acts.RIGHT: "password", acts.WRONG: "password", acts.SHORT: "password", acts.OLD: "password",
    acts.CODE: "time code", acts.WRONG_CODE: "time code", acts.UNLOCK: "unlock code",
    acts.WRONG_UNLOCK: "unlock code", acts.NEW: "new password",
}  # fmt: skip
_POSSIBLE = {
    "keys": Doer._keys, "hold": Doer._keys, "chord": Doer._chord, "number": Doer._number, "secret": Doer._secret,
    "way": Doer._way, "passes": Doer._passes, "alone": Doer._alone, "lock-out over": Doer._out, "cut": Doer._always,
    "host": Doer._host, "offer": Doer._offer, "stick": Doer._stick, "touch": Doer._touch,
}  # fmt: skip
_DOES = {
    "keys": Doer._press, "hold": Doer._hold, "chord": Doer._together, "number": Doer._answer, "secret": Doer._answer,
    "way": Doer._go, "passes": Doer._wait, "alone": Doer._sleep, "lock-out over": Doer._sleep, "cut": Doer._cut,
    "host": Doer._by_host, "offer": Doer._offers, "stick": Doer._plugs, "touch": Doer._touches,
}  # fmt: skip


def needs_power_cycle(profile: Profile, act: Act) -> bool:
    """Whether the act switches the supply."""
    forms = profile.data.ways.get(act.what, ()) if act.kind == "way" else ()
    return act.kind == "cut" or any(OFF in form.from_ or any(step.power for step in form.steps) for form in forms)
