"""The fingerprint sensor and the actuator that puts a finger, or a copy of one, on it."""

from __future__ import annotations

from collections.abc import Callable


class FingerSensor:
    """Fulfils :class:`posrig.simulated.hardware.board.Finger`."""

    def __init__(self) -> None:
        self.working = True
        self.on_touch: Callable[[str, bool], None] = _ignore

    def touch(self, finger: str, alive: bool) -> None:
        """A dead sensor reports nothing."""
        if self.working:
            self.on_touch(finger, alive)

    def reset(self) -> None:
        self.working = True
        self.on_touch = _ignore

    def power_down(self) -> None:
        self.on_touch = _ignore


def _ignore(_finger: str, _alive: bool) -> None:
    return
