"""The scenarios that posrig fuzz wrote for three seeded defects: green on the sound terminal, red on the defect, in both
languages."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hangs import HANGS_S

ROOT = Path(__file__).parents[2]
WRITTEN = {
    "lock_lost_on_power_cut": "r_lock_3_*",
    "lo_reset_by_power": "r_lockout_2_*",
    "tfa_not_asked_at_unlock": "r_unlock_2_*",
}


def scenarios(folder: Path, files: list[Path], *options: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "POSRIG_LEDGER": str(folder / "ledger.sqlite"), "POSRIG_LEASES": str(folder)}
    command = [
        sys.executable,
        "-m",
        "pytest",
        *map(str, files),
        "-q",
        "-p",
        "no:cacheprovider",
        "--report-dir",
        str(folder),
    ]
    return subprocess.run(
        [*command, *options], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=HANGS_S, check=False
    )


def files(pattern: str) -> list[Path]:
    return sorted((ROOT / "features" / "regressions").glob(pattern))


def test_green_on_the_sound_terminal(tmp_path: Path) -> None:
    done = scenarios(tmp_path, [file for pattern in WRITTEN.values() for file in files(pattern)])
    assert done.returncode == 0, done.stdout
    assert "6 passed" in done.stdout


@pytest.mark.parametrize("defect", WRITTEN)
def test_red_on_the_defect_in_both_languages(defect: str, tmp_path: Path) -> None:
    done = scenarios(tmp_path, files(WRITTEN[defect]), "--defect", defect)
    assert done.returncode == 1, done.stdout
    assert "2 failed" in done.stdout
