"""Terminal R in the rig's own process: a person's way through sign-on, lock and power cut; defects from a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rig_process import RigProcess

KEYS = [*"0123456789", ".", "CLEAR", "CANCEL", "ENTER", "F1", "F2", "MENU", "UP", "DOWN"]
PASSWORDS = {"00": "739158", "01": "2849", "99": "60418273"}

FORGETFUL = """
from dataclasses import replace

from posrig.simulated.terminals.r.defects.registry import defect
from posrig.simulated.terminals.r.firmware.lock import Lock


class VolatileLock(Lock):
    def __init__(self, fw):
        super().__init__(fw)
        fw.store.delete(self.KEY)


@defect("lock_in_ram", "The lock flag does not survive a start")
def lock_in_ram(parts):
    return replace(parts, lock=VolatileLock)
"""


class Terminal(RigProcess):
    def __init__(self, **options: object) -> None:
        super().__init__(["-m", "posrig.simulated", "--options", "-"], options, argument=False)
        self.wire("service")
        self.wire("screen")

    def fresh(self, **args: object) -> None:
        self.act("terminal.fresh", provision={"passwords": PASSWORDS}, **args)

    def keys(self, text: str) -> None:
        for key in text.split():
            self.press(1001 + KEYS.index(key))

    def picture(self) -> list[str]:
        """The screen as a reader that comes now sees it."""
        self.frames_reset()
        return self.frames()[-1]

    def cut(self) -> None:
        self.scpi("supply", "OUTP OFF,(@2);*OPC?")
        self.advance(1)


@pytest.fixture
def begin() -> Iterator[object]:
    started: list[Terminal] = []

    def make(**options: object) -> Terminal:
        started.append(Terminal(**options))
        return started[-1]

    yield make
    for terminal in started:
        assert terminal.end() == 0, terminal.errors
        assert terminal.errors == ""


def locked_then_cut(terminal: Terminal) -> list[str]:
    terminal.power(9.0)
    terminal.advance(15)
    terminal.keys("0 1 ENTER 2 8 4 9 ENTER")
    terminal.advance(2)
    terminal.keys("MENU 5 3 ENTER")
    assert terminal.picture()[0] == "*** LOCKED ***"
    terminal.cut()
    terminal.power(9.0)
    terminal.advance(15)
    return terminal.picture()


def test_a_lock_survives_a_power_cut_and_the_service_tool_sees_it(begin) -> None:
    terminal = begin()
    terminal.fresh()
    assert locked_then_cut(terminal)[0] == "*** LOCKED ***"
    stored = terminal.act("terminal.storage")
    assert stored["lock"]["cause"] == "C01"
    assert stored["version"] == "2.4.1"
    terminal.cut()
    assert terminal.act("terminal.storage")["lock"] == stored["lock"]
    assert not any(secret in str(stored) for secret in PASSWORDS.values())


def test_no_secret_on_the_service_port(begin) -> None:
    terminal = begin()
    terminal.fresh()
    locked_then_cut(terminal)
    lines = terminal.lines()
    typed = [line for line in lines if " key code=" in line and "edge=down" in line]
    assert sum("code=*" in line for line in typed) >= 4
    assert not any(secret in line for line in lines for secret in PASSWORDS.values())


def test_a_sale_is_in_both_journals(begin) -> None:
    terminal = begin()
    terminal.fresh()
    terminal.power(9.0)
    terminal.advance(15)
    terminal.keys("0 1 ENTER 2 8 4 9 ENTER")
    terminal.advance(3)
    terminal.keys("1 2 0 0 ENTER")
    terminal.advance(10)
    here, there = terminal.act("terminal.journal"), terminal.act("host.journal")
    assert [(row["type"], row["amount"], row["state"]) for row in here] == [("sale", 1200, "approved")]
    assert [(row["trace"], row["type"], row["amount"]) for row in there] == [(here[0]["trace"], "sale", 1200)]


def test_the_cable_relay_takes_the_network_away(begin) -> None:
    terminal = begin()
    terminal.fresh()
    terminal.power(9.0)
    terminal.advance(15)
    terminal.lines()
    terminal.scpi("switch", "ROUT:CLOS (@2001);*OPC?")
    terminal.advance(1)
    assert any("link state=down" in line for line in terminal.lines())
    terminal.scpi("switch", "ROUT:OPEN (@2001);*OPC?")
    terminal.advance(5)
    assert any("link state=up" in line for line in terminal.lines())


def test_a_defect_from_a_file_shows_in_every_way_it_is_asked_for(begin, tmp_path: Path) -> None:
    file = tmp_path / "forgetful.py"
    file.write_text(FORGETFUL)
    terminal = begin(defects_from=[str(file)])
    terminal.fresh(defects=["lock_in_ram"])
    assert locked_then_cut(terminal)[0] == "NOT SIGNED ON"
    terminal.cut()
    terminal.fresh()
    assert locked_then_cut(terminal)[0] == "*** LOCKED ***"
    terminal.cut()
    assert "did you mean lock_in_ram?" in terminal.refused("terminal.fresh", defects=["lock_in_rom"])
    always = begin(defects_from=[str(file)], defects=["lock_in_ram"])
    always.fresh()
    assert locked_then_cut(always)[0] == "NOT SIGNED ON"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import nowhere_at_all\n", "line 1: ModuleNotFoundError"),
        ("x = 1\ny = (\n", "line 2: SyntaxError"),
        (
            "from posrig.simulated.terminals.r.defects.registry import defect\n\n@defect('not an id', '')\ndef f(p): ...\n",
            "line 3",
        ),
    ],
)
def test_a_bad_file_of_defects_is_a_configuration_error(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "bad.py"
    file.write_text(text)
    with pytest.raises(AssertionError) as caught:
        Terminal(defects_from=[str(file)])
    assert words in str(caught.value)
    assert "Traceback" not in str(caught.value)
