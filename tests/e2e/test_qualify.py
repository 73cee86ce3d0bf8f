"""Qualification: found means that a scenario about the broken rule failed, and nothing else counts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hangs import HANGS_S

ROOT = Path(__file__).parents[2]
WANTED = ("forgets_named_right", "forgets_named_wrong", "harmless", "crashes")

DEFECTS = '''
from dataclasses import replace
from posrig.simulated.terminals.r.defects.registry import defect
from posrig.simulated.terminals.r.firmware.lock import Lock


class Forgetful(Lock):
    """Everything about a lock is lost with the power."""

    def kept(self):
        return getattr(self, "ram", None)

    def remember(self, cause, owner):
        self.ram = {"cause": cause, "operator": owner, "time": self.fw.clock.timestamp()}

    def forget(self):
        self.ram = None


@defect("forgets_named_right", "The lock flag lives in RAM only", rules=("R-LOCK-3",))
def forgets_named_right(parts):
    return replace(parts, lock=Forgetful)


@defect("forgets_named_wrong", "The same, said to break another rule", rules=("R-SALE-3",))
def forgets_named_wrong(parts):
    return replace(parts, lock=Forgetful)


@defect("harmless", "Breaks nothing", rules=("R-LOCK-3",))
def harmless(parts):
    return parts


@defect("crashes", "The simulation breaks instead of the terminal", rules=("R-LOCK-3",))
def crashes(parts):
    class Broken(Lock):
        def kept(self):
            raise RuntimeError("the simulation is broken")

    return replace(parts, lock=Broken)
'''


def posrig(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "posrig.commands.main", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=HANGS_S, check=False)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("qualify")
    (folder / "more.py").write_text(DEFECTS, "utf-8")
    done = posrig(
        *("qualify", "--features", "features/lock/own_lock.feature", "--defects-from", str(folder / "more.py")),
        *(part for one in WANTED for part in ("--defect", one)),
        *("--json", str(folder / "result.json"), "--scenarios-only"),
    )
    assert done.returncode == 1, done.stdout + done.stderr
    found: dict[str, object] = json.loads((folder / "result.json").read_text("utf-8"))
    return found


def outcome(result: dict[str, object], defect: str) -> dict[str, object]:
    return next(one for one in result["findings"] if one["defect"]["id"] == defect)  # type: ignore[attr-defined]


def test_no_false_alarm_on_the_sound_terminal(result: dict[str, object]) -> None:
    assert result["false_alarms"] == []
    assert result["scenarios"] > 5  # type: ignore[operator]


def test_a_broken_rule_is_found_by_a_scenario_about_it(result: dict[str, object]) -> None:
    found = outcome(result, "forgets_named_right")
    assert found["outcome"] == "found"
    assert "survives" in str(found["scenario"])
    assert found["presses"] > 0  # type: ignore[operator]


def test_a_failure_about_another_rule_does_not_count(result: dict[str, object]) -> None:
    assert outcome(result, "forgets_named_wrong")["outcome"] == "elsewhere"


def test_a_defect_that_breaks_nothing_is_missed(result: dict[str, object]) -> None:
    assert outcome(result, "harmless")["outcome"] == "missed"


def test_a_crash_of_the_simulation_is_not_a_finding(result: dict[str, object]) -> None:
    assert outcome(result, "crashes")["outcome"] == "broken"
    assert result["found"] == 1


def test_an_unknown_defect_is_refused_with_the_nearest() -> None:
    done = posrig("qualify", "--defect", "lock_prefix")
    assert done.returncode == 4
    assert "lock_prefix_ok" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_fuzzer_alone_says_what_it_found_missed_and_why(tmp_path: Path) -> None:
    (tmp_path / "more.py").write_text(DEFECTS, "utf-8")
    done = posrig(
        *("qualify", "--fuzzer-only", "--fuzz-presses", "500", "--defects-from", str(tmp_path / "more.py")),
        *("--defect", "lock_empty_ok", "--defect", "harmless", "--defect", "crashes"),
        *("--json", str(tmp_path / "result.json"), "--markdown", str(tmp_path / "result.md")),
    )
    assert done.returncode == 1, done.stdout + done.stderr
    result = json.loads((tmp_path / "result.json").read_text("utf-8"))
    assert (result["found_by_fuzzer"], result["false_alarms"], result["scenarios"]) == (1, [], 0)
    hunts = {hunt["defect"]: hunt for hunt in result["fuzzer"]}
    assert hunts["lock_empty_ok"]["acts"][-1] == "ENTER"
    assert 0 < hunts["lock_empty_ok"]["presses"] <= 500
    assert set(result["missed_by_fuzzer"]) == {"harmless", "crashes"}
    assert "acts in states" in result["missed_by_fuzzer"]["harmless"]
    page = (tmp_path / "result.md").read_text("utf-8")
    assert page.startswith("1 of 3 found by the fuzzer within 500 presses each")
    assert "| harmless | - | missed |" in page
    assert "- `harmless`: not shown by" in page


def test_scenarios_and_fuzzer_cannot_both_be_left_out() -> None:
    done = posrig("qualify", "--fuzzer-only", "--scenarios-only")
    assert (done.returncode, "not allowed with" in done.stderr) == (4, True)
