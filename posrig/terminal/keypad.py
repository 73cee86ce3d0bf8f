"""Keys pressed by relays: one relay per key, at most two closed at once unless a chord is asked for."""

from __future__ import annotations

import difflib
from collections import deque
from collections.abc import Callable, Mapping, Sequence

from posrig.ground.clock import Clock
from posrig.ground.faults import ConfigurationError, PosrigError, RigFault
from posrig.instruments.switch import SwitchUnit
from posrig.terminal.press_log import MUST_S, TOLD_APART_S, Press, PressLog
from posrig.terminal.timeline import Note

SECRET_KEY = "*"
_KEPT = 1000


class RelayKeypad:
    """Presses by closing and opening the relay of a key. Fulfils :class:`posrig.terminal.contracts.Keypad`.

    ``before_press`` is asked before each press (and told whether it is part of a secret) and may refuse it (a budget,
    the ledger) by raising SafetyAbort;
    ``before_keys`` the same, once for all keys that go down together (what is submitted: submitting.py).
    """

    before_keys: Callable[[Sequence[str]], None] | None = None
    starred: Callable[[Sequence[str]], list[str]] = list
    """What was pressed, as it may be told: presses in the open that spell a secret are stars (veil.py)."""
    hides: Callable[[str], bool] | None = None
    """Asked before each press that nobody called a secret: is it typed where a secret is asked for?"""

    def __init__(
        self,
        switch: SwitchUnit,
        channels: Mapping[str, int],
        clock: Clock,
        note: Note,
        *,
        press_s: float = 0.1,
        gap_s: float = 0.08,
        before_press: Callable[[str, bool], None] | None = None,
        log: PressLog | None = None,
    ) -> None:
        self._switch, self._clock, self._note = switch, clock, note
        self._channels = {key: (channel,) for key, channel in channels.items()}
        self._all = tuple(channels.values())
        self.press_s, self.gap_s = press_s, gap_s
        self.before_press = before_press
        self._down: dict[str, tuple[int, ...]] = {}
        self._shown_down: dict[str, str] = {}
        self._history: deque[str] = deque(maxlen=_KEPT)
        self._presses = 0
        self.log = log or PressLog()
        self._paused_s = gap_s
        self._checked_in = -1

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self._channels)

    @property
    def presses(self) -> int:
        return self._presses

    def press(self, key: str, hold_s: float | None = None, gap_s: float | None = None) -> None:
        """Key down for ``hold_s`` (default: the rig file's press_s), up, and ``gap_s`` (the rig file's pause)."""
        self._press(key, self.press_s if hold_s is None else hold_s, key, gap_s)

    def hold(self, key: str, seconds: float) -> None:
        self._press(key, seconds, key)

    def press_all(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._channel(key)  # a wrong key in the middle is found before the first is pressed
        for key in keys:
            self._press(key, self.press_s, key)

    def type_keys(self, text: str, *, secret: bool = False) -> None:
        for char in text:
            if char not in self._channels:
                raise _unknown(SECRET_KEY if secret else char, self.keys)
        for char in text:
            self._press(char, self.press_s, SECRET_KEY if secret else char)

    def chord(self, keys: Sequence[str], hold_s: float = 0.1) -> None:
        """All keys down with one message (a relay takes 4 ms, so within 50 ms for up to 12 keys), all up after it."""
        channels = tuple(channel for key in keys for channel in self._channel(key))
        if not keys or len(set(keys)) != len(keys):
            raise ConfigurationError(f"{'+'.join(keys) or 'nothing'}: a chord needs different keys", allowed="CLEAR+.")
        if any(key in self._down for key in keys):
            raise _held(self._shown_down)
        self._ask(keys)
        hidden = {key for key in keys if self._hidden(key)}
        for key in keys:
            self._begin(key, key in hidden)
            self.log.press(Press(key, key in hidden, must=False, beside=tuple(keys), at=self._clock.last_now()))
        if hold_s < TOLD_APART_S:
            self.log.unclear.update(keys)
        self._pulse(channels, hold_s, "+".join(SECRET_KEY if key in hidden else key for key in keys))

    def down(self, key: str) -> None:
        """Press a key and leave it down until :meth:`up`; at most two keys at once (three can ghost a fourth)."""
        channel = self._channel(key)
        if key in self._down or len(self._down) >= 2:
            raise _held(self._shown_down)
        self._ask((key,))
        secret = self._hidden(key)
        self._begin(key, secret)
        self.log.press(Press(key, secret, must=False, at=self._clock.last_now()))
        self._down[key] = channel  # before the relay moves: an interrupt in between must not forget it
        try:
            self._switch.close_channels(channel)
        except BaseException:
            self._let_go(channel)
            del self._down[key]
            raise
        shown = SECRET_KEY if secret else key
        self._shown_down[key] = shown
        self._record(self._clock.last_now(), f"{shown} down", f"{shown}(down)")

    def up(self, key: str) -> None:
        channel = self._channel(key)
        if key not in self._down:
            named = SECRET_KEY if self._hidden(key) else key
            raise ConfigurationError(
                f"key {named!r} is not down", allowed=", ".join(self._shown_down.values()) or "nothing: no key is held"
            )
        self._switch.open_channels(channel)
        del self._down[key]
        shown = self._shown_down.pop(key, key)
        self._record(self._clock.last_now(), f"{shown} up", f"{shown}(up)")
        self._paused_s = self.gap_s
        self._clock.sleep(self.gap_s)

    def release_all(self) -> None:
        """Open all key relays and prove it. Raises RigFault when one stays closed."""
        self._switch.open_channels(self._all)
        self._down.clear()
        self.check_open()

    def check_open(self) -> None:
        """No key relay is closed, save those held down on purpose. Raises RigFault that names the keys."""
        held = {channel for channels in self._down.values() for channel in channels}
        stuck = self._switch.closed(self._all) - held
        if stuck:
            names = ", ".join(f"{key} ({channel[0]})" for key, channel in self._channels.items() if channel[0] in stuck)
            raise RigFault(
                f"relays closed that nobody closed: {names}",
                instrument="switch",
                todo="run posrig check; does somebody else use this switch unit?",
            )
        self._checked_in = self._switch.generation

    def history_text(self, last: int = 30) -> str:
        shown = self.starred(list(self._history))[-last:]
        more = "... " if len(self._history) > last else ""
        return more + (" ".join(shown) or "(none)")

    def forget(self) -> None:
        self._history.clear()
        self.log.clear()

    # -- how a press is made

    def _channel(self, key: str) -> tuple[int, ...]:
        channel = self._channels.get(key)
        if channel is None:
            raise _unknown(key, self.keys)
        return channel

    def _press(self, key: str, hold_s: float, shown: str, gap_s: float | None = None) -> None:
        channel = self._channel(key)
        if self._down and (key in self._down or len(self._down) >= 2):
            raise _held(self._shown_down)
        self._ask((key,))
        secret = shown is SECRET_KEY or self._hidden(key)
        self._begin(key, secret)
        long = hold_s >= MUST_S and self._paused_s >= MUST_S
        self.log.press(Press(key, secret, long and not self._down, at=self._clock.last_now()))
        if self._paused_s < TOLD_APART_S or hold_s < TOLD_APART_S:
            self.log.unclear.add(key)
        if not secret:
            self._pulse(channel, hold_s, shown, gap_s)
            return
        try:
            self._pulse(channel, hold_s, SECRET_KEY, gap_s)
        except PosrigError as exc:
            raise _masked(exc) from None  # its channel number would tell a digit of the secret

    def _ask(self, keys: Sequence[str]) -> None:
        if self.before_keys is not None:
            self.before_keys(keys)

    def _hidden(self, key: str) -> bool:
        return self.hides is not None and self.hides(key)

    def _begin(self, key: str, secret: bool) -> None:
        if self._checked_in != self._switch.generation:
            self.check_open()  # break before make: a relay left closed would make a chord of the next press
        if self.before_press is not None:
            self.before_press(key, secret)

    def _pulse(self, channels: tuple[int, ...], hold_s: float, shown: str, gap_s: float | None = None) -> None:
        try:
            self._switch.close_channels(channels)
            up_at = self._clock.sleep(hold_s)
        except BaseException:
            self._let_go(channels)
            raise
        self._switch.open_channels(channels)
        long = hold_s != self.press_s
        self._record(
            up_at - hold_s, f"{shown} {hold_s:g} s" if long else shown, f"{shown}:{hold_s:g}s" if long else shown
        )
        self._paused_s = self.gap_s if gap_s is None else gap_s
        self._clock.sleep(self._paused_s)

    def _record(self, at: float, text: str, shown: str) -> None:
        if not text.endswith(" up"):
            self._presses += 1
        self._history.append(shown)
        self.log.last_at = at
        self._note(at, "key", text)

    def _let_go(self, channels: tuple[int, ...]) -> None:
        """After a fault or an interrupt while a key may be down: try to let it go, and let the first fault be told."""
        try:
            self._switch.open_channels(channels)
        except PosrigError:
            self._checked_in = -1


def _unknown(key: str, keys: Sequence[str]) -> ConfigurationError:
    near = difflib.get_close_matches(key.upper(), keys, 1, 0.5)
    hint = f"; did you mean {near[0]}?" if near else ""
    return ConfigurationError(f"this terminal has no key {key!r}{hint}", allowed=" ".join(keys))


def _held(shown: Mapping[str, str]) -> ConfigurationError:
    return ConfigurationError(
        f"{' and '.join(shown.values())} held down: this key cannot be pressed now",
        allowed="another key while at most one is held (three keys of a matrix can ghost a fourth)",
        todo="let the key go first, or use a chord",
    )


def _masked(fault: PosrigError) -> RigFault:
    instrument = getattr(fault, "instrument", "switch")
    return RigFault(
        f"{instrument} failed while a secret was typed ({type(fault).__name__}); which key is not said",
        instrument=instrument,
        todo=fault.todo,
    )
