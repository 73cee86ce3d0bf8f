"""docs/lifecycle.md, L33 and L34: nobody is left to act (the PC loses its power), and nothing ends by itself (a hang)."""

import ast
import os
import signal
from pathlib import Path

import pytest
from hangs import HANGS_S

from benchmarks.kill import Rig as LabRig
from posrig.description.rig_file import Limits
from posrig.safety.incidents import take_new
from posrig.safety.lease import holders, take
from posrig.safety.ledger import Kind, Ledger
from tests.safety.rig_to_guard import ROOT, gone_within
from tests.safety.test_lifecycle import Life

HANGING = """
  Scenario: silent
    Given the supply is on and a key is held
    When the switch unit takes everything and answers nothing
    Then the next scenario has its turn
"""


@pytest.fixture
def life(tmp_path: Path, rig: LabRig) -> Life:
    made = Life(tmp_path, rig)
    with (tmp_path / "life.feature").open("a") as file:
        file.write(HANGING.lstrip("\n"))
    return made


def test_l33_after_a_power_loss_locks_are_free_and_the_next_run_begins_with_the_safe_state(life: Life) -> None:
    """Harness and guard end in one instant, as they do when the PC goes dark: nobody acts, nobody leaves a record."""
    run = life.start("waiting")
    both = (life.wait_ready(), run.pid)
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for pid in both:
            os.kill(pid, number)
    run.communicate(timeout=HANGS_S)
    assert gone_within(both[0], HANGS_S)
    assert life.rig.is_on, "a supply keeps its state: nobody can switch it off"
    assert holders(life.folder / "leases") == ()
    assert take_new(life.folder / "incidents") == ()
    with Ledger(life.folder / "ledger", "12345678", "lab-1") as ledger:
        assert ledger.count(Kind.POWER) == 1
    code, said = life.run("well")
    assert code == 0, said
    life.assert_left_in_order()


@pytest.mark.parametrize(
    ("limits", "mode"), [(Limits(wrong_codes_per_day=9), "FULL"), (Limits(wrong_passwords_per_day=9), "NORMAL")]
)
def test_l33_a_guess_under_a_limit_is_synchronised_with_the_disk_before_it_is_made(
    tmp_path: Path, limits: Limits, mode: str
) -> None:
    """FULL is SQLite's word for fsync at each commit: what a power loss cannot undo."""
    with Ledger(tmp_path / "l", "1", "r", limits) as ledger:
        said: list[str] = []
        ledger._store._db.set_trace_callback(said.append)
        ledger.charge(Kind.WRONG_CODE, "time code 00")
        assert said[0] == f"PRAGMA synchronous={mode}"
        assert said.index("BEGIN IMMEDIATE") < said.index("COMMIT")


def test_l34_a_rig_that_answers_nothing_ends_the_run_by_its_own_deadlines(life: Life) -> None:
    """The wire is open, all is taken, nothing comes back: each wait ends, the guard keeps what could not be proved."""
    code, said = life.run("silent", "well")
    assert code == 3, said
    assert "gave no answer within" in said
    assert not life.rig.is_on, "the supply could be reached"
    with Ledger(life.folder / "ledger", "12345678", "lab-1") as ledger:
        assert ledger.count(Kind.PRESS, "5") >= 1
    life.rig.act("instrument.restore", name="switch")
    with take(["terminal 12345678"], wait_s=HANGS_S, directory=life.folder / "leases"):
        assert life.rig.is_safe


MAY_WAIT = {
    ("posrig/safety/guard.py", "goodbye"): "for a process that was killed the line before",
    (
        "posrig/ground/endings.py",
        "_wait_for_the_end",
    ): "a daemon thread: the end of the process that has started this one",
    ("posrig/screens/console.py", "_read_on"): "a reader thread, ended by a byte in its pipe",
    ("posrig/safety/ledger_store.py", "_begin"): "a lock that is held already is made a shared one",
    ("posrig/ground/sqlite_file.py", "try_alone"): "a lock that is held for the time of one copy at an opening",
    ("posrig/fuzzing/qualifying/qualification.py", "_end"): "for a run that was killed the line before",
    (
        "posrig/fuzzing/running/workers.py",
        "_wait_for_the_end",
    ): "a daemon thread of a worker, ended with its parent's pipe",
    ("posrig/fuzzing/search/findings.py", "_append"): "a lock that is held for the time of one line of the archive",
}
ROOMS = ("posrig", "steps", "fixtures")


def waits_without_end(text: str) -> set[str]:
    """Functions that call something which may block for ever: no time-out given where one can be."""
    found = set()
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, ast.FunctionDef):
            calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
            found |= {function.name for call in calls if is_endless(call)}
    return found


def is_endless(call: ast.Call) -> bool:
    words, what = [ast.unparse(word) for word in call.args], ast.unparse(call.func)
    if any(keyword.arg in ("timeout", "timeout_s", "within_s") for keyword in call.keywords):
        return False
    match what.rpartition(".")[2]:
        case "wait" | "communicate" | "join":
            return not words and "." in what
        case "select":
            return what == "select.select" and len(words) < 4
        case "poll":
            return any("None" in word for word in words)
        case "run" | "check_output" | "check_call":
            return what.startswith("subprocess.")
        case "create_connection":
            return len(words) < 2
        case "flock":
            return not any(word in words[1] for word in ("LOCK_NB", "LOCK_UN"))
    return False


def test_l34_nothing_of_the_harness_waits_without_a_deadline() -> None:
    found = {
        (str(file.relative_to(ROOT)), function)
        for room in ROOMS
        for file in (ROOT / room).rglob("*.py")
        if "simulated" not in file.parts
        for function in waits_without_end(file.read_text("utf-8"))
    }
    assert found == set(MAY_WAIT)


@pytest.mark.parametrize(
    ("line", "endless"),
    [
        ("process.wait()", True),
        ("process.wait(3)", False),
        ("thread.join()", True),
        ("select.select([a], [], [])", True),
        ("select.select([a], [], [], left)", False),
        ("subprocess.run(argv)", True),
        ("subprocess.run(argv, timeout=3)", False),
        ("fcntl.flock(n, fcntl.LOCK_EX)", True),
        ("fcntl.flock(n, fcntl.LOCK_EX | fcntl.LOCK_NB)", False),
        ("socket.create_connection(address)", True),
    ],
)
def test_the_search_for_endless_waits_finds_them(line: str, endless: bool) -> None:
    assert bool(waits_without_end(f"def f():\n    {line}\n")) is endless
