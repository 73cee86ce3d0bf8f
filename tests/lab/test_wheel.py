"""posrig as a wheel, outside its repository: what is in it, a lab from nothing, and nothing written where it lies."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from lab_kit import Ended, environment, write

ROOT = Path(__file__).parents[2]
SOURCES = ("posrig", "rigs", "README.md", "pyproject.toml")
DATA = (
    "posrig/py.typed", "posrig/shipped/simulated.yaml", "posrig/shipped/profiles/reference-r.yaml",
    "posrig/shipped/counter.yaml", "posrig/shipped/esign.yaml", "posrig/shipped/terminal-e.yaml",
    "posrig/shipped/profiles/counter.yaml", "posrig/shipped/profiles/terminal-e.yaml",
    "posrig/shipped/fonts/unifont-gb2312.hex", "posrig/shipped/fonts/LICENSE-unifont.txt",
    "posrig/simulated/terminals/r/firmware/screens.json", "posrig/reporting/index_template.html",
    "posrig/suite/lock.feature", "posrig/suite/update_zh.feature", "posrig/suite/requirements.yaml",
    "posrig/shipped/lab/dot-gitignore.in", "posrig/shipped/lab/dot-github/workflows/posrig.yml.in",
)  # fmt: skip


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy: a build/ folder of another day would be packed as well."""
    copy = tmp_path_factory.mktemp("sources")
    for name in SOURCES:
        leave_out = shutil.ignore_patterns("__pycache__")
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, symlinks=True, ignore=leave_out)
        else:
            shutil.copy(ROOT / name, copy / name)
    _python("-m", "pip", "wheel", ".", "--no-deps", "--no-build-isolation", "--no-index", "-q", "-w", "dist", cwd=copy)
    [built] = (copy / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("site")
    _python("-m", "pip", "install", "--no-deps", "--no-index", "-q", "--target", str(place), str(wheel), cwd=place)
    return place


def _python(*arguments: str, cwd: Path, path: str = "") -> Ended:
    done = subprocess.run(
        [sys.executable, "-P", *arguments], cwd=cwd, capture_output=True, text=True, timeout=300, check=False,
        env=environment(**({"PYTHONPATH": path} if path else {}), PYTHONDONTWRITEBYTECODE="1"),
    )  # fmt: skip
    assert done.returncode == 0 or path, done.stdout + done.stderr
    return Ended(done.returncode, done.stdout + done.stderr)


def test_it_holds_posrig_with_all_its_data_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"posrig"}
    assert [name for name in DATA if name not in names] == []
    here = {path.relative_to(ROOT).as_posix() for path in (ROOT / "posrig").rglob("*.py")}
    here |= {path.relative_to(ROOT).as_posix() for path in (ROOT / "posrig" / "shipped").rglob("*.in")}
    assert here - set(names) == set()


def test_a_lab_from_nothing_holds_and_nothing_is_written_where_posrig_lies(installed: Path, tmp_path: Path) -> None:
    before = _listing(installed)
    path = str(installed)
    where = _python("-c", "import posrig; print(posrig.__file__)", cwd=tmp_path, path=path)
    assert where.out.strip().startswith(path)

    made = _python("-m", "posrig.commands.main", "init", "my-lab", cwd=tmp_path, path=path)
    assert made.code == 0, made.out
    lab = tmp_path / "my-lab"
    page, page_zh = ((ROOT / "docs" / name).read_text("utf-8") for name in ("own-lab.md", "own-lab.zh.md"))
    write(lab / "steps" / "mine.py", _block(page, "python"))
    write(lab / "features" / "mine.feature", _block(page, "gherkin"))
    write(lab / "features" / "mine_zh.feature", _block(page_zh, "gherkin"))
    assert _block(page, "python") == _block(page_zh, "python")
    ran = _python("-m", "pytest", "-p", "no:hypothesispytest", cwd=lab, path=path)
    assert ran.code == 0, ran.out
    assert "6 held" in ran.out
    assert (lab / "reports" / "latest" / "index.html").is_file()
    linted = _python("-m", "posrig.commands.main", "lint", cwd=lab, path=path)
    assert (linted.code, "4 feature files, 0 mistakes" in linted.out) == (0, True), linted.out
    listed = _python("-m", "posrig.commands.main", "steps", "没有人在", cwd=lab, path=path)
    assert (listed.code, "steps/mine.py" in listed.out) == (0, True), listed.out

    fuzzed = _python("-m", "posrig.commands.main", "fuzz", "--presses", "30", cwd=lab, path=path)
    assert fuzzed.code == 0, fuzzed.out
    outside = tmp_path / "outside"
    outside.mkdir()
    pressed = _python("-m", "posrig.commands.main", "press", "--power-on", "F2", cwd=outside, path=path)
    assert pressed.code == 0, pressed.out
    assert _listing(installed) == before


def _block(page: str, language: str) -> str:
    """The first block of that language: what the page has its reader write is what is tried."""
    return page.partition(f"```{language}\n")[2].partition("```")[0]


def _listing(folder: Path) -> dict[str, tuple[int, int]]:
    found = (Path(root, name) for root, _, names in os.walk(folder) for name in names)
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in found if path.suffix != ".pyc"}
