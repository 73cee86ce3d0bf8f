"""What an ENTER submits: a password or code that the terminal may refuse is charged before the press, whoever typed it.

Flows charge what they type wrong on purpose before its first digit. Raw keys (steps, chords, the fuzzer, ``posrig
press``) have nobody who knows: here every press is seen. An ENTER on a screen that asks for a secret (``asks`` in the
profile) is free only where the digits are surely the right ones; anything else is charged as a guess.
"""

from __future__ import annotations

from collections.abc import Sequence

from posrig.description.credentials import Credentials
from posrig.ground.faults import PosrigError
from posrig.terminal.charging import UNLOCK_CODE, time_code_of
from posrig.terminal.contracts import Frame
from posrig.terminal.terminal import Terminal

HARMLESS = ("confirmation", "amount")
"""Asked for, and no secret."""
DIGITS = frozenset("0123456789")
MOST_DIGITS = 64
NOBODY_KNOWN = "?"
"""The part that the ledger counts under where no number was typed."""


class Submissions:
    """Follows the keys of one terminal. Costs no question to the rig, save where digits and picture disagree."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        about = terminal.profile.data
        self._submits, self._clears = about.submit, about.clear
        self._empties = frozenset((about.submit, about.clear, about.cancel)) - {""}
        self._digits = ""
        self._looked: Frame | None = None
        self._from_empty = False
        """The digits began on an empty field: those beyond its width were not taken."""
        self._number = ""

    def before_keys(self, keys: Sequence[str]) -> None:
        """Before these go down together. Raises SafetyAbort when what they submit exceeds a budget."""
        self._follow_looks()
        digits = "".join(key for key in keys if key in DIGITS)
        self._digits = (self._digits + digits)[:MOST_DIGITS]
        if len(digits) == len(keys):
            return
        led_here = self._submits in keys and self._submit(alone=not digits)
        if not self._empties.isdisjoint(keys):
            self._digits = ""
        self._from_empty = led_here or (self._from_empty and self._clears in keys)

    def _follow_looks(self) -> None:
        """Digits typed before a picture that does not show them are in no field any more."""
        frame = self._terminal.screen.last
        if frame is self._looked:
            return
        self._looked = frame
        shown = _filled(frame)
        if shown < len(self._digits):
            self._digits = self._digits[len(self._digits) - shown :]
        self._from_empty = not shown and self._asked(frame) != ""

    def _asked(self, frame: Frame) -> str:
        screen = self._terminal.profile.screens.get(frame.screen or "")
        if screen is None or screen.asks in HARMLESS:
            return ""
        return screen.prompt or ("password of nobody known" if screen.secret_entry and screen.kind == "entry" else "")

    def _submit(self, *, alone: bool) -> bool:
        """Charge it; whether it leads to an empty field."""
        try:
            frame = self._terminal.screen.latest()
            if self._disagrees(frame):
                frame = self._looked = self._terminal.screen.settled()
        except PosrigError:
            frame = Frame(("?",), None, None, {}, 0.0)  # a lost console: the press itself does not need it
        asked = self._asked(frame)
        if frame.screen is None:
            if self._digits and any(frame.lines):
                self._charge_guess()
        elif asked == "number":
            self._number = frame.fields.get("entry", "").strip("_")
            return True
        elif asked not in ("", "new password") and not (alone and not _filled(frame)):
            self._secret(frame, asked)
        return False

    def _secret(self, frame: Frame, asked: str) -> None:
        typed = self._typed(frame)
        if asked == "time code":
            self._time_code(typed)
        elif asked == "unlock code":
            self._unlock_code(frame, typed)
        else:
            self._password(frame, asked, typed)

    def _disagrees(self, frame: Frame) -> bool:
        """The picture lags behind the keys, or a key was not taken."""
        asked = self._asked(frame)
        if asked == "":
            return frame.screen is None and bool(self._digits) and any(frame.lines)
        return min(len(self._digits), _width(frame)) != _filled(frame)

    def _typed(self, frame: Frame) -> str | None:
        """The digits in the field, or None where keys and picture leave a doubt."""
        shown, width = _filled(frame), _width(frame)
        if len(self._digits) == shown:
            return self._digits
        return self._digits[:width] if self._from_empty and len(self._digits) > shown == width else None

    def _password(self, frame: Frame, asked: str, typed: str | None) -> None:
        terminal = self._terminal
        screen = terminal.profile.screens[frame.screen or ""]
        whose = terminal.profile.operator_of(screen.of_role) if screen.of_role else self._number
        chosen = terminal.changed_passwords.get(whose)
        right = chosen[-1] if chosen else terminal.credentials.passwords.get(whose)
        if asked != "password" or typed is None or right is None or not right.matches(typed):
            self._charge_guess(whose)
        if screen.writes and terminal.writes_charged_ahead:
            terminal.writes_charged_ahead -= 1
        elif screen.writes and terminal.before_flash is not None:
            terminal.before_flash(screen.writes)

    def _time_code(self, typed: str | None) -> None:
        """A code is good once: the same again is a guess."""
        terminal, whose = self._terminal, self._number
        period = terminal.profile.policy.time_code_s
        window = whose, int(terminal.clock.last_now() // period)
        shown = typed is not None and self._authenticator_shows(whose, typed)
        if not shown or window in terminal.submitted_windows:
            self._charge_code(time_code_of(whose or NOBODY_KNOWN))
        if shown:
            terminal.submitted_windows.add(window)

    def _authenticator_shows(self, whose: str, typed: str) -> bool:
        terminal = self._terminal
        seed = terminal.new_seeds.get(whose)
        source = Credentials({}, {whose: seed}, terminal.credentials.masks) if seed else terminal.credentials
        return whose in source.totp_seeds and source.time_code(whose, terminal.clock.last_now()).matches(typed)

    def _unlock_code(self, frame: Frame, typed: str | None) -> None:
        """Right where the help desk was asked for it, with the challenge that is shown."""
        right = self._terminal.given_unlock_codes.get(frame.fields.get("challenge", ""))
        if typed is None or right is None or not right.matches(typed):
            self._charge_code(UNLOCK_CODE)

    def _charge_guess(self, whose: str = "") -> None:
        if self._charged_ahead():
            return
        self._terminal.guesses += 1
        if self._terminal.before_guess is not None:
            self._terminal.before_guess(whose or self._number or NOBODY_KNOWN)

    def _charge_code(self, what: str) -> None:
        if not self._charged_ahead() and self._terminal.before_code is not None:
            self._terminal.before_code(what)

    def _charged_ahead(self) -> bool:
        """A flow has charged a guess that it had still to type: this is it."""
        if self._terminal.charged_ahead < 1:
            return False
        self._terminal.charged_ahead -= 1
        return True


def _filled(frame: Frame) -> int:
    """How many digits stand in the field."""
    return len(frame.fields.get("entry", "").strip("_"))


def _width(frame: Frame) -> int:
    return len(frame.fields.get("entry", ""))
