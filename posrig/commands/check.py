"""``posrig check``: is this rig fit for use? Each part is tried on its own and named when it is not."""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict

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
    rows: list[Row] = []
    code = ExitCode.HELD
    try:
        with rig_session(description) as held:
            rows += place(description, held.ledger)
            Check(held.rig, rows).all()
    except ConfigurationError:
        raise
    except PosrigError as exc:
        rows += _lost(exc)
        code = exc.exit_code
    else:
        outcomes = held.rig.outcomes
        rows += [Row(f"at the end: {o.name}", o.detail or o.state.value, o.proved) for o in outcomes]
    if any(not row.ok for row in rows):
        code = worst([code, ExitCode.RIG_FAULT])
    _report(arguments, description.name, rows, time.monotonic() - started, code)
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


def _report(arguments: argparse.Namespace, name: str, rows: list[Row], took_s: float, code: ExitCode) -> None:
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
    table = Table(title=f"rig {name}", title_justify="left")
    for heading in ("", "part", "found"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        found = row.found + (f"\nto do: {row.todo}" if row.todo and not row.ok else "")
        table.add_row("[green]ok[/]" if row.ok else "[red bold]NO[/]", _plain(row.part), _plain(found))
    console = open_console()
    console.print(table)
    verdict = f"{len(bad)} of {len(rows)} parts are not right" if bad else f"all {len(rows)} parts are right"
    console.print(f"{verdict}, {took_s:.1f} s", highlight=False)


def _plain(text: str) -> str:
    """Brackets in an instrument's words are no mark-up."""
    return text.replace("[", r"\[")
