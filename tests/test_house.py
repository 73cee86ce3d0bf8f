"""The house stays as docs/architecture.md says: files that can be read at one sitting (who imports whom is import-linter's)."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROWS = 400
FOLDERS = ("posrig", "steps", "fixtures", "tests", "benchmarks", ".ci")


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_file_is_longer_than_a_reader_can_hold(folder: str) -> None:
    files = list((ROOT / folder).rglob("*.py"))
    rows = {path: path.read_text("utf-8").count("\n") for path in files}
    assert files or folder == ".ci"
    assert {path.relative_to(ROOT).as_posix(): count for path, count in rows.items() if count > ROWS} == {}
