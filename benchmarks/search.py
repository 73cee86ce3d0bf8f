"""What the key search costs in presses and resets, beside plain random keys, Hypothesis and AALpy.

    python benchmarks/search.py                      everything, 20 seeds
    python benchmarks/search.py --only faults --strategies posrig --seeds 100
    python benchmarks/search.py --models FOLDER --json FILE

A fault is seeded into a model and the search told the sound model; counted is what happens on the device until the
first answer that differs (a miss counts as the cap). Every figure in a table comes from the same run.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from choosers import CHOOSERS, Detected  # noqa: E402
from learning_cost import learn_once  # noqa: E402
from shrinking import SHRINKERS, failing_runs, shrink_once  # noqa: E402

from fuzzing.device import Budget, BudgetSpent, CountedDevice, MealyDevice  # noqa: E402
from fuzzing.dot import read_dot  # noqa: E402
from fuzzing.faults import KINDS, seed_fault  # noqa: E402
from fuzzing.mealy import Mealy, renamed  # noqa: E402
from fuzzing.planning import shortest_tour_presses  # noqa: E402
from rigs.faults import ConfigurationError  # noqa: E402

MODELS = ("lock_terminal", "edentifier2_new_full_rand", "edentifier2_old_full")
FLAWS = (("edentifier2_new_simple", "edentifier2_old_simple"), ("edentifier2_new_full_rand", "edentifier2_old_full"))
# the two simple models call one and the same key differently
OTHER_NAMES = {"USB8_CRYPTOGRAM": "GEN_CRYPTOGRAM"}
# reference and the presses of walks that must pass without a difference
LEARNING = {
    "its sound model as reference (the device has one edge changed), patience 0": 0,
    "the old model as reference, patience 0": 0,
    "the old model as reference, patience 2,000": 2000,
    "the old model as reference, patience 6,000": 6000,
    "none, patience 6,000": 6000,
}
PARTS = ("faults", "flaw", "shrink", "learn", "overhead")


@dataclass(frozen=True)
class Row:
    """One run: what was searched, how, and what it cost."""

    part: str
    model: str
    strategy: str
    kind: str
    seed: int
    found: bool
    presses: int
    resets: int
    cpu_s: float
    length: int = 0
    least: int = 0


def models_folder() -> Path:
    """The first folder of models that there is."""
    places = (ROOT / "models", ROOT / "tests" / "fuzzing" / "models")
    for place in places:
        if place.is_dir():
            return place
    raise ConfigurationError("no folder of models found", todo="name one with --models FOLDER")


@cache
def model(folder: Path, name: str) -> Mealy:
    """A model by name, read once per process."""
    return read_dot(folder / f"{name}.dot")


def flawed(folder: Path, new: str, old: str) -> Mealy:
    """The old device, its keys named as the new one's."""
    target = model(folder, old)
    names = OTHER_NAMES if set(target.inputs) != set(model(folder, new).inputs) else {}
    return renamed(target, names)


def faulty(sound: Mealy, kind: str, seed: int) -> Mealy:
    """A model with the seeded fault of that number."""
    return seed_fault(sound, kind, random.Random(f"{kind}{seed}")).machine


def detect(job: tuple[str, Path, str, str, str, int, int]) -> Row:
    """One search until the first difference."""
    part, folder, name, strategy, kind, seed, cap = job
    sound = model(folder, name)
    target = flawed(folder, name, kind) if part == "flaw" else faulty(sound, kind, seed)
    device = CountedDevice(MealyDevice(target), Budget(presses=cap, resets=cap))
    began = time.process_time()
    try:
        CHOOSERS[strategy](device, sound, 1000 + seed)
        found = False
    except Detected:
        found = True
    except BudgetSpent:
        found = False
    cpu_s = time.process_time() - began
    return Row(part, name, strategy, kind, seed, found, device.presses if found else cap, device.resets, cpu_s)


def shrink(job: tuple[Path, str, str, int]) -> Row:
    """One failing run made short."""
    folder, how, kind, number = job
    sound, run = model(folder, "lock_terminal"), failing_runs()[kind][number]
    mutant = seed_fault(sound, kind, random.Random(f"{kind}{run.seed}"))
    began = time.process_time()
    length, presses, resets = shrink_once(how, mutant.machine, sound, run.keys)
    cpu_s = time.process_time() - began
    least = len(mutant.shortest)
    return Row("shrink", "lock_terminal", how, kind, run.seed, length == least, presses, resets, cpu_s, length, least)


def learn(job: tuple[Path, str, int]) -> Row:
    """One model learned with help of a reference; found: it is exactly right."""
    folder, setting, seed = job
    new, old = model(folder, "edentifier2_new_full_rand"), model(folder, "edentifier2_old_full")
    target, reference, patience = new, old, LEARNING[setting]
    if setting.startswith("its sound model"):
        target, reference = seed_fault(new, "transfer", random.Random(f"learn{seed}")).machine, new
    elif setting.startswith("none"):
        reference = None
    began = time.process_time()
    right, presses, resets = learn_once(target, reference, seed, patience)
    cpu_s = time.process_time() - began
    return Row("learn", "edentifier2_new_full_rand", setting, "learn", seed, right, presses, resets, cpu_s)


def run_all(function, jobs: Iterable, processes: int) -> list[Row]:
    """Every job, on so many processes."""
    jobs = list(jobs)
    if processes <= 1:
        return [function(job) for job in jobs]
    with ProcessPoolExecutor(processes) as pool:
        return list(pool.map(function, jobs, chunksize=2))


