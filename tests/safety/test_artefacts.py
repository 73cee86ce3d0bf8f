"""A run whose evidence holds a secret fails, whatever its scenarios said; and it says where, not what."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hangs import HANGS_S

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import read_rig
from posrig.evidence.secret_scan import scan
from posrig.ground.secret import Secret
from posrig.rig.preparation import credentials_of
from posrig.rig.rig import Rig
from posrig.terminal.models.terminal_r import resetting, servicing
from posrig.terminal.models.terminal_r.passwords import choose
from posrig.terminal.preparing import prepare
from tests.safety.rig_to_guard import ROOT

CONFTEST = """
pytest_plugins = [
    "posrig.plugin.collection", "posrig.plugin.evidence", "posrig.plugin.scenario_run", "posrig.plugin.rig", "posrig.plugin.run_report",
    "posrig.plugin.run_told",
    "posrig.plugin.lease",
]
import os
import signal
import time
import allure
from pytest_bdd import then, when
from posrig.plugin.evidence import Evidence

@when("something is attached")
def attached(evidence: Evidence) -> None:
    allure.attach(os.environ["PLANTED"], "past the evidence, and so past its mask")

@when("somebody presses Ctrl-C")
def stopped() -> None:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(60)

@then("all is well")
def well() -> None:
    pass
"""
FEATURE = "Feature: Leak\n  Scenario: attach\n    When something is attached\n    Then all is well\n"


def run(folder: Path, planted: str, what: str = "leak.feature") -> tuple[int, str]:
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -p no:labgrid -p no:posrig -p no:cacheprovider -q\n")
    if what == "leak.feature":
        (folder / what).write_text(FEATURE)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", what],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PLANTED": planted},
        capture_output=True,
        text=True,
        timeout=HANGS_S,
    )
    return done.returncode, done.stdout + done.stderr


def secrets() -> dict[str, str]:
    known = credentials_of(read_rig(SIMULATED))
    return {
        "password of 00": known.password("00").reveal(),
        "password of 99": "-".join(known.password("99").reveal()),
        "password of 01": f"typed {known.password('01').reveal()}",
        "time-code seed of 00": known.totp_seeds["00"].reveal().lower(),
        "card number": "4111 1111 1111 1111",
    }


def test_planted_secrets_fail_the_run_and_are_not_repeated(tmp_path: Path) -> None:
    planted = secrets()
    code, said = run(tmp_path, "\n".join(f"then {value} was seen" for value in planted.values()))
    assert code == 6, said
    for words in ("SECRETS IN THE REPORT", "allure-results", *planted, "1 held"):
        assert words in said
    assert not any(value in said for value in planted.values())
    assert json.loads((tmp_path / "reports/latest/summary.json").read_text())["exit_code"] == 6


def test_a_run_that_leaks_and_is_stopped_ends_with_the_leak(tmp_path: Path) -> None:
    """R4: Ctrl-C in the second of three scenarios, after the first has put a secret into the evidence."""
    stopped = "  Scenario: stop\n    When somebody presses Ctrl-C\n    Then all is well\n"
    never = "  Scenario: never\n    When something is attached\n    Then all is well\n"
    (tmp_path / "stopped.feature").write_text(FEATURE + stopped + never)
    code, said = run(tmp_path, secrets()["password of 00"], "stopped.feature")
    assert code == 6, said
    assert "SECRETS IN THE REPORT" in said
    summary = json.loads((tmp_path / "reports/latest/summary.json").read_text())
    assert summary["exit_code"] == 6
    assert summary["complete"] is False
    assert summary["counts"] == {"held": 1, "interrupted": 1}
    assert (tmp_path / "reports/latest/index.html").is_file()
    assert (tmp_path / "reports/latest/junit.xml").is_file()


def test_a_clean_run_holds(tmp_path: Path) -> None:
    code, said = run(tmp_path, "typed ****, 12.00 at 1767945600.123, trace 000031")
    assert code == 0, said
    assert "SECRETS" not in said


MASKED_STEPS = """
@when("the terminal shows the manager's password")
def shows(evidence: Evidence, rig) -> None:
    shown = rig.credentials.password("00").reveal()
    evidence.attach_text("screen as text", shown)
    evidence.add_event("screen", f"PASSWORD {shown}")
    evidence.register_failure_provider(lambda: [("receipt", "text/plain", shown.encode())])
    raise ProductFailure(f"the receipt shows {shown}", where=f"row 2: {'-'.join(shown)}")
"""
MASKED_FEATURE = (
    "Feature: Leak\n  Scenario: shown\n    When the terminal shows the manager's password\n    Then all is well\n"
)


def test_a_defect_that_shows_a_password_is_a_product_failure_and_its_evidence_is_masked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = CONFTEST + "from posrig.ground.faults import ProductFailure\n" + MASKED_STEPS
    monkeypatch.setattr(f"{__name__}.CONFTEST", steps)
    monkeypatch.setattr(f"{__name__}.FEATURE", MASKED_FEATURE)
    code, said = run(tmp_path, "")
    assert code == 1, said
    assert "the receipt shows ***" in said
    password = secrets()["password of 00"]
    assert password not in said
    assert scan([tmp_path / "reports/latest/"], credentials_of(read_rig(SIMULATED)).masks.secrets).clean
    assert any(b"***" in file.read_bytes() for file in (tmp_path / "reports/latest/attachments").iterdir())


OTHER_WAYS = {
    "before the first step": (
        """
@pytest.fixture(autouse=True)
def opened(rig):
    raise ValueError(f"cannot open with {rig.credentials.password('00').reveal()}")
