"""Safe actions: every actuator declares what makes it safe, and all of them run, each on its own, in bounded time.

A clean-up that stops at its first error leaves the supply on. Here each action has a worker thread and a deadline of
its own: one that hangs is reported and left behind, the others go on. Each has its turn; one that is slow works on
while the next has its turn, so that a switch unit that answers late does not keep the supply on. Ctrl-C, SIGTERM and
SIGHUP are held until the last one was tried.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from types import FrameType, TracebackType

from posrig.ground import endings
from posrig.ground.faults import TransportError


class Stage(IntEnum):
    """The numbered order. Keys are let go before power goes, so that no key is held into the next power-on."""

    RELAYS_OPEN = 1
    NETWORK_RESTORED = 2
    STICK_REMOVED = 3
    OTHER = 4
    SUPPLY_OFF = 5


@dataclass(frozen=True, slots=True)
class SafeAction:
    """What makes one actuator safe.

    ``act`` does it; ``verify`` reads it back from the instrument and returns the proof in words
    (``output 2 off, 0.000 A``). ``verify`` raises :class:`TransportError` when nothing could be read, anything else
    when what was read is not safe.
    ``deadline_s`` is real time for both together, ``turn_s`` how long the next action waits for this one.
    """

    name: str
    act: Callable[[], None]
    verify: Callable[[], str] | None = None
    deadline_s: float = 1.0
    stage: Stage = Stage.OTHER
    turn_s: float = 1.0


class State(Enum):
    """How a safe action ended."""

    PROVED = "done and proved"
    UNPROVED = "done, not proved"
    FAILED = "failed"
    TIMED_OUT = "timed out"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one safe action. ``detail`` is the proof, or why there is none; never a secret."""

    name: str
    state: State
    detail: str = ""
    took_s: float = 0.0

    @property
    def proved(self) -> bool:
        """The instrument itself said that it is safe."""
        return self.state is State.PROVED

    @property
    def done(self) -> bool:
        """The act was carried out, proved or not."""
        return self.state in (State.PROVED, State.UNPROVED)

    def __str__(self) -> str:
        return f"{self.name}: {self.state.value}" + (f": {self.detail}" if self.detail else "")


@dataclass(slots=True)
class Attempt:
    """What a worker has reached so far; read by :func:`judge` whether or not the worker came back."""

    action: SafeAction
    acted: bool = False
    act_error: BaseException | None = None
    proof: str | None = None
    verify_error: BaseException | None = None
    finished: threading.Event = field(default_factory=threading.Event)
    began: float = field(default_factory=time.monotonic)
    ended: float = 0.0


def in_order(actions: Iterable[SafeAction]) -> tuple[SafeAction, ...]:
    """The order in which actions run, whatever the order in which they were declared."""
    return tuple(sorted(actions, key=lambda action: (action.stage, action.name)))


def judge(attempt: Attempt, took_s: float) -> Outcome:
    """The outcome of an attempt. A read-back that proves the safe state counts, even if the act itself complained."""
    action = attempt.action

    def outcome(state: State, detail: str) -> Outcome:
        return Outcome(action.name, state, detail, took_s)

    if attempt.proof is not None:
        complaint = f" (the act itself said: {_words(attempt.act_error)})" if attempt.act_error else ""
        return outcome(State.PROVED, attempt.proof + complaint)
    if attempt.act_error is not None:
        return outcome(State.FAILED, _words(attempt.act_error))
    if not attempt.acted:
        return outcome(State.TIMED_OUT, f"no end within {action.deadline_s:g} s, left behind")
    if action.verify is None:
        return outcome(State.UNPROVED, "nothing can be read back")
    if isinstance(attempt.verify_error, TransportError):
        return outcome(State.UNPROVED, f"no read-back: {_words(attempt.verify_error)}")
    if attempt.verify_error is not None:
        return outcome(State.FAILED, f"read-back: {_words(attempt.verify_error)}")
    return outcome(State.UNPROVED, f"no read-back within {action.deadline_s:g} s")


def run_all(
    actions: Iterable[SafeAction], *, on_outcome: Callable[[Outcome], None] | None = None
) -> tuple[Outcome, ...]:
    """Run every action in the numbered order; never raises because of an action.

    Each begins when the one before has ended, or its turn is over. Takes at most the sum of the turns and the longest
    deadline. SIGINT, SIGTERM and SIGHUP that arrive meanwhile are delivered after the last action (a KeyboardInterrupt
    may then come out of this call: use ``on_outcome``, or wrap a longer close in :func:`signals_held`).
    """
    outcomes: list[Outcome] = []
    with signals_held():
        for attempt in [_begun(action) for action in in_order(actions)]:
            attempt.finished.wait(max(attempt.began + attempt.action.deadline_s - time.monotonic(), 0.0))
            outcome = judge(attempt, (attempt.ended or time.monotonic()) - attempt.began)
            outcomes.append(outcome)
            if on_outcome is not None:
                with _Caught():  # a full disk under the report must not leave the supply on
                    on_outcome(outcome)
    return tuple(outcomes)


def _begun(action: SafeAction) -> Attempt:
    """Started, and given its turn."""
    attempt = Attempt(action)
    # a daemon: a worker stuck in a driver must not keep the process from ending
    threading.Thread(target=_work, args=(attempt,), name=f"safe: {action.name}", daemon=True).start()
    attempt.finished.wait(max(min(action.turn_s, action.deadline_s), 0.0))
    return attempt


def _work(attempt: Attempt) -> None:
    with _Caught() as act:
        attempt.action.act()
        attempt.acted = True
    attempt.act_error = act.error
    if attempt.action.verify is not None:
        with _Caught() as verify:
            attempt.proof = attempt.action.verify()
        attempt.verify_error = verify.error
    attempt.ended = time.monotonic()
    attempt.finished.set()


class _Caught:
    """Keeps whatever a safe action raises, so that it becomes an outcome and never ends the others."""

    error: BaseException | None = None

    def __enter__(self) -> _Caught:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self.error = error
        return True


def _words(error: BaseException | None) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


_holding = False


@contextmanager
def signals_held() -> Iterator[None]:
    """Hold the endings (posrig/ground/endings.py) of the main thread; the first one is delivered at the end. May be
    nested.

    Prevents that a second, impatient Ctrl-C ends the process between "relays open" and "supply off".
    """
    global _holding
    if _holding or threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        came.append(number)

    before = endings.listen(note)
    _holding = True
    try:
        yield
    finally:
        _holding = False
        endings.restore(before)
        if came:
            signal.raise_signal(came[0])
