"""Whole runs with the screen read by camera: verdicts, and the photo of a failure."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from hangs import HANGS_S
from PIL import Image

from posrig.description.profile import read_profile
from posrig.ground.secret import Masks, Secret
from posrig.plugin.rig import photo_of
from posrig.rig.rig import Rig
from posrig.screens.camera import Sight
from posrig.screens.camera_stream import Reading
from posrig.terminal.veil import Veil

ROOT = Path(__file__).parents[2]
LOCK = "features/lock/own_lock.feature::The lock survives a power cut"


@pytest.fixture(autouse=True)
def own_leases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSRIG_LEASES", str(tmp_path / "leases"))


def run(folder: Path, *arguments: str) -> tuple[int, dict[str, dict[str, Any]], str]:
    """Exit code, records by scenario name, and what was said."""
    command = [sys.executable, "-m", "pytest", *arguments, "--report-dir", str(folder), "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=HANGS_S, check=False)
    lines = (folder / "latest" / "scenarios.jsonl").read_text("utf-8").splitlines()
    return done.returncode, {row["name"]: row for row in map(json.loads, lines)}, done.stdout + done.stderr


def photos(folder: Path, record: dict[str, Any]) -> list[bytes]:
    kept = [one["file"] for one in record["attachments"] if one["mime"] == "image/jpeg"]
    return [(folder / "latest" / "attachments" / file).read_bytes() for file in kept]


def test_what_holds_and_what_the_camera_loses(tmp_path: Path) -> None:
    scenarios = "tests/camera/_scenarios/by_camera.feature"
    code, records, text = run(tmp_path, scenarios, "--rig", "rigs/camera.yaml", "--retries", "0")
    assert {name: record["verdict"] for name, record in records.items()} == {
        "A lock over a power cut": "held",
        "A camera that goes silent": "rig fault",
        "What the scenario before had is mended": "held",
    }, text
    assert code == 3
    assert "camera" in records["A camera that goes silent"]["failure"]["message"]


@pytest.mark.parametrize("rig", ["rigs/camera.yaml", "rigs/simulated.yaml"])
def test_a_product_failure_has_its_photo(tmp_path: Path, rig: str) -> None:
    code, records, text = run(tmp_path, LOCK, "--defect", "lock_lost_on_power_cut", "--rig", rig)
    assert code == 1, text
    (record,) = records.values()
    (photo,) = photos(tmp_path, record)
    assert Image.open(io.BytesIO(photo)).size == (640, 400)


def test_a_photo_that_shows_a_secret_is_not_kept() -> None:
    """Texts are masked, a photo cannot be."""
    masks = Masks([Secret("48213377", "code")])

    class Looking:
        rows = ("UNLOCK CODE", "48213377")
        veil: Veil

        def look(self, wanted: Callable[[Reading], bool]) -> Sight:
            return Sight(b"a photo", Reading(self.rows))

    rig = Looking()
    rig.veil = Veil(read_profile(ROOT / "rigs" / "profiles" / "reference-r.yaml"))
    (kept,) = photo_of(cast(Rig, rig), masks.mask)
    assert kept[:2] == ("photo not kept", "text/plain")
    rig.rows = ("READY", "0.00")
    assert photo_of(cast(Rig, rig), masks.mask) == [("photo", "image/jpeg", b"a photo")]


def test_a_photo_that_cannot_be_read_is_not_kept(tmp_path: Path) -> None:
    """Nobody could say that no secret stands on it."""
    code, records, text = run(tmp_path, LOCK, "--defect", "lock_lost_on_power_cut", "--rig", _blurred(tmp_path))
    assert code == 1, text
    (record,) = records.values()
    assert not photos(tmp_path, record)
    assert any(one["name"] == "photo not kept" for one in record["attachments"])


def _blurred(folder: Path) -> str:
    """A rig file whose corners are off: the camera's photo cannot be read."""
    text = (ROOT / "rigs" / "simulated.yaml").read_text("utf-8").replace("profiles/", f"{ROOT}/rigs/profiles/")
    file = folder / "rig.yaml"
    file.write_text(text.replace("[74, 78]", "[110, 90]"), "utf-8")
    return str(file)
