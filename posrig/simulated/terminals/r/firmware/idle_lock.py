"""Idle lock (C03): 1 to 15 minutes without a key, on every page while somebody is signed on.

Only keys count as activity: host messages, sticks and the clock do not. The last 10 s show ``lock_soon``; the key that
ends it is not acted on. Service pages lock after 5 min at the latest. Work at the host is waited for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posrig.simulated.terminals.r.firmware.pages import Page
from posrig.simulated.terminals.r.firmware.room import Room

if TYPE_CHECKING:
    from posrig.simulated.loop.scheduler import Timer
    from posrig.simulated.terminals.r.firmware.contracts.device import Device

WARNING_S = 10.0
SERVICE_PAGE_S = 300.0
DEFAULT_MIN = 5


class IdleLock(Room):
    def __init__(self, fw: Device) -> None:
        super().__init__(fw)
        self._last = 0.0
        self._timer: Timer | None = None

    def minutes(self) -> int:
        return int(self.fw.parameter("idle_lock_min", DEFAULT_MIN))

    def touch(self) -> None:
        """A key was pressed, or a session began. The timer is looked at when it is due, not moved by each key."""
        self._last = self.fw.board.now
        if self._timer is None and self.fw.sign_on.operator is not None:
            self._wait()

    def runs(self) -> bool:
        """On every page, menus of management too."""
        return self.fw.sign_on.operator is not None

    def limit_s(self) -> float:
        limit = self.minutes() * 60.0
        return min(limit, SERVICE_PAGE_S) if self.fw.pages.beneath.service else limit

    def postponed(self) -> bool:
        """Work that must not be cut goes on."""
        return self.fw.pages.beneath.busy or self.fw.transactions.busy()

    def left_s(self) -> float:
        return self._last + self.limit_s() - self.fw.board.now

    def _wait(self) -> None:
        # looked at again after a minute at the latest: the page, and so the limit, may have changed without a key
        delay = min(max(self.left_s() - WARNING_S, 0.0), 60.0)
        self._timer = self.fw.board.after(delay, self._look)

    def _look(self) -> None:
        self._timer = None
        if not self.runs():
            return
        left = self.left_s()
        if left > WARNING_S + 1e-6:
            self._wait()
        elif self.postponed():
            self._timer = self.fw.board.after(1.0, self._look)
        elif left > 1e-6:
            self.warn()
        else:
            self.expired()

    def warn(self) -> None:
        """``lock_soon`` over whatever is shown. When work made it late, the warning still lasts its ten seconds."""
        self._last = self.fw.board.now - self.limit_s() + WARNING_S
        self._timer = self.fw.board.after(WARNING_S, self._look)
        self.fw.pages.cover(LockSoon(self))

    def expired(self) -> None:
        if self.fw.lock_states.locked():
            self.fw.sign_on.close_session()
            self.fw.home()
        else:
            self.fw.lock.by_idle()

    def stay(self, key: str) -> None:
        """A key at ``lock_soon``: back to the page as it was, whatever key it was."""
        self.fw.pages.uncover()
        self.touch()


class LockSoon(Page):
    screen = "lock_soon"
    tick_s = 1.0

    def __init__(self, room: IdleLock) -> None:
        super().__init__(room.fw)
        self._room, self._until = room, room.fw.board.now + WARNING_S

    def fields(self) -> dict[str, object]:
        return {"left": max(round(self._until - self.fw.board.now), 1)}

    def enter(self) -> None:
        self.fw.board.beep("short")

    def key(self, key: str) -> None:
        self._room.stay(key)
