"""docs/new-terminal.md, walked: its commands, in their order, from an empty folder.

The counter of the simulated rig stands in for the terminal on the desk; what the page has its reader write by hand is
written here: the rig file for what is owned, the answers to questions, the profile when it is complete.
"""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from lab_kit import Ended, posrig_in, pytest_in

from posrig.description.profile import read_profile

ROOT = Path(__file__).parents[2]
PAGES = {language: ROOT / "docs" / f"new-terminal{end}.md" for language, end in (("en", ""), ("zh", ".zh"))}
ANSWERS = (
    "--model", "mine", "--rows", "8", "--columns", "21", "--keys", "0 1 2 3 4 5 6 7 8 9 STAR HASH KEYSWITCH",
    "--submit", "HASH", "--cancel", "STAR", "--encoding", "gb18030",
    "--first", "|      暂停服务||   请到其他柜台办理||||员工按#键登录",
)  # fmt: skip
CODES: Mapping[str, int] = {
    "posrig init my-lab --terminal E": 0,
    "cd my-lab": 0,
    "cp rigs/terminal-e.yaml rigs/mine.yaml": 0,
    "posrig profile new rigs/profiles/mine.yaml": 0,
    "posrig check --rig rigs/mine.yaml": 0,
    "posrig profile check --rig rigs/mine.yaml --power-on --seconds 60": 4,  # the start page is not in it yet
    "posrig learn --rig rigs/mine.yaml --minutes 2 --write rigs/profiles/draft.yaml": 0,
    "posrig profile check rigs/profiles/draft.yaml": 0,
    "posrig profile draw --rig rigs/mine.yaml --out map.svg": 0,
    "posrig steps --rig rigs/mine.yaml": 0,
    "posrig lint": 0,
    "pytest features": 0,
    "pytest --posrig-suite": 0,
    "posrig fuzz --presses 2000": 0,
}
"""Every command of the page, and the code that it ends with here."""
SHORTER: Mapping[str, tuple[str, ...]] = {
    "posrig learn --rig rigs/mine.yaml --minutes 2 --write rigs/profiles/draft.yaml": ("--key", "HASH", "--key", "1"),
    "pytest --posrig-suite": ("-k", "lock.feature", "-p", "no:hypothesispytest"),
    "pytest features": ("-p", "no:hypothesispytest"),
    "posrig fuzz --presses 2000": ("--presses", "200"),
}
"""What is said to the longest ones besides, so that they end soon."""


def commands(page: Path) -> list[str]:
    """The lines of the page's blocks without a language."""
    found, block = [], None
    for line in page.read_text("utf-8").splitlines():
        if line.startswith("```"):
            block = line.removeprefix("```") if block is None else None
        elif block == "":
            found.append(line.partition(" #")[0].strip())
    return found


@pytest.mark.parametrize("language", PAGES)
def test_the_page_has_these_commands_in_both_languages(language: str) -> None:
    assert commands(PAGES[language]) == list(CODES)


def test_they_lead_from_nothing_to_a_running_suite(tmp_path: Path) -> None:
    here = tmp_path
    for command in commands(PAGES["en"]):
        program, *words = shlex.split(command)
        before_completion = command.startswith("posrig profile draw")
        if before_completion:
            complete(here)
        if program == "cd":
            here = here / words[0]
        elif program == "cp":
            shutil.copy(here / words[0], here / words[1])
            wired(here)
        else:
            ended = done(here, program, words, command)
            assert ended.code == CODES[command], f"{command}\n{ended.out}"
    draft = read_profile(here / "rigs" / "profiles" / "draft.yaml")
    assert draft.meaning["starting"]
    assert (here / "map.svg").read_text("utf-8").startswith("<")
    assert (here / "reports" / "latest" / "index.html").is_file()


def done(here: Path, program: str, words: list[str], command: str) -> Ended:
    asked = ANSWERS if words[:2] == ["profile", "new"] else ()
    run = {"posrig": posrig_in, "pytest": pytest_in}[program]
    return run(here, *words, *asked, *SHORTER.get(command, ()))


def wired(lab: Path) -> None:
    """The reader's own rig file, and its name in pyproject.toml."""
    text = (ROOT / "rigs" / "counter.yaml").read_text("utf-8")
    text = text[: text.index("camera:")] + text[text.index("credentials:") :]  # as E's: a console, no camera
    (lab / "rigs" / "mine.yaml").write_text(text.replace("profiles/counter.yaml", "profiles/mine.yaml"), "utf-8")
    project = (lab / "pyproject.toml").read_text("utf-8")
    (lab / "pyproject.toml").write_text(project.replace("rigs/terminal-e.yaml", "rigs/mine.yaml"), "utf-8")


def complete(lab: Path) -> None:
    """What a technician makes of the draft."""
    shutil.copy(ROOT / "rigs" / "profiles" / "counter.yaml", lab / "rigs" / "profiles" / "mine.yaml")
