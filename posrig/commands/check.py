"""``posrig check``: is this rig fit for use? Each part is tried on its own and named when it is not."""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict

from rich.control import Control
from rich.segment import ControlType
from rich.table import Table

from posrig.commands import printing
from posrig.commands._check_place import place
from posrig.commands._check_trials import Check, Row
from posrig.commands._console import open_console
from posrig.commands.common import add_json_option, add_rig_option
from posrig.description.rig_file import read_rig
from posrig.ground.faults import ConfigurationError, ExitCode, PosrigError, worst
from posrig.rig.parts_lost import PartsLost
from posrig.rig.session import rig_session
from posrig.safety.ledger_store import LedgerDamaged

PART_COLUMNS = 30
SUMMARY = "check the rig: identities, relays, keys felt, supply against meter, clocks, disk, ledger, a start"
EPILOG = """\
The terminal is switched off before, on for its start, and off after. Relays are tried while it has no power.
example:   posrig check --rig my-rig.yaml"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_rig_option(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    started = time.monotonic()
    description = read_rig(arguments.rig)
    shown = _Shown(description.name, quiet=arguments.json)
    code = ExitCode.HELD
    try:
        with rig_session(description) as held:
            for row in place(description, held.ledger):
                shown.add(row)
            Check(held.rig, shown.add, shown.trying).all()
            shown.trying("the safe state")
    except ConfigurationError:
        shown.close()
        raise
    except PosrigError as exc:
        for row in _lost(exc):
            shown.add(row)
        code = exc.exit_code
    else:
        for outcome in held.rig.outcomes:
            shown.add(Row(f"at the end: {outcome.name}", outcome.detail or outcome.state.value, outcome.proved))
    if any(not row.ok for row in shown.rows):
        code = worst([code, ExitCode.RIG_FAULT])
    _report(arguments, description.name, shown, time.monotonic() - started, code)
    return int(code)


def _lost(fault: PosrigError) -> list[Row]:
    failures = fault.failures if isinstance(fault, PartsLost) else (fault,)
    return [
        Row(
            "ledger" if isinstance(failure, LedgerDamaged) else str(getattr(failure, "instrument", "")) or "rig",
            "\n".join(filter(None, (failure.found, failure.where, failure.allowed and f"allowed: {failure.allowed}"))),
            False,
            failure.todo,
        )
        for failure in failures
    ]


class _Shown:
    """The rows as they come: a check takes its time. ``quiet``: nothing is drawn."""

    def __init__(self, name: str, *, quiet: bool) -> None:
        self.rows: list[Row] = []
        self._quiet, self._console = quiet, open_console()
        self._drawn = False
        if not quiet:
            self._console.print(f"[italic]rig {_plain(name)}[/]", highlight=False)
        self.trying("to open the rig")

    def add(self, row: Row) -> None:
        """One part was tried."""
        self.rows.append(row)
        if self._quiet:
            return
        self.close()
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(width=2)
        table.add_column(width=PART_COLUMNS, overflow="fold")
        table.add_column(overflow="fold")
        found = row.found + (f"\nto do: {row.todo}" if row.todo and not row.ok else "")
        table.add_row("[green]ok[/]" if row.ok else "[red bold]NO[/]", _plain(row.part), _plain(found))
        self._console.print(table)

    def trying(self, part: str) -> None:
        """What is tried now: shown until its row comes, where a line can be written anew."""
        if not self._quiet and self._console.is_terminal:
            self.close()
            self._console.print(f"..  {_plain(part)}", end="", highlight=False, soft_wrap=True)
            self._drawn = True

    def close(self) -> None:
        """Take away what is tried now."""
        if self._drawn:
            self._console.control(Control((ControlType.CURSOR_MOVE_TO_COLUMN, 0), (ControlType.ERASE_IN_LINE, 2)))
            self._drawn = False


def _report(arguments: argparse.Namespace, name: str, shown: _Shown, took_s: float, code: ExitCode) -> None:
    shown.close()
    rows = shown.rows
    bad = [row for row in rows if not row.ok]
    if arguments.json:
        printing.print_json(
            {
                "ok": not bad,
                "rig": name,
                "parts": [asdict(row) for row in rows],
                "took_s": round(took_s, 3),
                "exit_code": int(code),
            }
        )
        return
    verdict = f"{len(bad)} of {len(rows)} parts are not right" if bad else f"all {len(rows)} parts are right"
    printing.say(f"{verdict}, {took_s:.1f} s")


def _plain(text: str) -> str:
    """Brackets in an instrument's words are no mark-up."""
    return text.replace("[", r"\[")
