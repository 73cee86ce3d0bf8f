"""C4 to C7: everything that is published was scanned after its last byte; what children and the terminal get is masked."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from posrig.description import credentials
from posrig.description.lab import SIMULATED
from posrig.description.profile import read_profile
from posrig.description.rig_file import read_rig
from posrig.evidence.secret_scan import Scan, scan
from posrig.ground.child import module_environment
from posrig.ground.secret import Masks, Secret
from posrig.plugin.masking import WITHHELD_LINE, mask_error
from posrig.plugin.publishing import write_pages
from posrig.reporting.summary import RunFacts
from posrig.rig.preparation import credentials_of, generated_for
from posrig.rig.simulator_process import SimulatorProcess
from tests.safety.test_artefacts import CONFTEST, run

PAN = "4111111111111111"
MASKS = Masks([Secret("730918")])


def everything(folder: Path) -> bytes:
    """All that is published: the run that `latest` points to."""
    return b"".join(file.read_bytes() for file in (folder / "reports/latest").resolve().rglob("*") if file.is_file())


def write(folder: Path, conftest: str, feature: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.safety.test_artefacts.CONFTEST", conftest)
    monkeypatch.setattr("tests.safety.test_artefacts.FEATURE", feature)


def test_c4_what_a_killed_run_left_is_scanned_before_it_is_published(tmp_path: Path) -> None:
    code, said = run(tmp_path, "nothing")
    assert code == 0, said
    left = (tmp_path / "reports/latest").resolve()
    password = credentials_of(read_rig(SIMULATED)).password("00").reveal()
    (left / "summary.json").unlink()
    (left / "index.html").unlink()
    records = (left / "scenarios.jsonl").read_text("utf-8")
    (left / "scenarios.jsonl").write_text(records.replace('"attach"', f'"attach {password}"'), encoding="utf-8")
    (left / "attachments").mkdir(exist_ok=True)
    (left / "attachments/note.txt").write_text(f"card {PAN}", encoding="utf-8")
    code, said = run(tmp_path, "nothing")
    assert code == 6, said
    assert "the run before" in said
    assert "card number" in said
    published = b"".join(file.read_bytes() for file in left.rglob("*") if file.is_file())
    assert PAN.encode() not in published
    assert password.encode() not in published
    summary = json.loads((left / "summary.json").read_text("utf-8"))
    assert any("card number" in finding for finding in summary["secret_scan"]["findings"])
    assert (left / "attachments/note.txt.withheld.txt").is_file()
    assert PAN in (tmp_path / "reports/withheld" / left.name / "attachments/note.txt").read_text("utf-8")
    assert "Secrets were found" in (left / "index.html").read_text("utf-8")


def test_c7_a_secret_in_a_name_stands_in_no_published_file_and_each_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = generated_for(read_profile(read_rig(SIMULATED).terminal.profile), 1, "12345678").password("99").reveal()
    feature = f"Feature: Leak\n  Scenario: sign on with {word}\n    Then all is well\n"
    write(tmp_path, CONFTEST, feature, monkeypatch)
    code, said = run(tmp_path, "nothing")
    assert code == 6, said
    published = everything(tmp_path)
    assert word.encode() not in published
    assert b"Secrets were found" in published
    summary = json.loads((tmp_path / "reports/latest/summary.json").read_text("utf-8"))
    assert (summary["exit_code"], summary["counts"]) == (6, {"held": 1})
    assert scan([tmp_path / "reports/latest/"]).clean


def test_c7_what_only_the_pages_hold_is_found_after_their_last_byte(tmp_path: Path) -> None:
    """The command line stands in summary.json and index.html, and in nothing that was written before them."""

    folder = tmp_path / "reports/runs/1"
    folder.mkdir(parents=True)
    facts = RunFacts(0.0, 1.0, 0, True, (f"--job={PAN}",), ())

    found = write_pages(tmp_path / "reports", folder, [], facts, (), Scan((), (), 3))
    assert {finding.file for finding in found.findings} == {"summary.json", "index.html"}
    assert json.loads((folder / "summary.json").read_text("utf-8"))["exit_code"] == 6
    assert scan([folder]).clean


TALKING = """
@when("something is attached")
def said(rig, evidence) -> None:
    word = rig.credentials.password("00").reveal()
    print("printed", word)
    print("printed password", word[::-1], "and in full width", word.translate({48 + n: 0xFF10 + n for n in range(10)}))
    print("printed codes", list(word.encode()))
    print("printed one by one", *word)
    evidence.tell(fact=f"password {word}")
    print("printed", word, file=sys.stderr)
    logging.getLogger("x").warning("logged %s", word)
    warnings.warn(f"warned of {word}")
    try:
        raise KeyError({"password": [word]}, word.encode())
    except KeyError as error:
        raise OSError(5, "cannot type", f"/tmp/{word}") from error
