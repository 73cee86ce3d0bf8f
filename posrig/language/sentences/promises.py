"""What the profile of a terminal promises (``rules:``): a need, and a word for the reader.

Where it is not promised the scenario is skipped; where it is, the other steps see whether it is kept.
"""

from __future__ import annotations

from posrig.language.decorators import given
from posrig.terminal.terminal import Terminal


@given("the lock-out of this terminal survives power cuts", "停用不受断电影响", uses=("rule lock-out survives power",))
def lock_out_survives(terminal: Terminal) -> None:
    """Neither the lock-out nor its end is moved by a power cut."""


@given(
    "the host's lock of this terminal survives power cuts",
    "后台锁定不受断电影响",
    uses=("rule host lock survives power",),
)
def host_lock_survives(terminal: Terminal) -> None:
    """The host's lock is there again after each start."""


@given("wrong passwords of this terminal add up", "错误次数合并计算", uses=("rule wrong passwords add up",))
def add_up(terminal: Terminal) -> None:
    """Of whomever and at whatever prompt they were typed."""


@given("a power cut ends the sessions of this terminal", "断电会结束签到", uses=("rule session ends with power",))
def session_ends(terminal: Terminal) -> None:
    """After each start nobody is signed on."""


@given("a reset of this terminal goes on after a power cut", "中断的恢复出厂会继续完成", uses=("rule reset resumes",))
def reset_resumes(terminal: Terminal) -> None:
    """A reset that lost its power is finished at the next start."""


@given("a reset of this terminal leaves its passwords", "恢复出厂后原密码有效", uses=("rule reset restores passwords",))
def reset_leaves(terminal: Terminal) -> None:
    """The passwords of the rig file hold after it too."""


@given("first passwords of this terminal are known", "本终端的初始密码已公开", uses=("first passwords",))
def first_known(terminal: Terminal) -> None:
    """The profile says what a reset leaves (first_password)."""
