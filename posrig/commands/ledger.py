"""``posrig ledger``: what terminals and rigs have been through, what is due for service, and what was replaced."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from rich.table import Table

from posrig.commands import printing
from posrig.commands._console import open_console
from posrig.commands.common import add_json_option, interval_words
from posrig.fuzzing.search.verdict import wilson
from posrig.ground.faults import ConfigurationError, ExitCode
from posrig.safety.ledger import ON_RIG, RATE_OF, Kind, ledger_path
from posrig.safety.ledger_store import Counted, LedgerStore, Service

SUMMARY = "show presses, cycles, flash writes, wrong passwords and codes per terminal and rig; record a service"
EPILOG = """\
kinds:     press, relay cycle, power cycle, flash write, wrong password, wrong code, missed press, doubled press,
           lost closing, doubled closing
           A missed press reached the key's line and the terminal gave nothing back; a lost closing did not reach it.
           Both are shown as a share of presses or cycles, with the 95 % interval.
example:   posrig ledger --of 12345678
           posrig ledger --serviced bench-1 "relay cycle" 1006 --note "card 1 replaced" --due 2027-06-30
A service starts the part's count anew; what was counted before stays in the total."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--of", metavar="NAME", help="only this terminal (serial number) or rig (name)")
    parser.add_argument(
        "--serviced",
        nargs="+",
        metavar=("NAME", "KIND"),
        help="record that a part was replaced: serial number or rig name, kind, part",
    )
    parser.add_argument("--due", metavar="DATE", default="", help="with --serviced: when the next service is due")
    parser.add_argument("--note", metavar="TEXT", default="", help="with --serviced: what was done")
    parser.add_argument("--file", type=Path, default=None, metavar="FILE", help="another ledger file")
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    path = arguments.file or ledger_path()
    if not path.is_file():
        raise ConfigurationError(
            "there is no ledger yet",
            where=str(path),
            allowed="a ledger file",
            todo="run something, or name one: --file",
        )
    store = LedgerStore(path)
    try:
        if arguments.serviced:
            _serviced(store, arguments)
        rows = _rows(store, arguments.of)
    finally:
        store.close()
    if arguments.json:
        printing.print_json({"ok": True, "ledger": str(path), "counts": rows})
    else:
        _show(rows, path)
    return int(ExitCode.HELD)


def _serviced(store: LedgerStore, arguments: argparse.Namespace) -> None:
    name, kind, part = (*arguments.serviced, "", "")[:3]
    kinds = {known.value: known for known in Kind}
    if kind not in kinds or len(arguments.serviced) > 3:
        raise ConfigurationError(
            f"{kind!r} is no kind of wear", where="--serviced NAME KIND PART", allowed=", ".join(kinds)
        )
    due = _date(arguments.due)
    counted = Counted(f"{'rig' if kinds[kind] in ON_RIG else 'terminal'} {name}", kind, part)
    counts = store.counts(counted.subject)
    if counted not in counts:
        raise ConfigurationError(
            f"nothing was ever counted for {counted.subject}, {kind} {part}".rstrip(),
            where="--serviced NAME KIND PART",
            allowed=", ".join(
                sorted({f"{c.subject.split(' ', 1)[1]} {c.kind!r} {c.part}" for c in store.counts()})[:8]
            ),
        )
    today = date.today().isoformat()
    store.set_service(Service(counted.subject, kind, part, counts[counted], today, due, arguments.note))


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise ConfigurationError(f"{text!r} is not a date", where="--due", allowed="YYYY-MM-DD") from None


def _rows(store: LedgerStore, name: str | None) -> list[dict[str, Any]]:
    services = {Counted(s.subject, s.kind, s.part): s for s in store.services()}
    today = date.today().isoformat()
    rows, counts = [], store.counts()
    for counted, total in counts.items():
        if name is not None and name not in (counted.subject, counted.subject.split(" ", 1)[1]):
            continue
        service = services.get(Counted(counted.subject, counted.kind, counted.part))
        rows.append(
            {
                "subject": counted.subject,
                "kind": counted.kind,
                "part": counted.part,
                "day": counted.day,
                "total": total,
                "since_service": total - (service.done_at if service and not counted.day else 0),
                "serviced": service.done_on if service else "",
                "due": service.due_on if service else "",
                "overdue": bool(service and service.due_on and service.due_on < today),
                "note": service.note if service else "",
                **_share(counted, counts),
            }
        )
    if name is not None and not rows:
        subjects = sorted({counted.subject for counted in store.counts()})
        raise ConfigurationError(
            f"the ledger knows no {name!r}", where="--of", allowed=", ".join(subjects) or "nothing"
        )
    return rows


def _share(counted: Counted, counts: Mapping[Counted, int]) -> dict[str, Any]:
    """Of how many, which share, and its 95 % interval; for missed and doubled ones, over the whole life."""
    whole = RATE_OF.get(Kind(counted.kind)) if counted.kind in {kind.value for kind in Kind} else None
    if whole is None:
        return {"of": None, "rate": None, "interval": None}
    n, tries = counts[counted], counts.get(Counted(counted.subject, whole.value, counted.part), 0)
    tries = max(tries, n)  # a doubled press may come from one that was not counted as ordered
    return {"of": tries, "rate": n / tries, "interval": list(wilson(n, tries))}


def _share_words(row: Mapping[str, Any]) -> str:
    if row["of"] is None:
        return ""
    return f"{interval_words(row['rate'], row['interval'])} of {row['of']:,}"


def _show(rows: list[dict[str, Any]], path: Path) -> None:
    table = Table("of", "what", "part", "day", "since service", "total", "rate (95 %)", "service due", title=str(path))
    for row in rows:
        due = f"{row['due']}  OVERDUE" if row["overdue"] else row["due"]
        counts = (f"{row['since_service']:,}", f"{row['total']:,}")
        table.add_row(row["subject"], row["kind"], row["part"], row["day"], *counts, _share_words(row), due)
    open_console().print(table)
