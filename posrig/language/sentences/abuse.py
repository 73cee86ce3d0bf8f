"""Keys as nobody should press them, on any terminal: all of them, held, together, in another order, at a bad moment."""

from __future__ import annotations

from posrig.language.decorators import then, when
from posrig.language.needs import STATE_MEANS
from posrig.language.parameters import State
from posrig.terminal.terminal import Terminal
from posrig.terminal.ways import abuse


def _meaning(state: State) -> str:
    return STATE_MEANS.get(state, state.value)


@then(
    "the terminal stays {state} whatever key is pressed {count} time(s)",
    "每个按键各按{count}次，终端仍为{state}",
    some=True,
)
def stays_pressed(state: State, count: int, terminal: Terminal) -> None:
    """Every key of the profile; after each the terminal is where it was. Nothing that is typed is submitted."""
    abuse.pressed(terminal, _meaning(state), count)


@then(
    "the terminal stays {state} whatever key is held for {duration}",
    "每个按键各按住{duration}，终端仍为{state}",
    some=True,
)
def stays_held(state: State, seconds: float, terminal: Terminal) -> None:
    """Every key of the profile, each alone."""
    abuse.held(terminal, _meaning(state), seconds)


@then(
    "the terminal stays {state} whatever two keys are held together for {duration}",
    "任意相邻两键同时按住{duration}，终端仍为{state}",
    some=True,
)
def stays_together(state: State, seconds: float, terminal: Terminal) -> None:
    """Every two keys that stand side by side in the profile, but none that types with the one that submits."""
    abuse.together(terminal, _meaning(state), seconds)


@then("the terminal stays {state} with all keys pressed in turn", "依次按遍所有按键，终端仍为{state}")
def stays_in_turn(state: State, terminal: Terminal) -> None:
    """In the order of the profile, without a look between; none that submits."""
    abuse.in_order(terminal, _meaning(state), backwards=False)


@then("the terminal stays {state} with all keys pressed in turn backwards", "倒序按遍所有按键，终端仍为{state}")
def stays_backwards(state: State, terminal: Terminal) -> None:
    """The other way round."""
    abuse.in_order(terminal, _meaning(state), backwards=True)


@when("the terminal is switched on and every key is pressed while it starts", "开机，并在启动过程中按遍所有按键")
def keys_during_start(terminal: Terminal) -> None:
    """One after another, as long as a starting screen is shown; then the start is over."""
    abuse.during_start(terminal)


@when("the keys of the way {text} are pressed blindly", "盲按操作路径{text}的按键", uses=("way {name}",))
def blindly(name: str, terminal: Terminal) -> None:
    """The keys of this way of the profile where they do not belong; pages that they open are left again."""
    abuse.blindly(terminal, name)
