"""Oracles that need no model: what must hold of terminal R whatever was done before (its 22 invariants).

Each looks at what the device saw of the last act: every frame, every service line, the times. Which invariant is kept
by which oracle, and which are left to scenarios, is in docs/fuzzing.md. Written without the model, so that a mistake in
the one does not hide in the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from posrig.fuzzing.models.terminal_r.acts import CODE, CUT, DAY, HALF_HOUR, RESTART, RIGHT, SALE, UNLOCK
from posrig.fuzzing.models.terminal_r.device import STUCK, Observation, TerminalDevice
from posrig.fuzzing.models.terminal_r.trials.known import TRIALS
from posrig.fuzzing.search.walker import Oracle
from posrig.ground.faults import ConfigurationError, ProductFailure
from posrig.terminal.models.terminal_r.selling import journals_agree
from posrig.terminal.terminal import Terminal

OPEN_PAGES = frozenset({"idle", "menu", "manage", "system", "operators", "signed_off", "sale_wait", "approved"})
LOCKS = frozenset({"lock", "locked_out", "host_lock", "tamper"})
REFUSALS = frozenset({"login_bad", "twofa_bad", "unlock_bad", "lock_other", "not_allowed", "signoff_no", "refused"})
SECOND_FACTOR = frozenset({"00", "99"})
WALKING = (
    "model",
    "lock",
    "sign-on",
    "start",
    "unknown screen",
    "liveness",
    "entry",
    "beeps",
    "countdown",
    "trace",
    "journal",
)
"""Those that judge each act of a walk over the model."""
NAMES = (*WALKING, *sorted({oracle for trial in TRIALS for oracle in trial.oracles} - set(WALKING)))


class _Watching:
    """Common to all: the device's last observation."""

    name = ""

    def __init__(self, device: TerminalDevice) -> None:
        self._device = device

    def restarted(self) -> None:
        """The terminal was reset."""

    def judge(self, name: str, answer: str) -> str | None:
        """What is wrong, or None; an act that was not possible changed nothing."""
        seen = self._device.last
        return self._wrong(seen) if seen is not None and seen.act == name else None

    def _wrong(self, seen: Observation) -> str | None:
        raise NotImplementedError


class LockOracle(_Watching):
    """Invariant 1: from the lock only the owner's or the manager's whole sign-on, or an unlock code, leads out."""

    name = "lock"

    def __init__(self, device: TerminalDevice) -> None:
        super().__init__(device)
        self.restarted()

    def restarted(self) -> None:
        self._owner, self._proved = "", set[tuple[str, str]]()

    def _wrong(self, seen: Observation) -> str | None:
        self._prove(seen)
        found = None
        for frame in seen.frames:
            if frame.screen == "lock":
                owner = frame.fields.get("operator", "")
                if owner != self._owner:
                    self._owner, self._proved = owner, set()
                    self._prove(seen)
            elif frame.screen in OPEN_PAGES and self._owner and not self._may_leave():
                found = found or f"the lock of operator {self._owner} holds until its owner or a manager has signed on"
        if any(frame.screen in OPEN_PAGES or frame.screen == "unlocked" for frame in seen.frames) and self._may_leave():
            self._owner, self._proved = "", set()
        return found

    def _prove(self, seen: Observation) -> None:
        if seen.act in (RIGHT, CODE):
            self._proved.add((seen.who, seen.act))
        elif seen.act == UNLOCK:
            self._proved.add(("", UNLOCK))

    def _may_leave(self) -> bool:
        if ("", UNLOCK) in self._proved:
            return True
        return any((who, RIGHT) in self._proved and (who not in SECOND_FACTOR or (who, CODE) in self._proved)
                   for who in (self._owner, "00"))  # fmt: skip


class SignOnOracle(_Watching):
    """Invariant 7: the ready screen of an operator shows only after every factor of that role, in this session."""

    name = "sign-on"

    def __init__(self, device: TerminalDevice) -> None:
        super().__init__(device)
        self.restarted()

    def restarted(self) -> None:
        self._given, self._user = set[tuple[str, str]](), ""

    def _wrong(self, seen: Observation) -> str | None:
        if seen.act in (RIGHT, CODE):
            self._given.add((seen.who, seen.act))
        for frame in seen.frames:
            if frame.screen == "boot":
                self.restarted()
            elif frame.screen == "idle":
                wrong = self._session(frame.fields.get("operator", ""))
                if wrong:
                    return wrong
            elif frame.screen in ("signed_off", "lock", "host_lock", "login_id", "login_pwd"):
                self._user = ""
        if any(frame.screen in ("signed_off", "lock", "host_lock") for frame in seen.frames[-1:]):
            self._given.clear()
        return None

    def _session(self, operator: str) -> str | None:
        if operator == self._user:
            return None
        needed = {(operator, RIGHT)} | ({(operator, CODE)} if operator in SECOND_FACTOR else set())
        if not needed <= self._given:
            return f"operator {operator or 'nobody'} is ready only after every factor of the role"
        self._user = operator
        return None


class StartOracle(_Watching):
    """Invariant 2: what is locked before a start is locked after it; nobody is signed on after a start."""

    name = "start"

    def __init__(self, device: TerminalDevice) -> None:
        super().__init__(device)
        self._before = ""

    def restarted(self) -> None:
        self._before = ""

    def _wrong(self, seen: Observation) -> str | None:
        after = next((frame.screen or "" for frame in reversed(seen.frames)), self._before)
        before, self._before = self._before, after
        if seen.act not in (CUT, RESTART):
            return None
        if before in LOCKS and after != before:
            return f"{before} survives every start"
        if after in OPEN_PAGES - {"signed_off"}:
            return "nobody is signed on after a start"
        return None


