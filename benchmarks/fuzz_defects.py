"""Which seeded defects of terminal R the fuzzer finds, in how many presses, and which it misses.

    python -m benchmarks.fuzz_defects [--presses 3000] [--seeds 1] [--group Lock] [--defect ID] [--json FILE]

Each defect gets a rig of its own and a run that stops at the first finding. The sound terminal is run with
``--sound N`` presses: every finding there is a false alarm.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import read_rig
from posrig.fuzzing.models.terminal_r.campaign import run
from posrig.fuzzing.models.terminal_r.scopes import chosen
from posrig.fuzzing.qualifying.hunts import Hunt, HuntOptions, hunt
from posrig.fuzzing.qualifying.qualification import seeded_defects
from posrig.fuzzing.running.plan import Limits, Plan
from posrig.rig.rig import Rig, RigOptions

GROUPS = ("Lock and unlock", "Sign-on and second factor", "Lock-out", "Idle lock")


def false_alarms(presses: int, seed: int) -> dict[str, object]:
    """The sound terminal: every finding is a false alarm."""
    began = time.monotonic()
    with Rig.open(read_rig(SIMULATED), options=RigOptions(guard=False)) as rig:
        campaign = run(rig, Plan(chosen(rig.profile, ()), Limits(presses=presses), seed=seed))
    seconds = time.monotonic() - began
    return {
        "presses": campaign.spent.presses,
        "false_alarms": len(campaign.findings),
        "misread": sum(report.result.misread for report in campaign.reports),
        "seconds": round(seconds, 1),
        "presses_per_s": round(campaign.spent.presses / seconds, 1),
        "walked_back": campaign.spent.walked_back,
        "covered": {report.scope.name: f"{report.covered} of {report.possible}" for report in campaign.reports},
        "findings": [
            [scope.name, *finding.keys, finding.expected, finding.seen] for scope, finding in campaign.findings
        ],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--presses", type=int, default=3000)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--group", action="append", default=[])
    parser.add_argument("--defect", action="append", default=[])
    parser.add_argument("--scope", action="append", default=[])
    parser.add_argument("--sound", type=int, default=0, metavar="PRESSES", help="only the sound terminal")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    if arguments.sound:
        print(json.dumps(false_alarms(arguments.sound, 0), indent=1, ensure_ascii=False))
        return 0
    groups = tuple(arguments.group) or GROUPS
    defects = [
        d for d in seeded_defects() if (d.id in arguments.defect if arguments.defect else d.group.startswith(groups))
    ]
    rows: list[Hunt] = []
    for defect in sorted(defects, key=lambda d: (d.group, d.id)):
        for seed in range(arguments.seeds):
            row = hunt(defect.id, HuntOptions(arguments.presses, seed, tuple(arguments.scope)))
            rows.append(row)
            shown = (
                f"{row.presses:5} presses  {row.scope}: {' | '.join(row.acts)}"
                if row.found
                else f"missed: {row.remark or row.why}"
            )
            print(f"{row.defect:34} {row.seconds:5.1f} s  {shown}", flush=True)
    _summary(rows)
    if arguments.json:
        arguments.json.write_text(
            json.dumps([asdict(row) for row in rows], indent=1, ensure_ascii=False) + "\n", "utf-8"
        )
    return 0


def _summary(rows: Sequence[Hunt]) -> None:
    found = [row for row in rows if row.found]
    print(f"\n{len(found)} of {len(rows)} found", end="")
    if found:
        presses = [row.presses for row in found]
        print(f"; presses until the first sight: median {statistics.median(presses):.0f}, most {max(presses)}", end="")
    missed = sorted({row.defect for row in rows if not row.found})
    print(f"; missed: {', '.join(missed) or 'none'}")


if __name__ == "__main__":
    sys.exit(main())
