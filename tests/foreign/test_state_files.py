"""Files that processes leave for each other: leases, incidents, ledger, history, kept coverage; programs that are run."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posrig.description.credentials import from_command, from_file
from posrig.ground.faults import ConfigurationError, RigFault
from posrig.ground.json_text import parsed_json
from posrig.reporting.history import History
from posrig.safety import incidents, lease
from posrig.safety.ledger_store import Counted, LedgerStore
from tests.foreign.strategies import FAST, contents, readable, trees

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
SOMEBODY = 12_345
INCIDENT = dataclasses.asdict(
    incidents.Incident("r", "t", "j", 1, "2026", "killed", "2026", "x", True, 0.5, 1, (incidents.Proof("a", "b", "c", 1),))
)  # fmt: skip
RECORD = dataclasses.asdict(lease.Record("terminal 1", "li", "job", "pc", 7, "2026"))


@FAST
@given(contents(INCIDENT))
def test_any_incident_record(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "1.json").write_bytes(content)
    for found in incidents.known(tmp_path):
        assert readable(str(found))


@FAST
@given(contents(RECORD))
def test_any_lease_record_of_a_terminal_that_is_held(tmp_path: Path, content: bytes) -> None:
    with lease.take(["terminal 1"], directory=tmp_path):
        (tmp_path / "terminal 1.lock").write_bytes(content)
        with pytest.raises(lease.Busy) as refused:
            lease.take(["terminal 1"], directory=tmp_path)
        assert "in use: " in str(refused.value)
        assert readable(str(refused.value).replace("\n", ""))


def test_the_record_of_a_lease_is_read_up_to_4_kib(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # B6
    with lease.take(["terminal 1"], directory=tmp_path):
        with (tmp_path / "terminal 1.lock").open("r+b") as file:
            file.truncate(300_000_000)
        monkeypatch.setattr(Path, "read_text", None)
        monkeypatch.setattr(Path, "read_bytes", None)
        (held,) = lease.holders(tmp_path)
    assert held.holder == "somebody (no readable record)"


def test_a_lease_file_that_is_another_file_too_is_refused_and_not_emptied(tmp_path: Path) -> None:  # B6
    mine, folder = tmp_path / "mine.txt", tmp_path / "leases"
    mine.write_text("precious")
    folder.mkdir()
    os.link(mine, folder / "terminal 1.lock")
    with pytest.raises(ConfigurationError, match="hard links"):
        lease.take(["terminal 1"], directory=folder)
    assert mine.read_text() == "precious"


@root_only
def test_a_folder_of_leases_that_another_user_has_linked_elsewhere_is_refused(tmp_path: Path) -> None:  # B6
    (tmp_path / "mine").mkdir()
    link = tmp_path / "leases"
    link.symlink_to(tmp_path / "mine")
    lease.take(["terminal 1"], directory=link).release()
    (tmp_path / "mine" / "terminal 1.lock").unlink()
    os.lchown(link, SOMEBODY, SOMEBODY)
    with pytest.raises(ConfigurationError, match="another user"):
        lease.take(["terminal 1"], directory=link)
    assert not list((tmp_path / "mine").iterdir())


def test_two_long_names_have_a_lease_each(tmp_path: Path) -> None:
    with lease.take(["终端" * 200 + "1"], directory=tmp_path), lease.take(["终端" * 200 + "2"], directory=tmp_path):
        assert len(lease.holders(tmp_path)) == 2


@FAST
@given(st.one_of(st.binary(max_size=300), trees.map(lambda tree: json.dumps(tree).encode())))
def test_any_ledger_and_any_history_mends_itself_or_says_what_is_wrong(tmp_path: Path, content: bytes) -> None:
    for name in ("ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite.since"):
        (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / "ledger.sqlite").write_bytes(content)
    for _ in range(2):
        with contextlib.suppress(RigFault, ConfigurationError):
            LedgerStore(tmp_path / "ledger.sqlite").close()
    (tmp_path / "history.sqlite").write_bytes(content)
    with History(tmp_path / "history.sqlite", tmp_path / "runs") as history:
        assert "damaged" in history.mended or not history.mended


def test_a_ledger_that_is_another_file_too_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("precious")
    (tmp_path / "ledger.sqlite").symlink_to(tmp_path / "mine")
    with pytest.raises(ConfigurationError, match="ledger cannot be used"):
        LedgerStore(tmp_path / "ledger.sqlite")
    assert (tmp_path / "mine").read_text() == "precious"


def test_half_a_count_of_the_journal_is_left_out(tmp_path: Path) -> None:
    store = LedgerStore(tmp_path / "ledger.sqlite")
    journal = store._since
    store.close()
    rows = [[["a", "b", "c", "d", 3]], [["a", "b"]], [[["x"], "b", "c", "d", 1]], 5, [["a", "b", "c", "e", 10**30]]]
    journal.write_text("".join(json.dumps(row) + "\n" for row in rows) + '[["a","b","c","f",1e999]]\n' + "[" * 5000)
    mended = LedgerStore(tmp_path / "ledger.sqlite")
    try:
        assert mended.counts() == {Counted("a", "b", "c", "d"): 3}
    finally:
        mended.close()


@FAST
@given(
    st.one_of(st.binary(max_size=60), st.text(max_size=60), st.sampled_from(["[" * 9999, "NaN", "1" * 9999, '"\\ud8"']))
)
def test_json_is_a_value_that_can_be_written_or_a_value_error(text: str | bytes) -> None:
    try:
        found = parsed_json(text)
    except ValueError:
        return
    json.dumps(found, ensure_ascii=False, allow_nan=False).encode()


@pytest.mark.parametrize(
    "text",
    [
        '"01": {password: !7309 "7309"}',
        '"01": {password: !!7309 x}',
        '"01": {password: *7309}',
        '"01": {password: &7309 x}',
        '"01": {"7309": a, "7309": b}',
        '"01": {password: ' + "7309" * 25_000 + "}",
        '"01": {password: "' + "7309" * 25_000 + '"}',
        '{"01": {"password": ' + "7309" * 25_000 + "}}",
        "%TAG ! 7309\n--- x",
    ],
)
def test_no_error_about_credentials_repeats_them(tmp_path: Path, text: str) -> None:  # B3
    path = tmp_path / "c.yaml"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(ConfigurationError) as refused:
        from_file(path)
    assert "7309" not in str(refused.value)
    assert refused.value.__context__ is None or refused.value.__suppress_context__  # a traceback would show it


def program(folder: Path, text: str = "print('7309')") -> Path:
    path = folder / "keyring"
    path.write_text(f"#!{sys.executable}\n{text}\n")
    path.chmod(0o700)
    return path


@root_only
def test_a_program_or_folder_of_another_user_is_refused_before_it_runs(tmp_path: Path) -> None:  # B3
    ran, folder = tmp_path / "ran", tmp_path / "bin"
    folder.mkdir()
    path = program(folder, f"open({str(ran)!r}, 'w')")
    os.chown(path, SOMEBODY, SOMEBODY)
    with pytest.raises(ConfigurationError, match="another user"):
        from_command([str(path)])
    os.chown(path, 0, 0)
    os.chown(folder, SOMEBODY, SOMEBODY)
    with pytest.raises(ConfigurationError, match="another user"):
        from_command([str(path)])
    assert not ran.exists()


def test_a_program_that_never_stops_printing_is_ended(tmp_path: Path) -> None:
    path = program(tmp_path, "while True: print('7309' * 1000)")
    with pytest.raises(ConfigurationError, match="more than 262144 bytes"):
        from_command([str(path)], timeout_s=600)
