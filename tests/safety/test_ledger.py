"""The ledger: limits before the act, and no count lost whatever happens to the file."""

import fcntl
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from hangs import HANGS_S
from hypothesis import given
from hypothesis import strategies as st

from posrig.description.rig_file import Limits
from posrig.ground.faults import ConfigurationError, RigFault, SafetyAbort
from posrig.safety.ledger import Kind, Ledger
from posrig.safety.ledger_store import LedgerDamaged, LedgerStore, Service

ROOT = Path(__file__).parents[2]
SERIAL, RIG = "12345678", "bench-1"
DAY_S = 86_400.0
NOON = 1_767_960_000.0


def test_a_press_is_charged_to_the_key_of_the_terminal_and_to_the_relay_of_the_rig(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite"
    with Ledger(file, SERIAL, RIG) as ledger:
        for _ in range(7):
            ledger.press("5", 1006)
        ledger.press("ENTER", 1014)
    with Ledger(file, "87654321", RIG) as other:
        other.press("5", 1006)
        assert (other.count(Kind.PRESS, "5"), other.count(Kind.RELAY, "1006")) == (1, 8)
    with Ledger(file, SERIAL, "bench-2") as moved:
        assert (moved.count(Kind.PRESS, "5"), moved.count(Kind.RELAY, "1006")) == (7, 0)


LIMITS = {
    Kind.PRESS: Limits(presses_per_key=3),
    Kind.RELAY: Limits(relay_cycles_per_channel=3),
    Kind.POWER: Limits(power_cycles=3),
    Kind.WRONG_PASSWORD: Limits(wrong_passwords_per_day=3),
}


@pytest.mark.parametrize("kind", LIMITS)
def test_the_act_that_would_exceed_a_limit_is_refused_before_it_is_done(tmp_path: Path, kind: Kind) -> None:
    file = tmp_path / "ledger.sqlite"
    with Ledger(file, SERIAL, RIG, LIMITS[kind]) as ledger:
        for _ in range(3):
            ledger.charge(kind, "1006")
        assert ledger.remaining(kind, "1006") == 0
        with pytest.raises(SafetyAbort, match="number 4 of at most 3") as refused:
            ledger.charge(kind, "1006")
        assert ledger.count(kind, "1006") == 3
        assert "0 more" in str(refused.value)
    with Ledger(file, SERIAL, RIG, LIMITS[kind]) as next_run, pytest.raises(SafetyAbort):
        next_run.charge(kind, "1006")


def test_several_at_once_are_refused_whole(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l", SERIAL, RIG, Limits(power_cycles=3)) as ledger:
        with pytest.raises(SafetyAbort):
            ledger.charge(Kind.POWER, count=4)
        ledger.charge(Kind.POWER, count=3)


@pytest.mark.parametrize("limits", [Limits(presses_per_key=2), Limits(relay_cycles_per_channel=2)])
def test_a_refused_press_is_charged_to_neither(tmp_path: Path, limits: Limits) -> None:
    with Ledger(tmp_path / "l", SERIAL, RIG, limits) as ledger:
        ledger.press("5", 1006)
        ledger.press("5", 1006)
        for _ in range(2):
            with pytest.raises(SafetyAbort):
                ledger.press("5", 1006)
        assert ledger.count(Kind.PRESS, "5") == ledger.count(Kind.RELAY, "1006") == 2


def test_guesses_at_all_ids_count_together(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l", SERIAL, RIG, Limits(wrong_passwords_per_day=3)) as ledger:
        for operator in ("01", "02", "03"):
            ledger.charge(Kind.WRONG_PASSWORD, operator)
        assert ledger.remaining(Kind.WRONG_PASSWORD, "04") == 0
        with pytest.raises(SafetyAbort, match="next day"):
            ledger.charge(Kind.WRONG_PASSWORD, "04")


def test_a_new_day_gives_new_guesses_and_a_clock_set_back_gives_none(tmp_path: Path) -> None:
    clock = [NOON]
    with Ledger(tmp_path / "l", SERIAL, RIG, Limits(wrong_passwords_per_day=1), now=lambda: clock[0]) as ledger:
        ledger.charge(Kind.WRONG_PASSWORD, "01")
        clock[0] += DAY_S
        ledger.charge(Kind.WRONG_PASSWORD, "01")
        clock[0] -= 2 * DAY_S
        with pytest.raises(SafetyAbort):
            ledger.charge(Kind.WRONG_PASSWORD, "01")
    limits = Limits(wrong_passwords_per_day=1)
    with (
        Ledger(tmp_path / "l", SERIAL, RIG, limits, now=lambda: clock[0]) as next_run,
        pytest.raises(SafetyAbort),
    ):
        next_run.charge(Kind.WRONG_PASSWORD, "01")


def killed(tmp_path: Path, body: str) -> None:
    program = textwrap.dedent(f"""
        import os, signal, time
        from pathlib import Path
        from posrig.safety.ledger import Kind, Ledger
        ledger = Ledger(Path({str(tmp_path / "l")!r}), {SERIAL!r}, {RIG!r})
    """) + textwrap.dedent(body)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=HANGS_S)
    assert done.returncode == -signal.SIGKILL


def test_a_kill_right_after_a_wrong_password_forgets_nothing(tmp_path: Path) -> None:
    killed(tmp_path, "ledger.charge(Kind.WRONG_PASSWORD, '01'); os.kill(os.getpid(), signal.SIGKILL)")
    with Ledger(tmp_path / "l", SERIAL, RIG) as ledger:
        assert ledger.count(Kind.WRONG_PASSWORD, "01") == 1


def test_a_kill_forgets_at_most_the_wear_of_one_interval(tmp_path: Path) -> None:
    killed(
        tmp_path,
        """
        ledger.close()
        ledger = Ledger(ledger._store.path, "12345678", "bench-1", flush_every_s=0.05)
        for _ in range(500):
            ledger.press("5", 1006)
        time.sleep(0.3)
        ledger.press("5", 1006)
        os.kill(os.getpid(), signal.SIGKILL)
        """,
    )
    with Ledger(tmp_path / "l", SERIAL, RIG) as ledger:
        assert ledger.count(Kind.PRESS, "5") in (500, 501)


def test_what_was_another_terminals_is_counted_there_and_a_lost_file_keeps_it_so(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite"
    with Ledger(file, SERIAL, RIG) as ledger:
        for _ in range(3):
            ledger.charge(Kind.POWER)
        ledger.moved(Kind.POWER, 1, "87654321")
        assert ledger.count(Kind.POWER) == 2
        journal = file.with_name(file.name + ".since").read_bytes()
    for lost in (False, True):
        if lost:
            file.unlink()
            file.with_name(file.name + ".backup").unlink(missing_ok=True)
            file.with_name(file.name + ".since").write_bytes(journal)
        with Ledger(file, SERIAL, RIG) as mine, Ledger(file, "87654321", RIG) as theirs:
            assert (mine.count(Kind.POWER), theirs.count(Kind.POWER)) == (2, 1), lost


def test_a_line_of_the_journal_that_only_takes_counts_for_nothing(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite"
    taking = json.dumps([[f"terminal {SERIAL}", Kind.POWER.value, "", "", -5]])
    giving = json.dumps([[f"terminal {SERIAL}", Kind.POWER.value, "", "", 7]])
    file.with_name(file.name + ".since").write_text(f"{giving}\n{taking}\n")
    with Ledger(file, SERIAL, RIG) as ledger:
        assert ledger.count(Kind.POWER) == 7


def test_the_files_do_not_tell_in_which_order_a_password_was_typed(tmp_path: Path) -> None:
    """On a lab rig a press takes 0.2 s: written as it comes, each transaction would be one digit."""
    with Ledger(tmp_path / "l", SERIAL, RIG) as ledger:
        for key in "4821":
            ledger.press(key, 1001 + int(key))
            ledger.charge(Kind.POWER)  # written at once, without the presses before it
            time.sleep(0.01)
        journal = (tmp_path / "l.since").read_text()
    assert "press" not in journal
    assert "relay" not in journal
    last = (tmp_path / "l.since").read_text().splitlines()[-1]
    assert [row[2] for row in json.loads(last) if row[1] == "press"] == sorted("4821")


DAMAGE = {
    "header": lambda data: b"\x00" * 100 + data[100:],
    "text": lambda _: b"hello, world\n" * 40,
    "truncated": lambda data: data[: len(data) // 2],
    "middle page": lambda data: data[:4096] + b"\xff" * 4096 + data[8192:],
}


@pytest.mark.parametrize("how", DAMAGE)
@pytest.mark.parametrize("torn", [False, True])
def test_a_damaged_file_is_moved_aside_and_no_count_is_lost(tmp_path: Path, how: str, torn: bool) -> None:
    file = tmp_path / "ledger.sqlite"
    with Ledger(file, SERIAL, RIG) as first:
        first.charge(Kind.PRESS, "5", 1000)
    with Ledger(file, SERIAL, RIG, now=lambda: NOON) as second:
        second.charge(Kind.PRESS, "5", 234)
        second.charge(Kind.WRONG_PASSWORD, "01")
    damaged = DAMAGE[how](file.read_bytes())
    file.write_bytes(damaged)
    if torn:  # a line cut off by the same power cut
        with file.with_name(file.name + ".since").open("ab") as journal:
            journal.write(b'[["terminal 12345678","press","5","",')
    with pytest.raises(LedgerDamaged, match="damaged") as told:
        Ledger(file, SERIAL, RIG)
    assert "run again" in str(told.value)
    (aside,) = [found for found in tmp_path.glob("*.damaged-*") if not found.name.endswith(("-wal", "-shm"))]
    assert aside.read_bytes() == damaged
    with Ledger(file, SERIAL, RIG, now=lambda: NOON) as mended:
        assert (mended.count(Kind.PRESS, "5"), mended.count(Kind.WRONG_PASSWORD, "01")) == (1234, 1)


@pytest.mark.parametrize("how", ["deleted", "emptied"])
def test_a_ledger_that_vanished_comes_back_from_its_copy_and_journal(tmp_path: Path, how: str) -> None:
    file = tmp_path / "ledger.sqlite"
    for count in (1000, 234):
        with Ledger(file, SERIAL, RIG) as ledger:
            ledger.charge(Kind.PRESS, "5", count)
    if how == "deleted":
        file.unlink()
    else:
        file.write_bytes(b"")
    for _ in range(2):
        with Ledger(file, SERIAL, RIG) as again:
            assert again.count(Kind.PRESS, "5") == 1234


def test_a_damaged_file_that_others_have_open_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite"
    with Ledger(file, SERIAL, RIG) as ledger:
        ledger.charge(Kind.POWER)
    other = os.open(file.with_name(file.name + ".lock"), os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_SH)
    file.write_bytes(b"x" * 8192)
    with pytest.raises(RigFault, match="another process"):
        Ledger(file, SERIAL, RIG)
    assert not list(tmp_path.glob("*.damaged-*"))
    os.close(other)
    with pytest.raises(LedgerDamaged):
        Ledger(file, SERIAL, RIG)
    with Ledger(file, SERIAL, RIG) as mended:
        assert mended.count(Kind.POWER) == 1


def test_two_runs_on_one_ledger_lose_nothing_between_them(tmp_path: Path) -> None:
    program = textwrap.dedent(f"""
        from pathlib import Path
        from posrig.safety.ledger import Kind, Ledger
        with Ledger(Path({str(tmp_path / "l")!r}), {SERIAL!r}, {RIG!r}) as ledger:
            for _ in range(300):
                ledger.press("5", 1006)
                ledger.charge(Kind.POWER)
    """)
    both = [subprocess.Popen([sys.executable, "-c", program], cwd=ROOT) for _ in range(3)]
    assert [run.wait(HANGS_S) for run in both] == [0, 0, 0]
    with Ledger(tmp_path / "l", SERIAL, RIG) as ledger:
        assert [ledger.count(Kind.PRESS, "5"), ledger.count(Kind.POWER)] == [900, 900]


def test_the_other_runs_guesses_count_too(tmp_path: Path) -> None:
    limits = Limits(wrong_passwords_per_day=3)
    with Ledger(tmp_path / "l", SERIAL, RIG, limits) as one, Ledger(tmp_path / "l", SERIAL, RIG, limits) as two:
        one.charge(Kind.WRONG_PASSWORD, "01", 2)
        two.charge(Kind.WRONG_PASSWORD, "01")
        with pytest.raises(SafetyAbort):
            two.charge(Kind.WRONG_PASSWORD, "01")


def test_a_full_disk_stops_the_run_with_a_clear_error_and_keeps_what_was_recorded(tmp_path: Path) -> None:
    """A limit on the size of files gives the writes of a full disk: SQLite and the journal both get EFBIG or SIGXFSZ."""
    program = textwrap.dedent(f"""
        import resource, signal, sys
        from pathlib import Path
        from posrig.ground.faults import RigFault
        from posrig.safety.ledger import Kind, Ledger
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        ledger = Ledger(Path({str(tmp_path / "l")!r}), {SERIAL!r}, {RIG!r})
        ledger.charge(Kind.WRONG_PASSWORD, "01")
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))
        try:
            ledger.charge(Kind.WRONG_PASSWORD, "01")
        except RigFault as fault:
            print(fault, ledger.count(Kind.WRONG_PASSWORD, "01"))
        try:
            ledger.press("5", 1006)
        except RigFault:
            print("stopped")
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    """)
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    assert hard == resource.RLIM_INFINITY
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=HANGS_S)
    assert "the ledger cannot be written" in done.stdout, done.stderr
    assert "nothing that was recorded before is lost 1\nstopped" in done.stdout
    with Ledger(tmp_path / "l", SERIAL, RIG) as ledger:
        assert ledger.count(Kind.WRONG_PASSWORD, "01") == 1


def test_a_folder_that_takes_no_files_is_a_configuration_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", Path("/proc/sys")):
        with pytest.raises(ConfigurationError, match="ledger cannot be used"):
            Ledger(folder / "ledger.sqlite", SERIAL, RIG)


def test_a_file_that_became_unwritable_during_a_run_stops_the_next_act(tmp_path: Path) -> None:
    file = tmp_path / "l"
    ledger = Ledger(file, SERIAL, RIG)
    blocker = sqlite3.connect(file, isolation_level=None)
    blocker.execute("CREATE TRIGGER full BEFORE INSERT ON count BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    with pytest.raises(RigFault, match="disk full"):
        ledger.charge(Kind.FLASH, "A")
    with pytest.raises(RigFault, match="disk full"):
        ledger.press("5", 1006)
    blocker.execute("DROP TRIGGER full")
    blocker.close()
    ledger.charge(Kind.FLASH, "A")
    ledger.close()
    with Ledger(file, SERIAL, RIG) as after:
        assert after.count(Kind.FLASH, "A") == 1


def test_a_replaced_part_starts_anew_and_its_history_stays(tmp_path: Path) -> None:
    file = tmp_path / "l"
    with Ledger(file, SERIAL, RIG, Limits(relay_cycles_per_channel=10)) as worn:
        worn.charge(Kind.RELAY, "1006", 10)
    store = LedgerStore(file)
    store.set_service(Service(f"rig {RIG}", "relay cycle", "1006", done_at=10, done_on="2026-01-09"))
    store.close()
    with Ledger(file, SERIAL, RIG, Limits(relay_cycles_per_channel=10)) as renewed:
        assert renewed.remaining(Kind.RELAY, "1006") == 10
        renewed.charge(Kind.RELAY, "1006", 4)
        renewed.flush()
        assert renewed.count(Kind.RELAY, "1006") == 4
    store = LedgerStore(file)
    assert list(store.counts(f"rig {RIG}").values()) == [14]
    store.close()


@given(st.lists(st.tuples(st.sampled_from(list(Kind)), st.sampled_from("123"), st.integers(1, 5)), max_size=20))
def test_what_was_charged_is_what_is_counted(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[Kind, str, int]]
) -> None:
    file = tmp_path_factory.mktemp("ledger") / "l"
    with Ledger(file, SERIAL, RIG, now=lambda: NOON) as ledger:
        for kind, part, count in acts:
            ledger.charge(kind, part, count)
    with Ledger(file, SERIAL, RIG, now=lambda: NOON) as again:
        for kind in Kind:
            for part in "123":
                assert again.count(kind, part) == sum(n for k, p, n in acts if (k, p) == (kind, part))


def test_closing_twice_is_harmless(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l", SERIAL, RIG)
    ledger.close()
    ledger.close()
    assert os.listdir(tmp_path)
