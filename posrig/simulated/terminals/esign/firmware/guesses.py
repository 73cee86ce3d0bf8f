"""Passwords are asked for here and nowhere else: five wrong ones in a row stop the terminal for two minutes.

Count and time survive the power; the time runs on the clock chip's second counter.
"""

from __future__ import annotations

from collections.abc import Callable

from posrig.simulated.terminals.esign.firmware.people import People, digits
from posrig.simulated.terminals.pages import Core, Entry, Page, Then

MOST, STOP_S, REFUSAL_S, TICK_S = 5, 120.0, 2.0, 10.0
KEYS = ("OK", "CLEAR", "CANCEL")


class Guesses:
    def __init__(self, core: Core, people: People) -> None:
        self.core, self.people = core, people

    def ask(
        self,
        screen: str,
        head: tuple[str, ...],
        operator: str,
        done: Then,
        back: Then,
        *,
        stays_s: float | None = 60.0,
        more: dict[str, Then] | None = None,
    ) -> None:
        """Show the prompt of this operator's password; ``done`` when it was right."""
        self.core.show(self.prompt(screen, head, operator, done, back, stays_s=stays_s, more=more))

    def prompt(
        self,
        screen: str,
        head: tuple[str, ...],
        operator: str,
        done: Then,
        back: Then,
        *,
        stays_s: float | None = 60.0,
        more: dict[str, Then] | None = None,
    ) -> Entry:
        return self.core.entry(
            screen,
            lambda typed: (*head, "", f"密码:{typed}"),
            lambda typed: self._judge(operator, typed, done),
            back,
            most=digits(operator),
            keys=KEYS,
            secret=True,
            stays_s=stays_s,
            more=more,
        )

    def _judge(self, operator: str, typed: str, done: Then) -> None:
        if self.people.knows(operator, typed):
            self.keep(0)
            done()
        else:
            self.refuse()

    def refuse(self) -> None:
        wrong = self.count() + 1
        if wrong >= MOST:
            self.keep(0)
            self.core.flash.put(stopped_at=self.core.board.rtc.counter())
            self.core.home()
            return
        self.keep(wrong)
        self.core.note("refused", REFUSAL_S, ("", "密码错误", "", f"剩余次数: {MOST - wrong}"))

    def count(self) -> int:
        return int(self.core.flash.get("wrong", 0))

    def keep(self, wrong: int) -> None:
        if wrong != self.count():
            self.core.flash.put(wrong=wrong)

    # the stop

    def left_s(self) -> float:
        """Seconds until anybody may try again. A second counter that began anew ends nothing."""
        since = self.core.flash.get("stopped_at")
        if since is None:
            return 0.0
        passed = self.core.board.rtc.counter() - since
        if passed >= STOP_S:
            self.core.flash.put(stopped_at=None)
            return 0.0
        if passed < 0:
            self.core.flash.put(stopped_at=self.core.board.rtc.counter())
        return float(min(STOP_S - passed, STOP_S))

    def page(self) -> Page:
        def rows() -> tuple[str, ...]:
            return ("", "密码错误次数过多", "终端已停用", "", f"请等待 {self.left_s():.0f} 秒")

        page = Page("stopped", rows, stays_s=self.left_s() % TICK_S or TICK_S, then=self.core.home)
        page.keys_extend = False
        return page


Take = Callable[[str], None]