""",
        "cannot open with ***",
    ),
    "as the cause of another error": (
        """
@when("something goes wrong")
def wrong(rig) -> None:
    try:
        raise ValueError(f"typed {rig.credentials.password('00').reveal()}")
    except ValueError as error:
        raise KeyError("other") from error
""",
        "other",
    ),
    "between the last step and the end": (
        """
def pytest_bdd_after_scenario(request, feature, scenario):
    if "between" not in scenario.name:  # this hook is called for every folder's
        return
    rig = request.getfixturevalue("rig")
    raise ValueError(f"held with {rig.credentials.password('00').reveal()}")

@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.excinfo is not None:  # a plug-in that reads the error itself, as Allure's does
        os.write(2, call.excinfo.exconly().encode())
    return report
""",
        "held with ***",
    ),
    "after the last step": (
        """
@pytest.fixture(autouse=True)
def closed(rig):
    yield
    raise ValueError(f"cannot close with {rig.credentials.password('00').reveal()}")
""",
        "cannot close with ***",
    ),
    "in a field of a rig fault": (
        """
@when("something goes wrong")
def wrong(rig) -> None:
    word = rig.credentials.password('00').reveal()
    raise RigFault("odd", instrument="switch", where=f"at {word}", allowed=f"not {word}", todo=f"forget {word}")
""",
        "at ***",
    ),
}


@pytest.fixture(scope="module")
def went_wrong(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, str]:
    """One run, a folder for each way, with a conftest of its own."""
    folder = tmp_path_factory.mktemp("ways")
    more = "import pytest, os\nfrom pytest_bdd import when\nfrom posrig.ground.faults import RigFault\n"
    usual = '@when("something goes wrong")\ndef wrong():\n    pass\n'
    for number, (way, (steps, _)) in enumerate(OTHER_WAYS.items()):
        place = folder / f"way{number}"
        place.mkdir()
        (place / "conftest.py").write_text(more + ("" if "@when" in steps else usual) + steps)
        (place / "leak.feature").write_text(
            f"Feature: Leak\n  Scenario: wrong {way}\n    When something goes wrong\n    Then all is well\n"
        )
    return folder, *run(folder, "", ".")


def test_no_way_that_an_error_takes_accuses_the_terminal(went_wrong: tuple[Path, int, str]) -> None:
    folder, code, said = went_wrong
    assert code == 3, said
    summary = json.loads((folder / "reports/latest/summary.json").read_text())
    assert summary["counts"] == {"harness error": len(OTHER_WAYS) - 1, "rig fault": 1}


@pytest.mark.parametrize("way", OTHER_WAYS)
def test_whatever_way_an_error_takes_it_tells_no_secret(went_wrong: tuple[Path, int, str], way: str) -> None:
    folder, _, said = went_wrong
    assert OTHER_WAYS[way][1] in said
    assert secrets()["password of 00"] not in said
    assert scan([folder / "reports/latest/"], credentials_of(read_rig(SIMULATED)).masks.secrets).clean


def test_what_becomes_a_secret_during_a_scenario_is_masked_from_then_on() -> None:
    """Chosen passwords, the new seed after a reset, time codes: known to the masks the moment they are made."""
    with Rig.open(read_rig(SIMULATED)) as rig:
        terminal, masks = rig.terminal, rig.credentials.masks
        prepare(terminal)
        chosen = choose(terminal, "01").reveal()
        assert masks.mask(f"typed {chosen}") == "typed ***"
        resetting.factory_reset(terminal)
        resetting.set_new_admin_password(terminal)
        resetting.first_sign_on_of_admin(terminal)
        (seed,) = shown_seeds(rig)
        assert masks.mask(f"key {seed}") == "key ***"
        code = terminal.unlock_code("4821").reveal()
        assert masks.mask(f"call {code[:4]} {code[4:]} or {code}") == "call *** or ***"
        (file,) = servicing.service_file(terminal, 1).values()
        assert "***" in masks.mask(file.decode())


UNLOCK_STEPS = """
@when("the terminal shows the unlock code")
def shows(evidence: Evidence, rig) -> None:
    code = rig.terminal.unlock_code("4821").reveal()
    Path("code").write_text(code)
    evidence.attach_text("screen as text", code)
    evidence.add_event("screen", f"UNLOCK CODE {code}")
    raise ProductFailure(f"the receipt shows {code}", where=f"row 2: {'-'.join(code)}") from ValueError(code)
"""


def test_an_unlock_code_stands_in_no_transcript_report_or_exception(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = "from pathlib import Path\nfrom posrig.ground.faults import ProductFailure\n"
    monkeypatch.setattr(f"{__name__}.CONFTEST", CONFTEST + more + UNLOCK_STEPS)
    feature = "Feature: Leak\n  Scenario: shown\n    When the terminal shows the unlock code\n    Then all is well\n"
    monkeypatch.setattr(f"{__name__}.FEATURE", feature)
    code, said = run(tmp_path, "")
    assert code == 1, said
    assert "the receipt shows ***" in said
    unlock_code = Secret((tmp_path / "code").read_text(), "unlock code")
    assert unlock_code.reveal() not in said
    assert scan([tmp_path / "reports/latest/"], (unlock_code,)).clean


def shown_seeds(rig: Rig) -> set[str]:
    """The keys that the enrolment page has shown, both rows as one."""
    pages = [frame for frame in rig.screen.history() if frame.screen == "enrol"]
    return {page.fields["first"] + page.fields["second"] for page in pages}
