"""Searches in scenarios: the When says what is tried, each Then what must hold whatever is done.

The search itself is imported when a scenario asks for one: half a second that every other run would wait for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posrig.ground.faults import ConfigurationError, ProductFailure
from posrig.language.decorators import then, when
from posrig.rig.rig import Rig
from posrig.terminal.terminal import Terminal

if TYPE_CHECKING:
    from posrig.fuzzing.models.terminal_r.asking import Question
    from posrig.fuzzing.models.terminal_r.trials.trial import Broken


@pytest.fixture
def asked() -> list[Question]:
    """What this scenario tries."""
    return []


@pytest.fixture
def tried() -> list[Broken | None]:
    """What each trial of this scenario found."""
    return []


@pytest.fixture
def search_seed(request: pytest.FixtureRequest) -> int:
    """``--seed`` also gives the search another order."""
    return int(request.config.getoption("--seed") or 0)


@when(
    "any sequence of up to {count} acts is tried for {count} press(es)",
    "任意尝试最多{count}步的操作序列，共按键{count}次",
)
def any_sequence(longest: int, presses: int, asked: list[Question], search_seed: int) -> None:
    """All that people, the host, the line and the mains can do, in every part of the terminal."""
    _ask_for(asked, longest, presses, (), search_seed)


@when(
    "any sequence of up to {count} acts on {text} is tried for {count} press(es)",
    "尝试最多{count}步、围绕{text}的任意操作序列，共按键{count}次",
)
def any_sequence_on(longest: int, scope: str, presses: int, asked: list[Question], search_seed: int) -> None:
    """The same for one part: "lock", "lock-out", "second step", ... (posrig fuzz --list-scopes)."""
    _ask_for(asked, longest, presses, (scope,), search_seed)


@then("the terminal never leaves the lock without a valid sign-on", "未经有效签到，终端始终不会离开锁定状态")
def lock_holds(asked: list[Question], rig: Rig) -> None:
    """Invariant 1, on every screen shown."""
    _ask(rig, asked, ("lock",), "the lock holds until its owner or a manager has signed on")


@then("nobody is ready without every factor of the role", "未通过全部验证的操作员始终不能进入就绪画面")
def sign_on_whole(asked: list[Question], rig: Rig) -> None:
    """Invariant 7, on every screen shown."""
    _ask(rig, asked, ("sign-on",), "the ready screen comes after every factor of the role only")


@then("every start keeps what was locked", "每次启动后原有的锁定都保持不变")
def start_keeps(asked: list[Question], rig: Rig) -> None:
    """Invariant 2."""
    _ask(rig, asked, ("start",), "lock, lock-out and host lock survive every start, a session none")


@then("every screen is one of the profile's and goes on in its time", "每个画面都在终端档案之内且按时切换")
def screens_known(asked: list[Question], rig: Rig) -> None:
    """Invariants 21 and 22, and that nothing hangs."""
    _ask(rig, asked, ("unknown screen", "liveness"), "every frame is a screen of the profile, and none hangs")


@then("each refusal beeps three times and each success once", "每次拒绝响三声，每次成功响一长声")
def beeps_right(asked: list[Question], rig: Rig) -> None:
    """As the service port tells."""
    _ask(rig, asked, ("beeps",), "three beeps for a refusal, one long one for a success")


@then("the terminal does what its model says", "终端的每一步都与参考模型一致")
def as_modelled(asked: list[Question], rig: Rig) -> None:
    """Every screen on the way, whole, with all that needs no model as well."""
    _ask(rig, asked, (), "every act leads through the screens that the reference model says")


@when("the trial {text} is made with", "在以下条件下进行试验{text}")
def trial_made(name: str, datatable: list[list[str]], tried: list[Broken | None], terminal: Terminal) -> None:
    """From power-off: one trial of docs/fuzzing.md. A table: circumstance and value; those left out are plain."""
    from posrig.fuzzing.models.terminal_r.trials.wording import circumstances, trial_named

    trial = trial_named(name)
    tried.append(trial.run(terminal, circumstances(trial, datatable)))


@then("nothing was found in the trial", "试验未发现问题")
def trial_found_nothing(tried: list[Broken | None]) -> None:
    """Fails with what should have been and what was, as the finding says it."""
    if not tried:
        raise ConfigurationError("no trial was made in this scenario", todo="make one in a step before")
    for broken in tried:
        if broken is not None:
            raise ProductFailure(f"expected: {broken.expected}\nfound:    {broken.seen}\noracle:   {broken.oracle}")


def _ask(rig: Rig, asked: list[Question], oracles: tuple[str, ...], expected: str) -> None:
    from posrig.fuzzing.models.terminal_r.asking import never_fails

    for question in asked:
        never_fails(rig, question, oracles, expected)


def _ask_for(asked: list[Question], longest: int, presses: int, scopes: tuple[str, ...], seed: int) -> None:
    from posrig.fuzzing.models.terminal_r.asking import Question

    asked.append(Question(longest, presses, scopes, seed))
