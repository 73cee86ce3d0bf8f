"""What the key search costs in presses and resets, beside plain random keys, Hypothesis and AALpy.

    python benchmarks/search.py                      everything, 20 seeds; ours on 60 others too
    python benchmarks/search.py --long               and the peers that take long (see --help)
    python benchmarks/search.py --only faults --strategies posrig --seeds 100
    python benchmarks/search.py --models FOLDER --json FILE

A fault is seeded into a model and the search told the sound model; counted is what happens on the device until the
first answer that differs (a miss counts as the cap). On terminal R the faults are its own defects. Every figure comes
from this one run; at the end each target is said to be met or missed.
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
from dataclasses import asdict
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from choosers import CHOOSERS, first_visits, shows  # noqa: E402
from learning_cost import learn_once, learn_with_aalpy  # noqa: E402
from on_terminal import DEFECTS, SCOPE, detect_defect  # noqa: E402
from shrinking import LONG_SHRINKERS, SHRINKERS, failing_runs, shrink_once  # noqa: E402
from targets import OLD_AS_REFERENCE, Row, figures, print_targets  # noqa: E402

from posrig.fuzzing.machines.device import Budget, BudgetSpent, CountedDevice, MealyDevice  # noqa: E402
from posrig.fuzzing.machines.dot import read_dot  # noqa: E402
from posrig.fuzzing.machines.faults import KINDS, seed_fault  # noqa: E402
from posrig.fuzzing.machines.mealy import Mealy, renamed  # noqa: E402
from posrig.fuzzing.search.planning import shortest_tour_presses  # noqa: E402
from posrig.ground.faults import ConfigurationError  # noqa: E402

MODELS = ("lock_terminal", "edentifier2_new_full_rand", "edentifier2_old_full")
FLAWS = (("edentifier2_new_simple", "edentifier2_old_simple"), ("edentifier2_new_full_rand", "edentifier2_old_full"))
# the two simple models call one and the same key differently
OTHER_NAMES = {"USB8_CRYPTOGRAM": "GEN_CRYPTOGRAM"}
CHANGED = "one edge of the device changed"
# what is the reference; the presses of walks that must pass without a difference (None: AALpy's own oracles)
LEARNING: dict[str, int | None] = {
    OLD_AS_REFERENCE: 0,
    f"{OLD_AS_REFERENCE}, {CHANGED}": 0,
    f"its sound model as reference, {CHANGED}": 0,
    "no reference, patience 6,000": 6000,
    "AALpy L#, RandomWp": None,
    "AALpy L#, StatePrefix 25x12": None,
}
LONG_LEARNING: dict[str, int | None] = {
    f"AALpy adaptive L#, {OLD_AS_REFERENCE}, RandomWp": None,
    f"AALpy adaptive L#, {OLD_AS_REFERENCE}, StatePrefix 25x12": None,
}
LONG_RUNS = 3
PARTS = ("faults", "flaw", "terminal", "shrink", "learn", "tour", "overhead")


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
    found = shows(lambda: CHOOSERS[strategy](device, sound, 1000 + seed))
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
    target = seed_fault(new, "transfer", random.Random(f"learn{seed}")).machine if CHANGED in setting else new
    reference = old if OLD_AS_REFERENCE in setting else new if setting.startswith("its sound model") else None
    patience = (LEARNING | LONG_LEARNING)[setting]
    began = time.process_time()
    if patience is None:
        right, presses, resets = learn_with_aalpy(target, reference, seed, setting.split()[-1])
    else:
        right, presses, resets = learn_once(target, reference, seed, patience)
    cpu_s = time.process_time() - began
    return Row("learn", "edentifier2_new_full_rand", setting, "learn", seed, right, presses, resets, cpu_s)


def on_terminal(job: tuple[str, str, int, int]) -> Row:
    """One defect of terminal R searched."""
    strategy, defect, seed, cap = job
    seen = detect_defect(strategy, defect, seed, cap)
    return Row("terminal", f"terminal R, {defect}", strategy, "defects", seed, seen.found, seen.presses, seen.resets,
               seen.cpu_s)  # fmt: skip


def run_all(function, jobs: Iterable, processes: int) -> list[Row]:
    """Every job, on so many processes."""
    jobs = list(jobs)
    if processes <= 1:
        return [function(job) for job in jobs]
    with ProcessPoolExecutor(processes) as pool:
        return list(pool.map(function, jobs, chunksize=2))


def table(title: str, rows: list[Row], columns: Iterable[str]) -> None:
    """Strategies down, kinds across."""
    columns = list(columns)
    print(f"\n{title}\n\n| strategy | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")
    for strategy in dict.fromkeys(row.strategy for row in rows):
        cells = [[r for r in rows if r.strategy == strategy and r.kind == column] for column in columns]
        print(f"| {strategy} | {' | '.join(figures(c) if c else '-' for c in cells)} |")
    sys.stdout.flush()


def part_faults(options: argparse.Namespace) -> list[Row]:
    seeds = range(options.seeds_from, options.seeds_from + options.seeds)
    print(f"\n## Faults seeded into models, seeds {seeds.start} to {seeds.stop - 1}")
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


def part_terminal(options: argparse.Namespace) -> list[Row]:
    seeds = range(options.seeds_from, options.seeds_from + max(1, options.seeds // len(DEFECTS)))
    jobs = [
        (strategy, defect, seed, options.terminal_cap)
        for strategy in options.strategies
        for seed in seeds
        for defect in DEFECTS
    ]
    rows = run_all(on_terminal, jobs, options.processes)
    title = (
        f"### Simulated terminal R, acts of the scope {SCOPE!r}, {len(DEFECTS)} defects, cap {options.terminal_cap:,}"
    )
    table(f"{title}: found · median presses · median resets", rows, ["defects"])
    return rows


def part_shrink(options: argparse.Namespace) -> list[Row]:
    runs = failing_runs()
    many = dict.fromkeys(SHRINKERS, options.seeds) | {how: LONG_RUNS for how in LONG_SHRINKERS if options.long}
    jobs = [
        (options.models, how, kind, number)
        for how, most in many.items()
        for kind in KINDS
        for number in range(min(most, len(runs[kind])))
    ]
    rows = run_all(shrink, jobs, options.processes)
    print("\n### Shrinking failures of the lock terminal (medians)\n")
    print("| how | fault | keys at first | keys at last (least) | minimal | presses | resets |\n|" + "---|" * 7)
    median = statistics.median
    for how, most in many.items():
        for kind in KINDS:
            mine = [row for row in rows if row.strategy == how and row.kind == kind]
            start = median(len(run.keys) for run in runs[kind][:most])
            ends = f"{median(r.length for r in mine):,.0f} ({median(r.least for r in mine):,.0f})"
            costs = f"{median(r.presses for r in mine):,.0f} | {median(r.resets for r in mine):,.0f}"
            print(f"| {how} | {kind} | {start:,.0f} | {ends} | {sum(r.found for r in mine)}/{len(mine)} | {costs} |")
    return rows


def part_learn(options: argparse.Namespace) -> list[Row]:
    seeds = range(options.seeds_from, options.seeds_from + options.seeds)
    settings = [*LEARNING, *(LONG_LEARNING if options.long else ())]
    if options.only_ours:
        settings = [name for name, patience in LEARNING.items() if patience == 0]
    jobs = [(options.models, setting, seed) for setting in settings for seed in seeds]
    rows = run_all(learn, jobs, options.processes)
    title = f"### Learning e.dentifier2 new, seeds {seeds.start} to {seeds.stop - 1}"
    table(f"{title}: right · median presses · median resets", rows, ["learn"])
    return rows


def part_tour(options: argparse.Namespace) -> list[Row]:
    """No faults and no luck of their places: when is each edge pressed first?"""
    print("\n### When each (state, key) is pressed first, over all of them and 20 walks\n")
    print("| model | median press | mean press | least possible, median and mean | last |\n|" + "---|" * 5)
    found = []
    for name in options.model or MODELS:
        sound = model(options.models, name)
        walks = [first_visits(sound, seed) for seed in range(20)]
        middle, mean = (statistics.mean(f(walk) for walk in walks) for f in (statistics.median, statistics.mean))
        last = statistics.mean(max(walk) for walk in walks)
        print(f"| {name} | {middle:.0f} | {mean:.0f} | {(len(walks[0]) + 1) / 2:.1f} | {last:,.0f} |")
        found.append(Row("tour", name, "posrig", "tour", 0, True, middle, 1, 0.0, round(last)))
    return found


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
    parser.add_argument(
        "--long",
        action="store_true",
        help=f"also Hypothesis' shrinker ({LONG_RUNS} runs a kind of fault, a minute each) and AALpy's adaptive L#",
    )
    parser.add_argument(
        "--other-seeds", type=int, default=60, metavar="N", help="ours again on N seeds from 100 on; 0: not"
    )
    parser.add_argument("--terminal-cap", type=int, default=1000, help="real keys after which terminal R is a miss")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", type=Path, help="every single run, as JSON")
    options = parser.parse_args()
    if min(options.seeds, options.cap, options.terminal_cap) < 1 or options.other_seeds < 0:
        parser.error("--seeds and the caps must be above zero, --other-seeds zero or more")
    options.only_ours = options.strategies == ["posrig"]
    began = time.monotonic()
    try:
        options.models = options.models or models_folder()
        wanted = options.only or PARTS
        rows = [row for part in wanted for row in PART[part](options)]
        others = _on_other_seeds(options, wanted)
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return int(error.exit_code)
    print_targets(rows, others)
    print(f"\n{(time.monotonic() - began) / 60:.1f} minutes, {options.processes} processes")
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in (*rows, *others)]), encoding="utf-8")
    return 0


PART = {
    "faults": part_faults,
    "flaw": part_flaw,
    "terminal": part_terminal,
    "shrink": part_shrink,
    "learn": part_learn,
    "tour": part_tour,
    "overhead": part_overhead,
}


def _on_other_seeds(options: argparse.Namespace, wanted: Iterable[str]) -> list[Row]:
    """Ours on faults that no choice was made by."""
    if not options.other_seeds or options.seeds_from or "posrig" not in options.strategies:
        return []
    ours = {"seeds": options.other_seeds, "seeds_from": 100, "strategies": ["posrig"], "only_ours": True}
    print("\n## Ours on other seeds")
    again = argparse.Namespace(**(vars(options) | ours))
    return [row for part in wanted if part in ("faults", "learn") for row in PART[part](again)]


if __name__ == "__main__":
    sys.exit(main())
