"""Locking and unlocking: acts, refusals, and the proof by a sale."""

from __future__ import annotations

from posrig.language.decorators import given, then, when
from posrig.language.parameters import Role, State
from posrig.terminal.judging import expect
from posrig.terminal.terminal import Terminal
from posrig.terminal.ways import proofs
from posrig.terminal.ways.cases import cases


@given(
    "(the ){role} has locked the terminal",
    "{role}已锁定终端",
    needs="lock",
    uses=("way sign on", "way lock", "means locked"),
)
def has_locked(role: Role, terminal: Terminal) -> None:
    """From power-off: signed on, then locked as the terminal's profile says."""
    use = cases(terminal)
    use.ready(role.operator)
    frame = use.lock(role.operator)
    expect(terminal.profile.means(frame.screen) == "locked", terminal, "the terminal is locked", frame)


@when("(the ){role} locks the terminal", "{role}锁定终端", needs="lock", uses=("way lock",))
def locks(role: Role, terminal: Terminal) -> None:
    """The way that the profile has for it."""
    cases(terminal).lock(role.operator)


@when("(the ){role} unlocks the terminal", "{role}解锁终端", needs="unlock", uses=("way unlock",))
def unlocks(role: Role, terminal: Terminal) -> None:
    """Number, password and, where the role has it, the second step; the terminal says so."""
    cases(terminal).unlock(role.operator)


@when("(the ){role} tries to unlock the terminal", "{role}尝试解锁终端", uses=("way unlock",))
def tries_to_unlock(role: Role, terminal: Terminal) -> None:
    """The same keys; what comes of it is judged by the next steps."""
    cases(terminal).try_unlock(role.operator)


@when("(the ){role} tries to unlock with a wrong password", "{role}用错误密码尝试解锁", uses=("way unlock",))
def tries_wrong(role: Role, terminal: Terminal) -> None:
    """A wrong password of the right length at the lock screen."""
    cases(terminal).try_unlock(role.operator, wrong=True)


@when(
    "(the ){role} tries to unlock in the place of who locked it", "{role}代替锁定人尝试解锁",
    uses=("way unlock", "rule owner unlocks"),
)  # fmt: skip
def tries_for_another(role: Role, terminal: Terminal) -> None:
    """With the own right password; what comes of it is judged by the next steps."""
    cases(terminal).try_unlock(role.operator)


@then("the unlocking is refused", "解锁被拒绝", uses=("means refused",))
def unlocking_refused(terminal: Terminal) -> None:
    """A screen that means refused is shown, and the lock stays under it."""
    use = cases(terminal)
    proofs.shows_now(terminal, "refused")
    use.is_locked()


@given("a terminal that is {state}", "一台{state}的终端")
def in_state(state: State, terminal: Terminal) -> None:
    """From power-off; the state is reached as a person, the host or the line would bring it about."""
    cases(terminal).reach(state.value)


@given("a terminal that became {state} {duration} after its start", "一台开机{duration}后{state}的终端")
def in_state_after(state: State, seconds: float, terminal: Terminal) -> None:
    """The same, so long after the start: 24 h after it comes the daily restart."""
    cases(terminal).reach(state.value, after_s=seconds)


@then("the terminal is still {state}", "终端仍为{state}")
def still_in_state(state: State, terminal: Terminal) -> None:
    """Proved by keys that lead nowhere, not by the picture alone."""
    cases(terminal).holds(state.value)


@then("the terminal is locked", "终端已锁定", uses=("means locked",))
def is_locked(terminal: Terminal) -> None:
    """The lock is shown, and no key leads out of it: no sale and no menu."""
    cases(terminal).is_locked()


@then(
    "the terminal is open and (the ){role} can sell", "终端未锁定，{role}可以交易", needs="sale", uses=("proof open",)
)
def is_open(role: Role, terminal: Terminal) -> None:
    """A sale is accepted: the only proof that the terminal is open."""
    cases(terminal).is_open(role.operator)
