"""End every command in every violent way; prove from a third connection that the rig is safe soon after.

    python benchmarks/kill.py --times 100 --command run --ending SIGKILL
    python benchmarks/kill.py --times 3

Starts one simulated rig that outlives every command, and has each run on it as on a lab: a rig file with fixed
addresses, leases, guard. Each is ended at a random instant after its supply went on. Then a plain socket of this
program, neither the harness's nor the guard's, asks the instruments. Prints a table, and one JSON object.
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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from posrig.description.lab import SIMULATED  # noqa: E402
from posrig.safety.incidents import take_new  # noqa: E402
from posrig.safety.lease import take  # noqa: E402

SAFE_WITHIN_S = 2.0
GIVE_UP_S = 40.0
STARTS_WITHIN_S = 90.0
CHANNELS = (*range(1001, 1020), 2001, 2002)
POSRIG = (sys.executable, "-m", "posrig.commands.main")
LONG = ["CLEAR*1000"] * 40


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
        text = text.replace("name: simulated", "name: lab-1").replace("profiles/", f"{SIMULATED.parent}/profiles/")
        for name, port in self.ports.items():
            text = text.replace(f"{{{name}}}", str(port))
        # `qualify` takes only a rig with a section 'simulated': it starts one that nobody then speaks to
        (folder / "lab-1-simulated.yaml").write_text(text, encoding="utf-8")
        begin, end = text.index("simulated:"), text.index("clock:")
        path = folder / "lab-1.yaml"
        path.write_text(text[:begin] + text[end:], encoding="utf-8")
        return path


@dataclass(frozen=True)
class Lab:
    """The rig, its file, and a folder for what commands write."""

    rig: Rig
    rig_file: Path
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        names = {name: str(self.folder / name.lower()) for name in ("LEASES", "LEDGER", "INCIDENTS")}
        return {**os.environ, **{f"POSRIG_{name}": path for name, path in names.items()}}

    @property
    def commands(self) -> dict[str, list[str]]:
        """Each runs for long enough to be ended in the middle."""
        on, out = ["--rig", str(self.rig_file)], str(self.folder / "out")
        on_simulated = ["--rig", str(self.rig_file.with_stem("lab-1-simulated"))]
        suite = [sys.executable, "-m", "pytest", "features", "-q", "--no-report", "-p", "no:cacheprovider"]
        return {
            "run": [*suite, "--lease-wait", "20", *on],
            "press": [*POSRIG, "press", "--power-on", *LONG, *on],
            "screen": [*POSRIG, "screen", "--power-on", *on],
            "check": [*POSRIG, "check", *on],
            "fuzz": [*POSRIG, "fuzz", "--minutes", "5", "--afresh", "--findings", out, "--scenarios", out, *on],
            "learn": [*POSRIG, "learn", "--minutes", "5", *on],
            "qualify": [*POSRIG, "qualify", "--scenarios-only", "--workers", "1", *on_simulated],
        }

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """One command to its end."""
        return subprocess.run(
            words, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=STARTS_WITHIN_S
        )

    @contextmanager
    def running(self, command: str) -> Iterator[subprocess.Popen[str]]:
        """A command that has switched the supply on, in a session of its own."""
        run = subprocess.Popen(
            self.commands[command], cwd=ROOT, env=self.environment, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        try:
            wait_until(lambda: self.rig.is_on or run.poll() is not None, STARTS_WITHIN_S, "the command did not start")
            assert run.poll() is None, f"ended by itself with {run.returncode} before it switched anything on"
            yield run
        finally:
            for pid in (*descendants(run.pid), run.pid):
                with_pid(pid, signal.SIGKILL)
            run.communicate(timeout=10)


def wait_until(true: Callable[[], bool], within_s: float, otherwise: str) -> float:
    """Seconds until it was so. Raises AssertionError."""
    start = time.monotonic()
    while not true():
        assert time.monotonic() - start < within_s, otherwise
        time.sleep(0.005)
    return time.monotonic() - start


def with_pid(pid: int, *numbers: signal.Signals) -> None:
    for number in numbers:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return


def descendants(pid: int) -> list[int]:
    """Processes that were started by this one, and by those."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def started(module: str, pid: int) -> int:
    """The process of a module of ours among the descendants of a command."""
    for one in descendants(pid):
        try:
            if module.encode() in Path(f"/proc/{one}/cmdline").read_bytes():
                return one
        except OSError:
            continue
    raise AssertionError(f"the command has started no {module}")


def end(ending: str, run: subprocess.Popen[str], spared: int | None = None) -> None:
    guard = started("posrig.safety.guard_process", run.pid)
    match ending:
        case "SIGKILL":
            run.kill()
        case "SIGHUP":
            os.killpg(run.pid, signal.SIGHUP)
        case "guard killed":
            os.kill(guard, signal.SIGKILL)
        case "guard stopped":
            os.kill(guard, signal.SIGSTOP)
        case "both killed":
            # one instant for all of them, as when the PC goes dark
            every = [pid for pid in (run.pid, *descendants(run.pid)) if pid != spared]
            for number in (signal.SIGSTOP, signal.SIGKILL):
                for pid in every:
                    with_pid(pid, number)


