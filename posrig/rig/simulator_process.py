"""Starts and stops the simulated rig's process. It ends by itself when this process dies: its standard input closes."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from typing import Any

from posrig.ground.child import module_command, module_environment
from posrig.ground.deadline import Deadline
from posrig.ground.faults import ConfigurationError, RigFault
from posrig.ground.json_text import parsed_json

STARTS_WITHIN_S = 120.0
"""A bound against hanging: it takes a second on a quiet machine, and a busy one has no rig fault."""
ENDS_WITHIN_S = 3.0
_OPTIONS_REFUSED = 4


class SimulatorProcess:
    """One running ``python -m posrig.simulated``. ``addresses`` fills ``{supply}``, ``{screen}`` ... in rig files."""

    def __init__(self, options: Mapping[str, Any], starts_within_s: float = STARTS_WITHIN_S) -> None:
        # a file and no pipe: a pipe that nobody empties would stop the process after 64 KiB of warnings
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._process = subprocess.Popen(
            module_command("posrig.simulated", "--options", "-"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=module_environment(),
            start_new_session=True,  # Ctrl-C goes to the harness, which still has to switch the supply off
        )
        try:
            self._say(json.dumps(options).encode() + b"\n")
            answer = self._first_line(starts_within_s)
        except BaseException:
            self.stop()
            raise
        ports, ttys = answer["ports"], answer.get("ttys") or {}
        self.pid: int = self._process.pid
        self.ports: dict[str, int] = dict(ports)
        self.addresses: dict[str, str] = {
            **{name: str(port) for name, port in ports.items()},
            **{f"{name}_tty": path for name, path in ttys.items()},
        }

    def _say(self, line: bytes) -> None:
        if self._process.stdin is None:
            return
        with contextlib.suppress(BrokenPipeError):  # it died at once: its own words say why
            self._process.stdin.write(line)
            self._process.stdin.flush()

    def _first_line(self, within_s: float) -> dict[str, Any]:
        deadline, data = Deadline(within_s), b""
        out = self._process.stdout
        while out is not None and b"\n" not in data:
            ready, _, _ = select.select([out], [], [], deadline.remaining)
            if not ready:
                raise self._fault(f"the simulated rig did not start within {within_s:g} s")
            more = os.read(out.fileno(), 65_536)
            if not more:
                code = self._process.wait(STARTS_WITHIN_S)
                if code == _OPTIONS_REFUSED:
                    raise ConfigurationError(
                        f"the simulated rig refused its options:\n{self._words()}", where="rig file, field simulated"
                    )
                raise self._fault(f"the simulated rig ended at once with exit code {code}")
            data += more
        try:
            answer = parsed_json(data.partition(b"\n")[0])
            _ = answer["ports"]["clock"]
        except (ValueError, KeyError, TypeError):
            raise self._fault(f"the simulated rig said {data[:80]!r} instead of its ports") from None
        return dict(answer)

    @property
    def life_line(self) -> tuple[int, ...]:
        """The descriptor whose closing ends the process; whoever inherits it keeps the process alive."""
        pipe = self._process.stdin
        return () if pipe is None or pipe.closed else (pipe.fileno(),)

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        """Close its standard input, wait, and kill it when it does not end. May be called twice; never raises."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        for hurry in (self._process.terminate, self._process.kill, None):
            try:
                self._process.wait(ENDS_WITHIN_S)
                break
            except subprocess.TimeoutExpired:
                if hurry is not None:
                    hurry()
        self._errors.close()

    @property
    def failed(self) -> bool:
        """It ended by itself with an error, and was not stopped."""
        return bool(self._process.returncode) and self._process.returncode > 0

    def _words(self) -> str:
        self._errors.seek(0)
        rows: Sequence[str] = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        if any(row.startswith("Traceback") for row in rows):
            rows = rows[-1:]  # a person reads this, and the last line says what went wrong
        return "\n".join(rows[-6:])

    def _fault(self, found: str) -> RigFault:
        words = self._words()
        return RigFault(
            found + (f"; it said:\n{words}" if words else ""),
            instrument="simulated rig",
            where=f"{sys.executable} -m posrig.simulated",
        )