class ScreenOracle(_Watching):
    """Invariants 21 and 22: every frame is, as a whole, a screen of the profile."""

    name = "unknown screen"

    def _wrong(self, seen: Observation) -> str | None:
        return "every frame is a screen of the profile" if any(f.screen is None for f in seen.frames) else None


class LivenessOracle(_Watching):
    """Every notice goes by itself, every start ends, the terminal answers."""

    name = "liveness"

    def _wrong(self, seen: Observation) -> str | None:
        return "the screen goes on by itself in its time" if STUCK in seen.answer else None


class EntryOracle(_Watching):
    """Invariant 15: an entry field is empty when its page comes up by a whole act."""

    name = "entry"

    def _wrong(self, seen: Observation) -> str | None:
        before = ""
        for frame in seen.frames:
            screen = frame.screen or ""
            typed = frame.fields.get("entry", "").replace("_", "")
            if screen in ("login_pwd", "twofa", "unlock_code") and screen != before and len(typed) > 1:
                return "an entry field that comes up shows nothing of an earlier entry"
            before = screen
        return None


class BeepOracle(_Watching):
    """A refusal beeps three times, an unlocking or approval once and long; nothing else does either."""

    name = "beeps"

    def _wrong(self, seen: Observation) -> str | None:
        shown = [line.fields.get("id", "") for line in seen.lines if line.event == "screen"]
        long = sum(1 for line in seen.lines if line.event == "beep" and line.fields.get("kind") == "long")
        refused = sum(1 for line in seen.lines if line.event == "beep" and line.fields.get("kind") == "refusal")
        successes = sum(screen in ("unlocked", "approved") for screen in shown)
        refusals = sum(screen in REFUSALS for screen in shown)
        outs = shown.count("locked_out")
        if long != successes:
            return f"one long beep for each of {successes} successes, heard {long}"
        if not refusals <= refused <= refusals + outs:
            return f"three beeps for each of {refusals} refusals, heard {refused}"
        return None


class CountdownOracle(_Watching):
    """Invariant 4: what is left of a lock-out falls no faster than true time."""

    name = "countdown"

    def __init__(self, device: TerminalDevice) -> None:
        super().__init__(device)
        self._known: tuple[float, float] | None = None

    def restarted(self) -> None:
        self._known = None

    def _wrong(self, seen: Observation) -> str | None:
        if seen.act == HALF_HOUR or seen.act == DAY:
            self._known = None
        for frame in seen.frames:
            if frame.screen != "locked_out":
                if frame.screen in ("login_id", "unlocked", "signed_off", "lock", "idle"):
                    self._known = None  # the next lock-out on show may be another one
                continue
            left = _seconds(frame.fields.get("wait", ""))
            if left is None:
                continue
            if self._known is not None and self._known[1] - left > frame.at - self._known[0] + 2.0:
                return "a lock-out does not end faster than true time"
            self._known = (frame.at, left)
        return None


def _seconds(text: str) -> float | None:
    minutes, _, seconds = text.partition(":")
    return int(minutes) * 60.0 + int(seconds) if minutes.isdigit() and seconds.isdigit() else None


class TraceOracle(_Watching):
    """Invariant 14: trace numbers rise and never come again."""

    name = "trace"

    def __init__(self, device: TerminalDevice) -> None:
        super().__init__(device)
        self._last = 0

    def restarted(self) -> None:
        self._last = 0

    def _wrong(self, seen: Observation) -> str | None:
        for frame in seen.frames:
            if frame.screen != "sale_wait":
                continue
            trace = int(frame.fields.get("trace", "0"))
            if trace <= self._last:
                return "trace numbers rise and never come again"
            self._last = trace
            break  # the same sale's page may be painted several times
        return None


class JournalOracle(_Watching):
    """Invariant 13: the terminal's journal equals the host's; looked at after each sale and each start after one."""

    name = "journal"

    def __init__(self, device: TerminalDevice, terminal: Terminal) -> None:
        super().__init__(device)
        self._terminal = terminal

    def _wrong(self, seen: Observation) -> str | None:
        if seen.act != SALE and not any(frame.screen in ("approved", "recover") for frame in seen.frames):
            return None
        try:
            journals_agree(self._terminal)
        except ProductFailure:
            return "the terminal's journal equals the host's"
        return None


def oracles(names: Sequence[str], device: TerminalDevice, terminal: Terminal) -> tuple[Oracle, ...]:
    """The oracles of these names (all when none is named), ``model`` left out: the search itself compares with it.

    Raises:
        ConfigurationError: there is no oracle of a name.
    """
    makers: dict[str, Callable[[], Oracle]] = {
        maker.name: (lambda made=maker: made(device))  # type: ignore[misc]
        for maker in (LockOracle, SignOnOracle, StartOracle, ScreenOracle, LivenessOracle, EntryOracle, BeepOracle,
                      CountdownOracle, TraceOracle)
    }  # fmt: skip
    makers["journal"] = lambda: JournalOracle(device, terminal)
    check_names(names)
    return tuple(make() for name, make in makers.items() if not names or name in names)


def check_names(names: Sequence[str]) -> None:
    """Raises ConfigurationError for an oracle that there is not."""
    for name in names:
        if name not in NAMES:
            raise ConfigurationError(f"there is no oracle {name!r}", allowed=", ".join(NAMES))