"""


@pytest.mark.parametrize(
    "options",
    [[], ["-s"], ["--log-file=own.log", "--log-file-level=DEBUG", "--debug=trace.log"]],
    ids=["captured", "shown at once", "logs of pytest's own"],
)
def test_c5_nothing_that_a_step_prints_or_raises_tells_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    head = CONFTEST[: CONFTEST.index('@when("something is attached")')]
    head = head.replace('"posrig.plugin.lease",', '"posrig.plugin.lease", "posrig.plugin.masking",')
    rest = CONFTEST[CONFTEST.index('@then("all is well")') :]
    steps = f"import logging, sys, warnings\nfrom pytest_bdd import then, when\n{TALKING}\n{rest}"
    write(
        tmp_path,
        head + steps,
        "Feature: L\n  Scenario: talk\n    When something is attached\n    Then all is well\n",
        monkeypatch,
    )
    monkeypatch.setenv("PYTEST_ADDOPTS", " ".join([*options, "-rA"]))
    code, said = run(tmp_path, "nothing")
    password = credentials_of(read_rig(SIMULATED)).password("00").reveal()
    assert code == (3 if "-s" in options else 6), said  # captured, Allure has the other forms: its file is withheld
    assert "printed ***" in said
    assert password not in said
    assert password.encode() not in everything(tmp_path)
    assert '"fact": "password ***"' in everything(tmp_path).decode("utf-8", "replace")
    assert WITHHELD_LINE in said
    assert not any(form in said for form in (password[::-1], str(list(password.encode()))))
    logs = {file.name: file.read_text("utf-8") for file in tmp_path.glob("*.log")}
    assert set(logs) == ({"own.log", "trace.log"} if "--debug=trace.log" in options else set())
    assert not any(password in text for text in logs.values())
    assert "logged ***" in logs.get("own.log", "logged ***")
    assert "***" in logs.get("trace.log", "***")


def test_c5_every_argument_cause_and_note_of_an_exception_is_masked() -> None:
    try:
        try:
            raise ValueError(b"typed 730918", {"a": ["730918", {"7-3-0-9-1-8"}]})
        except ValueError as error:
            raise ExceptionGroup("group 730918", [OSError(2, "gone", "/x/730918")]) from error
    except ExceptionGroup as error:
        error.add_note("note 730918")
        mask_error(error, MASKS.mask)
        cause = error.__cause__
        told = [
            repr(cause.args if cause else ""),
            repr(error.exceptions),
            str(error.exceptions[0]),
            repr(error.__notes__),
        ]
        assert not any("730918" in text or "7-3-0-9" in text for text in told), told


def variables(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


def test_c6_no_child_has_the_passwords_in_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSRIG_PASSWORD_01", "7309")
    monkeypatch.setenv("POSRIG_TOTP_00", "JBSWY3DPEHPK3PXP")
    assert not any(name.startswith(("POSRIG_PASSWORD", "POSRIG_TOTP")) for name in module_environment())
    process = SimulatorProcess({"seed": 1})
    try:
        assert b"POSRIG_PASSWORD" not in variables(process.pid)
    finally:
        process.stop()
    words = """import os; print('"01":', dict(password="9" * 4), '#', *os.environ)"""
    with monkeypatch.context() as patched:
        patched.setattr(credentials, "_parsed", lambda text, _where: text)
        assert "POSRIG_PASSWORD" not in str(credentials.from_command([sys.executable, "-c", words]))


def test_c6_what_a_step_starts_gets_none_and_the_harness_knows_them_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSRIG_PASSWORD_01", "7309")
    credentials.withdraw_environment()
    try:
        done = subprocess.run([sys.executable, "-c", "import os; print(*os.environ)"], capture_output=True, text=True)
        assert "POSRIG_PASSWORD" not in done.stdout
        assert credentials.from_environment().password("01").reveal() == "7309"
    finally:
        credentials.give_back_environment()
    assert os.environ["POSRIG_PASSWORD_01"] == "7309"
