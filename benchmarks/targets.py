"""What the search, the shrinking and the learning are held to, and whether the rows of a run meet it."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One run: what was searched, how, and what it cost."""

    part: str
    model: str
    strategy: str
    kind: str
    seed: int
    found: bool
    presses: float
    resets: int
    cpu_s: float
    length: int = 0
    least: int = 0


@dataclass(frozen=True)
class Target:
    """A bound for our rows of one kind. ``share``: of the runs that must find it (or be right, or minimal)."""

    what: str
    part: str
    model: str
    kind: str
    share: float = 1.0
    presses: float | None = None
    resets: float | None = None
    strategy: str = "posrig"
    ms_a_press: float | None = None

    def of(self, rows: Iterable[Row]) -> list[Row]:
        """The rows it is about."""
        mine = (self.part, self.model, self.kind, self.strategy)
        return [row for row in rows if (row.part, row.model, row.kind, row.strategy) == mine]

    def met(self, rows: Sequence[Row]) -> bool:
        """Whether so many found it with medians within the bounds."""
        within = [
            self.presses is None or statistics.median(row.presses for row in rows) <= self.presses,
            self.resets is None or statistics.median(row.resets for row in rows) <= self.resets,
            self.ms_a_press is None or all(1000 * row.cpu_s / row.presses < self.ms_a_press for row in rows),
        ]
        return sum(row.found for row in rows) >= self.share * len(rows) and all(within)

    def said(self) -> str:
        """The bound, in short."""
        bounds = [f"{self.share:.0%}"]
        bounds += [f"<= {self.presses:,.0f} presses"] if self.presses is not None else []
        bounds += [f"<= {self.resets:,.0f} resets"] if self.resets is not None else []
        bounds += [f"< {self.ms_a_press} ms a press"] if self.ms_a_press is not None else []
        return ", ".join(bounds)


LOCK, NEW, OLD = "lock_terminal", "edentifier2_new_full_rand", "edentifier2_old_full"
OLD_AS_REFERENCE = "the old model as reference"
TARGETS = (
    Target("lock terminal, output", "faults", LOCK, "output", 1.0, 300, 1),
    Target("lock terminal, transfer", "faults", LOCK, "transfer", 1.0, 380, 1),
    Target("lock terminal, extra state", "faults", LOCK, "extra", 0.95, 5000),
    Target("lock terminal, flag", "faults", LOCK, "flag", 0.95, 2500),
    Target("card reader new, output", "faults", NEW, "output", 1.0, 60),
    Target("card reader new, transfer", "faults", NEW, "transfer", 1.0, 170),
    Target("card reader old, output", "faults", OLD, "output", 1.0, 165),
    Target("card reader old, transfer", "faults", OLD, "transfer", 1.0, 560),
    Target("the real flaw (simple models)", "flaw", "edentifier2_new_simple", "edentifier2_old_simple"),
    Target("the real flaw (full models)", "flaw", NEW, OLD),
    Target("shrinking, extra state", "shrink", LOCK, "extra", 1.0, 120, 12),
    Target("learning the new reader", "learn", NEW, "learn", 1.0, 1529, 340, OLD_AS_REFERENCE),
    Target("overhead, lock terminal", "overhead", LOCK, "overhead", ms_a_press=0.2),
    Target("overhead, card reader new", "overhead", NEW, "overhead", ms_a_press=0.2),
    Target("overhead, card reader old", "overhead", OLD, "overhead", ms_a_press=0.2),
)


def figures(rows: Sequence[Row]) -> str:
    """found of tried, median presses, median resets."""
    presses = statistics.median(row.presses for row in rows)
    resets = statistics.median(row.resets for row in rows)
    return f"{sum(row.found for row in rows)}/{len(rows)} · {presses:,.0f} · {resets:,.0f}"


def print_targets(rows: Sequence[Row], others: Sequence[Row]) -> None:
    """Each target that the run has rows for: met or missed, and what the same is on the other seeds."""
    shown = [(target, target.of(rows), target.of(others)) for target in TARGETS]
    shown = [line for line in shown if line[1]]
    if not shown:
        return
    print("\n### Targets\n\n| target | bound | measured | | other seeds | |\n|---|---|---|---|---|---|")
    for target, mine, theirs in shown:
        cells = []
        for some in (mine, theirs):
            cells += [_measured(target, some), "met" if target.met(some) else "MISSED"] if some else ["-", ""]
        print(f"| {target.what} | {target.said()} | {' | '.join(cells)} |")
    missed = sum(not target.met(mine) for target, mine, _ in shown)
    print(f"\n{len(shown) - missed} of {len(shown)} targets met" + (f", {missed} MISSED" if missed else ""))


def _measured(target: Target, rows: Sequence[Row]) -> str:
    if target.ms_a_press is None:
        return figures(rows)
    return f"{max(1000 * row.cpu_s / row.presses for row in rows):.3f} ms"
