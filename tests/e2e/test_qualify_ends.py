"""``posrig qualify`` ends on Ctrl-C and SIGTERM: within seconds, no process is left, what was judged is written.

Real processes, started without a shell: the background jobs of a shell ignore SIGINT.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hangs import HANGS_S

ROOT = Path(__file__).parents[2]
ENDS_WITHIN_S = HANGS_S
"""One to five seconds, by the load; far below the minutes that a search or a run of scenarios would go on."""
HALVES = {
    "fuzzer": ("--fuzzer-only", "--fuzz-presses", "1000000", "--defect", "lock_empty_ok"),
    "scenarios": ("--scenarios-only", "--defect", "upd_wrong_model", "--features", "features/update"),
}


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="ends-") as name:
        yield Path(name)


def started(folder: Path, half: str) -> subprocess.Popen[str]:
    """In a session of its own: a signal to the group reaches it and all that it starts, and nothing else."""
    command = [
        sys.executable,
        "-u",
        "-m",
        "posrig.commands.main",
        "qualify",
        *HALVES[half],
        "--json",
        str(folder / "r.json"),
    ]
    environment = {**os.environ, "TMPDIR": str(folder), "POSRIG_LEASES": str(folder)}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip


def below(pid: int) -> dict[int, str]:
    """Its descendants: process id -> command line."""
    parents = dict[int, int]()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:  # it has just ended
            continue
        parents[int(stat.parent.name)] = int(text.rpartition(")")[2].split()[1])
    found, todo = dict[int, str](), [pid]
    while todo:
        parent = todo.pop()
        for child in [child for child, of in parents.items() if of == parent]:
            found[child] = command_of(child)
            todo.append(child)
    return found


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def until_rigs_run(process: subprocess.Popen[str], count: int) -> dict[int, str]:
    """The processes below it, once so many simulated rigs are among them."""
    deadline = time.monotonic() + HANGS_S
    while time.monotonic() < deadline:
        found = below(process.pid)
        if sum("posrig.simulated" in command for command in found.values()) >= count:
            return found
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    raise AssertionError(f"no {count} rigs within a minute: {found}")


def left_of(processes: dict[int, str], within_s: float) -> dict[int, str]:
    """Those that still run after the time at most; the kernel reuses numbers, so the command is compared too."""
    deadline = time.monotonic() + within_s
    while True:
        left = {pid: command for pid, command in processes.items() if command and command_of(pid) == command}
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.05)


def ended_within(process: subprocess.Popen[str], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


@pytest.mark.parametrize(
    ("half", "how"),
    [("fuzzer", "SIGTERM"), ("fuzzer", "Ctrl-C"), ("scenarios", "SIGTERM again and again"), ("scenarios", "Ctrl-C")],
)
def test_it_ends_and_leaves_nothing_running(half: str, how: str, folder: Path) -> None:
    process = started(folder, half)
    try:
        running = until_rigs_run(process, 2)
        began = time.monotonic()
        if how == "Ctrl-C":
            os.killpg(process.pid, signal.SIGINT)
        else:
            process.send_signal(signal.SIGTERM)
        while how == "SIGTERM again and again" and not ended_within(process, 0.1):
            process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=HANGS_S)
        print(f"ended after {time.monotonic() - began:.1f} s")  # shown when it fails
        assert process.returncode == 2, said
        assert "Traceback" not in said
        assert left_of(running, HANGS_S) == {}
        assert re.search(r"interrupted: \d of 1 defects were judged", said)
        assert json.loads((folder / "r.json").read_text("utf-8"))["interrupted"] is True
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def test_what_was_found_until_then_is_kept(folder: Path) -> None:
    """The defect is found at once; the sound terminal would be searched for hours."""
    process = started(folder, "fuzzer")
    try:
        assert process.stdout is not None
        said = next(line for line in process.stdout if "lock_empty_ok" in line and "found" in line)
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=HANGS_S)
        assert process.returncode == 2, said + rest
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    assert "interrupted: 1 of 1 defects were judged" in rest
    result = json.loads((folder / "r.json").read_text("utf-8"))
    assert (result["interrupted"], result["found_by_fuzzer"], result["defects"]) == (True, 1, 1)
    assert [hunt["defect"] for hunt in result["fuzzer"]] == ["lock_empty_ok"]
