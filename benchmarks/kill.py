"""Kill a running suite outright at random instants; prove from a third connection that the rig is safe soon after.

    python benchmarks/kill.py --times 100

Starts one simulated rig that outlives every run, and runs ``pytest features`` on it as on a lab: a rig file with fixed
addresses, leases, guard. Each run is killed with SIGKILL at a random instant after its supply went on. Then a plain
socket of this program, neither the harness's nor the guard's, asks the instruments. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from posrig.description.lab import SIMULATED  # noqa: E402
from posrig.safety.incidents import take_new  # noqa: E402
from posrig.safety.lease import take  # noqa: E402

SAFE_WITHIN_S = 2.0
GIVE_UP_S = 40.0
STARTS_WITHIN_S = 60.0
CHANNELS = (*range(1001, 1020), 2001, 2002)


class Rig:
    """The simulated rig's process and the third connection to it."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "posrig.simulated"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self.process.stdout is not None
        self.ports: dict[str, int] = json.loads(self.process.stdout.readline())["ports"]

    def ask(self, name: str, line: str) -> str:
        with socket.create_connection(("127.0.0.1", self.ports[name]), timeout=5) as wire:
            wire.sendall(line.encode() + b"\n")
            return wire.makefile().readline().strip()

    @property
    def is_on(self) -> bool:
        return self.ask("supply", "OUTP? (@2)") == "1"

    @property
    def is_safe(self) -> bool:
        if self.is_on or abs(float(self.ask("supply", "MEAS:CURR? (@2)"))) > 0.02:
            return False
        return "1" not in self.ask("switch", f"ROUT:CLOS? (@{','.join(map(str, CHANNELS))})")

    def act(self, name: str, /, **args: object) -> None:
        answer = json.loads(self.ask("bench", json.dumps({"id": 1, "do": name, "args": args})))
        assert answer["ok"], answer

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)

    def rig_file(self, folder: Path) -> Path:
        """The shipped rig file as a lab's: addresses instead of a process to start."""
        text = SIMULATED.read_text(encoding="utf-8")
        begin, end = text.index("simulated:"), text.index("clock:")
        text = text[:begin] + text[end:]
        text = text.replace("name: simulated", "name: lab-1").replace("profiles/", f"{SIMULATED.parent}/profiles/")
        for name, port in self.ports.items():
            text = text.replace(f"{{{name}}}", str(port))
        path = folder / "lab-1.yaml"
        path.write_text(text, encoding="utf-8")
        return path


def one(rig: Rig, rig_file: Path, folder: Path, chance: random.Random) -> float:
    """Run, kill, measure: seconds from the kill until the rig was safe. AssertionError when anything is amiss."""
    environment = {**os.environ, "POSRIG_LEASES": str(folder / "leases"), "POSRIG_LEDGER": str(folder / "ledger")}
    environment["POSRIG_INCIDENTS"] = str(folder / "incidents")
    command = [sys.executable, "-m", "pytest", "features", "-q", "--no-report", "-p", "no:cacheprovider"]
    run = subprocess.Popen(
        [*command, "--rig", str(rig_file), "--lease-wait", "20"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + STARTS_WITHIN_S
        while not rig.is_on:
            assert run.poll() is None, f"the run ended by itself with {run.returncode} before it switched anything on"
            assert time.monotonic() < end, "the run did not start"
            time.sleep(0.005)
        time.sleep(chance.uniform(0.0, 1.5))
        assert run.poll() is None, f"the run ended by itself with {run.returncode}"
        run.send_signal(signal.SIGKILL)
        killed = time.monotonic()
        while not rig.is_safe:
            assert time.monotonic() - killed < GIVE_UP_S, "never safe"
            time.sleep(0.005)
        safe_s = time.monotonic() - killed
    finally:
        run.kill()
        run.wait()
    take(["terminal 12345678"], wait_s=2.0, directory=folder / "leases").release()
    (incident,) = take_new(folder / "incidents")
    assert incident.safe, str(incident)
    assert incident.harness_pid == run.pid, f"the incident of another run: {incident}"
    assert rig.is_safe, "not safe any more"
    assert safe_s < SAFE_WITHIN_S, f"safe only after {safe_s:.2f} s: {incident.proofs}"
    return safe_s


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance, rig = random.Random(given.seed), Rig()
    times: list[float] = []
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rig_file = rig.rig_file(folder)
        for number in range(given.times):
            try:
                times.append(one(rig, rig_file, folder, chance))
            except AssertionError as error:
                failures.append(f"kill {number + 1}: {error}")
            if number % 10 == 9:
                print(f"{number + 1} of {given.times} kills, {len(times)} safe", file=sys.stderr, flush=True)
    rig.close()
    report = {
        "kills": given.times,
        "safe": len(times),
        "seconds_to_safe": {"median": round(statistics.median(times), 3), "worst": round(max(times), 3)}
        if times
        else {},
        "failures": failures,
    }
    print(json.dumps(report))
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
