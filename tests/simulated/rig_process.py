"""Starts the real process of the simulated rig and speaks to it over its wires, with plain sockets."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

from hangs import HANGS_S

SMALL_RIG = Path(__file__).with_name("small_rig.py")
ROOT = Path(__file__).parents[2]
DEADLINE_S = HANGS_S


class Wire:
    """A line-based client of one port."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self.socket.makefile("rb")

    def write(self, text: str) -> None:
        self.socket.sendall(text.encode() + b"\n")

    def read(self) -> str:
        return self._file.readline().decode().rstrip("\n")

    def ask(self, text: str) -> str:
        self.write(text)
        return self.read()

    def read_until(self, word: str) -> list[str]:
        """Lines up to and including the first that holds the word."""
        lines = []
        for _ in range(1000):
            lines.append(self.read())
            if word in lines[-1] or not lines[-1]:
                return lines
        raise AssertionError(f"{word!r} did not come: {lines[-3:]}")

    def close(self) -> None:
        self._file.close()
        self.socket.close()


class RigProcess:
    """One running process; ``wires`` are opened on first use."""

    def __init__(self, command: list[str], options: dict[str, Any], *, argument: bool) -> None:
        text = json.dumps(options)
        self.process = subprocess.Popen(
            [sys.executable, *command, *([text] if argument else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        )
        if not argument:
            self.process.stdin.write(text + "\n")
            self.process.stdin.flush()
        first = self.process.stdout.readline()
        assert first, f"the process said nothing on standard output, and on error output: {self.process.stderr.read()}"
        self.announcement: dict[str, Any] = json.loads(first)
        self.ports: dict[str, int] = self.announcement["ports"]
        self._wires: dict[str, Wire] = {}

    def wire(self, name: str) -> Wire:
        if name not in self._wires:
            self._wires[name] = Wire(self.ports[name])
            if name in ("service", "screen"):
                self.now()  # a round trip: the process has accepted the reader
        return self._wires[name]

    def another(self, name: str) -> Wire:
        return Wire(self.ports[name])

    def forget(self, name: str) -> None:
        self._wires.pop(name).close()

    def scpi(self, name: str, message: str) -> str:
        return self.wire(name).ask(message)

    def now(self) -> float:
        return float(self.wire("clock").ask("N").split()[0])

    def advance(self, seconds: float) -> None:
        answer = self.wire("clock").ask(f"A {seconds}")
        assert not answer.startswith("E"), answer

    def act(self, name: str, /, **args: Any) -> Any:
        answer = json.loads(self.wire("bench").ask(json.dumps({"id": 1, "do": name, "args": args})))
        assert answer["ok"], answer["error"]
        return answer["result"]

    def refused(self, name: str, /, **args: Any) -> str:
        answer = json.loads(self.wire("bench").ask(json.dumps({"id": 7, "do": name, "args": args})))
        assert not answer["ok"], answer
        assert answer["id"] == 7
        return answer["error"]

    def lines(self) -> list[str]:
        """All service lines sent so far that this client has not read."""
        wire = self.wire("service")
        last = int(self.wire("clock").ask("N").split()[3])
        seen = getattr(self, "_seen", None)
        lines: list[str] = []
        while last and (seen is None or seen < last):
            line, _, check = wire.read().rpartition(" *")
            assert check == f"{zlib.crc32(line.encode()):08x}"
            lines.append(line)
            seen = int(lines[-1].split()[0])
        self._seen = seen
        return lines

    def power(self, volts: float = 5.0, amps: float = 1.0) -> None:
        answer = self.scpi("supply", f"VOLT {volts},(@2);CURR {amps},(@2);:OUTP ON,(@2);*ESR?")
        assert int(answer) & 0x3C == 0, self.scpi("supply", "SYST:ERR?")

    def press(self, channel: int) -> None:
        self.scpi("switch", f"ROUT:CLOS (@{channel});*ESR?")
        self.advance(0.1)
        self.scpi("switch", f"ROUT:OPEN (@{channel});*ESR?")
        self.advance(0.1)

    def frames(self) -> list[list[str]]:
        """Whole repaints on the screen port up to the last one that the clock wire counts."""
        wire = self.wire("screen")
        frame = int(self.wire("clock").ask("N").split()[2])
        data = b""
        while f"painted {frame}\x07".encode() not in data:
            chunk = wire.socket.recv(65536)
            assert chunk, "the screen port closed"
            data += chunk
        return [re.findall(r"\x1b\[\d;1H([^\x1b]*)", part) for part in data.decode().split("\x1b[2J")[1:]]

    def frames_reset(self) -> None:
        """Come anew: what was painted before is of no interest."""
        self.forget("screen")
        self.wire("screen")

    def end(self) -> int:
        for wire in self._wires.values():
            wire.close()
        self.process.stdin.close()
        code = self.process.wait(DEADLINE_S)
        self.errors = self.process.stderr.read()
        self.process.stdout.close()
        self.process.stderr.close()
        return code