ENDINGS = {"SIGKILL": -9, "SIGHUP": 2, "guard killed": 3, "guard stopped": 3, "both killed": -9}
"""With the exit code of the command."""


def one(lab: Lab, command: str, ending: str, chance: random.Random, within_s: float = SAFE_WITHIN_S) -> float:
    """Seconds until the rig was safe (both killed: until the next command had said so and made it safe)."""
    if command in ("screen", "check"):  # they do not end at once then
        lab.rig.act("wire.fault", wire="screen", fault="half-open", seconds=0.0)
    try:
        with lab.running(command) as run:
            time.sleep(chance.uniform(0.0, 0.3 if command in ("screen", "check") else 1.5))
            wait_until(lambda: lab.rig.is_on or run.poll() is not None, STARTS_WITHIN_S, "not on again")
            assert run.poll() is None, f"ended by itself with {run.returncode}"
            if ending == "both killed" and command == "qualify":
                return _own_rig_ends(run)
            end(ending, run)
            if ending == "both killed":
                run.wait(10)
                return _next_command_tells(lab)
            took_s = wait_until(lambda: lab.rig.is_safe, GIVE_UP_S, "never safe")
            code = run.wait(GIVE_UP_S)
            assert code == ENDINGS[ending], f"exit code {code}"
    finally:
        lab.rig.act("wire.mend", wire="screen")
    take(["terminal 12345678"], wait_s=GIVE_UP_S, directory=lab.folder / "leases").release()
    incidents = take_new(lab.folder / "incidents")
    # the run that `qualify` has started ends in order when that is killed: it needs no guard
    by_guard = ending == "SIGKILL" and command != "qualify"
    assert [incident.safe for incident in incidents] == ([True] if by_guard else []), incidents
    assert lab.rig.is_safe, "not safe any more"
    assert took_s < within_s, f"safe only after {took_s:.2f} s"
    return took_s


def _own_rig_ends(run: subprocess.Popen[str]) -> float:
    """A rig that the run started for itself is nobody else's: no next command finds it, so it must end by itself."""
    own = started("posrig.simulated", run.pid)
    end("both killed", run, spared=own)
    return wait_until(lambda: not _lives(own), GIVE_UP_S, "its own simulated rig lives on")


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _next_command_tells(lab: Lab) -> float:
    was_on, began = not lab.rig.is_safe, time.monotonic()
    said = lab.run(*POSRIG, "screen", "--rig", str(lab.rig_file)).stderr
    assert lab.rig.is_safe, f"the next command did not make it safe: {said}"
    assert not was_on or "killed together with its guard" in said, f"the next command said nothing of it: {said!r}"
    assert not was_on or "found switched on: " in said, said
    return time.monotonic() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=1, help="how often each case (default 1)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--command", action="append", default=[], help="only this one (repeatable)")
    parser.add_argument("--ending", action="append", default=[], choices=ENDINGS, help="only this one (repeatable)")
    given = parser.parse_args()
    chance, rig = random.Random(given.seed), Rig()
    times: dict[tuple[str, str], list[float]] = {}
    failures: list[str] = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        lab = Lab(rig, rig.rig_file(Path(name)), Path(name))
        for command in given.command or lab.commands:
            for ending in given.ending or ENDINGS:
                done = times[command, ending] = []
                for number in range(given.times):
                    try:
                        done.append(one(lab, command, ending, chance))
                    except AssertionError as error:
                        failures.append(f"{command}, {ending}, {number + 1}: {error}")
                worst = f"worst {max(done):.2f} s" if done else ""
                print(
                    f"{command:8} {ending:14} safe {len(done)} of {given.times}  {worst}", file=sys.stderr, flush=True
                )
    rig.close()
    every = [took for done in times.values() for took in done]
    _table(times, given.times)
    report = {
        "ended": given.times * len(times),
        "safe": len(every),
        "seconds_to_safe": {"median": round(statistics.median(every), 3), "worst": round(max(every), 3)}
        if every
        else {},
        "failures": failures,
    }
    print(json.dumps(report))
    return int(bool(failures))


def _table(times: dict[tuple[str, str], list[float]], each: int) -> None:
    endings = list(dict.fromkeys(ending for _, ending in times))
    print(f"| command | {' | '.join(endings)} |\n|---{'|---' * len(endings)}|")
    for command in dict.fromkeys(command for command, _ in times):
        cells = []
        for ending in endings:
            done = times[command, ending]
            cells.append(f"{max(done):.2f} s" if len(done) == each else f"NOT SAFE {each - len(done)} of {each}")
        print(f"| `{command}` | {' | '.join(cells)} |")


if __name__ == "__main__":
    sys.exit(main())
