"""The clocks: the chip (can be set, can be lost) and what may be believed of it.

The chip's battery-backed seconds counter cannot be set; lock-outs run on it. Wall time is trusted for time codes and
password age only when it is not before the latest time the terminal has on record, nor before the terminal was made: a
chip that has lost its battery and was not set since knows nothing, also when nothing is on record yet.
"""

from __future__ import annotations

from datetime import UTC, datetime

from posrig.simulated.terminals.r.firmware.room import Room

BACKWARDS_TOLERANCE_S = 120.0
"""A host correction by less than this is no reason to distrust the chip."""
MADE = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
"""No terminal R is older; a lost chip begins at 2000-01-01."""


class Clock(Room):
    def timestamp(self) -> float:
        """The chip's time as seconds since the epoch."""
        return self.fw.board.rtc.read().timestamp()

    def counter(self) -> float:
        """Seconds on the chip's counter: runs without power, cannot be set, starts at 0 after a dead battery."""
        return self.fw.board.rtc.counter()

    def note(self) -> None:
        """Remember the latest time seen; called with each log record."""
        now = self.timestamp()
        if now > self.latest():
            self.fw.store.put("clock.latest", now)

    def latest(self) -> float:
        return float(self.fw.store.get("clock.latest", 0.0))

    def trusted(self) -> bool:
        """Not lost (a dead clock battery reads 2000-01-01), and not set back behind what is on record."""
        now = self.timestamp()
        return now >= MADE and now >= self.latest() - BACKWARDS_TOLERANCE_S

    def correct(self, to: datetime, source: str) -> int:
        """Set the chip from an authentic source (the host, the admin) and log it; the record's number."""
        before = self.timestamp()
        self.fw.board.rtc.set(to.astimezone(UTC))
        self.fw.store.put("clock.latest", to.timestamp())
        self.fw.passwords.settle_ages()
        return self.fw.log.add("clock", result=f"{to.timestamp() - before:+.0f}s", operator=source)
