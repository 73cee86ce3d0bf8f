"""``posrig doctor``, ``--version``, and what Tab offers."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from lab_kit import environment, lab_in, posrig_in, write

from posrig.commands.main import main


@pytest.fixture(autouse=True)
def in_no_lab_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run of these tests is one of posrig's own lab, and its processes are told."""
    monkeypatch.delenv("POSRIG_LAB", raising=False)


def parts(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, dict[str, object]]]:
    code = main(["doctor", "--json"])
    report = json.loads(capsys.readouterr().out)
    assert report["exit_code"] == code
    return code, {part["name"]: part for part in report["parts"]}


def test_a_whole_machine_has_what_is_needed(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(lab_in(tmp_path / "lab"))
    monkeypatch.setenv("PATH", "")
    code, found = parts(capsys)
    assert code == 0
    assert found["program git"]["ok"] is found["program git"]["needed"] is False
    assert "simulated, terminal R" in str(found["rig file"]["found"])
    assert {"Python", "posrig", "lab", "VISA: pyvisa-py", "time zones", "free disk", "folder for leases"} <= set(found)


def test_what_a_rig_needs_and_is_not_there_is_code_4_with_what_to_do(tmp_path, monkeypatch, capsys) -> None:
    lab = lab_in(tmp_path / "lab")
    file = lab / "rigs" / "simulated.yaml"
    text = file.read_text("utf-8").replace("TCPIP::127.0.0.1::{supply}::SOCKET", "ASRL/dev/no-such-tty::INSTR")
    text = text.replace("source: generated", 'source: command\n  command: [no-such-program, show, "my-secret-entry"]')
    write(file, text)
    write(lab / "reports-taken", "")
    monkeypatch.setenv("POSRIG_LEASES", str(lab / "reports-taken"))
    monkeypatch.chdir(lab)
    code, found = parts(capsys)
    assert code == 4
    for name in ("serial /dev/no-such-tty", "credentials", "folder for leases"):
        assert found[name]["ok"] is False, name
        assert found[name]["todo"], name
    assert "my-secret-entry" not in json.dumps(found)


def test_a_broken_lab_is_told_and_the_rest_too(tmp_path, monkeypatch, capsys) -> None:
    write(tmp_path / "pyproject.toml", "[tool.posrig]\nrgi = 1\n")
    monkeypatch.chdir(tmp_path)
    code, found = parts(capsys)
    assert code == 4
    assert "did you mean 'rig'" in str(found["lab"]["found"])
    assert found["free disk"]["ok"] is True


def test_the_version_says_which_posrig_answers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    said = capsys.readouterr().out
    assert "Python 3." in said
    assert said.strip().endswith("posrig")


@pytest.mark.parametrize(
    ("line", "offered"),
    [("posrig doc", "doctor"), ("posrig press --power", "--power-on"), ("posrig press ME", "MENU"),
     ("posrig init --terminal ", "R"), ("posrig check --rig rigs/", "rigs/simulated.yaml")],
)  # fmt: skip
def test_tab_completes(line: str, offered: str, tmp_path: Path) -> None:
    lab, out = lab_in(tmp_path / "lab"), tmp_path / "offered"
    ended = posrig_in(
        lab, _ARGCOMPLETE="1", _ARGCOMPLETE_IFS="\n", _ARGCOMPLETE_STDOUT_FILENAME=str(out),
        COMP_LINE=line, COMP_POINT=str(len(line)),
    )  # fmt: skip
    assert offered in [word.strip() for word in out.read_text().splitlines()], ended.out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_what_is_printed_for_a_shell_names_posrig(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    said = capsys.readouterr().out
    assert "posrig" in said
    if shell == "bash":
        subprocess.run(["bash", "-n"], input=said, text=True, check=True, env=environment(), timeout=20)
