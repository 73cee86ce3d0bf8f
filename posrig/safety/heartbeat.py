"""Signs of life between the harness and its guard, both ways: each notices when the other one stands still.

A process on a busy computer may be late: so beats that did not come are counted by the listener's own rounds, which are
late then too, and a process that was stopped (SIGSTOP, a debugger) is told from one that only waits for its turn.
"""

from __future__ import annotations

from pathlib import Path

BEAT_S = 0.3
"""Real seconds from beat to beat, in both directions."""
STOPPED_GUARD_S = 0.9
"""A guard that is stopped is lost after so long: noticed, and the rig safe, within two seconds."""
STOPPED_HARNESS_S = 5.0
"""A harness that is stopped is given so long: Ctrl-Z and ``fg``, a look with a debugger. Then its guard acts."""
HUNG_S = 20.0
"""Either of them, not stopped and without a sign of life: it hangs."""


class Heard:
    """What one side has heard of the other; :meth:`round` once every :data:`BEAT_S`."""

    def __init__(self, pid: int, stopped_s: float) -> None:
        self._pid, self._stopped_s = pid, stopped_s
        self._silent = 0

    def beat(self) -> None:
        """A sign of life."""
        self._silent = 0

    def round(self) -> str:
        """Why the other one is taken for lost (``stopped``, ``hangs``), or an empty text."""
        self._silent += 1
        silent_s = self._silent * BEAT_S
        if silent_s >= HUNG_S:
            return f"has given no sign of life for {silent_s:.0f} s"
        if silent_s >= self._stopped_s and is_stopped(self._pid):
            return f"has been stopped for {silent_s:.1f} s"
        return ""


def is_stopped(pid: int) -> bool:
    """By a signal or a debugger. False where the system does not tell."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0] in "Tt"
    except (OSError, IndexError):
        return False
