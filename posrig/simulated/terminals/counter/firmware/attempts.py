"""Wrong passwords: four in a row, of whomever and at whatever prompt, stop the terminal for five minutes.

Both the count and the time that is left survive the power; the time runs on the clock chip's second counter.
"""

from __future__ import annotations

from posrig.simulated.terminals.pages import Core

MOST, STOP_S = 4, 300.0


class Attempts:
    def __init__(self, core: Core) -> None:
        self.core = core

    def failed(self) -> int:
        """Count one more; how many are left."""
        wrong = self.count() + 1
        if wrong >= MOST:
            self.keep(0)
            self.core.flash.put(stopped_at=self.core.board.rtc.counter())
            return 0
        self.keep(wrong)
        return MOST - wrong

    def succeeded(self) -> None:
        if self.count():
            self.keep(0)

    def count(self) -> int:
        return int(self.core.flash.get("wrong", 0))

    def keep(self, wrong: int) -> None:
        self.core.flash.put(wrong=wrong)

    def left_s(self) -> float:
        """Seconds until anybody may try again; 0 when nobody is stopped. A counter that began anew ends nothing."""
        since = self.core.flash.get("stopped_at")
        if since is None:
            return 0.0
        passed = self.core.board.rtc.counter() - since
        if passed >= STOP_S:
            self.core.flash.put(stopped_at=None)
            return 0.0
        if passed < 0:
            self.core.flash.put(stopped_at=self.core.board.rtc.counter())
            return STOP_S
        return float(STOP_S - passed)
