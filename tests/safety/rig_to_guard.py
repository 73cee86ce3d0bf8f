"""The rig's side of the guard tests: a simulated rig that outlives every harness, and a third connection to it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from hangs import HANGS_S

ROOT = Path(__file__).parents[2]
SMALL_RIG = ROOT / "tests" / "simulated" / "small_rig.py"
HARNESS = Path(__file__).with_name("harness_under_guard.py")
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}


class RigToGuard:
    """A rig process of the test itself; ``ask`` is a third connection, by plain sockets."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(SMALL_RIG), "{}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=ENVIRONMENT,
        )
        assert self.process.stdout is not None
        self.ports: dict[str, int] = json.loads(self.process.stdout.readline())["ports"]

    def ask(self, name: str, line: str) -> str:
        with socket.create_connection(("127.0.0.1", self.ports[name]), timeout=HANGS_S) as wire:
            wire.sendall(line.encode() + b"\n")
            return wire.makefile().readline().strip()

    def act(self, name: str, /, **args: object) -> None:
        answer = json.loads(self.ask("bench", json.dumps({"id": 1, "do": name, "args": args})))
        assert answer["ok"], answer

    def state(self) -> tuple[bool, float, frozenset[int]]:
        """Output on, amperes, closed channels, as the instruments say."""
        channels = [*range(1001, 1020), 2001, 2002]
        found = self.ask("switch", f"ROUT:CLOS? (@{','.join(map(str, channels))})").split(",")
        closed = frozenset(channel for channel, state in zip(channels, found, strict=True) if int(state))
        return self.ask("supply", "OUTP? (@2)") == "1", float(self.ask("supply", "MEAS:CURR? (@2)")), closed

    @property
    def safe(self) -> bool:
        on, amperes, closed = self.state()
        return not on and abs(amperes) < 0.02 and not closed

    def safe_within(self, seconds: float) -> float:
        """Seconds until the rig was safe; raises when it was not in time."""
        start = time.monotonic()
        while not self.safe:
            assert time.monotonic() - start < seconds, f"not safe after {seconds} s: {self.state()}"
            time.sleep(0.01)
        return time.monotonic() - start

    def harness(self, folder: Path) -> subprocess.Popen[str]:
        """A harness that is running, supply on. ``guard_pid`` of what it printed is :func:`guard_of`."""
        given = {"ports": self.ports, "leases": str(folder / "leases"), "incidents": str(folder / "incidents")}
        return subprocess.Popen(
            [sys.executable, str(HARNESS), json.dumps(given)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=ENVIRONMENT,
        )

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(HANGS_S)


def guard_of(harness: subprocess.Popen[str]) -> int:
    """Wait until it runs; the process number of its guard."""
    assert harness.stdout is not None
    word, _, pid = harness.stdout.readline().strip().partition(" ")
    assert word == "running"
    return int(pid)


def gone_within(pid: int, seconds: float) -> bool:
    """A process that is not our child ends, with all its threads: until then it holds its files (or is a zombie of nobody)."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            if state == "Z" and len(os.listdir(f"/proc/{pid}/task")) == 1:
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.01)
    return False
