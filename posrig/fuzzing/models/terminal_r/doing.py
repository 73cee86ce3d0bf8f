"""How an act is done on a real rig: keys by the profile, secrets by the credentials, events by relays and the bench."""

from __future__ import annotations

from posrig.fuzzing.models.terminal_r.acts import (
    CODE,
    CUT,
    DEFAULT,
    EARLIER_UNLOCK,
    HOST_LOCK,
    HOST_UNLOCK,
    LONG,
    NET_BACK,
    NET_CUT,
    NOISE,
    OTHER_UNLOCK,
    PASSWORDS,
    RESTART,
    RIGHT,
    SHORT,
    UNLOCK,
    USED_CODE,
    USED_UNLOCK,
    WRONG_CODE,
    WRONG_UNLOCK,
    Act,
)
from posrig.ground.faults import ConfigurationError
from posrig.ground.secret import wrong_digits
from posrig.terminal.charging import UNLOCK_CODE, charge_code, time_code_of
from posrig.terminal.models.terminal_r import starting
from posrig.terminal.models.terminal_r.guessing import PUBLISHED, long_wrong, prefix
from posrig.terminal.preparing import prepare
from posrig.terminal.terminal import Terminal
from posrig.terminal.typed import charge_guess, time_code, wrong_time_code

CHORD_S = 0.5
HOST_TAKES_S = 3.0
"""Until a message of the back office has reached the terminal, also just after a start."""


def check_shelf(terminal: Terminal) -> None:
    """A power cycle is no way back: locks, lock-outs and counters outlive it, as they must.

    Raises:
        ConfigurationError: the rig cannot bring the terminal into its first state.
    """
    if "terminal.fresh" not in terminal.bench.capabilities:
        raise ConfigurationError(
            "a search needs a rig that can bring the terminal back to its first state",
            where="rig file, field bench",
            allowed="a bench with the act terminal.fresh (the simulated rig has it)",
            todo="search the simulated rig, and confirm on this one what it finds by the scenarios that are written",
        )


class Doer:
    """Does acts on one terminal and remembers what later acts refer to (codes used, challenges seen)."""

    def __init__(self, terminal: Terminal, defects: tuple[str, ...] = ()) -> None:
        if terminal.network is None:
            raise ConfigurationError("this rig cannot cut the network", where="rig file, field network")
        self.terminal, self._network, self._defects = terminal, terminal.network, defects
        self.last_key_at = self.started_at = 0.0
        self._used: dict[str, str] = {}
        self._unlock_used = ""
        self._challenges: list[str] = []

    def fresh(self) -> None:
        """Another terminal of the same kind, switched on, nobody signed on."""
        terminal = self.terminal
        check_shelf(terminal)
        prepare(terminal, language=terminal.shown_language or None, defects=self._defects)
        self._used, self._unlock_used, self._challenges = {}, "", []
        starting.switch_on(terminal)
        self.started_at = self.last_key_at = terminal.clock.last_now()

    def do(self, act: Act, who: str) -> None:
        """Do it; the screen is not waited for. ``who``: whose password or code is asked for.

        Raises:
            ProductFailure: the terminal does not start again after a power cut.
            RigFault, SafetyAbort: as the rig does.
        """
        terminal = self.terminal
        if act.kind == "secret":
            self._type(act, who)
        elif act.kind in ("keys", "operator"):
            terminal.keypad.press_all(act.keys)
        elif act.kind == "hold":
            self.last_key_at = terminal.clock.last_now()
            terminal.keypad.hold(act.keys[0], act.seconds)
            return
        elif act.kind == "chord":
            terminal.keypad.chord(act.keys[:2], CHORD_S)
            terminal.screen.settled()
            terminal.keypad.press(act.keys[2])
        elif act.kind == "wait":
            terminal.clock.sleep(self.last_key_at + act.seconds - terminal.clock.last_now())
            return
        elif act.kind == "day":
            terminal.clock.sleep(act.seconds)
        elif act.kind == "pause":
            if act.name == NOISE:
                terminal.do("host.noise", seconds=act.seconds, every_s=20.0)
            terminal.clock.sleep(act.seconds)
            return
        else:
            self._event(act.name)
            return
        self.last_key_at = terminal.clock.last_now()

    def _event(self, name: str) -> None:
        terminal = self.terminal
        if name == CUT:
            starting.cut_power(terminal)
            self.last_key_at = terminal.clock.last_now()
        elif name == RESTART:
            starting.restart_by_chord(terminal)
            self.last_key_at = terminal.clock.last_now()
        elif name in (HOST_LOCK, HOST_UNLOCK):
            terminal.do("host.lock", cause="C04") if name == HOST_LOCK else terminal.do("host.unlock")
            terminal.clock.sleep(HOST_TAKES_S)
        elif name == NET_CUT:
            self._network.disconnect()
            terminal.clock.sleep(1.0)
        elif name == NET_BACK:
            self._network.connect()
            terminal.clock.sleep(terminal.profile.timings.network_attach_s + 1.0)

    def _type(self, act: Act, who: str) -> None:
        keypad = self.terminal.keypad
        text = self._secret(act.name, who)
        keypad.type_keys(text, secret=True)
        keypad.press("CLEAR" if act.name == LONG else "ENTER")

    def _secret(self, name: str, who: str) -> str:
        if name in PASSWORDS:
            return self._password(name, who)
        if name in (CODE, WRONG_CODE, USED_CODE):
            return self._time_code(name, who)
        return self._unlock_code(name)

    def _password(self, name: str, who: str) -> str:
        terminal = self.terminal
        own = terminal.credentials.passwords.get(who)
        if name == RIGHT:
            return terminal.credentials.password(who).reveal()
        if name == SHORT:
            return prefix(terminal, who, len(terminal.credentials.password(who).reveal()) - 1)
        if name == LONG:
            return long_wrong(terminal, who if own is not None else "01", 20)
        charge_guess(terminal, who)
        digits = len(own.reveal()) if own is not None else 4
        if name == DEFAULT:
            return PUBLISHED[digits][0]
        return wrong_digits(digits, *([own] if own is not None else []))

    def _time_code(self, name: str, who: str) -> str:
        if name == USED_CODE:
            charge_code(self.terminal, time_code_of(who))
            return self._used[who]
        if name == WRONG_CODE:
            return wrong_time_code(self.terminal, who)
        self._used[who] = time_code(self.terminal, who)
        return self._used[who]

    def _unlock_code(self, name: str) -> str:
        terminal = self.terminal
        challenge = terminal.screen.frame().fields.get("challenge", "0000")
        earlier = next((seen for seen in reversed(self._challenges) if seen != challenge), "0000")
        right = terminal.unlock_code(challenge)
        if name == UNLOCK:
            self._unlock_used = right.reveal()
            return self._unlock_used
        charge_code(terminal, UNLOCK_CODE)
        if name == USED_UNLOCK:
            return self._unlock_used
        if name == EARLIER_UNLOCK:
            return terminal.unlock_code(earlier).reveal()
        if name == OTHER_UNLOCK:
            serial = terminal.serial_number
            return terminal.unlock_code(
                challenge, serial_number=f"{(int(serial) + 1) % 10 ** len(serial):0{len(serial)}d}"
            ).reveal()
        assert name == WRONG_UNLOCK
        return wrong_digits(len(right.reveal()), right)

    def saw_challenge(self, challenge: str) -> None:
        """A challenge was on the screen when the act ended."""
        if not self._challenges or self._challenges[-1] != challenge:
            self._challenges.append(challenge)
