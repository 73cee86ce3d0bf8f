"""Leases: the kernel decides, the record tells people."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from hangs import HANGS_S, LONG_S, sooner

from posrig.ground.faults import ConfigurationError, RigFault
from posrig.safety.lease import Busy, Lease, default_job, holders, lease_directory, take, take_any

ROOT = Path(__file__).parents[2]
POS = "terminal 12345678"


def start_holder(folder: Path, *resources: str, job: str = "nightly lock suite") -> subprocess.Popen[str]:
    program = textwrap.dedent(f"""
        import sys
        from pathlib import Path
        from posrig.safety.lease import take
        lease = take({resources!r}, job={job!r}, doing="unlock.feature", directory=Path({str(folder)!r}))
        print("held", flush=True)
        sys.stdin.read()
        lease.release()
    """)
    process = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_second_job_is_refused_with_holder_job_and_time_and_gets_it_within_half_a_second_of_a_kill(
    tmp_path: Path,
) -> None:
    holder = start_holder(tmp_path, POS)
    with pytest.raises(Busy) as refused:
        take([POS], directory=tmp_path)
    text = str(refused.value)
    for part in (POS, "nightly lock suite", "since 20", "unlock.feature", str(holder.pid), "to do:"):
        assert part in text
    holder.send_signal(signal.SIGKILL)
    with sooner(), take([POS], wait_s=LONG_S, directory=tmp_path):
        pass
    holder.wait(HANGS_S)


def test_waiting_tells_progress_and_ends_at_its_deadline(tmp_path: Path) -> None:
    told: list[str] = []
    with take([POS], job="first", directory=tmp_path):
        start = time.monotonic()
        with pytest.raises(Busy):
            take([POS], wait_s=0.3, progress=told.append, directory=tmp_path)
        assert time.monotonic() - start >= 0.3
    assert len(told) == 1
    assert "job first" in told[0]


def test_a_waiting_job_has_it_as_soon_as_it_is_given_back(tmp_path: Path) -> None:
    holder = start_holder(tmp_path, POS)
    waiter = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import sys; from pathlib import Path; from posrig.safety.lease import take\n"
            f"take([{POS!r}], wait_s=600, progress=lambda t: print(t, flush=True), directory=Path({str(tmp_path)!r}))\n"
            f"print('mine', flush=True)",
        ],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
    )
    assert waiter.stdout is not None
    assert "nightly lock suite" in waiter.stdout.readline()
    holder.communicate("", timeout=HANGS_S)
    assert waiter.communicate(timeout=HANGS_S)[0] == "mine\n"


def test_all_or_nothing_and_no_deadlock_between_opposite_orders(tmp_path: Path) -> None:
    with take(["meter"], directory=tmp_path):
        with pytest.raises(Busy):
            take([POS, "meter"], directory=tmp_path)
        with take([POS], directory=tmp_path):
            pass  # the refused one kept nothing
    program = textwrap.dedent(f"""
        import sys, random
        from pathlib import Path
        from posrig.safety.lease import take
        names = sys.argv[1].split(",")
        for _ in range(20):
            with take(names, wait_s=600, directory=Path({str(tmp_path)!r})):
                pass
    """)
    both = [
        subprocess.Popen([sys.executable, "-c", program, order], cwd=ROOT) for order in ("meter,supply", "supply,meter")
    ]
    assert [process.wait(HANGS_S) for process in both] == [0, 0]


def test_the_first_free_terminal_of_a_pool_is_taken(tmp_path: Path) -> None:
    pool = {"pos-01": ["terminal 1", "meter 1"], "pos-02": ["terminal 2", "meter 2"]}
    with take_any(pool, directory=tmp_path) as first, take_any(pool, directory=tmp_path) as second:
        assert (first.name, second.name) == ("pos-01", "pos-02")
        with pytest.raises(Busy, match=r"terminal 1 .*terminal 2 "):
            take_any(pool, directory=tmp_path)


def test_a_guard_that_inherited_the_lease_keeps_it_until_it_ends(tmp_path: Path) -> None:
    lease = take([POS], directory=tmp_path)
    guard = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE, pass_fds=lease.filenos()
    )
    for number in lease.filenos():
        os.close(number)  # what the kernel does to a killed harness
    with pytest.raises(Busy):
        take([POS], directory=tmp_path)
    guard.communicate(b"", timeout=HANGS_S)
    take([POS], directory=tmp_path).release()


def test_a_clean_release_frees_it_although_the_guard_still_has_the_descriptor(tmp_path: Path) -> None:
    lease = take([POS], directory=tmp_path)
    copies = [os.dup(number) for number in lease.filenos()]
    lease.release()
    lease.release()
    take([POS], directory=tmp_path).release()
    for copy in copies:
        os.close(copy)


def test_a_deleted_lock_file_is_noticed_before_the_next_scenario(tmp_path: Path) -> None:
    with take([POS], directory=tmp_path) as lease:
        lease.check()
        next(tmp_path.glob("*.lock")).unlink()
        with pytest.raises(RigFault, match="lock file was deleted"):
            lease.check()


def test_a_record_left_by_a_killed_job_means_nothing(tmp_path: Path) -> None:
    holder = start_holder(tmp_path, POS)
    assert [record.resource for record in holders(tmp_path)] == [POS]
    holder.kill()
    holder.wait(HANGS_S)
    assert next(tmp_path.glob("*.lock")).read_text().startswith("{")
    assert holders(tmp_path) == ()


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"resource": 1}', "\x00" * 50, "x" * 9000])
def test_a_damaged_record_still_refuses(tmp_path: Path, damage: str) -> None:
    with take([POS], directory=tmp_path):
        next(tmp_path.glob("*.lock")).write_text(damage)
        with pytest.raises(Busy, match="terminal 12345678 is held by somebody"):
            take([POS], directory=tmp_path)


def test_a_folder_that_cannot_be_used_is_a_configuration_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="not a folder"):
        take([POS], directory=tmp_path / "file")
    with pytest.raises(ConfigurationError, match="Not a directory"):
        take([POS], directory=tmp_path / "file" / "below")


def test_a_read_only_folder_is_a_configuration_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o555)
    # root may write everywhere: there the refusal comes from a file system that takes no files
    folder = Path("/proc/sys") if os.geteuid() == 0 else tmp_path
    with pytest.raises(ConfigurationError) as refused:
        take([POS], directory=folder)
    assert "POSRIG_LEASES" in str(refused.value)
    tmp_path.chmod(0o755)


def test_a_link_planted_in_the_shared_folder_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / f"{POS}.lock").symlink_to(victim)
    with pytest.raises(ConfigurationError):
        take([POS], directory=tmp_path)
    assert victim.read_text() == "precious"


def test_resource_names_of_any_kind_do_not_collide(tmp_path: Path) -> None:
    names = ["TCPIP::10.0.0.1::5025::SOCKET", "TCPIP//10.0.0.1//5025", "../out", "终端 7", "a/b", "a%2Fb"]
    with take(names, directory=tmp_path) as lease:
        assert sorted(record.resource for record in holders(tmp_path)) == sorted(names)
        assert len(lease.filenos()) == len(names)
    assert all(file.parent == tmp_path for file in tmp_path.rglob("*.lock"))


def test_everybody_on_one_pc_sees_the_same_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POSRIG_LEASES", raising=False)
    seen = set()
    for home in ("/root", "/home/ci"):
        monkeypatch.setenv("HOME", home)
        monkeypatch.setenv("TMPDIR", f"{home}/tmp")
        monkeypatch.setenv("XDG_RUNTIME_DIR", f"{home}/run")
        seen.add(lease_directory())
    assert len(seen) == 1
    monkeypatch.setenv("POSRIG_LEASES", "/srv/leases")
    assert lease_directory() == Path("/srv/leases")


def test_the_job_is_named_as_people_know_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSRIG_JOB", "nightly")
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw3")
    assert default_job() == "nightly gw3"


def test_what_is_going_on_shows_in_the_refusal(tmp_path: Path) -> None:
    with take([POS], directory=tmp_path) as lease:
        lease.doing("reset.feature::Reset is refused with an open batch")
        with pytest.raises(Busy, match="Reset is refused"):
            take([POS], directory=tmp_path)


def test_exactly_one_of_many_has_it_at_any_instant(tmp_path: Path) -> None:
    """Eight processes, random holding times: the counter file would show a second one inside."""
    program = textwrap.dedent(f"""
        import os, random, time
        from pathlib import Path
        from posrig.safety.lease import take
        folder = Path({str(tmp_path)!r})
        for _ in range(5):
            with take(["x"], wait_s=600, directory=folder):
                inside = os.open(folder / "inside", os.O_CREAT | os.O_EXCL)
                time.sleep(random.uniform(0, 0.01))
                os.close(inside)
                os.unlink(folder / "inside")
    """)
    crowd = [subprocess.Popen([sys.executable, "-c", program], cwd=ROOT) for _ in range(4)]
    assert [process.wait(HANGS_S) for process in crowd] == [0] * 4


def test_lease_is_a_context_manager_also_when_the_body_fails(tmp_path: Path) -> None:
    def body() -> None:
        with take([POS], directory=tmp_path) as lease:
            assert isinstance(lease, Lease)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        body()
    assert holders(tmp_path) == ()
