"""``posrig camera`` on the simulated rig."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PIL import Image

from posrig.commands.main import main
from posrig.description.lab import SIMULATED


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LEASES", "LEDGER", "INCIDENTS"):
        monkeypatch.setenv(f"POSRIG_{name}", str(tmp_path / name.lower()))


def rig_file(folder: Path, old: str, new: str) -> Path:
    text = SIMULATED.read_text("utf-8").replace("profiles/", f"{SIMULATED.parent}/profiles/")
    assert re.search(old, text, re.DOTALL)
    file = folder / "rig.yaml"
    file.write_text(re.sub(old, new, text, flags=re.DOTALL), "utf-8")
    return file


def test_it_shows_what_it_reads_and_draws_the_corners(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "photo.png"
    assert main(["camera", "--power-on", "--out", str(out)]) == 0
    assert "|NOT SIGNED ON" in capsys.readouterr().out
    assert Image.open(out).size == (640, 400)


def test_a_dark_display_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["camera"]) == 0
    assert "dark; posrig camera --power-on" in capsys.readouterr().out


def test_wrong_corners_are_found_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rig = rig_file(tmp_path, r"\[74, 78\]", "[110, 90]")
    assert main(["camera", "--power-on", "--rig", str(rig)]) == 3
    assert "posrig camera --find" in capsys.readouterr().out
    assert main(["camera", "--power-on", "--rig", str(rig), "--find", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["rows"] == ["NOT SIGNED ON", "", "ENTER: sign on", "F1: version"]
    rig.write_text(rig.read_text().replace("[[110, 90], [571, 60], [583, 318], [62, 331]]", str(report["corners"])))
    assert main(["camera", "--power-on", "--rig", str(rig)]) == 0


def test_a_rig_without_a_camera_is_told_how_to_get_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rig = rig_file(tmp_path, r"camera: .*?credentials", "credentials")
    assert main(["camera", "--rig", str(rig)]) == 4
    assert "docs/camera.md" in capsys.readouterr().err
