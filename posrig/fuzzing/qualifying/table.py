"""The result of a qualification as a table: what the scenarios found, what the fuzzer found, what neither."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from posrig.fuzzing.qualifying.hunts import Hunt
from posrig.fuzzing.qualifying.qualification import Finding, Qualification, SeededDefect

MOST_ACTS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Row:
    """One defect. None: that half of the qualification was not run."""

    defect: SeededDefect
    scenarios: Finding | None
    fuzzer: Hunt | None

    @property
    def judged(self) -> bool:
        """By any half."""
        return self.scenarios is not None or self.fuzzer is not None

    @property
    def found(self) -> bool:
        """By a scenario about its rule, or by the fuzzer."""
        by_scenario = self.scenarios is not None and self.scenarios.outcome == "found"
        return by_scenario or (self.fuzzer is not None and self.fuzzer.found)


def rows(
    defects: Sequence[SeededDefect], qualification: Qualification | None, hunts: Mapping[str, Hunt]
) -> tuple[Row, ...]:
    """One row for each defect, by group and id."""
    by_id = {finding.defect.id: finding for finding in qualification.findings} if qualification else {}
    ordered = sorted(defects, key=lambda defect: (defect.group, defect.id))
    return tuple(Row(defect, by_id.get(defect.id), hunts.get(defect.id)) for defect in ordered)


def by_scenarios(finding: Finding | None) -> str:
    """What the scenarios' cell says."""
    if finding is None:
        return ""
    if finding.outcome == "found":
        return finding.scenario.removeprefix("features/")
    return f"{finding.outcome} {finding.scenario.removeprefix('features/') or finding.remark}".strip()


def by_fuzzer(hunt: Hunt | None) -> str:
    """What the fuzzer's cell says: the acts, or why there are none."""
    if hunt is None:
        return ""
    if not hunt.found:
        return f"missed: {hunt.remark or hunt.why}"
    acts = hunt.acts if len(hunt.acts) <= MOST_ACTS_SHOWN else ("...", *hunt.acts[-MOST_ACTS_SHOWN:])
    return f"{hunt.scope} ({hunt.oracle}): {', '.join(acts)}"


def totals(table: Sequence[Row], presses: int) -> str:
    """One line: how many were found by what, in how many presses."""
    scenarios = [row.scenarios for row in table if row.scenarios is not None]
    hunts = [row.fuzzer for row in table if row.fuzzer is not None]
    parts = []
    if scenarios:
        parts.append(f"{sum(f.outcome == 'found' for f in scenarios)} of {len(scenarios)} found by scenarios")
    if hunts:
        found = [hunt.presses for hunt in hunts if hunt.found]
        middle = f", median {statistics.median(found):.0f} presses, most {max(found)}" if found else ""
        parts.append(f"{len(found)} of {len(hunts)} found by the fuzzer within {presses} presses each{middle}")
    if scenarios and hunts:
        parts.append(f"{sum(row.found for row in table)} of {len(table)} by either")
    return "; ".join(parts)


def markdown(table: Sequence[Row], presses: int, alarms: Sequence[str]) -> str:
    """For a page of docs/: the totals, the table, the misses of the fuzzer with their reasons."""
    with_scenarios = any(row.scenarios for row in table)
    heads = ["defect", *(["found by the scenario"] if with_scenarios else []), "presses", "found by the fuzzer"]
    lines = [f"{totals(table, presses)}; false alarms on the sound terminal: {len(alarms)}."]
    lines += ["", f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for row in table:
        hit = row.fuzzer if row.fuzzer is not None and row.fuzzer.found else None
        cells = [row.defect.id, *([by_scenarios(row.scenarios)] if with_scenarios else [])]
        cells += [str(hit.presses) if hit else "-", by_fuzzer(hit) if hit else "missed"]
        lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    missed = [row for row in table if row.fuzzer is not None and not row.fuzzer.found]
    if missed:
        lines += ["", "Missed by the fuzzer, and why:", ""]
        lines += [f"- `{row.defect.id}`: {by_fuzzer(row.fuzzer).removeprefix('missed: ')}" for row in missed]
    return "\n".join([*lines, ""])
