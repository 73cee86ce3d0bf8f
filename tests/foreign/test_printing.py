"""B5: text of others is escaped wherever it is printed; what people write stays readable."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table

from posrig.commands import printing
from posrig.commands._console import open_console
from posrig.commands.main import main
from posrig.ground.faults import RigFault
from posrig.ground.json_text import json_text
from posrig.ground.printable import one_line, printable, printable_coloured

pytest_plugins = ["pytester"]

CLIPBOARD = "\x1b]52;c;cm0gLXJm\x07"
STEERING = [CLIPBOARD, "\x1b[2J", "\x9b2J", "\u202e", "\u2066", "\x08", "\r", "\x7f", "\u2028", "\ud800"]


@pytest.mark.parametrize("text", STEERING, ids=ascii)
def test_no_text_steers_a_terminal(text: str) -> None:
    for shown in (printable(text), one_line(text), str(RigFault("it said", where=text, todo=text))):
        assert shown.replace("\n", "").isprintable()
        shown.encode()
    assert json.loads(json_text([text])) == [text]
    assert json_text([text]).isprintable()


@pytest.mark.parametrize("text", ["*** 已锁定 ***", "│ Žluťoučký ┌──┐ │", "余额 12.00 €", "✓ ✗ …", "a\tb\nc", "👩‍🔧"])
def test_what_people_read_stays(text: str) -> None:
    assert printable(text) == text


@given(st.text())
def test_any_text_can_be_printed_and_is_one_line(text: str) -> None:
    printable(text).encode()
    assert "\n" not in one_line(text)
    assert one_line(one_line(text)) == one_line(text)


def test_tables_and_boxes_are_escaped_and_keep_their_colours() -> None:
    out = io.StringIO()
    console = open_console(file=out, force_terminal=True, width=200, color_system="standard")
    table = Table("a")
    table.add_row(CLIPBOARD)
    console.print(table)
    console.print(CLIPBOARD, style="red")
    shown = out.getvalue()
    assert "\x1b]52" not in shown
    assert "\\x1b]52;c;" in shown
    assert "\x1b[31m" in shown


def test_every_command_says_a_fault_without_its_escape_sequences(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--rig", f"no{CLIPBOARD}.yaml"]) == 4
    assert main([f"x{CLIPBOARD}"]) == 4
    printing.say(CLIPBOARD)
    told = capsys.readouterr()
    assert "\x1b" not in told.out + told.err
    assert "\\x1b]52" in told.out


def test_pytest_prints_names_and_captured_text_escaped(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        f"""
        def test_it():
            print({CLIPBOARD!r})
            raise AssertionError({CLIPBOARD!r})
        """
    )
    result = pytester.runpytest_subprocess("-p", "posrig.plugin.printing", "-p", "no:posrig", "--color=yes")
    shown = "\n".join(result.outlines)
    assert "\x1b]52" not in shown
    assert "\\x1b]52" in shown
    assert "\x1b[31m" in shown


def test_colours_pass_and_nothing_else() -> None:
    assert printable_coloured("\x1b[1;31mFAILED\x1b[0m\r") == "\x1b[1;31mFAILED\x1b[0m\r"
    assert printable_coloured("\x1b[2J\x1b[31") == "\\x1b[2J\\x1b[31"
