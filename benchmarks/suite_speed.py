"""Is terminal R's suite as fast as it was? Paired runs: this commit and an older one in turn, on the same machine.

    python benchmarks/suite_speed.py [--against c0eeae2] [--pairs 5] [features ...]

The older commit is checked out beside, into a temporary folder, and removed afterwards. Both run the same paths, one
process at a time; who goes first changes with every pair, so that the machine's moods hit both alike. Scenarios that
only one of the two has, or that did not hold in both, are left out. Prints seconds and CPU seconds of each run, and the
ratio over the scenarios that both have: the median of the pairs. Exit code 1 when it is above what is allowed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AGAINST = "c0eeae2"
"""Before the terminal became data."""
ALLOWED = 1.02
LONGEST_S = 1800.0
TOLD = ("POSRIG_LAB", "PYTHONPATH", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER")


@dataclass(frozen=True)
class Run:
    """One run of the suite. ``scenarios``: id with its row of examples -> seconds, of those that held."""

    wall_s: float
    cpu_s: float
    code: int
    scenarios: dict[str, float]


@contextmanager
def checked_out(commit: str) -> Iterator[Path]:
    """A work tree of that commit in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="posrig-before-") as folder:
        tree = Path(folder) / "before"
        git("worktree", "add", "--detach", str(tree), commit)
        try:
            yield tree
        finally:
            git("worktree", "remove", "--force", str(tree))


def git(*words: str) -> None:
    done = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"git {' '.join(words)}: {done.stderr.strip()}")


def environment(ledger: Path) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in TOLD} | {"POSRIG_LEDGER": str(ledger)}


def own(tree: Path) -> None:
    """The code that is measured is that of the tree: a package installed elsewhere must not answer for it."""
    asked = [sys.executable, "-c", "import posrig; print(posrig.__file__)"]
    done = subprocess.run(asked, cwd=tree, env=environment(tree), capture_output=True, text=True, check=True)
    if not Path(done.stdout.strip()).is_relative_to(tree):
        raise SystemExit(f"{tree} would be measured with the code of {done.stdout.strip()}")


def run(tree: Path, paths: Sequence[str]) -> Run:
    """The suite of that tree, in one process."""
    with tempfile.TemporaryDirectory(prefix="posrig-run-") as folder:
        command = [sys.executable, "-m", "pytest", *paths, "-q", "-p", "no:hypothesispytest", "--report-dir", folder]
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(
            command, cwd=tree, env=environment(Path(folder) / "ledger.sqlite"), capture_output=True, text=True,
            timeout=LONGEST_S, check=False,
        )  # fmt: skip
        wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        records = [json.loads(line) for file in Path(folder).glob("runs/*/scenarios.jsonl")
                   for line in file.read_text("utf-8").splitlines()]  # fmt: skip
        if not records:
            raise SystemExit(f"no scenario ran in {tree}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        held = {f"{one['id']} {json.dumps(one['example'], sort_keys=True)}": float(one["wall_seconds"])
                for one in records if one["verdict"] == "held"}  # fmt: skip
        return Run(wall, cpu, done.returncode, held)


def pair(before: Run, now: Run) -> tuple[float, int]:
    """How much longer the scenarios took that held in both, and how many they were."""
    both = before.scenarios.keys() & now.scenarios.keys()
    if not both:
        raise SystemExit("the two commits have no scenario in common that held in both")
    return sum(now.scenarios[one] for one in both) / sum(before.scenarios[one] for one in both), len(both)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", default=["features"], help="features, from the root (default: features)")
    parser.add_argument("--against", default=AGAINST, metavar="COMMIT", help=f"the older commit (default {AGAINST})")
    parser.add_argument("--pairs", type=int, default=5, help="pairs of runs (default 5)")
    arguments = parser.parse_args()
    with checked_out(arguments.against) as tree:
        own(tree), own(ROOT)
        ratios, cpu = [], []
        heads = ("before s", "now s", "before CPU s", "now CPU s", "scenarios", "ratio")
        print(" pair " + "".join(f"{head:>14}" for head in heads))
        for number in range(1, max(arguments.pairs, 1) + 1):
            trees = (tree, ROOT) if number % 2 else (ROOT, tree)
            runs = {one: run(one, arguments.paths) for one in trees}
            before, now = runs[tree], runs[ROOT]
            ratio, both = pair(before, now)
            ratios.append(ratio)
            cpu.append(now.cpu_s / before.cpu_s)
            values = (before.wall_s, now.wall_s, before.cpu_s, now.cpu_s, both, ratio)
            print(f"{number:5} " + "".join(f"{value:14.3f}" for value in values), flush=True)
    found = statistics.median(ratios)
    print(f"\nmedian ratio {found:.3f} (allowed: {ALLOWED}); of whole runs' CPU seconds {statistics.median(cpu):.3f}")
    return 0 if found <= ALLOWED else 1


if __name__ == "__main__":
    sys.exit(main())
