"""Worker processes of a qualification: told to end, each closes what it holds before it is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hangs import HANGS_S

from posrig.fuzzing.running.workers import each

ROOT = Path(__file__).parents[2]
WORK = '''
import signal, sys, time
from pathlib import Path
from posrig.fuzzing.running.workers import each

def work(name):
    """Holds something open for a minute."""
    folder = Path(sys.argv[1])
    (folder / f"{name} open").touch()
    try:
        deadline = time.monotonic() + 600
        while time.monotonic() < deadline:
            pass
    finally:
        (folder / f"{name} closed").touch()

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(list(each(work, ["one", "two", "three"], 2)))
'''


def twice(number: int) -> int:
    return 2 * number


def fails(number: int) -> int:
    raise ValueError(number)


def test_all_results_come() -> None:
    assert sorted(each(twice, range(5), 2)) == [0, 2, 4, 6, 8]


def test_an_error_of_the_work_is_told() -> None:
    with pytest.raises(ValueError, match="7"):
        list(each(fails, [7], 1))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_what_runs_is_closed_and_what_waits_never_begins(number: signal.Signals, tmp_path: Path) -> None:
    """SIGKILL: nobody is left to tell the workers; the end of the pipe does."""
    (tmp_path / "holding.py").write_text(WORK, "utf-8")
    process = subprocess.Popen(
        [sys.executable, "holding.py", str(tmp_path)], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    try:
        wait_for(tmp_path, {"one open", "two open"})
        process.send_signal(number)
        wait_for(tmp_path, {"one closed", "two closed"})
        process.communicate(timeout=HANGS_S)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    assert process.returncode != 0
    assert not (tmp_path / "three open").exists()


def wait_for(folder: Path, wanted: set[str]) -> None:
    deadline = time.monotonic() + HANGS_S
    while not wanted <= {file.name for file in folder.iterdir()}:
        assert time.monotonic() < deadline, list(folder.iterdir())
        time.sleep(0.02)
