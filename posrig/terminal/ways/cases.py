"""What people do with any terminal: one function object per terminal, by meaning; a model's own go before them.

A scenario's sentence calls these (:func:`cases`). ``operator`` is the number that stands for a role, or the role's name
where it has none (posrig/description/profile.py, ``operator_of``).
"""

from __future__ import annotations

import importlib
from typing import Any, cast

from posrig.ground.faults import ConfigurationError
from posrig.ground.secret import Secret
from posrig.terminal.contracts import Frame
from posrig.terminal.judging import expect, failure
from posrig.terminal.terminal import Terminal
from posrig.terminal.ways import around, prompts, proofs
from posrig.terminal.ways.navigator import REFUSALS, Navigator

ROOMS = {"terminal_r": "posrig.terminal.models.terminal_r.cases"}
"""The use cases of models that have their own, by the profile's field ``flows``."""


class Cases:
    """The use cases of one terminal."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal, self.profile = terminal, terminal.profile

    # -- power and home

    def switch_on(self) -> Frame:
        """Supply on, and the start is over."""
        self.terminal.power.on()
        return Navigator(self.terminal).started()

    def cut_power(self, off_s: float | None = None) -> Frame:
        """Off for at least the rig's minimum, and on again."""
        self.terminal.power.off()
        if off_s:
            self.terminal.clock.sleep(off_s)
        return self.switch_on()

    def home(self) -> Frame:
        """From wherever it is: signed off or ready."""
        return Navigator(self.terminal).home()

    def signed_off(self) -> Frame:
        """From wherever it is: on, and nobody is signed on.

        A terminal that stays on the rig remembers the wrong passwords of scenarios before: a right one forgets them.
        """
        navigator = Navigator(self.terminal)
        frame = navigator.home()
        if self.terminal.guesses and self._forgets(frame):
            frame = self.terminal.screen.settled()
        if navigator.means(frame) == "ready":
            frame = navigator.go("sign off", self._present(frame))
        return frame

    def _forgets(self, frame: Frame) -> bool:
        """Whoever has a number signs on with the right password."""
        roles = self.profile.data.roles
        who = next((one.ids[0] for one in roles.values() if one.ids), "")
        if not who or not {"sign on", "sign off"} <= self.profile.data.ways.keys():
            return False
        if self.profile.means(frame.screen) == "ready":
            Navigator(self.terminal).go("sign off", self._present(frame))
        Navigator(self.terminal).go("sign on", who)
        self.terminal.guesses = 0
        return True

    def ready(self, operator: str) -> Frame:
        """From wherever it is: this operator is signed on."""
        navigator = Navigator(self.terminal)
        frame = navigator.home()
        if navigator.means(frame) == "ready":
            if frame.fields.get("operator", operator) == operator and not self.terminal.guesses:
                return frame
            navigator.go("sign off", self._present(frame))
        self.terminal.guesses = 0
        return navigator.go("sign on", operator)

    def _present(self, frame: Frame) -> str:
        shown = frame.fields.get("operator", "")
        roles = self.profile.data.roles
        if any(shown in role.ids for role in roles.values()):
            return shown
        return self.profile.operator_of(next(iter(roles)))

    def restart(self, operator: str) -> Frame:
        """By the way that the profile has for it."""
        return Navigator(self.terminal).go("restart", operator)

    # -- signing on and off

    def sign_on(self, operator: str) -> Frame:
        return Navigator(self.terminal).go("sign on", operator)

    def sign_off(self, operator: str) -> Frame:
        return Navigator(self.terminal).go("sign off", operator)

    def wrong_passwords(self, operator: str, count: int) -> Frame:
        """So many sign-ons with a wrong password, each refusal waited out before the next."""
        if count < 1:
            raise ConfigurationError(f"{count} wrong passwords cannot be typed", allowed="1 or more")
        frame = self.terminal.screen.settled()
        for number in range(count):
            if number:
                Navigator(self.terminal).rest()
            frame = Navigator(self.terminal, prompts.wrong(self.terminal)).go("sign on", operator)
        return frame

    def rest(self) -> Frame:
        """Refusals and notices that pass by themselves have passed."""
        return Navigator(self.terminal).rest()

    def type_password(self, operator: str, *, wrong: bool = False) -> Frame:
        """The password at whatever prompt is shown."""
        frame = self.terminal.screen.settled()
        screen = self.profile.screens.get(frame.screen or "")
        if screen is None or screen.prompt != "password":
            raise failure(self.terminal, "a screen that asks for a password", frame)
        typed = prompts.wrong if wrong else prompts.right
        self.terminal.keypad.type_keys(typed(self.terminal)(operator), secret=True)
        self.terminal.keypad.press(self.profile.data.submit)
        return self.terminal.screen.settled()

    def try_sign_on(self, operator: str) -> Frame:
        """With the password that the operator has now; what comes of it is judged by the next steps."""
        return Navigator(self.terminal, prompts.right(self.terminal)).go("sign on", operator)

    def change_password(self, operator: str) -> Frame:
        """Another of the same length, which is known from now on."""
        return Navigator(self.terminal).go("change password", operator)

    # -- locking

    def lock(self, operator: str) -> Frame:
        return Navigator(self.terminal).go("lock", operator)

    def unlock(self, operator: str) -> Frame:
        return Navigator(self.terminal).go("unlock", operator)

    def try_unlock(self, operator: str, *, wrong: bool = False) -> Frame:
        """With the right or a wrong password; what comes of it is judged by the next steps."""
        typed = (prompts.wrong if wrong else prompts.right)(self.terminal)
        return Navigator(self.terminal, typed).go("unlock", operator)

    def is_locked(self) -> Frame:
        return proofs.is_locked(self.terminal)

    def is_locked_out(self, operator: str) -> Frame:
        return proofs.is_locked_out(self.terminal)

    def is_open(self, operator: str) -> Frame:
        return proofs.is_open(self.terminal, operator)

    # -- states

    def reach(self, state: str, *, after_s: float = 0.0) -> Frame:
        """From power-off to a state by its meaning. Raises ConfigurationError where the profile knows no way."""
        who = self.profile.operator_of(next(iter(self.profile.data.roles)))
        self.signed_off()
        self.terminal.clock.sleep(after_s)
        if state == "locked":
            self.sign_on(who)
            return self.lock(who)
        if state == "locked out":
            return self.wrong_passwords(who, self.profile.policy.wrong_passwords)
        if state == "signed off":
            return self.terminal.screen.settled()
        if state == "open":
            return self.sign_on(who)
        if state == "locked by the host":
            around.host_locks(self.terminal)
            return self.is_locked_by_host()
        raise ConfigurationError(
            f"no way is known into the state {state!r}",
            allowed="locked, locked out, locked by the host, signed off, open",
        )

    def holds(self, state: str) -> Frame:
        """The state still holds, proved by keys where keys can prove it."""
        if state == "locked":
            return self.is_locked()
        if state == "locked out":
            return self.is_locked_out("")
        if state == "locked by the host":
            return proofs.stays(self.terminal, "locked by host")
        return proofs.shows(self.terminal, state)

    # -- reset and update

    def factory_reset(self) -> Frame:
        """By the way that the profile has for it, by its first role; then the published passwords hold."""
        frame = Navigator(self.terminal).go("factory reset", self.first_of("factory reset"))
        for name, role in self.profile.data.roles.items():
            for who in role.ids or (name,):
                if role.first_password:  # published: not masked, or every number of a picture would be
                    first = Secret(role.first_password, f"first password of {name}")
                    self.terminal.changed_passwords.setdefault(who, []).append(first)
        return frame

    def old_password_is_refused(self, operator: str) -> None:
        """What the role had when the scenario began opens nothing: at the sign-on, or where else it is asked for."""
        role = self.profile.role_of(operator)
        asking = ["sign on"] if self.profile.data.roles[role].ids else []
        asking += [name for name, forms in self.profile.data.ways.items()
                   if any(role in (*way.by, *way.roles) for way in forms)]  # fmt: skip
        if not asking:
            raise ConfigurationError(
                f"no way of the profile asks for the password of {role!r}",
                where=self.profile.source.where(("ways",)), allowed=f"a way with by: {role}",
            )  # fmt: skip
        old = prompts.given(self.terminal, self.terminal.credentials.password(operator).reveal())
        frame = Navigator(self.terminal, old).go(asking[0], operator)
        expect(self.profile.means(frame.screen) in REFUSALS, self.terminal, f"the old password of {role} is refused",
               frame)  # fmt: skip
        self.rest()

    def offer_update(self, **package: Any) -> Frame:
        """A package as docs/update-package.md names its faults: from the update server, or on a stick where the
        profile's update comes by one."""
        ways = self.profile.data.ways.get("update", ())
        return around.offer(self.terminal, by_stick=any("usb" in way.lines for way in ways), **package)

    def update(self) -> Frame:
        """The offered update is installed, and the terminal is back."""
        return Navigator(self.terminal).go("update", self.first_of("update"))

    def try_update(self) -> Frame:
        """The same keys; what comes of it is judged by the next steps."""
        return Navigator(self.terminal, ends=("update refused",)).go("update", self.first_of("update"))

    def version_is(self, version: str) -> None:
        """By the way to the page that shows it, which passes or is left again."""
        frame = Navigator(self.terminal).go("version", self.profile.operator_of(next(iter(self.profile.data.roles))))
        shown = frame.fields.get("version", "").removeprefix("V")
        expect(shown == version.removeprefix("V"), self.terminal, f"version {version}, the page shows {shown}", frame)
        self.rest()

    def first_of(self, name: str) -> str:
        """Who goes a way: the first role that it names, else the first of the profile."""
        forms = self.profile.data.ways.get(name, ())
        roles = [role for way in forms for role in (*way.by, *way.roles)] or list(self.profile.data.roles)
        return self.profile.operator_of(roles[0])

    def is_locked_by_host(self) -> Frame:
        return proofs.shows(self.terminal, "locked by host", within_s=3.0)

    def asks_for_sign_on(self) -> Frame:
        return proofs.shows(self.terminal, "signed off", within_s=Navigator(self.terminal).starts_within_s())

    def is_ready(self, operator: str) -> Frame:
        frame = proofs.shows(self.terminal, "ready", within_s=5.0)
        shown = frame.fields.get("operator", operator)
        expect(shown == operator, self.terminal, f"the ready screen of operator {operator}", frame)
        return frame

    def nobody_but(self, operator: str) -> Frame:
        """The ready screen of this operator, or nobody is signed on."""
        frame = self.rest()
        means = self.profile.means(frame.screen)
        mine = means == "ready" and frame.fields.get("operator", operator) == operator
        expect(mine or means == "signed off", self.terminal, f"nobody but {operator} is signed on", frame)
        return frame


def cases(terminal: Terminal) -> Cases:
    """The use cases of this terminal. Raises ConfigurationError for a model's own that do not exist."""
    own = terminal.profile.data.flows
    if not own:
        return Cases(terminal)
    if own not in ROOMS:
        raise ConfigurationError(
            f"there are no use cases of a model {own!r}", where=terminal.profile.source.where(("flows",)),
            allowed=f"{', '.join(ROOMS)}, or no field flows: then all goes by meaning",
        )  # fmt: skip
    return cast(Cases, importlib.import_module(ROOMS[own]).OwnCases(terminal))
