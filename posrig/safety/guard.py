"""The guard: a process of its own that makes the rig safe when the harness is killed outright.

SIGKILL and the out-of-memory killer leave no ``finally`` to run. The guard holds the end of a pipe; when it closes
without a goodbye, or the harness's process is gone, the guard opens its own VISA sessions, brings the rig to its safe
state, proves it by read-back and writes an incident record (posrig/safety/guard_process.py). It lives in its own
session: a Ctrl-C or a signal to the harness's process group does not reach it.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType

from posrig.description.rig_file import Instrument, RigDescription, filled
from posrig.ground.child import module_command, module_environment
from posrig.ground.deadline import Deadline
from posrig.ground.faults import RigFault
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
        incidents: Path | None = None,
        job: str = "",
        patience_s: float = PATIENCE_S,
    ) -> None:
        """Start it; :meth:`wait_ready` before the first risky act.

        ``description`` has its addresses filled. ``keep_open`` are descriptors that must outlive a killed harness: the
        life line of a simulated rig's process, and the leases, so that no other job gets the rig before it is safe.
        ``patience_s`` bounds its attempts. Raises OSError when no process can be started.
        """
        self._kept = tuple(keep_open)
        self._process = subprocess.Popen(
            module_command(PROCESS),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=module_environment(),
            pass_fds=self._kept,
            start_new_session=True,
        )
        self._ready = False
        order = {
            "description": description.model_dump(mode="json"),
            "incidents": str((incidents or incident_folder()).absolute()),
            "harness_pid": os.getpid(),
            "job": job,
            "patience_s": patience_s,
        }
        self._say(order)

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_ready(self, within_s: float = STARTS_WITHIN_S) -> None:
        """Return when it watches. Raises RigFault: without its guard a rig is not powered."""
        if self._ready:
            return self.check()
        deadline, out = Deadline(within_s), self._process.stdout
        answer = b""
        while out is not None and b"\n" not in answer:
            readable, _, _ = select.select([out], [], [], deadline.remaining)
            more = os.read(out.fileno(), 4096) if readable else b""
            if not more:
                raise self._fault(f"did not start within {within_s:g} s" if not readable else "ended at once")
            answer += more
        if answer.strip() != b"watching":
            raise self._fault(f"said {answer[:80]!r} instead of 'watching'")
        self._ready = True
        return None

    def check(self) -> None:
        """Raise RigFault when the guard is gone: then a kill would leave the supply on."""
        if self._process.poll() is not None:
            raise self._fault("is gone")

    def doing(self, what: str) -> None:
        """What is going on now (a scenario's name), for the incident record."""
        self._say({"doing": what[:500]})

    def goodbye(self) -> None:
        """The rig is safe, or was never touched: the guard ends without an act. Never raises; may be called twice."""
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
        self._say({"take_over": True})
        self._close_pipes()

    def _close_pipes(self) -> None:
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
    """The description with ``{supply}`` and ``{switch}`` filled: the guard cannot ask a simulated rig for its ports."""

    def at(instrument: Instrument) -> Instrument:
        return instrument.model_copy(update={"resource": filled(instrument.resource, dict(addresses))})

    instruments = description.instruments
    filled_in = instruments.model_copy(update={"supply": at(instruments.supply), "switch": at(instruments.switch)})
    return description.model_copy(update={"instruments": filled_in})
