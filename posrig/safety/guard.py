"""The guard: a process of its own that makes the rig safe when the harness is killed outright.

SIGKILL and the out-of-memory killer leave no ``finally`` to run. The guard holds the end of a pipe; when it closes
without a goodbye, or the harness's process is gone, the guard opens its own VISA sessions, brings the rig to its safe
state, proves it by read-back and writes an incident record (posrig/safety/guard_process.py). It lives in its own
session: a Ctrl-C or a signal to the harness's process group does not reach it. Both sides give signs of life
(posrig/safety/heartbeat.py).
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType

from posrig.description.rig_file import Instrument, RigDescription, filled
from posrig.ground.child import module_command, module_environment
from posrig.ground.faults import RigFault
from posrig.safety.heartbeat import BEAT_S, STOPPED_GUARD_S, Heard
from posrig.safety.incidents import incident_folder

PROCESS = "posrig.safety.guard_process"
STARTS_WITHIN_S = 120.0
"""A bound against hanging: it takes 0.3 s on a quiet machine, and a busy one is no rig fault."""
GOODBYE_WITHIN_S = 3.0
PATIENCE_S = 30.0
"""How long a guard tries again what it could not prove: an instrument that restarts is back by then. It keeps the
leases meanwhile."""


class Guard:
    """A running guard. Start it before the first risky act; say :meth:`goodbye` after the rig was proved safe."""

    def __init__(
        self,
        description: RigDescription,
        *,
        keep_open: Iterable[int] = (),
        leases: Iterable[int] = (),
        incidents: Path | None = None,
        job: str = "",
        patience_s: float = PATIENCE_S,
        stages: Iterable[str] | None = None,
        on_lost: Callable[[RigFault], None] | None = None,
    ) -> None:
        """Start it; :meth:`wait_ready` before the first risky act.

        ``description`` has its addresses filled. ``keep_open`` are descriptors that must outlive a killed harness: the
        life line of a simulated rig's process; ``leases`` too, so that no other job gets the rig before it is safe.
        ``patience_s`` bounds its attempts. ``stages``: names of what it makes safe (None: all), :meth:`touches` adds
        to them. ``on_lost`` is called, from another thread, when a guard that watched does so no more. Raises
        OSError when no process can be started.
        """
        leases = tuple(leases)
        self._process = subprocess.Popen(
            module_command(PROCESS),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=module_environment(),
            pass_fds=(*keep_open, *leases),
            start_new_session=True,
        )
        self.lost: RigFault | None = None
        """Why it does not watch any more."""
        self._ready, self._over = threading.Event(), threading.Event()
        self._on_lost, self._dismissed = on_lost, False
        self._last_words = ""
        order = {
            "description": description.model_dump(mode="json"),
            "incidents": str((incidents or incident_folder()).absolute()),
            "harness_pid": os.getpid(),
            "job": job,
            "patience_s": patience_s,
            "leases": leases,
            "stages": None if stages is None else tuple(stages),
        }
        self._say(order)
        self._listener = threading.Thread(target=self._listen, name=f"guard {self.pid}", daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_ready(self, within_s: float = STARTS_WITHIN_S) -> None:
        """Return when it watches. Raises RigFault: without its guard a rig is not powered."""
        if not self._ready.wait(within_s) and not self._over.is_set():
            raise self._fault(f"did not start within {within_s:g} s")
        self.check()

    def check(self) -> None:
        """Raise RigFault when the guard is gone: then a kill would leave the supply on."""
        if self.lost is None and self._process.poll() is not None:
            self.lost = self._fault(self._last_words or "is gone")
        if self.lost is not None:
            raise self.lost

    def touches(self, stage: str) -> None:
        """Before an act: from now on the guard makes this stage safe too."""
        self._say({"stage": stage})

    def doing(self, what: str) -> None:
        """What is going on now (a scenario's name), for the incident record."""
        self._say({"doing": what[:500]})

    def goodbye(self) -> None:
        """The rig is safe, or was never touched: the guard ends without an act. Never raises; may be called twice."""
        self._dismissed = True
        self._say({"goodbye": True})
        self._close_pipes()
        try:
            self._process.wait(GOODBYE_WITHIN_S)
        except subprocess.TimeoutExpired:
            # it holds the simulated rig's life line and the leases: it may not stay
            self._process.kill()
            self._process.wait()

    def take_over(self) -> None:
        """This process could not prove the rig safe: the guard tries now, and ends by itself."""
        self._dismissed = True
        self._say({"take_over": True})
        self._close_pipes()

    def _listen(self) -> None:
        """In a thread: what the guard says, and a sign of life for it in each round."""
        out, said = self._process.stdout, b""
        heard = Heard(self.pid, STOPPED_GUARD_S)
        while out is not None and not self._over.wait(0.0):
            readable, _, _ = select.select([out], [], [], BEAT_S)
            more = os.read(out.fileno(), 4096) if readable else b""
            if readable and not more:
                return self._end(self._last_words or ("is gone" if self._ready.is_set() else "ended at once"))
            *lines, said = (said + more).split(b"\n")
            for line in lines:
                heard.beat()
                self._hear(line)
            if not readable and self._ready.is_set() and (why := heard.round()):
                return self._end(why)
            self._say({"beat": True})
        return None

    def _hear(self, line: bytes) -> None:
        if line == b"watching":
            self._ready.set()
        elif line not in (b"", b"."):
            self._last_words = line.decode("utf-8", "replace")[:200]

    def _end(self, why: str) -> None:
        """It watches no more. One that stands still is killed: it must not act when it goes on."""
        if self._dismissed:
            return
        with contextlib.suppress(OSError):
            self._process.kill()
        self.lost = self._fault(why)
        was_ready = self._ready.is_set()
        self._over.set()
        self._ready.set()
        if was_ready and self._on_lost is not None:
            self._on_lost(self.lost)

    def _close_pipes(self) -> None:
        self._over.set()
        if threading.current_thread() is not self._listener:
            self._listener.join(GOODBYE_WITHIN_S)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def __enter__(self) -> Guard:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.goodbye()

    def _say(self, message: dict[str, object]) -> None:
        pipe = self._process.stdin
        if pipe is None or pipe.closed:
            return
        with contextlib.suppress(OSError):  # a guard that is gone is found by `check`
            os.write(pipe.fileno(), json.dumps(message).encode() + b"\n")

    def _fault(self, found: str) -> RigFault:
        return RigFault(
            f"the guard process {found}",
            instrument="guard",
            where=f"{sys.executable} -m {PROCESS}, process {self._process.pid}",
            todo="run it by hand to see why; a rig without a guard stays on when the harness is killed",
        )


def with_addresses(description: RigDescription, addresses: Mapping[str, str]) -> RigDescription:
    """The description with the instruments' addresses filled: the guard cannot ask a simulated rig for its ports."""

    def at(instrument: Instrument) -> Instrument:
        return instrument.model_copy(update={"resource": filled(instrument.resource, dict(addresses))})

    instruments = description.instruments
    there = {"supply": instruments.supply, "switch": instruments.switch, "meter": instruments.meter}
    filled_in = instruments.model_copy(update={name: one and at(one) for name, one in there.items()})
    return description.model_copy(update={"instruments": filled_in})