def cell(rows: list[Row]) -> str:
    """found of tried, median presses, median resets."""
    median = lambda name: statistics.median(getattr(row, name) for row in rows)  # noqa: E731
    return f"{sum(row.found for row in rows)}/{len(rows)} · {median('presses'):,.0f} · {median('resets'):,.0f}"


def table(title: str, rows: list[Row], columns: Iterable[str]) -> None:
    """Strategies down, kinds across."""
    columns = list(columns)
    print(f"\n{title}\n\n| strategy | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")
    for strategy in dict.fromkeys(row.strategy for row in rows):
        cells = [[r for r in rows if r.strategy == strategy and r.kind == column] for column in columns]
        print(f"| {strategy} | {' | '.join(cell(c) if c else '-' for c in cells)} |")
    sys.stdout.flush()


def part_faults(options: argparse.Namespace) -> list[Row]:
    seeds = range(options.seeds_from, options.seeds_from + options.seeds)
    found = []
    for name in options.model or MODELS:
        sound = model(options.models, name)
        jobs = [
            ("faults", options.models, name, strategy, kind, seed, options.cap)
            for strategy in options.strategies
            for kind in KINDS
            for seed in seeds
        ]
        rows = run_all(detect, jobs, options.processes)
        found += rows
        edges, tour = sound.size * len(sound.inputs), shortest_tour_presses(sound)
        bound = f"{sound.size} states, {len(sound.inputs)} inputs, {edges} edges"
        tour_text = f"; the shortest tour without a reset takes {tour} presses" if tour else "; not strongly connected"
        table(f"### {name} ({bound}{tour_text}): found · median presses · median resets", rows, KINDS)
    return found


def part_flaw(options: argparse.Namespace) -> list[Row]:
    found = []
    for new, old in FLAWS:
        jobs = [
            ("flaw", options.models, new, strategy, old, seed, options.cap)
            for strategy in options.strategies
            for seed in range(options.seeds)
        ]
        rows = run_all(detect, jobs, options.processes)
        found += rows
        table(f"### The real flaw: {old} searched with {new} as the model", rows, [old])
    return found


def part_shrink(options: argparse.Namespace) -> list[Row]:
    runs = failing_runs()
    jobs = [
        (options.models, how, kind, number)
        for how in SHRINKERS
        for kind in KINDS
        for number in range(min(options.seeds, len(runs[kind])))
    ]
    rows = run_all(shrink, jobs, options.processes)
    print("\n### Shrinking failures of the lock terminal (medians)\n")
    print("| how | fault | keys at first | keys at last (least) | minimal | presses | resets |\n|" + "---|" * 7)
    median = statistics.median
    for how in SHRINKERS:
        for kind in KINDS:
            mine = [row for row in rows if row.strategy == how and row.kind == kind]
            start = median(len(run.keys) for run in runs[kind][: options.seeds])
            ends = f"{median(r.length for r in mine):,.0f} ({median(r.least for r in mine):,.0f})"
            costs = f"{median(r.presses for r in mine):,.0f} | {median(r.resets for r in mine):,.0f}"
            print(f"| {how} | {kind} | {start:,.0f} | {ends} | {sum(r.found for r in mine)}/{len(mine)} | {costs} |")
    return rows


def part_learn(options: argparse.Namespace) -> list[Row]:
    jobs = [(options.models, setting, seed) for setting in LEARNING for seed in range(options.seeds)]
    rows = run_all(learn, jobs, options.processes)
    table("### Learning e.dentifier2 new with a reference: right · median presses · median resets", rows, ["learn"])
    return rows


def part_overhead(options: argparse.Namespace) -> list[Row]:
    found = []
    print("\n### CPU of the engine and the model device, per press\n\n| model | presses | ms a press |\n|---|---|---|")
    for name in options.model or MODELS:
        sound = model(options.models, name)
        device = CountedDevice(MealyDevice(sound), Budget(presses=options.cap))
        began = time.process_time()
        try:
            CHOOSERS["posrig"](device, sound, 0)
        except BudgetSpent:
            cpu_s = time.process_time() - began
        found.append(Row("overhead", name, "posrig", "overhead", 0, True, device.presses, device.resets, cpu_s))
        print(f"| {name} | {device.presses:,} | {1000 * cpu_s / device.presses:.3f} |")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, help="a folder of .dot files")
    parser.add_argument("--model", action="append", help="only this model (may be given again)")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--seeds-from", type=int, default=0, help="the first seed: other faults than those tuned on")
    parser.add_argument("--cap", type=int, default=20_000, help="presses after which a search counts as a miss")
    parser.add_argument("--only", action="append", choices=PARTS, help="only this part (may be given again)")
    parser.add_argument("--strategies", nargs="+", choices=list(CHOOSERS), default=list(CHOOSERS))
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", type=Path, help="every single run, as JSON")
    options = parser.parse_args()
    if options.seeds < 1 or options.cap < 1:
        parser.error("--seeds and --cap must be above zero")
    parts = {
        "faults": part_faults,
        "flaw": part_flaw,
        "shrink": part_shrink,
        "learn": part_learn,
        "overhead": part_overhead,
    }
    rows: list[Row] = []
    try:
        options.models = options.models or models_folder()
        for part in options.only or PARTS:
            rows += parts[part](options)
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return int(error.exit_code)
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
