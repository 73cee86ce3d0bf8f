"""Number, then password: the one way in which this terminal asks who somebody is, at sign-on, lock, update, reset."""

from __future__ import annotations

from collections.abc import Callable

from posrig.simulated.terminals.counter.firmware.attempts import Attempts
from posrig.simulated.terminals.counter.firmware.staff import DIGITS, Staff
from posrig.simulated.terminals.pages import Core, Then

KEYS = ("HASH", "STAR", "STAR")
REFUSAL_S = 3.0
FOOT = "*键返回       #键确认"


class Prompts:
    def __init__(self, core: Core, staff: Staff, attempts: Attempts) -> None:
        self.core, self.staff, self.attempts = core, staff, attempts

    def who(self, screen: str, title: str, done: Callable[[str], None], back: Then) -> None:
        """Ask for a staff number and its password; ``done`` gets the number of who proved it."""
        self.core.show(
            self.core.entry(
                screen,
                lambda typed: (title, "", "请输入工号:", typed, "", "", "", FOOT),
                lambda number: self.password(screen, title, number, done, back),
                back,
                most=DIGITS,
                keys=KEYS,
            )
        )

    def password(self, screen: str, title: str, number: str, done: Callable[[str], None], back: Then) -> None:
        self.core.show(
            self.core.entry(
                f"{screen}_pwd",
                lambda typed: (title, f"工号 {number}", "请输入密码:", typed, "", "", "", FOOT),
                lambda typed: self._judge(number, typed, done),
                back,
                most=DIGITS,
                keys=KEYS,
                secret=True,
            )
        )

    def _judge(self, number: str, typed: str, done: Callable[[str], None]) -> None:
        if self.staff.knows(number, typed):
            self.attempts.succeeded()
            done(number)
        else:
            self.refuse()

    def refuse(self) -> None:
        left = self.attempts.failed()
        if left:
            self.core.note("refused", REFUSAL_S, ("工号或密码错误", "", f"还可以试{left}次"))
        else:
            self.core.home()
