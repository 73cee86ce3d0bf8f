"""Safe actions: order, isolation, deadlines, signals."""

import itertools
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hangs import HANGS_S, sooner
from hypothesis import given
from hypothesis import strategies as st

from posrig.ground.faults import RigFault, TransportError
from posrig.safety.actions import Attempt, SafeAction, Stage, State, in_order, judge, run_all, signals_held

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def plain_interrupts() -> Iterator[None]:
    """Python's own handler: that of a run of scenarios hears only the first Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def nothing() -> None:
    pass


FIVE = (
    SafeAction("open relays", nothing, stage=Stage.RELAYS_OPEN),
    SafeAction("restore network", nothing, stage=Stage.NETWORK_RESTORED),
    SafeAction("remove stick", nothing, stage=Stage.STICK_REMOVED),
    SafeAction("light off", nothing),
    SafeAction("supply off", nothing, stage=Stage.SUPPLY_OFF),
)


def test_the_order_is_the_same_for_every_order_of_declaration() -> None:
    for declared in itertools.permutations(FIVE):
        assert in_order(declared) == FIVE


def lost(phase: str) -> TransportError:
    return TransportError("no answer", instrument="supply", resource="TCPIP::x::1::SOCKET", phase=phase)


BEHAVIOURS = {
    "proved": (nothing, lambda: "off, 0.000 A", State.PROVED),
    "no verify": (nothing, None, State.UNPROVED),
    "wire lost at read-back": (nothing, lambda: (_ for _ in ()).throw(lost("answer")), State.UNPROVED),
    "still on": (nothing, lambda: (_ for _ in ()).throw(RigFault("output 2 is on")), State.FAILED),
    "wire lost at act": (lambda: (_ for _ in ()).throw(lost("command")), None, State.FAILED),
    "act complains, read-back proves": (lambda: 1 / 0, lambda: "off", State.PROVED),
    "worker told to exit": (lambda: sys.exit(3), None, State.FAILED),
    "hangs": (threading.Event().wait, None, State.TIMED_OUT),
    "read-back hangs": (nothing, lambda: str(threading.Event().wait()), State.UNPROVED),
}


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_each_way_to_end_has_its_own_outcome(name: str) -> None:
    act, verify, state = BEHAVIOURS[name]
    (outcome,) = run_all([SafeAction(name, act, verify, deadline_s=0.05)])
    assert outcome.state is state, str(outcome)
    assert outcome.done == (state in (State.PROVED, State.UNPROVED))


@given(st.permutations(list(BEHAVIOURS)))
def test_whatever_fails_the_others_are_tried_in_order(names: list[str]) -> None:
    tried: list[str] = []
    actions = []
    for stage, name in zip(itertools.cycle(Stage), names, strict=False):
        act, verify, _ = BEHAVIOURS[name]

        def recorded(act=act, name=name) -> None:
            tried.append(name)
            act()

        actions.append(SafeAction(name, recorded, verify, deadline_s=0.004, stage=stage))
    outcomes = run_all(actions)
    assert tried == [action.name for action in in_order(actions)] == [outcome.name for outcome in outcomes]
    assert not all(outcome.done for outcome in outcomes)


def test_a_hung_action_costs_its_deadline_and_no_more() -> None:
    with sooner():
        outcomes = run_all([SafeAction("hung", threading.Event().wait, deadline_s=0.1), *FIVE])
    assert [outcome.name for outcome in outcomes if not outcome.done] == ["hung"]


def test_a_report_that_cannot_be_written_stops_nothing() -> None:
    def full(_outcome: object) -> None:
        raise OSError(28, "No space left on device")

    assert len(run_all(FIVE, on_outcome=full)) == 5


def test_an_attempt_that_never_began_is_timed_out() -> None:
    assert judge(Attempt(FIVE[0]), 1.0).state is State.TIMED_OUT


def test_signals_are_held_until_the_last_action_and_then_delivered() -> None:
    done: list[str] = []

    def kill_myself() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.02)

    actions = [
        SafeAction("two Ctrl-C", kill_myself, stage=Stage.RELAYS_OPEN),
        SafeAction("supply off", lambda: done.append("off"), stage=Stage.SUPPLY_OFF),
    ]
    with pytest.raises(KeyboardInterrupt):
        run_all(actions)
    assert done == ["off"]


def test_held_signals_nest_and_the_outermost_delivers() -> None:
    steps, before = [], signal.getsignal(signal.SIGINT)

    def close() -> None:
        with signals_held():
            run_all([SafeAction("Ctrl-C", lambda: os.kill(os.getpid(), signal.SIGINT))])
            steps.append("after run_all")

    with pytest.raises(KeyboardInterrupt):
        close()
    assert steps == ["after run_all"]
    assert signal.getsignal(signal.SIGINT) is before


def test_a_left_behind_worker_does_not_keep_the_process_from_ending() -> None:
    program = textwrap.dedent("""
        import threading
        from posrig.safety.actions import SafeAction, run_all
        print(run_all([SafeAction("hung", threading.Event().wait, deadline_s=0.05)])[0].state.value)
    """)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=HANGS_S)
    assert (done.returncode, done.stdout.strip()) == (0, "timed out")
